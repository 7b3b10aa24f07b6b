"""The payloads that are computed from a game: rosters, boards, results.

`Boards` keeps the sorted board until an event may have moved it: thousands of players may come back at once.
"""

from collections import Counter
from collections.abc import Container, Iterator
from itertools import islice

import msgspec

from momentum.game import events, ranking
from momentum.game.model import Game, Seat
from momentum.game.phases import Phase
from momentum.protocol import to_client

LIST_LIMIT = 100
"""Lists have the best 100; REST pages have the rest."""


class Boards:
    """The boards of one game, as it stands now."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self._rev = 0
        self._rows: list[to_client.ScoreRow] | None = None
        self._own: dict[str, to_client.ScoreRow] | None = None
        self._here: list[Seat] | None = None
        self._closed: to_client.QuestionClosed | None = None
        self._over: to_client.GameOver | None = None

    @property
    def rows(self) -> list[to_client.ScoreRow]:
        """The whole board, best first. Points earned are those of the latest closed question."""
        self._refresh()
        if self._rows is None:
            self._rows = [_score_row(self.game, standing) for standing in ranking.standings(self.game.seats.values())]
        return self._rows

    @property
    def own(self) -> dict[str, to_client.ScoreRow]:
        """Everybody's own line, by user; nobody has one before the first closing."""
        self._refresh()
        if self._own is None:
            scored = self.game.closings or self.game.phase is Phase.OVER
            self._own = {row.user_id: row for row in self.rows} if scored else {}
        return self._own

    def players(self, connected: Container[str]) -> tuple[to_client.Player, ...]:
        """Who is in the game now: best first once there are scores, in the order of joining before."""
        self._refresh()
        if self._here is None:
            self._here = list(islice(self._in_order(), LIST_LIMIT))
        return tuple(
            to_client.Player(seat.user_id, seat.username, seat.score, seat.user_id in connected, seat.is_host)
            for seat in self._here
        )

    def closed(self, at: int, own: to_client.ScoreRow | None = None) -> to_client.QuestionClosed:
        """The latest closing, told at `at`."""
        self._refresh()
        closing = self.game.closings[-1]
        if self._closed is None:
            self._closed = _question_closed(self.game, closing, self.rows)
        next_in_ms = None if closing.next_at is None else max(0, closing.next_at - at)
        return msgspec.structs.replace(self._closed, next_in_ms=next_in_ms, own=own)

    def over(self, own: to_client.ScoreRow | None = None) -> to_client.GameOver:
        """The end."""
        self._refresh()
        if self._over is None:
            self._over = _game_over(self.game, self.rows)
        return msgspec.structs.replace(self._over, own=own)

    def _in_order(self) -> Iterator[Seat]:
        """Who is in the game now. As long as nobody has a score, the order of the board is that of joining."""
        seats = self.game.seats
        ordered = (seats[row.user_id] for row in self.rows) if self.game.closings else seats.values()
        return (seat for seat in ordered if seat.gone is None)

    def _refresh(self) -> None:
        if self._rev != self.game.board_rev:
            self._rev = self.game.board_rev
            self._forget()

    def _forget(self) -> None:
        self._rows = self._own = self._here = self._closed = self._over = None


def _score_row(game: Game, standing: ranking.Standing) -> to_client.ScoreRow:
    seat = standing.seat
    return to_client.ScoreRow(
        rank=standing.rank,
        user_id=seat.user_id,
        username=seat.username,
        score=seat.score,
        points_earned=_points_earned(game, seat),
        correct_count=seat.correct_count,
    )


def _points_earned(game: Game, seat: Seat) -> int:
    if not game.closings or game.closings[-1].voided:
        return 0
    answer = seat.answers.get(game.closings[-1].number)
    return answer.points if answer else 0


def score_update(boards: Boards) -> to_client.ScoreUpdate | None:
    """After a close. Race: who won the question, if somebody did. Everyone: the board, told once."""
    if boards.game.settings.pace == "everyone":
        return _told(boards.rows[0], tuple(boards.rows[:LIST_LIMIT])) if boards.rows else None
    return next((_told(row) for row in boards.rows if row.points_earned), None)


def _told(row: to_client.ScoreRow, scores: tuple[to_client.ScoreRow, ...] = ()) -> to_client.ScoreUpdate:
    return to_client.ScoreUpdate(
        user_id=row.user_id, username=row.username, score=row.score, points_earned=row.points_earned, scores=scores
    )


def told_at_once(game: Game, answer: events.AnswerGiven) -> bool:
    """Whether the answerer hears right away if the answer was right: all of them with immediate reveal; in a race,
    who is wrong."""
    return game.settings.reveal == "immediate" or (game.settings.pace == "race" and not answer.correct)


def answer_result(game: Game, answer: events.AnswerGiven, *, closed: bool) -> to_client.AnswerResult:
    """An answerer's own result. The key stands in it only once the question has closed, or with immediate reveal.
    `new_score` counts the points told here, also before they join the board at the close."""
    question = game.questions[answer.number - 1]
    key_told = closed or game.settings.reveal == "immediate"
    voided = any(closing.number == answer.number and closing.voided for closing in game.closings)
    points = 0 if voided else answer.points
    return to_client.AnswerResult(
        question_id=question.id,
        answer=question.options[answer.choice],
        is_correct=answer.correct,
        points_awarded=points,
        time_taken=answer.t_ms / 1000,
        new_score=game.seats[answer.user_id].score + (0 if closed else points),
        correct_answer=question.options[question.correct] if key_told else None,
    )


def _question_closed(
    game: Game, closing: events.QuestionClosed, rows: list[to_client.ScoreRow]
) -> to_client.QuestionClosed:
    summary = _summary(game, closing)
    return to_client.QuestionClosed(
        question_number=closing.number,
        total_questions=len(game.questions),
        question_id=game.question.id,
        question_text=summary.question_text,
        options=summary.options,
        correct_answer=summary.correct_answer,
        distribution=summary.distribution,
        explanation=summary.explanation,
        voided=closing.voided,
        scoreboard=tuple(rows[:LIST_LIMIT]),
        player_count=len(rows),
        next_in_ms=None,
    )


def _game_over(game: Game, rows: list[to_client.ScoreRow]) -> to_client.GameOver:
    assert game.end_reason is not None
    return to_client.GameOver(
        message="Contest finished!",
        reason=game.end_reason,
        final_scoreboard=tuple(rows[:LIST_LIMIT]),
        player_count=len(rows),
        questions=tuple(_summary(game, closing) for closing in game.closings),
    )


def _summary(game: Game, closing: events.QuestionClosed) -> to_client.QuestionSummary:
    question = game.questions[closing.number - 1]
    counts = Counter(
        seat.answers[closing.number].choice for seat in game.seats.values() if closing.number in seat.answers
    )
    return to_client.QuestionSummary(
        question_number=closing.number,
        question_text=question.text,
        options=question.options,
        correct_answer=question.options[question.correct],
        distribution=tuple(to_client.OptionCount(text, counts[i]) for i, text in enumerate(question.options)),
        explanation=question.explanation,
        voided=closing.voided,
    )


def seconds(ms: int) -> int | float:
    """Seconds as the wire has them: whole ones without a fraction, for clients that read an integer."""
    return ms // 1000 if ms % 1000 == 0 else ms / 1000


def remaining_ms(game: Game, at: int) -> int | None:
    """What is left of the open question, or of the wait for the next; None where nothing is timed."""
    if game.phase in (Phase.LOBBY, Phase.OVER):
        return None
    due = game.deadline if game.phase is Phase.QUESTION else game.next_at
    return None if due is None else max(0, due - at)
