"""The room that SQLite's files have."""

import shutil
from dataclasses import replace
from pathlib import Path

from momentum.environment import Environment
from momentum.wiring.disk import free_bytes, in_words


def test_it_is_that_of_the_disk_which_the_data_directory_is_on_or_will_be(
    environment: Environment, tmp_path: Path
) -> None:
    here = free_bytes(replace(environment, data_dir=tmp_path / "not" / "yet" / "made"))
    assert here is not None
    assert abs(here - shutil.disk_usage(tmp_path).free) < 1_000_000_000, "others write too"


def test_with_a_database_server_there_is_nothing_to_say(environment: Environment) -> None:
    assert free_bytes(replace(environment, database_url="postgresql:///momentum")) is None


def test_sizes_are_said_in_the_unit_that_people_would_take() -> None:
    assert [in_words(size) for size in (0, 499_600_000, 999_000_000, 1_000_000_000, 12_340_000_000)] == [
        "0 MB",
        "500 MB",
        "999 MB",
        "1.0 GB",
        "12.3 GB",
    ]
