"""The PostgreSQL journal: what every journal does, and what is PostgreSQL's own."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql
from tests.postgres_server import OwnPostgres, Postgres

from momentum.realtime.journal import postgres_statements as statements
from momentum.realtime.journal.contract import Journal, JournalUnavailable, NotDurable
from momentum.realtime.journal.postgres import PostgresJournal

from .games import BOB, DORA, GAME, OTHER
from .journal_contract import JournalContract, Reopen, a_node, ended, entries, joined, part, results

TABLES = ("node", "game", "journal", "game_snapshot", "player_result", "question_result", "answer_result")


@pytest.fixture(scope="module")
def database(postgres: Postgres, empty_games_template: str) -> Iterator[str]:
    """The URL of the database of these tests: making one for each of them would take most of their time."""
    yield postgres.create_database("journal_tests", template=empty_games_template)
    postgres.drop_database("journal_tests")


@pytest.fixture
def url(database: str) -> str:
    """The same, with nothing in it."""
    with psycopg.connect(database, autocommit=True) as db:
        for table in TABLES:
            db.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    return database


@pytest.fixture
async def journal(url: str) -> AsyncIterator[PostgresJournal]:
    journal = await PostgresJournal.open(url)
    yield journal
    await journal.close()


@pytest.fixture
async def reopen(url: str) -> AsyncIterator[Reopen]:
    """Other connections, while the first are still there, as after a process that was killed."""
    opened: list[PostgresJournal] = []

    async def open_anew(_journal: Journal) -> Journal:
        opened.append(await PostgresJournal.open(url))
        return opened[-1]

    yield open_anew
    for one in opened:
        await one.close()


class TestPostgresJournal(JournalContract):
    @pytest.fixture(autouse=True)
    def _url(self, url: str) -> None:
        self.url = url

    def query(self, statement: Any, *values: object) -> list[tuple[Any, ...]]:
        """As a stranger would, who looks at the database."""
        with psycopg.connect(self.url, autocommit=True) as db:
            cursor = db.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    async def result_rows(self, journal: Journal) -> tuple[int, int, int]:
        ((players, questions, answers),) = self.query(
            "SELECT (SELECT count(*) FROM player_result), (SELECT count(*) FROM question_result),"
            " (SELECT count(*) FROM answer_result)"
        )
        return players, questions, answers

    async def make_newer(self, journal: Journal, game: str) -> None:
        last = "(SELECT max(seq) FROM journal WHERE game_id = %s)"
        self.query(f"UPDATE journal SET version = 99 WHERE game_id = %s AND seq = {last}", game, game)

    async def test_these_tests_run_on_postgresql(self, journal: Journal) -> None:
        assert isinstance(journal, PostgresJournal)
        assert self.query("SELECT version()")[0][0].startswith("PostgreSQL")
        names = {name for (name,) in self.query("SELECT application_name FROM pg_stat_activity")}
        assert "momentum realtime" in names

    # Two at once

    async def test_a_taker_waits_for_an_append_under_way_and_sees_it(self, journal: Journal) -> None:
        await self.begin(journal)
        with psycopg.connect(self.url) as zombie:
            values, _ = statements.append_values([part(joined(), seq=3)])
            assert zombie.execute(statements.APPEND.encode(), values).fetchall() == [(GAME,)]
            taking = asyncio.create_task(journal.take(GAME, "node-2"))
            await still_waits(taking)
            zombie.commit()
        second = await taking
        assert second is not None
        assert second.entries == entries(1, *await self.events(journal))
        assert len(second.entries) == 3

    async def test_an_append_that_waits_for_a_taker_is_fenced(self, journal: Journal) -> None:
        await self.begin(journal, GAME, OTHER)
        with psycopg.connect(self.url) as taker:
            taker.execute(statements.TAKE.encode(), {"game_id": GAME, "node": "node-2", "owner": None})
            parts = [part(joined(), seq=3, game=OTHER), part(ended(), seq=3, results=results(BOB))]
            appending = asyncio.create_task(journal.append(parts))
            await still_waits(appending)
            taker.commit()
        assert await appending == {GAME: "fenced", OTHER: "kept"}
        assert await self.result_rows(journal) == (0, 0, 0)
        assert [len(await self.events(journal, game)) for game in (GAME, OTHER)] == [2, 3]

    async def test_an_append_that_waits_for_its_own_hand_over_is_kept(self, journal: Journal) -> None:
        await self.begin(journal)
        with psycopg.connect(self.url) as stopping:
            stopping.execute(statements.HAND_OVER.encode(), {"game_ids": [GAME], "node": "node-1"})
            appending = asyncio.create_task(journal.append([part(ended(), seq=3, results=results(BOB))]))
            await still_waits(appending)
            stopping.commit()
        assert await appending == {GAME: "kept"}

    async def test_two_appends_of_many_games_never_wait_for_each_other(self, journal: Journal, reopen: Reopen) -> None:
        games = [f"5f1c6c1e-0000-4000-8000-1{number:011}" for number in range(30)]
        await self.begin(journal, *games)
        other = await reopen(journal)
        for seq in range(3, 23):
            there = [part(joined(f"user-{seq}"), seq=seq, game=game) for game in games]
            back = [part(joined(f"user-{seq}"), seq=seq, game=game) for game in reversed(games)]
            both = await asyncio.gather(journal.append(there), other.append(back))
            verdicts = [verdict for one in both for verdict in one.values()]
            assert verdicts.count("kept") == verdicts.count("refused") == 30

    async def test_who_holds_a_game_too_long_makes_it_unavailable(self, journal: Journal) -> None:
        await self.begin(journal)
        with psycopg.connect(self.url) as other:
            other.execute("SELECT 1 FROM game FOR UPDATE")
            with pytest.raises(JournalUnavailable, match="lock timeout"):
                await journal.append([part(joined(), seq=3)])
        assert await journal.append([part(joined(), seq=3)]) == {GAME: "kept"}

    # What PostgreSQL cannot keep

    async def test_a_character_that_it_cannot_keep_is_refused_with_its_game_alone(self, journal: Journal) -> None:
        await self.begin(journal, GAME, OTHER)
        parts = [part(joined("b\0b"), seq=3), part(joined(), seq=3, game=OTHER)]
        assert await journal.append(parts) == {GAME: "refused", OTHER: "kept"}

    # A connection that breaks

    async def test_a_backend_that_is_terminated_in_an_append_leaves_nothing(self, journal: Journal) -> None:
        await self.begin(journal)
        with psycopg.connect(self.url) as other:
            other.execute("SELECT 1 FROM game FOR UPDATE")
            appending = asyncio.create_task(journal.append([part(joined(), seq=3)]))
            await still_waits(appending)
            self.query("SELECT pg_terminate_backend(%s)", self.appending_pid())
            with pytest.raises(JournalUnavailable):
                await appending
        assert len(await self.events(journal)) == 2
        assert await journal.append([part(joined(), seq=3)]) == {GAME: "kept"}

    async def test_connections_that_broke_while_nobody_used_them_are_opened_anew(self, journal: Journal) -> None:
        await self.begin(journal)
        for seq in (3, 4):
            assert await journal.append([part(joined(f"user-{seq}"), seq=seq)]) == {GAME: "kept"}
            await journal.beat(a_node("node-1"), 500)
            self.query(
                "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE application_name LIKE 'momentum%%'"
            )
        assert await journal.append([part(joined(), seq=5)]) == {GAME: "kept"}
        assert await journal.find(GAME) is not None

    async def test_a_server_that_does_not_answer_holds_nobody(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.append([part(joined(), seq=3)])
        pid = self.appending_pid()
        os.kill(pid, signal.SIGSTOP)
        try:
            took = await seconds_until_unavailable(journal.append([part(joined(DORA), seq=4)]))
            assert 2 < took < 4
            assert await journal.append([part(joined(DORA), seq=4)]) == {GAME: "kept"}
        finally:
            os.kill(pid, signal.SIGCONT)

    async def test_a_call_that_is_cancelled_ends_at_once(self, journal: Journal) -> None:
        await self.begin(journal)
        await journal.append([part(joined(), seq=3)])
        pid = self.appending_pid()
        os.kill(pid, signal.SIGSTOP)
        try:
            appending = asyncio.create_task(journal.append([part(joined(DORA), seq=4)]))
            await still_waits(appending)
            appending.cancel()
            done, _ = await asyncio.wait([appending], timeout=0.5)
            assert done
        finally:
            os.kill(pid, signal.SIGCONT)
        assert len((await self.take(journal)).entries) in (3, 4), "nobody knows; who takes the game learns it"

    async def test_its_sessions_have_limits(self, journal: PostgresJournal) -> None:
        expected = {"synchronous_commit": "on", "lock_timeout": "500ms", "idle_in_transaction_session_timeout": "2s"}
        for links, statement in ((journal._appending, "2s"), (journal._beating, "2s"), (journal._others, "10s")):
            for name, value in (expected | {"statement_timeout": statement}).items():
                assert await links.run(lambda db, name=name: one_value(db, f"SHOW {name}")) == value  # type: ignore[misc]

    async def test_a_large_append_has_more_time_and_the_next_one_has_not(self, journal: PostgresJournal) -> None:
        await self.begin(journal)
        many = [joined(f"user-{number}") for number in range(6_000)]
        assert await journal.append([part(*many, seq=3)]) == {GAME: "kept"}
        assert await journal._appending.run(lambda db: one_value(db, "SHOW statement_timeout")) == "2s"

    def appending_pid(self) -> int:
        """The server's process behind the appends."""
        found = self.query("SELECT pid FROM pg_stat_activity WHERE application_name = 'momentum realtime: append'")
        pid: int = found[0][0]
        return pid


