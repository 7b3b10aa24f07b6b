"""The SQLite journal: what every journal does, and what is SQLite's own."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeVar

import pytest

from momentum.realtime.journal.contract import Journal, JournalUnavailable
from momentum.realtime.journal.sqlite import SqliteJournal

from .games import BOB, GAME, created, row
from .journal_contract import JournalContract, Reopen, a_node, ended, entries, joined, part, results, taken

T = TypeVar("T")


@pytest.fixture
async def journal(games_file: Path) -> AsyncIterator[SqliteJournal]:
    journal = SqliteJournal(games_file, "process")
    yield journal
    await journal.close()


@pytest.fixture
async def reopen(games_file: Path) -> AsyncIterator[Reopen]:
    """Another connection to the same file, while the first is still there, as after a process that was killed."""
    opened: list[SqliteJournal] = []

    async def open_anew(_journal: Journal) -> Journal:
        opened.append(SqliteJournal(games_file, "power"))
        return opened[-1]

    yield open_anew
    for one in opened:
        await one.close()


class TestSqliteJournal(JournalContract):
    @pytest.fixture(autouse=True)
    def _file(self, games_file: Path) -> None:
        self.file = games_file

    async def result_rows(self, journal: Journal) -> tuple[int, int, int]:
        return count(self.file, "player_result"), count(self.file, "question_result"), count(self.file, "answer_result")

    async def make_newer(self, journal: Journal, game: str) -> None:
        assert isinstance(journal, SqliteJournal)
        newer = "UPDATE journal SET version = 99 WHERE game_id = ? AND seq = (SELECT max(seq) FROM journal)"
        await on_its_thread(journal, lambda db: db.execute(newer, (game,)))

    async def test_these_tests_run_on_sqlite(self, journal: Journal) -> None:
        assert isinstance(journal, SqliteJournal)
        assert await on_its_thread(journal, lambda db: db.execute("SELECT sqlite_version()").fetchone())

    async def test_a_full_disk_makes_it_unavailable_until_there_is_room(self, journal: SqliteJournal) -> None:
        await self.begin(journal)
        name = "x" * 50_000
        await on_its_thread(journal, lambda db: db.execute("PRAGMA max_page_count=1"))
        with pytest.raises(JournalUnavailable):
            await journal.append([part(*(joined(f"{name}{i}") for i in range(5)), seq=3)])
        await on_its_thread(journal, lambda db: db.execute("PRAGMA max_page_count=1000000"))
        assert len(await self.events(journal)) == 2
        assert await journal.append([part(joined(), seq=3)]) == {GAME: "kept"}

    async def test_a_commit_that_fails_leaves_no_transaction_open(self, journal: SqliteJournal) -> None:
        """A deferred foreign key is checked at the commit, so that a commit can be made to fail."""
        await self.begin(journal)
        spoil = """
            PRAGMA foreign_keys=ON;
            CREATE TABLE parent (id INTEGER PRIMARY KEY);
            CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
            CREATE TRIGGER spoil AFTER UPDATE ON game BEGIN INSERT INTO child VALUES (7); END;
        """
        await on_its_thread(journal, lambda db: db.executescript(spoil))
        assert await journal.append([part(ended(), seq=3, results=results(BOB))]) == {GAME: "refused"}
        await on_its_thread(journal, lambda db: db.execute("DROP TRIGGER spoil"))
        assert await journal.append([part(ended(), seq=3, results=results(BOB))]) == {GAME: "kept"}

    async def test_a_file_that_somebody_else_holds_makes_it_unavailable(self, journal: SqliteJournal) -> None:
        await self.begin(journal)
        await on_its_thread(journal, lambda db: db.execute("PRAGMA busy_timeout=50"))
        other = sqlite3.connect(self.file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalUnavailable):
            await journal.append([part(joined(), seq=3)])
        assert await self.events(journal), "reading needs no lock"
        other.execute("ROLLBACK")
        other.close()
        assert await journal.append([part(joined(), seq=3)]) == {GAME: "kept"}

    async def test_calls_do_not_block_the_event_loop(self, journal: SqliteJournal) -> None:
        other = sqlite3.connect(self.file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        beat = asyncio.create_task(journal.beat(a_node("node-1"), 1))
        for _ in range(5):
            await asyncio.sleep(0.001)
        assert not beat.done()
        other.execute("ROLLBACK")
        other.close()
        await beat


class TestABrokenDisk:
    """A file may not grow beyond a limit: writing fails, as on a disk that is broken, and not as on a full one."""

    async def test_after_an_error_nothing_is_answered_until_everything_is_written_anew(self, games_file: Path) -> None:
        journal = SqliteJournal(games_file, "power")
        await a_long_journal(journal)
        with no_file_grows_beyond(100_000):
            with pytest.raises(JournalUnavailable, match="disk I/O"):
                await journal.append([part(joined("never"), seq=SEQ + 1)])
            for _ in range(2):
                with pytest.raises(JournalUnavailable, match="disk I/O"):
                    await journal.read(GAME)
        kept = await journal.read(GAME)
        assert log_of(games_file).stat().st_size == 0, "the log is in the file"
        assert len(kept) == SEQ
        assert await journal.append([part(joined("dora"), seq=SEQ + 1)]) == {GAME: "kept"}
        await journal.close()

    async def test_the_new_connection_keeps_what_the_old_one_promised(self, games_file: Path) -> None:
        journal = SqliteJournal(games_file, "power")
        await a_long_journal(journal)
        with no_file_grows_beyond(100_000), pytest.raises(JournalUnavailable):
            await journal.append([part(joined("never"), seq=SEQ + 1)])
        assert await on_its_thread(journal, lambda db: db.execute("PRAGMA synchronous").fetchone()) == (2,)
        assert await on_its_thread(journal, lambda db: db.execute("PRAGMA journal_mode").fetchone()) == ("wal",)
        await journal.close()

    async def test_who_reads_the_file_delays_the_writing_anew(self, games_file: Path) -> None:
        journal = SqliteJournal(games_file, "power")
        await a_long_journal(journal)
        reader = sqlite3.connect(games_file, isolation_level=None)
        with no_file_grows_beyond(100_000), pytest.raises(JournalUnavailable):
            await journal.append([part(joined("never"), seq=SEQ + 1)])
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM journal").fetchone()
        await append_something(games_file)
        with pytest.raises(JournalUnavailable, match="is being read"):
            await journal.open_games()
        reader.close()
        assert [one.game_id for one in await journal.open_games()] == [GAME]
        await journal.close()


SEQ = 2 + 40


async def a_long_journal(journal: SqliteJournal) -> None:
    """Whose log is longer than what a file may have in these tests."""
    assert await journal.create(row(), "node-1", entries(1, created(), taken()))
    for seq in range(3, SEQ + 1):
        assert await journal.append([part(joined(f"user-{seq}"), seq=seq)]) == {GAME: "kept"}


async def append_something(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("INSERT INTO node (id, address, websocket_url, beat, mono_ms) VALUES ('other', '', '', 1, 1)")
    other.close()


def log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


@contextmanager
def no_file_grows_beyond(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(("durability", "level"), [("power", 2), ("process", 1)])
async def test_durability_decides_how_far_a_commit_goes(
    games_file: Path, durability: Literal["power", "process"], level: int
) -> None:
    journal = SqliteJournal(games_file, durability)
    assert await on_its_thread(journal, lambda db: db.execute("PRAGMA synchronous").fetchone()) == (level,)
    assert await on_its_thread(journal, lambda db: db.execute("PRAGMA journal_mode").fetchone()) == ("wal",)
    await journal.close()


async def test_after_closing_it_is_unavailable(games_file: Path) -> None:
    journal = SqliteJournal(games_file, "process")
    await journal.close()
    with pytest.raises(JournalUnavailable):
        await journal.open_games()


def count(path: Path, table: str) -> int:
    with sqlite3.connect(path) as db:
        number: int = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    db.close()
    return number


async def on_its_thread(journal: SqliteJournal, function: Callable[[sqlite3.Connection], T]) -> T:
    """What `function` gives for the journal's own connection."""
    return await journal._file.run(function)
