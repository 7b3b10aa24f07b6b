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
    """The first message of a socket that came without `?token=`."""

    token: Text


class StartGame(FromClient, frozen=True, tag="START_GAME"):
    pass


class SubmitAnswer(FromClient, frozen=True, tag="SUBMIT_ANSWER"):
    """`answer` is the text of one of the question's options."""

    question_id: Text
    answer: Text


class NextQuestion(FromClient, frozen=True, tag="NEXT_QUESTION"):
    pass


class SkipQuestion(FromClient, frozen=True, tag="SKIP_QUESTION"):
    """Close the open question without points."""


class PauseGame(FromClient, frozen=True, tag="PAUSE_GAME"):
    pass


class ResumeGame(FromClient, frozen=True, tag="RESUME_GAME"):
    pass


class KickPlayer(FromClient, frozen=True, tag="KICK_PLAYER"):
    user_id: Text


class LockGame(FromClient, frozen=True, tag="LOCK_GAME"):
    """Locked: nobody new gets a seat; who has one comes and goes."""

    locked: bool


class EndGame(FromClient, frozen=True, tag="END_GAME"):
    pass


class Leave(FromClient, frozen=True, tag="LEAVE"):
    """Give up the seat. Points stay in the results."""


class Ping(FromClient, frozen=True, tag="PING"):
    pass


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
