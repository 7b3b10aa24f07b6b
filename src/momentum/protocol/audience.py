"""Who hears what.

Rule: every payload that leaves the server is made in this module, and nothing in it tells the key of a question, or
whether anybody is right, before the question has closed (`reveal: "immediate"` and a wrong answer in a race excepted).
"""

from collections.abc import Callable, Container, Iterator
from typing import Any, NamedTuple

from momentum.game import commands, events
from momentum.game.model import Game
from momentum.game.outcome import Recorded, Rejection
from momentum.protocol import boards, to_client
from momentum.protocol.boards import Boards

EVERYONE = ""


class Hearing(NamedTuple):
    """`message` for the user `to`, or for EVERYONE in the game; `own` as in codec.encode."""

    to: str
    message: to_client.ToClient
    own: dict[str, to_client.ScoreRow] | None = None


def hears(view: Boards, event: events.Event, connected: Container[str]) -> Iterator[Hearing]:
    """What an event makes the clients hear; `view` shows the game right after the event."""
    teller = _TELLERS.get(type(event))
    return teller(view, event, connected) if teller else iter(())


def repeated(game: Game, recorded: Recorded) -> to_client.ToClient:
    """What somebody hears who gives an answer again: the first one stands."""
    answer = recorded.answer
    closed = any(closing.number == answer.number for closing in game.closings)
    if closed or boards.told_at_once(game, answer):
        return boards.answer_result(game, answer, closed=closed)
    return to_client.AnswerAccepted(question_id=game.questions[answer.number - 1].id)


def refused(command: commands.Command, rejection: Rejection) -> to_client.Error:
    """What somebody hears whose command is refused."""
    question_id = command.question_id if isinstance(command, commands.Answer) else None
    return to_client.Error(rejection.code, rejection.message, question_id)


def progress(game: Game) -> to_client.AnswerProgress:
    """How many have answered the open question: a count, never who or what."""
    answered = len(game.answered)
    return to_client.AnswerProgress(game.question.id, answered, answered + len(game.awaited))


def _player_joined(view: Boards, event: events.PlayerJoined, connected: Container[str]) -> Iterator[Hearing]:
    yield Hearing(
        EVERYONE,
        to_client.PlayerJoined(
            user_id=event.user_id,
            username=event.username,
            is_host=event.is_host,
            player_count=view.game.player_count,
            players=view.players(connected),
        ),
    )


def _player_left(view: Boards, event: events.PlayerLeft, connected: Container[str]) -> Iterator[Hearing]:
    yield Hearing(
        EVERYONE,
        to_client.PlayerLeft(
            user_id=event.user_id,
            username=event.username,
            reason=event.reason,
            player_count=view.game.player_count,
            players=view.players(connected),
        ),
    )


def _game_locked(view: Boards, event: events.GameLocked, connected: Container[str]) -> Iterator[Hearing]:
    yield Hearing(EVERYONE, to_client.GameLocked(event.locked))


def _game_started(view: Boards, event: events.GameStarted, connected: Container[str]) -> Iterator[Hearing]:
    yield Hearing(
        EVERYONE,
        to_client.ContestStarted(
            message="Contest has started!",
            total_questions=len(view.game.questions),
            starts_in_ms=event.first_question_at - event.at,
            players=view.players(connected),
        ),
    )


def _question_opened(view: Boards, event: events.QuestionOpened, connected: Container[str]) -> Iterator[Hearing]:
    question = view.game.question
    yield Hearing(
        EVERYONE,
        to_client.NewQuestion(
            question_number=event.number,
            total_questions=len(view.game.questions),
            question_id=question.id,
            question_text=question.text,
            options=question.options,
            timer=boards.seconds(view.game.settings.timer_ms),
            category=question.category,
        ),
    )


def _answer_given(view: Boards, event: events.AnswerGiven, connected: Container[str]) -> Iterator[Hearing]:
    if boards.told_at_once(view.game, event):
        yield Hearing(event.user_id, boards.answer_result(view.game, event, closed=False))
    elif view.game.settings.pace == "everyone":
        yield Hearing(event.user_id, to_client.AnswerAccepted(view.game.question.id))


def _question_closed(view: Boards, event: events.QuestionClosed, connected: Container[str]) -> Iterator[Hearing]:
    for answer in view.game.answered.values():
        if event.voided or not boards.told_at_once(view.game, answer):
            yield Hearing(answer.user_id, boards.answer_result(view.game, answer, closed=True))
    if update := boards.score_update(view):
        yield Hearing(EVERYONE, update)
    yield Hearing(EVERYONE, view.closed(event.at), view.own)


def _game_paused(view: Boards, event: events.GamePaused, connected: Container[str]) -> Iterator[Hearing]:
    yield Hearing(EVERYONE, to_client.GamePaused("host", "The host has paused the game."))


def _game_resumed(view: Boards, event: events.GameResumed, connected: Container[str]) -> Iterator[Hearing]:
    yield Hearing(EVERYONE, to_client.GameResumed(boards.remaining_ms(view.game, event.at)))


def _game_ended(view: Boards, event: events.GameEnded, connected: Container[str]) -> Iterator[Hearing]:
    yield Hearing(EVERYONE, view.over(), view.own)


_TELLERS: dict[type[events.Event], Callable[[Boards, Any, Container[str]], Iterator[Hearing]]] = {
    events.PlayerJoined: _player_joined,
    events.PlayerLeft: _player_left,
    events.GameLocked: _game_locked,
    events.GameStarted: _game_started,
    events.QuestionOpened: _question_opened,
    events.AnswerGiven: _answer_given,
    events.QuestionClosed: _question_closed,
    events.GamePaused: _game_paused,
    events.GameResumed: _game_resumed,
    events.GameEnded: _game_ended,
}
