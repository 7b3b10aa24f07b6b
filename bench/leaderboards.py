"""Leaderboards and profiles over a million results: what each question takes, on SQLite or on PostgreSQL.

One organiser, a quarter as many players as results, each with results in four contests of 400 players; every tenth
player shares the profile, and one has played in every contest. Rows are written as the projection writes them; the
totals are computed from them by `rebuild_totals`.
"""

import argparse
import os
import random
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from bench.measure import percentile
from momentum.wiring.django_setup import set_up_django

EACH = 4
PLAYERS_OF_A_CONTEST = 400
CATEGORIES = ("Geography", "History", "Science", "Sport")
TIMES = 50
BATCH = 5_000
START = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=int, default=1_000_000)
    parser.add_argument("--postgres", action="store_true", help="a PostgreSQL of its own instead of SQLite")
    arguments = parser.parse_args()
    with site(postgres=arguments.postgres):
        fill(arguments.results)
        for what, ask in questions().items():
            report(what, ask)


@contextmanager
def site(*, postgres: bool) -> Iterator[None]:
    """The site's database in a temporary directory, empty, with its schema."""
    with ExitStack() as stack:
        os.environ["MOMENTUM_DATA_DIR"] = stack.enter_context(tempfile.TemporaryDirectory(prefix="momentum-bench-"))
        os.environ["MOMENTUM_ENV_FILE"] = ""
        if postgres:
            from tests.postgres_server import OwnPostgres

            own = stack.enter_context(OwnPostgres(shared_buffers="256MB"))
            os.environ["DATABASE_URL"] = own.create_database()
        set_up_django()
        from momentum.wiring import schema

        schema.migrate(print)
        yield


def fill(count: int) -> None:
    from momentum.web.leaderboards.models import Total
    from momentum.web.leaderboards.projection import rebuild_totals

    with timed("rows written"):
        write_rows(count)
    with timed("totals computed from them"):
        rebuild_totals()
    analyse()
    print(f"{Total.objects.count():,} totals")


