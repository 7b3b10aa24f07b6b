"""The question bank: categories, questions, the starter bank that comes with Momentum, and the draw for a game.

Knows no contest and no game.
"""
