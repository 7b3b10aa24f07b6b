"""What the lobby page of a contest that is played alone shows to players."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from momentum.game import scoring
from momentum.game.attempt import LIVES
from momentum.web.accounts import queries as accounts
from momentum.web.attempts import access, actions, rules, scoreboard
from momentum.web.attempts.models import Participant
from momentum.web.attempts.scoreboard import BoardRow
from momentum.web.contests.models import Access, Contest, Timing
from momentum.web.contests.status import Status, status_at
from momentum.web.play.people import Person

NAMES_SHOWN = 60
BOARD_SHOWN = 25
OWN_SHOWN = 50


@dataclass(frozen=True)
class OwnAttempt:
    id: UUID
    number: int
    running: bool
    score: int | None
    counts: bool
    finished_at: datetime | None


@dataclass(frozen=True)
class BoardShown:
    """The top of a board of `total` lines. `own`: the reader's line, wherever it stands. `frozen_at`: see Board."""

    rows: tuple[BoardRow, ...]
    total: int
    own: BoardRow | None
    frozen_at: datetime | None


@dataclass(frozen=True)
class ContestLobby:
    """`phase`: scheduled, open or closed. `is_final`: closed, and everything is counted.

    `attempts_left` None: as many as one likes. `needs_name`: a guest who is not in yet says what to be called. `you`:
    the name of `who` in the contest, "" before coming in.
    """

    id: UUID
    name: str
    contest_type: str
    type_label: str
    organiser: str
    is_marathon: bool
    phase: str
    is_final: bool
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
    board: BoardShown | None
    voided: tuple[int, ...]
    now: datetime


def lobby_of(contest: Contest, who: Person | None) -> ContestLobby:
    """What `who`, who may see the contest, sees of it."""
    now = timezone.now()
    status = status_at(contest, now)
    participant = access.participant_of(contest, who) if who else None
    running = actions.running_attempt(contest, participant) if participant else None
    left = _attempts_left(contest, participant)
    return ContestLobby(
        id=contest.pk,
        name=contest.name,
        contest_type=contest.contest_type,
        type_label=contest.get_contest_type_display(),
        organiser=contest.owner.username,
        is_marathon=rules.is_marathon(contest),
        phase="closed" if status is Status.ARCHIVED else str(status.value),
        is_final=scoreboard.is_final(contest, now),
        opens_at=contest.opens_at or now,
        closes_at=contest.closes_at or now,
        question_count=contest.frozen_questions.count(),
        difficulty_label=contest.get_difficulty_display(),
        category_names=tuple(sorted(category.name for category in contest.categories.all())),
        rules=tuple(_rules(contest)),
        participant_count=contest.participants.count(),
        participant_names=_newest_names(contest),
        you=participant.username if participant else "",
        needs_account=participant is None and contest.access == Access.ACCOUNTS and (who is None or who.is_guest),
        needs_name=participant is None and (who is None or who.is_guest),
        running_id=running.pk if running else None,
        attempts_left=left,
        may_start=status is Status.OPEN and running is None and left != 0,
        attempts=_own_attempts(contest, participant, now),
        board=_board(contest, who, now),
        voided=scoreboard.voided(contest),
        now=now,
    )


def _board(contest: Contest, who: Person | None, now: datetime) -> BoardShown | None:
    board = scoreboard.board_at(contest, now)
    if board is None:
        return None
    return BoardShown(
        rows=board.rows(0, BOARD_SHOWN),
        total=board.count(),
        own=board.row_of(who.user_id) if who else None,
        frozen_at=board.frozen_at,
    )


def _newest_names(contest: Contest) -> tuple[str, ...]:
    """Of those who came in last."""
    people = contest.participants.order_by("-joined_at", "-pk").values_list("user_id", "username")[:NAMES_SHOWN]
    gone = accounts.deleted_ids([user_id for user_id, _name in people])
    return tuple(_("Former player") if user_id in gone else username for user_id, username in people)


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
        for attempt in participant.attempts.order_by("-number")[:OWN_SHOWN]
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
