"""The rules of a live game: decide(game, command, at) -> events, apply(game, event).

Pure: no I/O, no clock, no randomness of its own, no framework. Times are whole milliseconds of the game's own clock.
"""
