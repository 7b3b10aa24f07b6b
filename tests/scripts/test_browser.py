"""Finding a browser: in which order, and what is said when there is none. Nothing is downloaded here."""

from collections.abc import Iterator
from pathlib import Path

import browser
import pytest


def program(path: Path, *, code: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nexit {code}\n")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No browser anywhere, and none to be had."""
    monkeypatch.delenv("MOMENTUM_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(browser, "ON_MAC", tmp_path / "no-mac")
    for fetch in ("from_debian", "from_npm"):
        monkeypatch.setattr(browser, fetch, nothing)


def nothing() -> Iterator[Path]:
    """nothing at all"""
    yield from ()


def test_the_one_that_is_named_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "bin" / "chromium")
    monkeypatch.setenv("MOMENTUM_CHROMIUM", str(program(tmp_path / "mine")))
    assert browser.find() == tmp_path / "mine"


def test_a_named_one_that_does_not_start_is_not_replaced_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "bin" / "chromium")
    monkeypatch.setenv("MOMENTUM_CHROMIUM", str(tmp_path / "missing"))
    with pytest.raises(browser.NoBrowser, match="MOMENTUM_CHROMIUM"):
        browser.find()


def test_the_lightest_on_the_path_is_taken(tmp_path: Path) -> None:
    for name in ("google-chrome", "chromium-headless-shell", "chromium"):
        program(tmp_path / "bin" / name)
    assert browser.find() == tmp_path / "bin" / "chromium-headless-shell"


def test_one_that_does_not_start_is_passed_over(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "chromium", code=1)
    program(tmp_path / "bin" / "google-chrome")
    assert browser.find() == tmp_path / "bin" / "google-chrome"


def test_a_copy_that_was_fetched_earlier_is_taken() -> None:
    earlier = program(browser.fetched_folder() / "chromium")
    assert browser.find() == earlier


def test_debians_package_is_tried_before_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "from_debian", lambda: iter([program(tmp_path / "debian")]))
    monkeypatch.setattr(browser, "from_npm", lambda: pytest.fail("asked npm"))
    monkeypatch.setattr(browser.from_debian, "__doc__", "a package", raising=False)
    assert browser.find() == tmp_path / "debian"


def test_a_way_that_fails_does_not_stop_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing() -> Iterator[Path]:
        """a broken mirror"""
        raise OSError("no network")
        yield

    monkeypatch.setattr(browser, "from_debian", failing)
    monkeypatch.setattr(browser, "from_npm", lambda: iter([program(tmp_path / "npm")]))
    assert browser.find() == tmp_path / "npm"


def test_none_at_all_is_told_with_what_to_install() -> None:
    with pytest.raises(browser.NoBrowser, match=r"apt install chromium.*MOMENTUM_CHROMIUM"):
        browser.find()


def test_other_content_than_the_pinned_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "package.tgz").write_bytes(b"something else")
    monkeypatch.setattr("subprocess.run", lambda *_, **__: None)
    with pytest.raises(browser.NoBrowser, match="it was not used"):
        browser.pack(tmp_path)
