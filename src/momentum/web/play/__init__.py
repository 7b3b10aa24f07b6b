"""The way into a game: PINs, guests, tickets, and the pages home, join, lobby and game.

Talks to realtime over HTTP only.
"""
