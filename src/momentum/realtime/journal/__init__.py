"""The append-only log of every game, and the results that its end leaves. One contract; SQLite beside it."""
