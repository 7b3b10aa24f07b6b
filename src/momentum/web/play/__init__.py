"""The way into a game: PINs, guests, tickets, and the pages home, join, lobby, game and results.

Talks to realtime over HTTP only; reads finished games from the journal's tables.
"""
