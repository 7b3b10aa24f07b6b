"""A worker's place among the workers of a data directory."""

from pathlib import Path

import pytest

from momentum.environment import Environment
from momentum.wiring.status import worker_runs
from momentum.wiring.worker import Place


def test_workers_that_run_at_once_have_different_names(tmp_path: Path) -> None:
    with Place.take(tmp_path) as first, Place.take(tmp_path) as second:
        assert first.worker_id.endswith("-0")
        assert second.worker_id.endswith("-1")


def test_a_worker_gets_the_name_of_the_one_that_ended(tmp_path: Path) -> None:
    with Place.take(tmp_path) as first:
        pass
    with Place.take(tmp_path) as second:
        assert second.worker_id == first.worker_id


def test_a_worker_is_seen_while_it_runs(environment: Environment) -> None:
    assert not worker_runs(environment)
    with Place.take(environment.data_dir):
        assert worker_runs(environment)
    assert not worker_runs(environment)


def test_a_long_host_name_fits_the_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "a" * 300)
    with Place.take(tmp_path) as place:
        assert len(place.worker_id) <= 64
