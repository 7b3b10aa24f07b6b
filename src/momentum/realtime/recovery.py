"""From a journal to a running game: start-up, takeover and an append of unknown outcome all go through here."""

from typing import NamedTuple

from momentum.game.apply import apply, replay
from momentum.game.model import Game
from momentum.game.phases import Phase
from momentum.realtime.journal.contract import Taken
from momentum.realtime.snapshots import game_of


class Recovered(NamedTuple):
    """`at`: where the game's clock goes on, in its milliseconds."""

    game: Game
    at: int


def recover(taken: Taken, lost_ms: int | None = None) -> Recovered:
    """The game as its journal tells it. `lost_ms`: when this very node has lost it, on its monotonic clock.

    Its clock goes on from the last sign of life of the writer before: the last entry or, if that is later, the last
    heartbeat. So it goes back by at most one heartbeat, in favour of the players. Heartbeats of a node that had already
    lost the game are no sign of life.
    """
    game = _game(taken)
    game.epoch = taken.epoch
    lived_until = [instant for instant in (taken.beat_ms, lost_ms) if instant is not None]
    ran_on = 0 if taken.beat_ms is None or not _runs(game) else min(lived_until) - taken.last_mono_ms
    return Recovered(game, game.last_at + max(0, ran_on))


def _game(taken: Taken) -> Game:
    """As its last entry left it, which stands where it should: the journal has no hole."""
    if taken.snapshot is None:
        game = replay(entry.event for entry in taken.entries)
    else:
        game = game_of(taken.snapshot)
        for entry in taken.entries:
            apply(game, entry.event)
    assert not taken.entries or taken.entries[-1].seq == game.rev, "the journal has a hole"
    return game


def _runs(game: Game) -> bool:
    return not game.paused and game.phase is not Phase.OVER
