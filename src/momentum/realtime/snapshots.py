"""Snapshots: a whole game in its journal, so that its replay need not begin at the beginning."""

import hashlib
import inspect
import sys
from dataclasses import replace
from operator import attrgetter

import msgspec

from momentum.game import apply, events, model, names, phases, settings
from momentum.game.events import AnswerGiven, Event, GameEnded, QuestionClosed
from momentum.game.model import Game
from momentum.realtime.journal.contract import Snapshot

FEWEST_ENTRIES = 1_000
"""Fewer are replayed in less time than a snapshot is worth."""


def _form() -> str:
    """A digest of the code that makes a game from events: a snapshot of other code may be another game."""
    modules = (apply, events, model, names, phases, settings, sys.modules[__name__])
    code = "".join(map(inspect.getsource, modules))
    return hashlib.sha256(code.encode()).hexdigest()[:32]


FORM = _form()

_encode = msgspec.json.Encoder().encode


class _Answer(msgspec.Struct, array_like=True, gc=False):
    """An AnswerGiven of a seat that is known."""

    at: int
    number: int
    choice: int
    correct: bool
    points: int
    t_ms: int
    credit_ms: int


class _Written(msgspec.Struct, array_like=True):
    """A game whose answers stand apart, without the names of their fields: most of a large game is answers.

    `answers`: of each seat, in the order of the seats. `answered`: who has answered the latest question, in that order.
    """

    game: Game
    answers: list[list[_Answer]]
    answered: list[str]


_decode = msgspec.json.Decoder(_Written).decode
_fields = attrgetter(*_Answer.__struct_fields__)


def snapshot_of(game: Game) -> Snapshot:
    without = {user_id: replace(seat, answers={}) for user_id, seat in game.seats.items()}
    written = _Written(
        game=replace(game, seats=without, answered={}),
        answers=[[_Answer(*_fields(answer)) for answer in seat.answers.values()] for seat in game.seats.values()],
        answered=[*game.answered],
    )
    return Snapshot(seq=game.rev, version=FORM, body=_encode(written).decode())


def game_of(snapshot: Snapshot) -> Game:
    """The game, equal to what it was. Only for snapshots of this FORM."""
    written = _decode(snapshot.body)
    game = written.game
    for seat, answers in zip(game.seats.values(), written.answers, strict=True):
        seat.answers = {answer.number: _given(seat.user_id, answer) for answer in answers}
    game.answered = {user_id: game.seats[user_id].answers[game.number] for user_id in written.answered}
    return game


def _given(user_id: str, answer: _Answer) -> AnswerGiven:
    return AnswerGiven(
        at=answer.at,
        number=answer.number,
        user_id=user_id,
        choice=answer.choice,
        correct=answer.correct,
        points=answer.points,
        t_ms=answer.t_ms,
        credit_ms=answer.credit_ms,
    )


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
