"""The frame of every page: base templates, the design system, the scripts of the game.

Knows no model and makes no query.
"""
