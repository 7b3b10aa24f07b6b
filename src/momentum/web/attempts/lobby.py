"""What the lobby page of a contest that is played alone shows: to players, and to its organiser."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from momentum.game import scoring
from momentum.game.attempt import LIVES
from momentum.web import addresses
from momentum.web.accounts import queries as accounts
from momentum.web.attempts import access, actions, rules, scoreboard
from momentum.web.attempts.models import Attempt, Participant
from momentum.web.attempts.scoreboard import Board, BoardRow
from momentum.web.contests.models import Access, Contest, Timing
from momentum.web.contests.status import Status, status_at
from momentum.web.play.people import Person
from momentum.web.play.queries import grouped, qr_svg

NAMES_SHOWN = 60
BOARD_SHOWN = 100
ROWS_SHOWN = 500


@dataclass(frozen=True)
class OwnAttempt:
    id: UUID
    number: int
    running: bool
    score: int | None
    counts: bool
    finished_at: datetime | None


@dataclass(frozen=True)
class ContestLobby:
    """`phase`: scheduled, open or closed. `attempts_left` None: as many as one likes. `needs_name`: a guest who is not
    in yet says what to be called. `you`: the name of `who` in the contest, "" before coming in."""

    id: UUID
    name: str
    contest_type: str
    type_label: str
    organiser: str
    is_marathon: bool
    phase: str
    opens_at: datetime
    closes_at: datetime
    question_count: int
    difficulty_label: str
    category_names: tuple[str, ...]
    rules: tuple[str, ...]
    participant_count: int
    participant_names: tuple[str, ...]
    you: str
    needs_account: bool
    needs_name: bool
    running_id: UUID | None
    attempts_left: int | None
    may_start: bool
    attempts: tuple[OwnAttempt, ...]
    board: Board | None
    own_row: BoardRow | None
    voided: tuple[int, ...]
    now: datetime


@dataclass(frozen=True)
class ProgressRow:
    """A participant as the organiser sees it. `state`: waiting, playing or finished."""

    user_id: str
    name: str
    state: str
    asked: int
    question_count: int
    score: int
    attempt_count: int
    extra_percent: int
    extra_attempts: int


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
class OrganiserPage:
    """`phase`: draft, scheduled, open, closed or archived."""

    lobby: ContestLobby
    phase: str
    pin: str
    pin_grouped: str
    join_url: str
    join_url_short: str
    qr_svg: SafeString
    edit_url: str
    waiting: int
    playing: int
    finished: int
    rows: tuple[ProgressRow, ...]
    questions: tuple[QuestionRow, ...]


def lobby_of(contest: Contest, who: Person | None) -> ContestLobby:
    """What `who`, who may see the contest, sees of it."""
    now = timezone.now()
    status = status_at(contest, now)
    participant = access.participant_of(contest, who) if who else None
    running = actions.running_attempt(contest, participant) if participant else None
    left = _attempts_left(contest, participant)
    is_organiser = who is not None and access.is_organiser(contest, who)
    board = scoreboard.board_at(contest, now, for_organiser=is_organiser)
    names = contest.participants.order_by("-joined_at").values_list("username", flat=True)
    return ContestLobby(
        id=contest.pk,
        name=contest.name,
        contest_type=contest.contest_type,
        type_label=contest.get_contest_type_display(),
        organiser=contest.owner.username,
        is_marathon=rules.is_marathon(contest),
        phase="closed" if status is Status.ARCHIVED else str(status.value),
        opens_at=contest.opens_at or now,
        closes_at=contest.closes_at or now,
        question_count=contest.frozen_questions.count(),
        difficulty_label=contest.get_difficulty_display(),
        category_names=tuple(sorted(category.name for category in contest.categories.all())),
        rules=tuple(_rules(contest)),
        participant_count=contest.participants.count(),
        participant_names=tuple(names[:NAMES_SHOWN]),
        you=participant.username if participant else "",
        needs_account=participant is None and contest.access == Access.ACCOUNTS and (who is None or who.is_guest),
        needs_name=participant is None and (who is None or who.is_guest),
        running_id=running.pk if running else None,
        attempts_left=left,
        may_start=status is Status.OPEN and running is None and left != 0,
        attempts=_own_attempts(contest, participant, now),
        board=board and Board(board.rows[:BOARD_SHOWN], board.frozen_at),
        own_row=next((row for row in board.rows if who and row.user_id == who.user_id), None) if board else None,
        voided=scoreboard.voided(contest),
        now=now,
    )


def organiser_page(request: HttpRequest, contest: Contest, who: Person) -> OrganiserPage:
    pin = contest.pins.filter(retired_at=None, game_id=None).first()
    join_url = addresses.public_origin(request) + (
        reverse("join", args=[pin.code]) if pin else reverse("lobby", args=[contest.pk])
    )
    rows = progress_rows(contest)
    states = [row.state for row in rows]
    return OrganiserPage(
        lobby=lobby_of(contest, who),
        phase=str(status_at(contest, timezone.now()).value),
        pin=pin.code if pin else "",
        pin_grouped=grouped(pin.code) if pin else "",
        join_url=join_url,
        join_url_short=join_url.partition("://")[2],
        qr_svg=qr_svg(join_url),
        edit_url=reverse("contest_edit", args=[contest.pk]),
        waiting=states.count("waiting"),
        playing=states.count("playing"),
        finished=states.count("finished"),
        rows=tuple(rows[:ROWS_SHOWN]),
        questions=question_rows(contest),
    )


def progress_rows(contest: Contest) -> list[ProgressRow]:
    """How far everybody is, those who play first."""
    newest: dict[int, Attempt] = {}
    counting: dict[int, Attempt] = {}
    counted: dict[int, int] = {}
    for attempt in Attempt.objects.filter(contest=contest).order_by("number"):
        newest[attempt.participant_id] = attempt
        counted[attempt.participant_id] = counted.get(attempt.participant_id, 0) + 1
        if attempt.counts:
            counting[attempt.participant_id] = attempt
    participants = list(contest.participants.order_by("joined_at", "pk"))
    gone = accounts.deleted_ids([participant.user_id for participant in participants])
    rows = [
        ProgressRow(
            user_id=participant.user_id,
            name=_("Former player") if participant.user_id in gone else participant.username,
            state="waiting" if not latest else "finished" if latest.finished_at else "playing",
            asked=latest.asked if latest else 0,
            question_count=latest.question_count if latest else 0,
            score=(counting.get(participant.pk) or latest).score if latest else 0,
            attempt_count=counted.get(participant.pk, 0),
            extra_percent=participant.extra_percent,
            extra_attempts=participant.extra_attempts,
        )
        for participant in participants
        for latest in [newest.get(participant.pk)]
    ]
    return sorted(rows, key=lambda row: ("playing", "finished", "waiting").index(row.state))


def question_rows(contest: Contest) -> tuple[QuestionRow, ...]:
    """The questions with their keys and how they went so far: for the organiser alone."""
    questions = contest.frozen_questions.order_by("position").annotate(
        answered=Count("answers", filter=Q(answers__choice__isnull=False)),
        right=Count("answers", filter=Q(answers__correct=True)),
    )
    return tuple(
        QuestionRow(
            position=question.position,
            text=question.text,
            category=question.category,
            difficulty=question.difficulty,
            answer=question.options[question.correct],
            answered=question.answered,
            right=question.right,
            voided=question.voided_at is not None,
        )
        for question in questions
    )


def _attempts_left(contest: Contest, participant: Participant | None) -> int | None:
    if participant is None:
        return contest.max_runs if rules.is_marathon(contest) else 1
    allowed = actions.attempts_allowed(contest, participant)
    if allowed is None:
        return None
    had = participant.attempts.aggregate(had=Max("number"))["had"] or 0
    return max(allowed - had, 0)


def _own_attempts(contest: Contest, participant: Participant | None, now: datetime) -> tuple[OwnAttempt, ...]:
    if participant is None:
        return ()
    shown = rules.shows_results_at_once(contest) or scoreboard.is_closed(contest, now)
    return tuple(
        OwnAttempt(
            id=attempt.pk,
            number=attempt.number,
            running=attempt.finished_at is None,
            score=attempt.score if shown else None,
            counts=attempt.counts,
            finished_at=attempt.finished_at,
        )
        for attempt in participant.attempts.order_by("-number")[:BOARD_SHOWN]
    )


def _rules(contest: Contest) -> list[str]:
    """How it is played, in sentences."""
    seconds = ngettext("%(n)d second", "%(n)d seconds", contest.question_timer_s) % {"n": contest.question_timer_s}
    if rules.is_marathon(contest):
        return _marathon_rules(contest, seconds)
    sentences = []
    if contest.timing != Timing.WHOLE:
        sentences.append(
            _("%(seconds)s for each question. The quicker a right answer, the more points: %(least)d to %(most)d.")
            % {"seconds": seconds, "least": scoring.FULL_POINTS // 2, "most": scoring.FULL_POINTS}
        )
    else:
        sentences.append(_("%(most)d points for each right answer.") % {"most": scoring.FULL_POINTS})
    if contest.timing != Timing.QUESTION:
        minutes = max(1, round(contest.total_time_s / 60))
        whole = ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
        sentences.append(_("%(whole)s for the whole contest, from when you start.") % {"whole": whole})
    sentences.append(_("One attempt. Once a question is shown, its time runs, even if you close the page."))
    if rules.shows_results_at_once(contest):
        sentences.append(_("You learn after each answer whether it was right; explanations come after the closing."))
    else:
        sentences.append(_("Results, answers and explanations come after the closing."))
    return sentences


def _marathon_rules(contest: Contest, seconds: str) -> list[str]:
    sentences = [
        _("Questions that get harder, %(seconds)s for each.") % {"seconds": seconds},
        _("Right answers in a row multiply your points, by up to 2."),
        _("A wrong answer or none in time costs one of %(lives)d lives. Without lives the run is over.")
        % {"lives": LIVES},
    ]
    if contest.max_runs is None:
        return [*sentences, _("As many runs as you like: your best one counts.")]
    runs = ngettext("%(n)d run.", "%(n)d runs: your best one counts.", contest.max_runs) % {"n": contest.max_runs}
    return [*sentences, runs]
