"""`./test`: which checks run, with which settings, and what is said at the end."""

import os

import check
import pytest
from check import Check


@pytest.fixture
def two_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        check,
        "CHECKS",
        (Check("good", "always well", lambda _: True), Check("bad", "never well", lambda _: False)),
    )


@pytest.mark.usefixtures("two_checks")
def test_all_checks_run_even_after_a_failure_and_the_failed_ones_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["bad", "good"]) == 1
    printed = capsys.readouterr().out
    assert "ok     good" in printed
    assert "FAILED bad" in printed
    assert printed.endswith("bad failed\n")


@pytest.mark.usefixtures("two_checks")
def test_chosen_checks_alone_decide(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["good"]) == 0
    assert "all is well" in capsys.readouterr().out


@pytest.mark.usefixtures("two_checks")
def test_a_check_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        check.main(["fast"])
    assert "there are good, bad" in capsys.readouterr().err


def test_the_developers_own_settings_do_not_reach_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://production/momentum")
    monkeypatch.setenv("QUIZ_JWT_SECRET", "secret")
    variables = check.variables("/data")
    assert variables["MOMENTUM_DATA_DIR"] == "/data"
    assert variables["MOMENTUM_ENV_FILE"] == ""
    assert variables["PATH"] == os.environ["PATH"]
    assert not variables.keys() & {"DATABASE_URL", "QUIZ_JWT_SECRET"}
