"""What the organiser's page of a contest that is played alone shows."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from momentum.web import addresses
from momentum.web.attempts import progress, rules, scoreboard
from momentum.web.attempts.models import AttemptAnswer, FrozenQuestion
from momentum.web.attempts.progress import Counts, ProgressRow
from momentum.web.contests.models import Contest, Entry
from momentum.web.contests.status import status_at
from momentum.web.play.queries import digits, grouped, qr_svg

ROWS = 50
SEARCHED = 50
"""So many characters of a name are looked for."""


@dataclass(frozen=True)
class QuestionRow:
    position: int
    text: str
    category: str
    difficulty: str
    answer: str
    answered: int
    right: int
    voided: bool


@dataclass(frozen=True)
class ProgressPage:
    """A page of the participants. `phase`: draft, scheduled, open, closed or archived. `is_limited`: how many attempts
    somebody has. `search`: what the names have in them. `query`: the way back to this very page."""

    id: UUID
    phase: str
    is_marathon: bool
    is_limited: bool
    counts: Counts
    rows: tuple[ProgressRow, ...]
    search: str
    query: str
    page_number: int
    page_count: int
    previous_url: str
    next_url: str


@dataclass(frozen=True)
class OrganiserPage:
    """`pin`: "" where none leads in. `is_counting`: it has closed, and its last attempts are being ended."""

    id: UUID
    name: str
    type_label: str
    phase: str
    is_marathon: bool
    is_counting: bool
    opens_at: datetime | None
    closes_at: datetime | None
    now: datetime
    voided: tuple[int, ...]
    pin: str
    pin_grouped: str
    join_url: str
    join_url_short: str
    qr_svg: SafeString
    by_invitation_only: bool
    invitations_url: str
    progress: ProgressPage
    questions: tuple[QuestionRow, ...]


def organiser_page(request: HttpRequest, contest: Contest) -> OrganiserPage:
    now = timezone.now()
    by_pin = contest.entry != Entry.INVITED
    pin = contest.pins.filter(retired_at=None, game_id=None).first() if by_pin else None
    join_url = addresses.public_origin(request) + (
        reverse("join", args=[pin.code]) if pin else reverse("lobby", args=[contest.pk])
    )
    return OrganiserPage(
        id=contest.pk,
        name=contest.name,
        type_label=contest.get_contest_type_display(),
        phase=str(status_at(contest, now).value),
        is_marathon=rules.is_marathon(contest),
        is_counting=scoreboard.is_closed(contest, now) and not scoreboard.is_final(contest, now),
        opens_at=contest.opens_at,
        closes_at=contest.closes_at,
        now=now,
        voided=scoreboard.voided(contest),
        pin=pin.code if pin else "",
        pin_grouped=grouped(pin.code) if pin else "",
        join_url=join_url,
        join_url_short=join_url.partition("://")[2],
        qr_svg=qr_svg(join_url),
        by_invitation_only=not by_pin,
        invitations_url=reverse("invitations", args=[contest.pk]),
        progress=progress_page(request, contest),
        questions=question_rows(contest),
    )


def progress_page(request: HttpRequest, contest: Contest) -> ProgressPage:
    """The page that the address asks for with `page` and `search`."""
    search = request.GET.get("search", "").replace("\0", "").strip()[:SEARCHED]
    participants, counts = progress.named(contest, search), progress.counts(contest)
    pages = max(1, -(-(participants.count() if search else counts.total) // ROWS))
    number = min(max(1, int(digits(request.GET.get("page", ""))[:6] or 1)), pages)
    return ProgressPage(
        id=contest.pk,
        phase=str(status_at(contest, timezone.now()).value),
        is_marathon=rules.is_marathon(contest),
        is_limited=not rules.is_marathon(contest) or contest.max_runs is not None,
        counts=counts,
        rows=tuple(progress.rows(participants, (number - 1) * ROWS, ROWS)),
        search=search,
        query=_query(search, number),
        page_number=number,
        page_count=pages,
        previous_url=_lobby(contest, search, number - 1) if number > 1 else "",
        next_url=_lobby(contest, search, number + 1) if number < pages else "",
    )


def question_rows(contest: Contest) -> tuple[QuestionRow, ...]:
    """The questions with their keys and how they went so far: for the organiser alone."""
    answers = AttemptAnswer.objects.filter(question__contest=contest, choice__isnull=False)
    totals = answers.values_list("question").annotate(answered=Count("pk"), right=Count("pk", filter=Q(correct=True)))
    went = {question: (answered, right) for question, answered, right in totals.order_by()}
    return tuple(_question_row(row, *went.get(row.pk, (0, 0))) for row in contest.frozen_questions.order_by("position"))


def _question_row(question: FrozenQuestion, answered: int, right: int) -> QuestionRow:
    return QuestionRow(
        position=question.position,
        text=question.text,
        category=question.category,
        difficulty=question.difficulty,
        answer=question.options[question.correct],
        answered=answered,
        right=right,
        voided=question.voided_at is not None,
    )


def _lobby(contest: Contest, search: str, number: int) -> str:
    return reverse("lobby", args=[contest.pk]) + _query(search, number) + "#participants"


def _query(search: str, number: int) -> str:
    """The part of an address that asks for this page; "" for the first of all."""
    asked = {**({"search": search} if search else {}), **({"page": number} if number > 1 else {})}
    return f"?{urlencode(asked)}" if asked else ""
