"""Momentum: live quiz contests."""

__version__ = "0.1.0"
