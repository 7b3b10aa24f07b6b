"""What passes between the rooms, which have the sockets, and a game's hub, which has the game.

Plain data without sockets: on one node it is handed over as it is, between nodes it can be written down.
"""

from typing import Literal

import msgspec

from momentum.protocol.close_codes import CloseCode
from momentum.protocol.codec import Encoded
from momentum.protocol.from_client import AnyFromClient
from momentum.protocol.to_client import Role


class Attach(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A socket asks in. `generation`: that of its resume token, if it came with one. `again`: it has been in, and asks
    for the whole state, because some of what it should have heard is lost."""

    connection: str
    user_id: str
    username: str
    role: Role
    generation: int | None = None
    again: bool = False


class Detach(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A socket is gone."""

    connection: str


class Say(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A client's message. `measured_ms`: from the question's hand-over to this socket's seat until the frame was read,
    on the node's clock; None: this node handed over nothing. `credit_ms`: the smallest round trip of the socket."""

    connection: str
    message: AnyFromClient
    measured_ms: int | None = None
    credit_ms: int = 0


class Revoke(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A user is logged out everywhere."""

    user_id: str


Request = Attach | Detach | Say | Revoke


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """`content` for one connection, for all sockets of one user, or (both empty) for every socket of the game.

    `opens`: the number of the question that the content opens; `admits`: the content is the socket's first GAME_STATE.
    """

    content: Encoded
    connection: str = ""
    user_id: str = ""
    opens: int = 0
    admits: bool = False


class Dismissal(msgspec.Struct, frozen=True, kw_only=True):
    """Close one connection."""

    connection: str
    why: CloseCode


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What a hub tells the rooms of its game. `number` rises by one with each of an epoch, so that a gap is noticed; a
    `pulse` only repeats the latest one, so that the loss of that is noticed too. `rev`: the journal position it tells
    of. `state`: whether the hub lives on."""

    epoch: int
    number: int
    rev: int
    pulse: bool = False
    parcels: tuple[Parcel | Dismissal, ...] = ()
    state: Literal["running", "lost", "closed"] = "running"
