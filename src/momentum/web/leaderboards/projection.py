"""The worker's projection: results of what has finished, and the totals of boards with them.

Each chunk of players is one transaction that writes the difference between what the source says and what is there, so
doing it twice, or going on after a kill, comes to the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from momentum.web.leaderboards import boards, closed_contests, finished_games
from momentum.web.leaderboards.finished import Amount, Finished, Line
from momentum.web.leaderboards.models import Ledger, Profile, Result, Source, Tally, Total
from momentum.web.leaderboards.totals import Change, amount_of, tallies_of

CHUNK = 200


def project() -> int:
    """Count everything that has finished since. Returns how many sources that were.

    An update of the site that changes what boards there are leaves no totals behind: then all are computed anew.
    """
    if not Total.objects.exists() and Result.objects.filter(counts=True).exists():
        rebuild_totals()
    counted = 0
    for finished in chain(finished_games.finished(), closed_contests.finished()):
        count_in(finished)
        counted += 1
    finished_games.settle()
    return counted


def count_in(finished: Finished) -> None:
    """Make the results of a source what it says now."""
    revision = _begin(finished)
    after: str | None = ""
    while after is not None:
        after = _chunk(finished, revision, after)
    Source.objects.filter(pk=finished.source_id, revision=revision).update(done=True)


@transaction.atomic
def recount(source_id: UUID) -> None:
    """The worker is to look at a source again: call it in the transaction that changes the results, at its end.

    The lock lets a source that is being met for the first time be known before, so that it notices.
    """
    lock()
    Source.objects.filter(pk=source_id).update(done=False, revision=F("revision") + 1)


def rebuild_totals() -> None:
    """Compute all totals from the results anew."""
    with transaction.atomic():
        lock()
        Total.objects.all().delete()
        shared = {str(pk) for pk in Profile.objects.filter(shared=True).values_list("pk", flat=True)}
        for results in _by_player():
            change = Change(shared)
            for result in results:
                _add(change, result, 1)
            change.apply()


def lock() -> None:
    """Keep other writers of results, totals and ratings out until the transaction ends."""
    Ledger.objects.get_or_create(pk=1)
    Ledger.objects.select_for_update().get(pk=1)


def stored(results: QuerySet[Result]) -> QuerySet[Result]:
    """Results with what counting them in or out needs."""
    return results.select_related("contest", "source").prefetch_related("tallies")


@transaction.atomic
def _begin(finished: Finished) -> int:
    """The revision of the source that is being counted."""
    lock()
    defaults = {
        "contest": finished.contest,
        "contest_type": finished.contest_type,
        "ended_at": finished.ended_at,
        "done": False,
    }
    return Source.objects.update_or_create(pk=finished.source_id, defaults=defaults)[0].revision


def _chunk(finished: Finished, revision: int, after: str) -> str | None:
    """Write the next players' results; returns the last one's id, None when there are no more.

    What is to be looked at again is left to whoever does so: these lines may be those of before.
    """
    lines = finished.lines(after, CHUNK)
    last = lines[-1].player if len(lines) == CHUNK else None
    with transaction.atomic():
        lock()
        if not Source.objects.filter(pk=finished.source_id, revision=revision).exists():
            return None
        there = Result.objects.filter(source_id=finished.source_id, player__gt=after)
        if last is not None:
            there = there.filter(player__lte=last)
        _replace({result.player: result for result in stored(there)}, lines, finished)
    return last


def _replace(there: dict[str, Result], lines: Sequence[Line], finished: Finished) -> None:
    wanted = {line.player: (_result(line, finished), line.tallies) for line in lines}
    gone = [old for player, old in there.items() if player not in wanted or _differs(old, *wanted[player])]
    new = [pair for player, pair in wanted.items() if player not in there or there[player] in gone]
    change = Change(_shared([*wanted, *there]))
    for result in gone:
        _add(change, result, -1)
    Result.objects.filter(pk__in=[result.pk for result in gone]).delete()
    Result.objects.bulk_create([result for result, _ in new])
    Tally.objects.bulk_create(
        Tally(result=result, category=category, **asdict(amount))
        for result, tallies in new
        for category, amount in tallies.items()
    )
    for result, tallies in new:
        change.add(result, tallies, finished.contest_type, finished.contest.owner_id, 1)
    change.apply()


def _result(line: Line, finished: Finished) -> Result:
    organiser = line.player == str(finished.contest.owner_id)
    return Result(
        source_id=finished.source_id,
        contest=finished.contest,
        player=line.player,
        username=line.username if boards.is_guest(line.player) else "",
        rank=line.rank,
        best_streak=line.best_streak,
        counts=line.rank is not None and not organiser,
        ended_at=finished.ended_at,
        **asdict(line.amount),
    )


def _differs(old: Result, new: Result, tallies: dict[str, Amount]) -> bool:
    names = ("username", "rank", "best_streak", "counts", "ended_at")
    same = all(getattr(old, name) == getattr(new, name) for name in names)
    return not same or amount_of(old) != amount_of(new) or tallies_of(old) != tallies


def _add(change: Change, result: Result, sign: int) -> None:
    change.add(result, tallies_of(result), result.source.contest_type, result.contest.owner_id, sign)


def _shared(players: Iterable[str]) -> set[str]:
    """Which of these players stand on the site's boards."""
    accounts = [UUID(player) for player in players if not boards.is_guest(player)]
    return {str(pk) for pk in Profile.objects.filter(pk__in=accounts, shared=True).values_list("pk", flat=True)}


def _by_player() -> Iterator[list[Result]]:
    """All results in chunks, each player's beside each other: then their sums are written once, or nearly."""
    results = stored(Result.objects.order_by("player", "pk"))
    chunk = list(results[: 10 * CHUNK])
    while chunk:
        yield chunk
        last = chunk[-1]
        rest = results.filter(player__gte=last.player).exclude(player=last.player, pk__lte=last.pk)
        chunk = list(rest[: 10 * CHUNK])
