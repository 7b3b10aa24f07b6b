"""The tables of games: journal, ownership, results. Realtime writes them with its own SQL; the site only reads."""
