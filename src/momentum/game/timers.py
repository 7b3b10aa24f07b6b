"""The one timer a game waits for: a command that names its question, so that a stale one does nothing."""

from momentum.game import commands
from momentum.game.model import Game
from momentum.game.phases import Phase


def next_timer(game: Game) -> tuple[int, commands.Command] | None:
    """(due, command): when, on the game's clock, to give the game which command. None: nothing is due by time."""
    if game.paused:
        return None
    if game.phase is Phase.QUESTION:
        return game.last_call + 1, commands.CloseQuestion(number=game.number)
    if game.phase in (Phase.STARTING, Phase.REVEAL) and game.next_at is not None:
        return game.next_at, commands.OpenQuestion(after=game.number)
    return None