def write_rows(count: int) -> None:
    from django.db import transaction

    from momentum.web.accounts.models import User
    from momentum.web.contests.models import Contest
    from momentum.web.leaderboards.models import Profile, Rating, Result, Source, Tally

    chance = random.Random(1)
    players = [uuid.UUID(int=chance.getrandbits(128), version=4) for _ in range(count // EACH)]
    with transaction.atomic():
        owner = User.objects.create_user("Owner", "owner@example.org")
        names = (User(pk=player, username=f"P{n}", name_key=f"p{n}") for n, player in enumerate(players))
        in_batches(User, names)
        in_batches(Profile, (Profile(pk=player, shared=True) for player in players[::10]))
        contests = [Contest(owner=owner, name=f"Contest {n}") for n in range(count // PLAYERS_OF_A_CONTEST)]
        in_batches(Contest, contests)
        sources = [
            Source(pk=uuid.uuid4(), contest=contest, contest_type="quick_fire", ended_at=START + timedelta(hours=n),
                   done=True, rated=True)
            for n, contest in enumerate(contests)
        ]  # fmt: skip
        in_batches(Source, sources)
        numbers = iter(range(1, 10 * count))
        in_batches(
            Result,
            (made for source, them in tables(sources, players) for made in results(source, them, numbers, chance)),
        )
        in_batches(Tally, (half for result in Result.objects.iterator(BATCH) for half in halves(result)))
        in_batches(
            Rating,
            (
                Rating(source=source, player=str(players[0]), ended_at=source.ended_at, mu=25, sigma=5, games=n)
                for n, source in enumerate(sources)
            ),
        )


def tables(sources: Sequence[Any], players: Sequence[uuid.UUID]) -> Iterator[tuple[Any, Sequence[uuid.UUID]]]:
    """Each source with its players; the first one plays everywhere."""
    for number, source in enumerate(sources):
        start = number * PLAYERS_OF_A_CONTEST % len(players)
        yield source, [players[0], *players[max(start, 1) : start + PLAYERS_OF_A_CONTEST]]


def results(source: Any, players: Sequence[uuid.UUID], numbers: Iterator[int], chance: random.Random) -> Iterator[Any]:
    from momentum.web.leaderboards.models import Result

    for rank, player in enumerate(players, start=1):
        right = chance.randrange(11)
        yield Result(
            pk=next(numbers), source=source, contest_id=source.contest_id, player=str(player), username="P", rank=rank,
            score=right * chance.randrange(500, 1001), correct_ms=right * chance.randrange(500, 9_000),
            correct_count=right, answer_count=10, best_streak=right // 2, counts=True, ended_at=source.ended_at,
        )  # fmt: skip


def halves(result: Any) -> Iterator[Any]:
    """A result in two categories."""
    from momentum.web.leaderboards.models import Tally

    for number in range(2):
        yield Tally(
            result=result, category=CATEGORIES[(result.pk + number) % len(CATEGORIES)], score=result.score // 2,
            correct_ms=result.correct_ms // 2, correct_count=result.correct_count // 2, answer_count=5,
        )  # fmt: skip


def in_batches(model: Any, rows: Any) -> None:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            model.objects.bulk_create(batch)
            batch = []
    model.objects.bulk_create(batch)


def analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def questions() -> dict[str, Callable[[], object]]:
    """What is asked, by what it is called."""
    from momentum.web.accounts.models import User
    from momentum.web.contests.models import Contest
    from momentum.web.leaderboards import boards, profiles, queries
    from momentum.web.leaderboards.models import Board, Total
    from momentum.web.play.people import of_account

    owner = User.objects.get(username="Owner")
    busy = User.objects.get(username="P0")
    contest = Contest.objects.order_by("pk")[0]
    whole = Total.objects.filter(board=Board.objects.get(scope=boards.of_organiser(owner.pk), part="all"))
    ordered = whole.order_by("-score", "correct_ms", "player")
    size = whole.count()
    print(f"the organiser's board has {size:,} lines")
    middle, last = ordered[size // 2], ordered[size - 60]
    somewhere = f"{middle.score}.{middle.correct_ms}.{size // 2}.{size // 2}.{middle.player}"
    near_the_end = f"{last.score}.{last.correct_ms}.{size - 60}.{size - 60}.{last.player}"
    in_the_middle = of_account(User.objects.get(pk=middle.player))
    host, player = of_account(owner), of_account(busy)

    middle_of_history = history_middle(busy)

    def organisers(who: Any = host, **more: Any) -> Callable[[], object]:
        return lambda: queries.leaderboard(who, "organiser", owner.pk, **more)

    return {
        "organiser's board, first page": organisers(),
        "the same from the middle": organisers(after=somewhere),
        "the same, last page": organisers(after=near_the_end),
        "the same, with the rank of who is in the middle": organisers(in_the_middle),
        "a month": organisers(part="2026-02"),
        "a category": organisers(part="category:History"),
        "its page with all choices": lambda: queries.leaderboard_page(host, "organiser", owner.pk),
        "a contest's board": lambda: queries.leaderboard(host, "contest", contest.pk),
        "the site's board": lambda: queries.leaderboard(player, "site", None),
        "a usual profile": lambda: profiles.profile(User.objects.get(pk=in_the_middle.user_id), is_you=True),
        "a profile over every contest": lambda: profiles.profile(busy, is_you=True),
        "its history, first page": lambda: profiles.history(busy),
        "its history from the middle": lambda: profiles.history(busy, middle_of_history),
    }


def history_middle(user: Any) -> str:
    from momentum.web.leaderboards.models import Result
    from momentum.web.leaderboards.profiles import EPOCH

    mine = Result.objects.filter(player=str(user.pk)).order_by("-ended_at", "-id")
    result = mine[mine.count() // 2]
    return f"{(result.ended_at - EPOCH) // timedelta(microseconds=1)}.{result.pk}"


def report(what: str, ask: Callable[[], object]) -> None:
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - start))
    print(f"{what:50} {median(times):8.1f} ms {percentile(times, 95):8.1f} ms", flush=True)


@contextmanager
def timed(what: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    print(f"{what}: {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
