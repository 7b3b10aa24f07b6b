"""What the results pages show: the board, how each question went, what one player said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from momentum.web.accounts import queries as accounts
from momentum.web.contests.models import Difficulty
from momentum.web.results.models import ShareLink
from momentum.web.results.report import Given, Participant, Question, QuestionFigures, Report
from momentum.web.results.sources import Found

ROWS = 100
QUESTIONS = 50
"""On a page of the results."""


@dataclass(frozen=True)
class BoardRow:
    """`rank` None: removed by the host. `answers_url`: "" where the reader may not look at this player's answers."""

    player: str
    rank: int | None
    name: str
    score: int
    correct_count: int
    answer_count: int
    correct_seconds: str
    is_you: bool
    is_host: bool
    answers_url: str


@dataclass(frozen=True)
class OptionSummary:
    letter: str
    text: str
    count: int
    percent: int
    correct: bool
    yours: bool


@dataclass(frozen=True)
class QuestionSummary:
    """`sentence` says in words what the bars show. `voided`: without points."""

    number: int
    text: str
    category: str
    difficulty: str
    explanation: str
    options: tuple[OptionSummary, ...]
    answered: int
    not_answered: int
    correct_percent: int | None
    average_seconds: str
    your_points: int | None
    voided: bool
    sentence: str

    @property
    def difficulty_label(self) -> str:
        return str(Difficulty(self.difficulty).label)


@dataclass(frozen=True)
class ResultsPage:
    """`state`: running, counting, over or unplayed. `questions`: a page of them.

    `shared_since`: when the read-only link was made; for the organiser.
    """

    source_id: str
    contest_name: str
    contest_type: str
    state: str
    ended_at: datetime | None
    is_host: bool
    lobby_url: str
    game_url: str
    leaderboard_url: str = ""
    shared_since: datetime | None = None
    player_count: int = 0
    question_count: int = 0
    board: tuple[BoardRow, ...] = ()
    you: BoardRow | None = None
    page_number: int = 1
    page_count: int = 1
    previous_url: str = ""
    next_url: str = ""
    questions: tuple[QuestionSummary, ...] = ()
    earlier_questions_url: str = ""
    later_questions_url: str = ""


@dataclass(frozen=True)
class AnswerRow:
    """`number` counts the questions that this player was asked, `question_number` is the question's own. `answer` "":
    nothing in time. `credit_ms`: taken off the time for the network."""

    number: int
    question_number: int
    question: str
    category: str
    answer: str
    right_answer: str
    correct: bool
    points: int
    seconds: str
    credit_ms: int
    voided: bool


@dataclass(frozen=True)
class PlayerPage:
    contest_name: str
    ended_at: datetime
    results_url: str
    row: BoardRow
    answers: tuple[AnswerRow, ...]


def results_page(found: Found, reader: str, page_number: int, question_page: int) -> ResultsPage:
    """`reader`: the id of who looks. `page_number`, `question_page`: of board and questions; put in range."""
    url = reverse("results", args=[found.source_id])
    head: dict[str, Any] = {
        "source_id": str(found.source_id),
        "contest_name": found.name,
        "contest_type": found.contest.contest_type,
        "state": found.state,
        "is_host": found.is_organiser,
        "lobby_url": reverse("lobby", args=[found.contest.pk]) if found.is_organiser else "",
        "game_url": reverse("game", args=[found.source_id])
        if found.contest.is_live
        else reverse("lobby", args=[found.contest.pk]),
    }
    if found.report is None:
        return ResultsPage(**head, ended_at=None)
    link = ShareLink.objects.filter(source_id=found.source_id).first() if found.is_organiser else None
    return ResultsPage(
        **head,
        ended_at=found.report.ended_at,
        leaderboard_url=reverse("contest_leaderboard", args=[found.contest.pk]),
        shared_since=link.created_at if link else None,
        **_board(found.report, reader, page_number, url, sees_all=found.is_organiser),
        **_questions(found.report, reader, question_page, url),
    )


def shared_page(report: Report, page_number: int, question_page: int, url: str) -> ResultsPage:
    """For who has the link: nobody's own answers."""
    return ResultsPage(
        source_id="",
        contest_name=report.name,
        contest_type=report.contest_type,
        state="over",
        ended_at=report.ended_at,
        is_host=False,
        lobby_url="",
        game_url="",
        **_board(report, "", page_number, url, sees_all=False),
        **_questions(report, "", question_page, url),
    )


def player_page(found: Found, reader: str, player: str) -> PlayerPage | None:
    """All answers of one player, for the organiser and that player; None for others and for who did not play."""
    report = found.report
    if report is None or "\0" in player or not (found.is_organiser or reader == player):
        return None
    participant = report.participant(player)
    if participant is None:
        return None
    questions = {question.number: question for question in report.questions()}
    return PlayerPage(
        contest_name=report.name,
        ended_at=report.ended_at,
        results_url=reverse("results", args=[report.source_id]),
        row=board_rows(report, [participant], reader, sees_all=True)[0],
        answers=tuple(_answer(given, questions[given.number]) for given in report.answers_of(player)),
    )


