"""Secrets of a development data directory."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from momentum.environment import SettingsError
from momentum.environment.secret_keys import made_once, refuse_weak


def test_a_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    secret = made_once(tmp_path, "JWT_SECRET")
    assert made_once(tmp_path, "JWT_SECRET") == secret
    path = tmp_path / "secrets" / "jwt_secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert os.listdir(path.parent) == ["jwt_secret"]


def test_a_made_secret_is_good_enough_for_production(tmp_path: Path) -> None:
    refuse_weak("JWT_SECRET", made_once(tmp_path, "JWT_SECRET"))


def test_each_name_has_a_secret_of_its_own(tmp_path: Path) -> None:
    assert made_once(tmp_path, "JWT_SECRET") != made_once(tmp_path, "SECRET_KEY")


def test_processes_that_start_together_agree_on_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        secrets = set(threads.map(lambda _: made_once(tmp_path, "JWT_SECRET"), range(32)))
    assert len(secrets) == 1


def test_a_damaged_secret_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "jwt_secret").write_text("")
    with pytest.raises(SettingsError, match="delete that file"):
        made_once(tmp_path, "JWT_SECRET")


def test_a_data_directory_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "secrets").touch()
    with pytest.raises(SettingsError, match=f"check the rights of {tmp_path}"):
        made_once(tmp_path, "JWT_SECRET")
