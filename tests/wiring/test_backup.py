"""Saving and putting back a lived-in installation, on SQLite and on a real PostgreSQL."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from tests.postgres_server import Postgres, programs
from tests.wiring.kept import Kept, Momentum
from tests.wiring.lived_in import ENDED, OPEN

from momentum.environment import Environment
from momentum.wiring import manifest, probe
from momentum.wiring.instance import only_one
from momentum.wiring.services import realtime_url

Start = Callable[..., "subprocess.Popen[str]"]
Eventually = Callable[[Callable[[], object], str], None]
LATER = f"UPDATE game SET name = 'later' WHERE id = '{OPEN}'"


@pytest.fixture(scope="session")
def lived_in_database(
    postgres: Postgres, lived_in_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The name of a PostgreSQL database with what people left."""
    data_dir = shutil.copytree(lived_in_data, tmp_path_factory.mktemp("moved") / "data")
    variables = {**os.environ, "MOMENTUM_ENV_FILE": "", "MOMENTUM_DATA_DIR": str(data_dir)}
    variables["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    url = postgres.create_database("lived_in")
    command = [sys.executable, "-m", "momentum", "migrate-data", url]
    subprocess.run(command, env=variables, check=True, stdout=subprocess.DEVNULL)
    yield "lived_in"
    postgres.drop_database("lived_in")


@pytest.fixture
def on_files(lived_in: None, environment: Environment, momentum: Momentum) -> Kept:
    return Kept(environment.data_dir, None, momentum)


@pytest.fixture
def on_postgres(
    postgres: Postgres, lived_in_database: str, environment: Environment, variables: dict[str, str], momentum: Momentum
) -> Iterator[Kept]:
    url = postgres.create_database("kept", template=lived_in_database)
    variables |= {"DATABASE_URL": url, "PATH": f"{programs()}{os.pathsep}{variables['PATH']}"}
    yield Kept(environment.data_dir, url, momentum)
    for name in databases(url):
        postgres.drop_database(name)


@pytest.fixture(params=["on_files", "on_postgres"])
def kept(request: pytest.FixtureRequest) -> Kept:
    made = request.getfixturevalue(request.param)
    assert isinstance(made, Kept)
    return made


def databases(url: str) -> list[str]:
    """Those whose name begins as this one's."""
    with closing(psycopg.connect(url.replace("/kept", "/postgres"))) as server:
        return [name for (name,) in server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'kept%'")]


def test_a_restore_brings_everything_back_with_a_new_history_for_open_games(kept: Kept, tmp_path: Path) -> None:
    before = kept.everything()
    kept.momentum("backup", str(tmp_path / "saved"))
    kept.do("game", LATER)
    kept.do("journal", f"DELETE FROM journal WHERE game_id = '{ENDED}'")
    kept.do("accounts_user", "UPDATE accounts_user SET username = 'Somebody' WHERE username = 'Alice'")
    said = kept.momentum("restore", str(tmp_path / "saved"))
    assert "1 games are open" in said
    after = kept.everything()
    games = dict(kept.ask("game", "SELECT id, incarnation FROM game"))
    assert kept.ask("game", f"SELECT epoch, node_id FROM game WHERE id = '{OPEN}'") == [(1001, "")]
    assert kept.ask("game", f"SELECT epoch, node_id FROM game WHERE id = '{ENDED}'") == [(1, "node-1")]
    assert len(games[OPEN]) == 32
    assert str(before["game"]).find(games[OPEN]) == -1, "clients see another incarnation"
    assert str(before["game"]).find(games[ENDED]) > 0
    assert {name: rows for name, rows in after.items() if name != "game"} == {
        name: rows for name, rows in before.items() if name != "game"
    }
    assert kept.momentum("replay", ENDED)
    assert kept.momentum("migrate") == ""


def test_what_a_restore_replaces_is_kept_beside_it(on_files: Kept, tmp_path: Path) -> None:
    on_files.momentum("backup", str(tmp_path / "saved"))
    on_files.do("game", LATER)
    said = on_files.momentum("restore", str(tmp_path / "saved"))
    [aside] = on_files.data_dir.glob("replaced_*")
    assert str(aside) in said
    put_away = Kept(aside, None, on_files.momentum)
    assert put_away.ask("game", f"SELECT name FROM game WHERE id = '{OPEN}'") == [("later",)]


def test_a_database_that_a_restore_replaces_keeps_its_rows_under_another_name(
    on_postgres: Kept, tmp_path: Path
) -> None:
    assert on_postgres.url
    on_postgres.momentum("backup", str(tmp_path / "saved"))
    on_postgres.do("game", LATER)
    said = on_postgres.momentum("restore", str(tmp_path / "saved"))
    [aside] = [name for name in databases(on_postgres.url) if name != "kept"]
    assert f"the database {aside}" in said
    put_away = Kept(tmp_path, on_postgres.url.replace("/kept", f"/{aside}"), on_postgres.momentum)
    assert put_away.ask("game", f"SELECT name FROM game WHERE id = '{OPEN}'") == [("later",)]


def test_realtime_goes_on_with_a_restored_game(
    on_files: Kept, environment: Environment, start: Start, eventually: Eventually, tmp_path: Path
) -> None:
    on_files.momentum("backup", str(tmp_path / "saved"))
    on_files.momentum("restore", str(tmp_path / "saved"))
    start("-m", "momentum", "realtime")
    url = f"{realtime_url(environment)}/readyz"
    eventually(lambda: (answer := probe.ask(url)) and answer.fields.get("games") == 1, "the open game is taken up")
    assert on_files.ask("game", f"SELECT epoch FROM game WHERE id = '{OPEN}'") == [(1002,)]


def test_a_machine_that_lost_everything_is_restored(on_files: Kept, tmp_path: Path) -> None:
    before = on_files.everything()["accounts_user"]
    on_files.momentum("backup", str(tmp_path / "saved"))
    for path in on_files.data_dir.glob("*.sqlite3*"):
        path.unlink()
    assert "There was nothing before" in on_files.momentum("restore", str(tmp_path / "saved"))
    assert on_files.everything()["accounts_user"] == before


def test_a_restore_is_refused_while_anything_runs(kept: Kept, tmp_path: Path) -> None:
    kept.momentum("backup", str(tmp_path / "saved"))
    kept.do("game", LATER)
    for name in ("serve", "realtime"):
        with only_one(kept.data_dir, name):
            assert "already runs" in kept.momentum("restore", str(tmp_path / "saved"), code=1)
            assert "already runs" in kept.momentum("restored", code=1)
    if kept.url:
        with psycopg.connect(kept.url):
            assert "stop Momentum on every machine" in kept.momentum("restore", str(tmp_path / "saved"), code=1)
            assert "stop Momentum on every machine" in kept.momentum("restored", code=1)
    assert kept.ask("game", f"SELECT name, epoch FROM game WHERE id = '{OPEN}'") == [("later", 1)]


@pytest.mark.parametrize("damage", ["byte", "file", "manifest"])
def test_a_backup_that_is_not_whole_changes_nothing(on_files: Kept, tmp_path: Path, damage: str) -> None:
    on_files.momentum("backup", str(tmp_path / "saved"))
    HARM[damage](tmp_path / "saved")
    on_files.do("game", LATER)
    before = on_files.everything()
    said = on_files.momentum("restore", str(tmp_path / "saved"), code=1)
    assert any(words in said for words in ("damaged, or not there", "no whole backup"))
    assert on_files.everything() == before
    assert not list(on_files.data_dir.glob("re*"))


def test_a_backup_from_newer_code_changes_nothing(kept: Kept, tmp_path: Path) -> None:
    later = "INSERT INTO django_migrations (app, name, applied) VALUES ('games', '9999_later', '2030-01-01')"
    kept.do("game", later)
    kept.momentum("backup", str(tmp_path / "saved"))
    kept.do("game", LATER)
    before = kept.everything()
    assert "newer Momentum" in kept.momentum("restore", str(tmp_path / "saved"), code=1)
    assert kept.everything() == before
    assert not list(kept.data_dir.glob("re*_*"))
    assert kept.url is None or databases(kept.url) == ["kept"]


def _flip_a_byte(saved: Path) -> None:
    path = max(saved.iterdir(), key=lambda each: each.stat().st_size)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _lose_a_file(saved: Path) -> None:
    next(path for path in saved.iterdir() if path.name != manifest.NAME).unlink()


HARM: dict[str, Callable[[Path], object]] = {
    "byte": _flip_a_byte,
    "file": _lose_a_file,
    "manifest": lambda saved: (saved / manifest.NAME).unlink(),
}


def test_a_dump_that_cannot_be_restored_changes_nothing(on_postgres: Kept, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    on_postgres.momentum("backup", str(saved))
    (saved / "momentum.dump").write_bytes((saved / "momentum.dump").read_bytes()[:5000])
    (saved / manifest.NAME).unlink()
    manifest.write(saved, "postgresql", "cut off before its digest was taken")
    before = on_postgres.everything()
    assert "pg_restore did not succeed" in on_postgres.momentum("restore", str(saved), code=1)
    assert on_postgres.everything() == before
    assert on_postgres.url and databases(on_postgres.url) == ["kept"]


def test_a_backup_says_what_it_is_and_is_not_for_everybody(kept: Kept, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    kept.momentum("backup", str(saved))
    described = json.loads((saved / manifest.NAME).read_text())
    assert described["kind"] == ("postgresql" if kept.url else "sqlite")
    assert {path.name for path in saved.iterdir()} == {*described["files"], manifest.NAME}
    assert saved.stat().st_mode & 0o077 == 0
    assert "is not empty" in kept.momentum("backup", str(saved), code=1)
    assert json.loads((saved / manifest.NAME).read_text()) == described


def test_a_backup_of_the_other_kind_is_refused(on_files: Kept, tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    manifest.write(tmp_path / "saved", "postgresql", "PostgreSQL 18")
    assert "set DATABASE_URL" in on_files.momentum("restore", str(tmp_path / "saved"), code=1)


def test_without_postgresqls_programs_a_sentence_says_what_to_install(
    on_postgres: Kept, variables: dict[str, str], tmp_path: Path
) -> None:
    variables["PATH"] = str(tmp_path)
    assert "postgresql-client" in on_postgres.momentum("backup", str(tmp_path / "saved"), code=1)
    assert not (tmp_path / "saved").exists()


def test_nothing_is_made_where_there_is_nothing_to_save(environment: Environment, momentum: Momentum) -> None:
    folder = environment.data_dir / "saved"
    assert "has not run on this data directory" in momentum("backup", str(folder), code=1)
    assert not folder.exists()


def test_restored_gives_open_games_another_history(kept: Kept) -> None:
    before = dict(kept.ask("game", "SELECT id, incarnation FROM game"))
    assert "1 games are open" in kept.momentum("restored")
    after = dict(kept.ask("game", "SELECT id, incarnation FROM game"))
    assert after[ENDED] == before[ENDED]
    assert after[OPEN] != before[OPEN]
    assert kept.ask("game", f"SELECT epoch FROM game WHERE id = '{OPEN}'") == [(1001,)]


def test_backups_while_contests_and_games_are_made_have_a_contest_for_every_game(
    on_files: Kept, tmp_path: Path
) -> None:
    stop = threading.Event()
    making = threading.Thread(target=make_contests_and_games, args=(on_files.data_dir, stop))
    making.start()
    try:
        for number in range(3):
            on_files.momentum("backup", str(tmp_path / str(number)))
    finally:
        stop.set()
        making.join()
    found = 0
    for number in range(3):
        saved = Kept(tmp_path / str(number), None, on_files.momentum)
        contests = {uuid.UUID(one) for (one,) in saved.ask("contests_contest", "SELECT id FROM contests_contest")}
        games = [uuid.UUID(one) for (one,) in saved.ask("game", "SELECT source_contest_id FROM game")]
        assert set(games) <= contests
        found = max(found, len(games))
    assert found > 10, "games were made meanwhile"


def make_contests_and_games(data_dir: Path, stop: threading.Event) -> None:
    """As the site and realtime do: a contest first, then its game."""
    with (
        closing(sqlite3.connect(data_dir / "site.sqlite3", timeout=20)) as site,
        closing(sqlite3.connect(data_dir / "games.sqlite3", timeout=20)) as games,
    ):
        columns = [row[1] for row in site.execute("PRAGMA table_info(contests_contest)") if row[1] != "id"]
        names = ", ".join(columns)
        while not stop.wait(0.005):
            contest, game = uuid.uuid4(), uuid.uuid4()
            with site:
                site.execute(
                    f"INSERT INTO contests_contest (id, {names}) SELECT ?, {names} FROM contests_contest LIMIT 1",
                    [contest.hex],
                )
            with games:
                games.execute(
                    "INSERT INTO game (id, source_contest_id, name, access, epoch, node_id, incarnation, heard_epoch,"
                    " created_ms, pruned) VALUES (?, ?, 'Quiz', 'anyone', 1, 'node-1', ?, 0, 1, 0)",
                    [str(game), str(contest), contest.hex],
                )