def board_rows(report: Report, participants: list[Participant], reader: str, *, sees_all: bool) -> list[BoardRow]:
    """Lines of the board, under the names that may be shown."""
    gone = accounts.deleted_ids([one.player for one in participants])
    return [_row(report, one, reader, one.player in gone, sees_all) for one in participants]


def question_summaries(report: Report, reader: str) -> tuple[QuestionSummary, ...]:
    """How each question went, and what `reader` said to it."""
    figures = report.figures()
    yours = {given.number: given for given in report.answers_of(reader)} if reader else {}
    return tuple(
        _summary(question, figures[question.number], yours.get(question.number)) for question in report.questions()
    )


def _board(report: Report, reader: str, page_number: int, url: str, *, sees_all: bool) -> dict[str, Any]:
    count = report.participant_count()
    pages = max(1, -(-count // ROWS))
    number = min(max(1, page_number), pages)
    shown = board_rows(report, report.participants((number - 1) * ROWS, ROWS), reader, sees_all=sees_all)
    you = next((row for row in shown if row.is_you), None)
    if you is None and (own := report.participant(reader) if reader else None):
        you = board_rows(report, [own], reader, sees_all=sees_all)[0]
    return {
        "player_count": count,
        "board": tuple(shown),
        "you": you,
        "page_number": number,
        "page_count": pages,
        "previous_url": f"{url}?page={number - 1}" if number > 1 else "",
        "next_url": f"{url}?page={number + 1}" if number < pages else "",
    }


def _row(report: Report, one: Participant, reader: str, gone: bool, sees_all: bool) -> BoardRow:
    is_you = one.player == reader
    return BoardRow(
        player=one.player,
        rank=one.rank,
        name=_("Former player") if gone else one.name,
        score=one.score,
        correct_count=one.correct_count,
        answer_count=one.answer_count,
        correct_seconds=seconds(one.correct_ms),
        is_you=is_you,
        is_host=one.is_host,
        answers_url=reverse("player_answers", args=[report.source_id, one.player]) if sees_all or is_you else "",
    )


def _questions(report: Report, reader: str, page: int, url: str) -> dict[str, Any]:
    summaries = question_summaries(report, reader)
    pages = max(1, -(-len(summaries) // QUESTIONS))
    number = min(max(1, page), pages)
    return {
        "question_count": len(summaries),
        "questions": summaries[(number - 1) * QUESTIONS : number * QUESTIONS],
        "earlier_questions_url": f"{url}?questions={number - 1}" if number > 1 else "",
        "later_questions_url": f"{url}?questions={number + 1}" if number < pages else "",
    }


def _summary(question: Question, figures: QuestionFigures, yours: Given | None) -> QuestionSummary:
    counts = figures.choices
    answered = counts.total()
    right = counts[question.correct]
    return QuestionSummary(
        number=question.number,
        text=question.text,
        category=question.category,
        difficulty=question.difficulty,
        explanation=question.explanation,
        options=tuple(
            OptionSummary(
                letter=chr(ord("A") + index),
                text=text,
                count=counts[index],
                percent=percent(counts[index], answered),
                correct=index == question.correct,
                yours=yours is not None and yours.choice == index,
            )
            for index, text in enumerate(question.options)
        ),
        answered=answered,
        not_answered=max(0, figures.asked - answered),
        correct_percent=percent(right, answered) if answered else None,
        average_seconds="" if figures.mean_ms is None else seconds(round(figures.mean_ms)),
        your_points=yours.points if yours else None,
        voided=question.voided,
        sentence=_sentence(answered, right, figures.asked),
    )


def _answer(given: Given, question: Question) -> AnswerRow:
    return AnswerRow(
        number=given.position,
        question_number=given.number,
        question=question.text,
        category=question.category,
        answer="" if given.choice is None else question.options[given.choice],
        right_answer=question.options[question.correct],
        correct=given.correct,
        points=given.points,
        seconds=seconds(given.t_ms),
        credit_ms=given.credit_ms,
        voided=question.voided,
    )


def _sentence(answered: int, right: int, asked: int) -> str:
    if not answered:
        return _("Nobody answered.")
    answers = ngettext("%(n)d of %(seats)d answered", "%(n)d of %(seats)d answered", answered) % {
        "n": answered,
        "seats": max(asked, answered),
    }
    rights = ngettext("%(n)d was right", "%(n)d were right", right) % {"n": right}
    return _("%(answers)s, %(rights)s.") % {"answers": answers, "rights": rights}


def percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def seconds(ms: int) -> str:
    return f"{ms / 1000:.1f}"
