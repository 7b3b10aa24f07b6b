"""Leaderboards and profiles over a million results: what each question takes, on SQLite or on PostgreSQL.

One organiser; players who have four results each, in contests of 400; every tenth shares the profile, and one has
played in every contest. The rows are what the projection would write, written in bulk.
"""

import argparse
import itertools
import os
import random
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from statistics import median
from typing import Any

from tests.e2e.measure import percentile

from momentum.wiring.django_setup import set_up_django

EACH = 4
PLAYERS_OF_A_CONTEST = 400
CATEGORIES = ("Geography", "History", "Science", "Sport")
TIMES = 50
BATCH = 5_000
CACHE_KIB = 1_000_000
"""While rows are written; the questions are asked with what SQLite takes by itself."""
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
    """Players, contests and their results, with the totals that belong to them."""
    from django.db import connection, transaction

    from momentum.web.accounts.models import User
    from momentum.web.contests.models import Contest
    from momentum.web.leaderboards.models import Source

    contests_each = count // EACH // PLAYERS_OF_A_CONTEST
    if connection.vendor == "sqlite":
        connection.cursor().execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    with timed("rows written"), transaction.atomic():
        owner = User.objects.create_user("Owner", "owner@example.org")
        contests = [Contest(owner=owner, name=f"Contest {n}") for n in range(EACH * contests_each)]
        Contest.objects.bulk_create(contests)
        sources = [
            Source(pk=uuid.uuid4(), contest=contest, contest_type="quick_fire", ended_at=START + timedelta(hours=n))
            for n, contest in enumerate(contests)
        ]
        Source.objects.bulk_create(sources)
        writer = Writer(str(owner.pk))
        for number in range(count // EACH):
            chosen = sources[number // PLAYERS_OF_A_CONTEST :: contests_each][:EACH] if number else sources
            writer.write_player(number, chosen)
        writer.flush()
    connection.close()
    analyse()


class Writer:
    """Writes players with all that they have, many rows at once and without a model between."""

    def __init__(self, owner_id: str) -> None:
        self._owner_id = owner_id
        self._chance = random.Random(1)
        self._results = 0
        self._boards: dict[Any, int] = {}
        self._rows: defaultdict[Any, list[tuple[Any, ...]]] = defaultdict(list)
        self._ids = itertools.count(1)

    def write_player(self, number: int, sources: Sequence[Any]) -> None:
        from momentum.web.accounts.models import User
        from momentum.web.leaderboards.models import Profile, Total

        player = uuid.UUID(int=self._chance.getrandbits(128), version=4)
        shared = number % 10 == 0
        if number == 0:
            User.objects.create(pk=player, username="P0", name_key="p0")
            Profile.objects.create(pk=player, shared=True)
        sums: dict[Any, tuple[int, ...]] = {}
        for source in sources:
            for key, amount in self._result(source, str(player), shared=shared):
                before = sums.get(key, (0, 0, 0, 0, 0))
                added = (amount.score, amount.correct_ms, amount.correct_count, amount.answer_count, 1)
                sums[key] = tuple(map(sum, zip(before, added, strict=True)))
        for key, (score, correct_ms, correct_count, answer_count, plays) in sums.items():
            row = (
                next(self._ids),
                score,
                correct_ms,
                correct_count,
                answer_count,
                self._board(key),
                str(player),
                plays,
            )
            self._rows[Total].append(row)
        if len(self._rows[Total]) >= BATCH:
            self.flush()

    def flush(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            for model, rows in self._rows.items():
                columns = [field.column for field in model._meta.concrete_fields]
                marks = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES ({marks})", rows)
        self._rows.clear()

    def _result(self, source: Any, player: str, *, shared: bool) -> Iterator[Any]:
        """Write a result in two categories; returns what it adds to boards."""
        from momentum.web.leaderboards import boards
        from momentum.web.leaderboards.finished import Amount
        from momentum.web.leaderboards.models import Result, Tally

        self._results += 1
        right = self._chance.randrange(11)
        score, correct_ms = right * self._chance.randrange(250, 501), right * self._chance.randrange(250, 4_500)
        half = Amount(score=score, correct_ms=correct_ms, correct_count=right // 2, answer_count=5)
        whole = Amount(score=2 * score, correct_ms=2 * correct_ms, correct_count=right // 2 * 2, answer_count=10)
        source_id, contest_id, ended_at = in_database(source)
        self._rows[Result].append((self._results, 2 * score, 2 * correct_ms, right // 2 * 2, 10, source_id, contest_id,
                                   player, "P", 1, right // 2, True, ended_at))  # fmt: skip
        halves = {CATEGORIES[(self._results + number) % len(CATEGORIES)]: half for number in range(2)}
        for category in halves:
            self._rows[Tally].append((next(self._ids), score, correct_ms, right // 2, 5, self._results, category))
        organiser = boards.of_organiser(self._owner_id)
        return boards.entries(
            whole, halves, ended_at=source.ended_at, contest_id=source.contest_id, contest_type="quick_fire",
            scopes=(organiser, boards.SITE) if shared else (organiser,),
        )  # fmt: skip

    def _board(self, key: Any) -> int:
        from momentum.web.leaderboards.models import Board

        if key not in self._boards:
            self._boards[key] = Board.objects.create(**key._asdict()).pk
        return self._boards[key]


@cache
def in_database(source: Any) -> tuple[Any, ...]:
    """The id, the contest and the end of a source as this database takes them."""
    from django.db import connection

    fields = [source._meta.get_field(name) for name in ("id", "contest", "ended_at")]
    return tuple(field.get_db_prep_save(getattr(source, field.attname), connection) for field in fields)


def analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def questions() -> dict[str, Callable[[], object]]:
    """What is asked, by what it is called."""
    from momentum.web.accounts.models import User
    from momentum.web.contests.models import Contest
    from momentum.web.leaderboards import boards, profiles, queries
    from momentum.web.leaderboards.models import Board, Result, Total
    from momentum.web.play.people import of_account

    owner = User.objects.get(username="Owner")
    busy = User.objects.get(username="P0")
    contest = Contest.objects.order_by("pk")[0]
    whole = Total.objects.filter(
        board=Board.objects.get(scope=boards.of_organiser(owner.pk), period="all", subject="all")
    )
    ordered = whole.order_by("-score", "correct_ms", "player")
    size = whole.count()
    print(f"{Result.objects.count():,} results, {Total.objects.count():,} totals, {size:,} on the organiser's board")
    middle, last = ordered[size // 2], ordered[size - 60]
    somewhere = f"{middle.score}.{middle.correct_ms}.{size // 2}.{size // 2}.{middle.player}"
    near_the_end = f"{last.score}.{last.correct_ms}.{size - 60}.{size - 60}.{last.player}"
    in_the_middle = User(pk=uuid.UUID(middle.player), username="P")
    host, player = of_account(owner), of_account(busy)

    middle_of_history = history_middle(busy)

    def organisers(who: Any = host, **more: Any) -> Callable[[], object]:
        return lambda: queries.leaderboard(who, "organiser", owner.pk, **more)

    return {
        "organiser's board, first page": organisers(),
        "the same from the middle": organisers(after=somewhere),
        "the same, last page": organisers(after=near_the_end),
        "the same, with the rank of who is in the middle": organisers(of_account(in_the_middle)),
        "a month": organisers(period="2026-02"),
        "a category": organisers(subject="category:History"),
        "a type in a week": organisers(period="2026-W07", subject="type:quick_fire"),
        "a category in a month": organisers(period="2026-02", subject="category:History"),
        "its page with all choices": lambda: queries.leaderboard_page(host, "organiser", owner.pk),
        "a contest's board": lambda: queries.leaderboard(host, "contest", contest.pk),
        "the site's board": lambda: queries.leaderboard(player, "site", None),
        "a usual profile": lambda: profiles.profile(in_the_middle, is_you=True),
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
