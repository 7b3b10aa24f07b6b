"""What clients may send: flat JSON objects, told apart by `type`.

Unknown fields, unknown types and loose types are refused.
"""

from typing import Annotated

import msgspec

Text = Annotated[str, msgspec.Meta(pattern=r"\A[^\x00]*\Z")]
"""Without NUL, which not every database keeps."""


class FromClient(msgspec.Struct, frozen=True, tag_field="type", forbid_unknown_fields=True):
    pass


class Authenticate(FromClient, frozen=True, tag="AUTHENTICATE"):
    """The first message of a socket that came without `?token=`: a ticket, a login token or a resume token."""

    token: Text


class StartGame(FromClient, frozen=True, tag="START_GAME"):
    """Start the game. Saying it again changes nothing."""


class SubmitAnswer(FromClient, frozen=True, tag="SUBMIT_ANSWER"):
    """Answer the open question: `answer` is the text of one of its options. The first answer stands. To be sent again
    after a reconnect, until ANSWER_ACCEPTED, ANSWER_RESULT or ERROR has come."""

    question_id: Text
    answer: Text


class NextQuestion(FromClient, frozen=True, tag="NEXT_QUESTION"):
    """Go on: end the countdown or the wait after a question. After the last question this ends the game."""


class SkipQuestion(FromClient, frozen=True, tag="SKIP_QUESTION"):
    """Close the open question without points for anybody."""


class PauseGame(FromClient, frozen=True, tag="PAUSE_GAME"):
    """Let the game's clock stand still."""


class ResumeGame(FromClient, frozen=True, tag="RESUME_GAME"):
    """Let the clock run again."""


class KickPlayer(FromClient, frozen=True, tag="KICK_PLAYER"):
    """Remove a player for good: no return, no place on the board."""

    user_id: Text


class LockGame(FromClient, frozen=True, tag="LOCK_GAME"):
    """Locked: nobody new gets a seat; who has one comes and goes."""

    locked: bool


class EndGame(FromClient, frozen=True, tag="END_GAME"):
    """End the game now. An open question is voided; the results so far are saved."""


class Leave(FromClient, frozen=True, tag="LEAVE"):
    """Leave the game: nobody waits for the sender any more, points stay in the results, the socket is closed. Who has
    no seat just closes the socket."""


class Ping(FromClient, frozen=True, tag="PING"):
    """Ask for PONG: for pages, which cannot send WebSocket pings."""


AnyFromClient = (
    Authenticate
    | StartGame
    | SubmitAnswer
    | NextQuestion
    | SkipQuestion
    | PauseGame
    | ResumeGame
    | KickPlayer
    | LockGame
    | EndGame
    | Leave
    | Ping
)
