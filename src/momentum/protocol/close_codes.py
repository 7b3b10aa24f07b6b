"""Why a socket closes, and whether the client should come back. This list is the documentation and the code at once."""

from enum import Enum
from typing import NamedTuple


class Close(NamedTuple):
    """`come_back`: True: reconnect with backoff and jitter. False: do not, until a person does something."""

    code: int
    reason: str
    come_back: bool


class CloseCode(Enum):
    NORMAL = Close(1000, "bye", False)
    PROTOCOL_ERROR = Close(1002, "not the WebSocket protocol", False)
    BAD_TEXT = Close(1007, "text frames must be UTF-8", False)
    TOO_BIG = Close(1009, "frames may have 4 KiB at most", False)
    SERVER_ERROR = Close(1011, "the server failed; come back", True)
    RESTARTING = Close(1012, "the server restarts; come back", True)
    BAD_MESSAGE = Close(4400, "text messages of the documented form only", False)
    NOT_ADMITTED = Close(4401, "the token does not admit; get a new one", False)
    REMOVED = Close(4403, "not admitted to this game", False)
    NO_SUCH_GAME = Close(4404, "there is no such game", False)
    AUTHENTICATION_TIMEOUT = Close(4408, "no token in time", True)
    REPLACED = Close(4409, "opened elsewhere", False)
    TOO_MANY_MESSAGES = Close(4429, "too many messages", True)
    SLOW = Close(4430, "reads too slowly", True)
    NO_PONG = Close(4431, "no answer to pings", True)
    RESET = Close(4440, "the game was taken over; come back", True)
    GAME_CLOSED = Close(4441, "the game is over and the room is closed", False)
    MOVED = Close(4443, "the game is on another node; come back, there if you were told where", True)
    SET_ASIDE = Close(4444, "the game cannot go on; what was played is kept", False)
    LEFT = Close(4442, "you left the game", False)

    @property
    def code(self) -> int:
        return self.value.code

    @property
    def reason(self) -> str:
        return self.value.reason

    @property
    def come_back(self) -> bool:
        return self.value.come_back