async def test_after_closing_it_is_unavailable(url: str) -> None:
    journal = await PostgresJournal.open(url)
    await journal.close()
    with pytest.raises(JournalUnavailable):
        await journal.open_games()


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
async def test_a_server_that_forgets_is_refused(setting: str) -> None:
    with OwnPostgres(**{setting: "off"}) as server:
        with pytest.raises(NotDurable, match=f"{setting} is off.*set {setting} = on"):
            await PostgresJournal.open(server.url("postgres"))


async def test_a_session_that_cannot_be_made_durable_is_refused(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute(
            "CREATE FUNCTION hasten() RETURNS event_trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM set_config('synchronous_commit', 'off', false); END $$"
        )
        db.execute("CREATE EVENT TRIGGER hasten ON login EXECUTE FUNCTION hasten()")
    with pytest.raises(NotDurable, match="synchronous_commit is off"):
        await PostgresJournal.open(postgres_url)


async def test_a_server_that_is_not_there_makes_it_unavailable(tmp_path: Any) -> None:
    with pytest.raises(JournalUnavailable):
        await PostgresJournal.open(f"postgresql://momentum@/postgres?host={tmp_path}")


async def still_waits(task: "asyncio.Task[Any]") -> None:
    done, _ = await asyncio.wait([task], timeout=0.2)
    assert not done


async def seconds_until_unavailable(call: Awaitable[Any]) -> float:
    began = time.monotonic()
    with pytest.raises(JournalUnavailable):
        await call
    return time.monotonic() - began


async def one_value(db: Any, statement: str) -> Any:
    return (await (await db.execute(statement)).fetchone())[0]
