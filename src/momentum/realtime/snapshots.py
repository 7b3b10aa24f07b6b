"""Snapshots: a whole game in its journal, so that its replay need not begin at the beginning."""

import hashlib
import inspect

import msgspec

from momentum.game import apply, events, model, names, phases, settings
from momentum.game.events import Event, GameEnded, QuestionClosed
from momentum.game.model import Game
from momentum.realtime.journal.contract import Snapshot

FEWEST_ENTRIES = 1_000
"""Fewer are replayed in less time than a snapshot is worth."""


def _form() -> str:
    """A digest of the code that makes a game from events: a snapshot of other code may be another game."""
    code = "".join(inspect.getsource(module) for module in (apply, events, model, names, phases, settings))
    return hashlib.sha256(code.encode()).hexdigest()[:32]


FORM = _form()

_encode = msgspec.json.Encoder().encode
_decoder: msgspec.json.Decoder[Game] = msgspec.json.Decoder(Game)


def snapshot_of(game: Game) -> Snapshot:
    return Snapshot(seq=game.rev, version=FORM, body=_encode(game).decode())


def game_of(snapshot: Snapshot) -> Game:
    """The game, equal to what it was. Only for snapshots of this FORM."""
    return _decoder.decode(snapshot.body)


def is_due(seq: int, latest: int) -> bool:
    """Whether a snapshot after entry `seq` is worth it, after one at `latest` (0: none). The journal has grown by a
    quarter since then, so that all snapshots together are at most five times the last."""
    new = seq - latest
    return new >= FEWEST_ENTRIES and 4 * new >= seq


class Snapshots:
    """Of one game, as long as it has the same writer."""

    def __init__(self) -> None:
        self._latest = 0

    def after(self, game: Game, happened: list[Event]) -> Snapshot | None:
        """One to keep with the entries that tell what `happened`, where it is due: a question has just closed, and
        nothing is urgent."""
        kinds = {type(event) for event in happened}
        if QuestionClosed not in kinds or GameEnded in kinds or not is_due(game.rev, self._latest):
            return None
        self._latest = game.rev
        return snapshot_of(game)
