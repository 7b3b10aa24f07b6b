"""When `serve` may skip the migration run."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.apps import apps

from momentum.environment import Environment
from momentum.wiring import prepared
from momentum.wiring.prepared import is_prepared, note_prepared


def record(path: Path, *migrations: str) -> None:
    """Make a SQLite file that says it has these migrations, or add them to it."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS django_migrations (app TEXT, name TEXT)")
        connection.executemany("INSERT INTO django_migrations VALUES ('games', ?)", [(name,) for name in migrations])


@pytest.fixture
def noted(environment: Environment) -> Iterator[Environment]:
    """An installation whose databases have just been prepared."""
    for name in prepared.DATABASES:
        record(environment.data_dir / name, "0001_initial")
    note_prepared(environment)
    yield environment


def test_databases_that_were_just_prepared_need_no_run(noted: Environment) -> None:
    assert is_prepared(noted)


def test_a_new_data_directory_needs_one(environment: Environment) -> None:
    assert not is_prepared(environment)


@pytest.mark.parametrize("name", prepared.DATABASES)
def test_a_deleted_file_needs_one(noted: Environment, name: str) -> None:
    (noted.data_dir / name).unlink()
    assert not is_prepared(noted)


def test_a_restored_backup_with_another_schema_needs_one(noted: Environment) -> None:
    record(noted.data_dir / "games.sqlite3", "0002_later")
    assert not is_prepared(noted)


@pytest.mark.parametrize("file", ["games/migrations/0001_initial.py", "questions/bank/rivers.toml"])
def test_other_code_needs_one(noted: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    changed = tmp_path / "web" / file
    changed.parent.mkdir(parents=True)
    changed.touch()
    monkeypatch.setattr(prepared, "WEB", tmp_path / "web")
    assert not is_prepared(noted)


def test_a_library_of_another_version_needs_one(noted: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "version", lambda _: "0.0")
    assert not is_prepared(noted)


def test_a_damaged_note_needs_one(noted: Environment) -> None:
    (noted.data_dir / "prepared.json").write_text("{")
    assert not is_prepared(noted)


def test_nothing_is_noted_on_postgresql(noted: Environment) -> None:
    on_postgresql = replace(noted, database_url="postgresql://127.0.0.1/momentum")
    assert not is_prepared(on_postgresql)
    (noted.data_dir / "prepared.json").unlink()
    note_prepared(on_postgresql)
    assert not (noted.data_dir / "prepared.json").exists()


def test_every_package_with_migrations_is_known() -> None:
    theirs = [each for each in apps.get_app_configs() if not each.name.startswith("momentum.")]
    distributions = packages_distributions()
    with_migrations = {each.name.split(".")[0] for each in theirs if Path(each.path, "migrations").is_dir()}
    assert {distributions[package][0].lower() for package in with_migrations} == set(prepared.PACKAGES)
