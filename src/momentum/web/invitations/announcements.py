"""What the worker tells by itself: changes, cancellations, reminders, results. Nothing calls it: it looks at how things
are, at what has been told, and tells the difference. However often it runs, and whenever it dies, each is told once:
what was told is a row under a unique constraint, in the transaction that posts the mail.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from momentum.web.attempts import scoreboard
from momentum.web.contests.isolation import isolated
from momentum.web.contests.models import Contest
from momentum.web.games.models import PlayerResult
from momentum.web.invitations import audience, bulk, facts, posting
from momentum.web.invitations.audience import Reader
from momentum.web.invitations.models import Announced, Announcement
from momentum.web.mail import allowance, contest_mails, recipients
from momentum.web.mail.drafts import Sending
from momentum.web.mail.models import Category
from momentum.web.results import sources

Kind = Announcement.Kind
SETTLED_AFTER = timedelta(minutes=2)
"""An organiser who changes something often changes it again at once."""
TOLD_WITHIN = timedelta(days=2)
EACH_TIME = 10
MOST_A_RUN = 1_000
REMINDERS = ((Kind.REMINDER_DAY, 24, timedelta(hours=3)), (Kind.REMINDER_HOUR, 1, timedelta(minutes=30)))
"""Hours before the opening, and how late one may come all the same."""
CATEGORIES = {Kind.RESULTS: Category.RESULTS}


@dataclass(frozen=True)
class Due:
    """Something to be told. `post`: mails it to one of the readers. `is_bounded`: it counts against the organiser's
    mails of the day, who causes it at will."""

    kind: Kind
    occasion: str
    readers: Sequence[Reader]
    post: Callable[[Reader], object]
    is_bounded: bool = False


def announce() -> int:
    """Tell everybody what they have not been told. Returns how many mails that were."""
    return sum(isolated(_announce, contest_id) for contest_id in _contests_in_motion(timezone.now()))


def _contests_in_motion(now: datetime) -> list[UUID]:
    """Those with invitations of which something may have to be told."""
    since = now - TOLD_WITHIN
    happened = Q(changed_at__gt=since) | Q(contest__changed_at__gt=since) | Q(contest__deleted_at__gt=since)
    ended = Q(contest__closes_at__range=(since, now)) | Q(contest__pins__retired_at__gt=since)
    opens = Q(opens_at__range=(now, now + timedelta(hours=REMINDERS[0][1])))
    found = Announced.objects.filter(happened | ended | opens, contest__owner__is_active=True)
    return list(found.order_by("pk").values_list("pk", flat=True).distinct())


def _announce(contest_id: UUID) -> int:
    now = timezone.now()
    _note_change(contest_id, now)
    announced = Announced.objects.select_related("contest__owner").get(pk=contest_id)
    left = MOST_A_RUN
    for due in _dues(announced, now):
        left -= _tell(announced, due, left)
    return MOST_A_RUN - left


@transaction.atomic
def _note_change(contest_id: UUID, now: datetime) -> None:
    """Make what holds now what is to be told, if the organiser has let it be for a while."""
    announced = Announced.objects.select_for_update().get(pk=contest_id)
    contest = Contest.objects.get(pk=contest_id)
    if facts.is_over(contest, facts.told(announced), now):
        return
    if contest.deleted_at or contest.changed_at + SETTLED_AFTER <= now:
        facts.settle(announced, contest)


def _dues(announced: Announced, now: datetime) -> Iterator[Due]:
    contest, known = announced.contest, facts.told(announced)
    over = facts.is_over(contest, known, now)
    if announced.sequence and not over and now < announced.changed_at + TOLD_WITHIN:
        yield _change(announced, now)
    if not over and not known.cancelled and known.opens_at and facts.present(contest, known) == known:
        yield from _reminders(announced, known.opens_at, now)
    if not contest.deleted_at:
        yield from _results(announced, now)


def _change(announced: Announced, now: datetime) -> Due:
    contest = announced.contest
    readers = audience.everybody(contest, before=announced.changed_at, now=now)
    occasion = str(announced.sequence)
    if announced.cancelled:
        return Due(Kind.CANCELLED, occasion, readers, _Letters(announced).cancelled, not contest.deleted_at)
    return Due(Kind.CHANGED, occasion, readers, _Letters(announced).changed, True)


def _reminders(announced: Announced, opens_at: datetime, now: datetime) -> Iterator[Due]:
    """Nobody who has just been invited, or told of a change, is reminded of it."""
    for kind, hours, late in REMINDERS:
        at = opens_at - timedelta(hours=hours)
        known_since = at - timedelta(hours=hours) / 4
        if at <= now < at + late and (not announced.sequence or announced.changed_at < known_since):
            readers = audience.everybody(announced.contest, before=known_since, now=now)
            yield Due(kind, opens_at.isoformat(), readers, _Letters(announced).reminder(hours))


def _results(announced: Announced, now: datetime) -> Iterator[Due]:
    contest = announced.contest
    if contest.is_live:
        ended = contest.pins.filter(played=True, retired_at__gt=max(announced.created_at, now - TOLD_WITHIN))
        for pin in ended.order_by("retired_at"):
            players = PlayerResult.objects.filter(game_id=str(pin.game_id), rank__isnull=False)
            readers = audience.players(contest, players.values_list("user_id", flat=True))
            yield Due(Kind.RESULTS, str(pin.game_id), readers, _Letters(announced).results(pin.game_id))
    elif contest.closes_at and now - TOLD_WITHIN < contest.closes_at < now and sources.report_of(contest.pk):
        readers = audience.players(contest, scoreboard.standing(contest).values_list("user_id", flat=True))
        yield Due(Kind.RESULTS, "closing", readers, _Letters(announced).results(contest.pk))


def _tell(announced: Announced, due: Due, most: int) -> int:
    contest = announced.contest
    told = set(contest.announcements.filter(kind=due.kind, occasion=due.occasion).values_list("address", flat=True))
    readers = [reader for reader in due.readers if reader.to.address not in told]
    unwilling = recipients.unwilling(
        [reader.to.address for reader in readers], CATEGORIES.get(due.kind, Category.REMINDERS)
    )
    readers = [reader for reader in readers if reader.to.address not in unwilling]
    if due.is_bounded:
        most = min(most, allowance.left(contest.owner))
    readers = readers[: max(most, 0)]
    for start in range(0, len(readers), EACH_TIME):
        _tell_part(contest, due, readers[start : start + EACH_TIME])
    return len(readers)


def _tell_part(contest: Contest, due: Due, readers: Sequence[Reader]) -> None:
    """Another worker that tells the same at this moment wins or loses the whole part; what is lost comes next time."""
    at = timezone.now()
    try:
        with bulk.part():
            Announcement.objects.bulk_create(
                Announcement(
                    contest=contest, kind=due.kind, occasion=due.occasion, address=reader.to.address, posted_at=at
                )
                for reader in readers
            )
            for reader in readers:
                due.post(reader)
    except IntegrityError:
        return


class _Letters:
    """The mails about one contest as it was last announced."""

    def __init__(self, announced: Announced) -> None:
        self._contest, self._site_url = announced.contest, announced.site_url
        self._about = facts.occasion(announced)
        self._sending: Sending = {"asked_by": announced.contest.owner, "site_url": announced.site_url}

    def changed(self, reader: Reader) -> None:
        contest_mails.changed(reader.to, self._about, url=self._to_contest(reader), **self._sending)

    def cancelled(self, reader: Reader) -> None:
        contest_mails.cancelled(reader.to, self._about, **self._sending)

    def reminder(self, hours: int) -> Callable[[Reader], None]:
        def post(reader: Reader) -> None:
            contest_mails.reminder(reader.to, self._about, url=self._to_contest(reader), hours=hours, **self._sending)

        return post

    def results(self, source_id: UUID | None) -> Callable[[Reader], None]:
        def post(reader: Reader) -> None:
            url = self._link(reader) or self._site_url + reverse("results", args=[source_id])
            contest_mails.results(reader.to, self._about, url=url, **self._sending)

        return post

    def _to_contest(self, reader: Reader) -> str:
        return self._link(reader) or self._site_url + reverse("lobby", args=[self._contest.pk])

    def _link(self, reader: Reader) -> str:
        return posting.link(reader.invitation, self._site_url) if reader.invitation else ""
