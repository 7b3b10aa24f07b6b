"""Bytes from and to clients.

A message is encoded once for everybody who hears it; what differs per receiver stands last, so that it can be
appended: their own line of the board at the end of the payload, then `seq`.
"""

from typing import Any

import msgspec

from momentum.protocol.from_client import AnyFromClient
from momentum.protocol.to_client import ScoreRow, ToClient

_decoder: msgspec.json.Decoder[AnyFromClient] = msgspec.json.Decoder(AnyFromClient, strict=True)
_encoder = msgspec.json.Encoder()
_NO_OWN_LINE = b'"own":null}'


class BadMessage(Exception):
    """What a client sent is not a message. `code` goes into the ERROR it is told."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def decode(frame: bytes | bytearray | memoryview) -> AnyFromClient:
    """The message in a text frame. Raises BadMessage."""
    try:
        return _decoder.decode(frame)
    except msgspec.ValidationError as error:
        if "`$.type`" in str(error):
            raise BadMessage("unknown_type", "There is no message of this type.") from None
        raise BadMessage("bad_message", f"The message does not have the documented form: {error}.") from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise BadMessage("bad_message", "A message is one JSON object in UTF-8.") from None


class Encoded(msgspec.Struct, frozen=True):
    """A message without its `seq`. `own` has the lines of those receivers who get one of their own."""

    body: bytes
    rev: int | None = None
    own: dict[str, bytes] | None = None

    def for_receiver(self, user_id: str, seq: int) -> bytes:
        """The frame's payload for one socket."""
        line = self.own.get(user_id) if self.own else None
        if line is None:
            body = self.body
        else:
            body = self.body.replace(_NO_OWN_LINE, b'"own":' + line + b"}", 1)
        return b'%b,"seq":%d}' % (body, seq)


def encode(message: ToClient, rev: int | None = None, own: dict[str, ScoreRow] | None = None) -> Encoded:
    """`message` for any number of receivers. `rev`: the journal position it tells of."""
    outer: dict[str, Any] = {"type": message.type, "payload": message}
    if rev is not None:
        outer["rev"] = rev
    lines = {user_id: _encoder.encode(row) for user_id, row in own.items()} if own else None
    return Encoded(_encoder.encode(outer)[:-1], rev, lines)
