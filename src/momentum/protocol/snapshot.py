"""GAME_STATE: the whole game as one receiver may see it."""

from collections.abc import Container
from dataclasses import dataclass

from momentum.game.model import Game, Seat
from momentum.game.phases import Phase
from momentum.protocol import boards, to_client


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    user_id: str
    username: str
    role: to_client.Role
    resume_token: str

    @property
    def player_id(self) -> str | None:
        """Whose own score and answers to show: nobody's on a big screen, which others look at."""
        return None if self.role == "screen" else self.user_id


def game_state(
    view: boards.Boards,
    receiver: Receiver,
    *,
    at: int,
    connected: Container[str],
    host_present: bool,
    incarnation: str,
    websocket_urls: tuple[str, ...],
) -> to_client.GameState:
    """The game at `at` of its clock, for `receiver`."""
    game = view.game
    own = view.own.get(receiver.player_id) if receiver.player_id else None
    result = _your_result(game, receiver.player_id)
    open_now, closed_now = game.phase is Phase.QUESTION, game.phase is Phase.REVEAL
    return to_client.GameState(
        contest_id=game.id,
        incarnation=incarnation,
        name=game.name,
        phase=game.phase.value,
        pace=game.settings.pace,
        paused=game.paused,
        locked=game.locked,
        host_present=host_present,
        max_players=game.settings.max_players,
        total_questions=len(game.questions),
        question_number=game.number,
        players=view.players(connected),
        player_count=game.player_count,
        you=_you(game, receiver, own, result),
        question=_open_question(game, receiver.player_id, at) if open_now else None,
        answered=len(game.answered) if open_now else 0,
        expected=len(game.answered) + len(game.awaited) if open_now else 0,
        closed=view.closed(at, own) if closed_now else None,
        your_result=result,
        over=view.over(own) if game.phase is Phase.OVER else None,
        starts_in_ms=boards.remaining_ms(game, at) if game.phase is Phase.STARTING else None,
        resume_token=receiver.resume_token,
        websocket_urls=websocket_urls,
    )


def _you(
    game: Game, receiver: Receiver, own: to_client.ScoreRow | None, result: to_client.AnswerResult | None
) -> to_client.You:
    seat = game.seated(receiver.player_id) if receiver.player_id else None
    return to_client.You(
        user_id=receiver.user_id,
        username=seat.username if seat else receiver.username,
        role=receiver.role,
        seated=seat is not None,
        score=_score(seat, result),
        rank=own.rank if own else None,
    )


def _score(seat: Seat | None, result: to_client.AnswerResult | None) -> int:
    """With immediate reveal a player's own score is ahead of the board, which moves at the close."""
    if seat is None:
        return 0
    return seat.score if result is None else result.new_score


def _open_question(game: Game, user_id: str | None, at: int) -> to_client.OpenQuestion:
    question = game.question
    answer = game.answered.get(user_id) if user_id else None
    return to_client.OpenQuestion(
        question_number=game.number,
        total_questions=len(game.questions),
        question_id=question.id,
        question_text=question.text,
        options=question.options,
        timer=boards.seconds(game.settings.timer_ms),
        category=question.category,
        remaining_ms=max(0, game.deadline - at),
        your_answer=question.options[answer.choice] if answer else None,
        may_answer=user_id in game.awaited,
    )


def _your_result(game: Game, user_id: str | None) -> to_client.AnswerResult | None:
    answer = game.answered.get(user_id) if user_id else None
    closed = game.phase is Phase.REVEAL
    if answer is None or not (closed or (game.phase is Phase.QUESTION and boards.told_at_once(game, answer))):
        return None
    return boards.answer_result(game, answer, closed=closed)
