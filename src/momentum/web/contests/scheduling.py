"""When a contest that is played alone may be scheduled, and what may still be changed of it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from momentum.game import names
from momentum.web.attempts import freezing
from momentum.web.attempts.models import AllowedPerson
from momentum.web.contests import lifecycle
from momentum.web.contests.models import Contest
from momentum.web.contests.status import Status, status_at
from momentum.web.play import pins
from momentum.web.questions.queries import TooFewQuestions
from momentum.web.refusals import Refusal

DRAWN_BY = frozenset({"contest_type", "difficulty", "categories", "question_count"})
FIXED_ONCE_OPEN = DRAWN_BY | {"opens_at", "question_timer_s", "timing", "total_time_s"}
MAX_ALLOWED_PEOPLE = 10_000
LONGEST_PERSON = AllowedPerson._meta.get_field("who").max_length or 0


class BadDates(Refusal):
    error = "bad_dates"
    status = 422


class HasOpened(Refusal):
    error = "has_opened"

    def __str__(self) -> str:
        return _(
            "The contest has opened: its type, questions, times and opening stay as they are. Its end can be moved."
        )


class HasClosed(Refusal):
    error = "has_closed"

    def __str__(self) -> str:
        return _("The contest has closed, and its answers are known. Duplicate it to hold another one.")


class TypeIsFixed(Refusal):
    error = "type_is_fixed"

    def __str__(self) -> str:
        return _(
            "A contest that has been played, or has a game open, keeps its type. Duplicate it and change the copy."
        )


class TooManyPeople(Refusal):
    error = "too_many_people"
    status = 422

    def __str__(self) -> str:
        return _("A list has at most %(most)d people.") % {"most": MAX_ALLOWED_PEOPLE}


class UnusablePerson(Refusal):
    error = "unusable_person"
    status = 422

    def __str__(self) -> str:
        return _("A line of the list is too long, or has invisible characters: write one address or one name in each.")


def demand_changeable(contest: Contest, changed: set[str], now: datetime) -> None:
    """Raises HasOpened, HasClosed or TypeIsFixed where one of these fields may not change any more."""
    status = status_at(contest, now)
    if status in (Status.CLOSED, Status.ARCHIVED) and changed & (FIXED_ONCE_OPEN | {"closes_at"}):
        raise HasClosed
    if status is Status.OPEN and changed & FIXED_ONCE_OPEN:
        raise HasOpened
    if "contest_type" in changed and (status is Status.PLAYED or pins.open_game(contest)):
        raise TypeIsFixed


def schedule(contest: Contest, categories: Sequence[str], was: Status, now: datetime, *, redraw: bool) -> None:
    """Move a contest, whose fields have just been set, to where it belongs: scheduled, or a draft while it lacks dates
    or questions. Saves it. Raises BadDates. `was`: its status by the dates it had. `redraw`: what its questions are
    drawn by has changed."""
    if was in (Status.CLOSED, Status.ARCHIVED):
        contest.save()
        return
    _demand_dates(contest, now)
    if was is Status.OPEN:
        contest.save()
        return
    fits = contest.closes_at is not None and not lacking(contest, categories)
    if fits and contest.opens_at is None:
        contest.opens_at = now
    lifecycle.move(contest, Status.SCHEDULED if fits else Status.DRAFT)
    contest.save()
    _prepare(contest, categories, redraw=redraw)


def lacking(contest: Contest, categories: Sequence[str]) -> TooFewQuestions | None:
    """Why the bank cannot serve the contest."""
    available = freezing.available(contest, categories)
    wanted = freezing.wanted(contest, categories)
    return TooFewQuestions(available, wanted) if available < wanted else None


def unschedule(contest: Contest) -> None:
    """Nothing is left of what a contest played alone needs: it has become another type, or a draft."""
    pins.retire_for_attempts(contest.pk)
    freezing.thaw(contest)


def allow(contest: Contest, people: Sequence[str]) -> None:
    """Make the organiser's list these people: e-mail addresses and names of accounts.

    Raises TooManyPeople, UnusablePerson.
    """
    wanted = {allowed_key(person) for person in people if person.strip()}
    if len(wanted) > MAX_ALLOWED_PEOPLE:
        raise TooManyPeople
    if any(len(who) > LONGEST_PERSON or "\0" in who for who in wanted):
        raise UnusablePerson
    had = set(contest.allowed_people.values_list("who", flat=True))
    contest.allowed_people.filter(who__in=had - wanted).delete()
    AllowedPerson.objects.bulk_create(AllowedPerson(contest=contest, who=who) for who in sorted(wanted - had))


def allowed_key(person: str) -> str:
    """How an address or a name stands on a list."""
    return person.strip().lower() if "@" in person else names.key(person.strip())


def _demand_dates(contest: Contest, now: datetime) -> None:
    opens_at, closes_at = contest.opens_at, contest.closes_at
    if closes_at is None:
        return
    if closes_at <= now:
        raise BadDates(_("The contest would close before it begins: choose a closing time in the future."))
    if opens_at is not None and closes_at <= opens_at:
        raise BadDates(_("The contest closes before it opens. Let it close later, or open earlier."))


def _prepare(contest: Contest, categories: Sequence[str], *, redraw: bool) -> None:
    if contest.status != Status.SCHEDULED:
        unschedule(contest)
        return
    if redraw or not contest.frozen_questions.exists():
        freezing.freeze(contest, categories)
    pins.issue_for_attempts(contest)
