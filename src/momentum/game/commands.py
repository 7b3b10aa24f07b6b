"""What somebody, or a timer, asks of a game.

`by` is the user who asks. `present` answers `user_id in present`: presence is never journaled, so commands carry it.
"""

from collections.abc import Container
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Command):
    """Take a seat, or come back to it. `generation`: that of the resume token that admitted the player, if one did."""

    user_id: str
    username: str
    generation: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rekey(Command):
    """Refuse every resume token handed out to `user_id` so far."""

    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(Command):
    user_id: str
    present: Container[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Command):
    """`elapsed_ms`: from the question's hand-over to the reading of the answer; `credit_ms`: the network's part."""

    user_id: str
    question_id: str
    answer: str
    elapsed_ms: int
    credit_ms: int
    present: Container[str]
    relayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HostCommand(Command):
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(HostCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Next(HostCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip(HostCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(HostCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(HostCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Kick(HostCommand):
    user_id: str
    present: Container[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock(HostCommand):
    locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class End(HostCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion(Command):
    """A timer: the wait after question `after` is over (0: the countdown)."""

    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseQuestion(Command):
    """A timer: question `number` has reached its deadline."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceChanged(Command):
    """Somebody is no longer there: the question may have nobody left to wait for."""

    present: Container[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOn(Command):
    """No host has been there for long enough, or a pause has lasted too long: the game goes on by itself."""

    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Expire(Command):
    """A waiting room that nobody uses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take(Command):
    """A node becomes the game's only writer."""

    epoch: int
    node: str
