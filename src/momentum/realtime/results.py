"""What a game leaves when it ends: rows of the site's tables, all of them computable from the journal."""

import msgspec

from momentum.game import ranking
from momentum.game.events import AnswerGiven, QuestionClosed
from momentum.game.model import Game, Seat


class PlayerRow(msgspec.Struct, frozen=True):
    game_id: str
    source_contest_id: str
    user_id: str
    username: str
    is_host: bool
    rank: int | None
    place: int
    score: int
    correct_ms: int
    correct_count: int
    answer_count: int


class QuestionRow(msgspec.Struct, frozen=True):
    game_id: str
    number: int
    bank_id: str
    category: str
    difficulty: str
    text: str
    options: tuple[str, ...]
    correct: int
    explanation: str
    close_reason: str
    voided: bool


class AnswerRow(msgspec.Struct, frozen=True):
    """`points` are those that count: 0 where the question was voided."""

    game_id: str
    number: int
    user_id: str
    bank_id: str
    category: str
    choice: int
    correct: bool
    points: int
    t_ms: int
    credit_ms: int


class Results(msgspec.Struct, frozen=True):
    """`ended_ms`: Unix milliseconds."""

    ended_ms: int
    players: tuple[PlayerRow, ...]
    questions: tuple[QuestionRow, ...]
    answers: tuple[AnswerRow, ...]


def results_of(game: Game, ended_ms: int) -> Results:
    """The results of a game that is over. A waiting room that never started leaves none but its end."""
    seats = list(game.seats.values()) if game.started and game.number else []
    voided = {closing.number for closing in game.closings if closing.voided}
    return Results(
        ended_ms=ended_ms,
        players=tuple(_players(game, seats)),
        questions=tuple(_question(game, closing) for closing in game.closings),
        answers=tuple(_answer(game, answer, voided) for seat in seats for answer in seat.answers.values()),
    )


def _players(game: Game, seats: list[Seat]) -> list[PlayerRow]:
    board = ranking.standings(seats)
    placed = [(standing.rank, standing.seat) for standing in board]
    removed = [(None, seat) for seat in seats if seat.gone == "kicked"]
    return [_player(game, rank, place, seat) for place, (rank, seat) in enumerate([*placed, *removed], start=1)]


def _player(game: Game, rank: int | None, place: int, seat: Seat) -> PlayerRow:
    return PlayerRow(
        game_id=game.id,
        source_contest_id=game.source_contest_id,
        user_id=seat.user_id,
        username=seat.username,
        is_host=seat.is_host,
        rank=rank,
        place=place,
        score=seat.score,
        correct_ms=seat.correct_ms,
        correct_count=seat.correct_count,
        answer_count=len(seat.answers),
    )


def _question(game: Game, closing: QuestionClosed) -> QuestionRow:
    question = game.questions[closing.number - 1]
    return QuestionRow(
        game_id=game.id,
        number=closing.number,
        bank_id=question.bank_id,
        category=question.category,
        difficulty=question.difficulty,
        text=question.text,
        options=question.options,
        correct=question.correct,
        explanation=question.explanation,
        close_reason=closing.reason,
        voided=closing.voided,
    )


def _answer(game: Game, answer: AnswerGiven, voided: set[int]) -> AnswerRow:
    question = game.questions[answer.number - 1]
    return AnswerRow(
        game_id=game.id,
        number=answer.number,
        user_id=answer.user_id,
        bank_id=question.bank_id,
        category=question.category,
        choice=answer.choice,
        correct=answer.correct,
        points=0 if answer.number in voided else answer.points,
        t_ms=answer.t_ms,
        credit_ms=answer.credit_ms,
    )
