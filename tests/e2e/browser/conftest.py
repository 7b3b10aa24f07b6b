"""One browser for all tests of this folder, and one installation; a context for each person."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import browser as chromium_finder
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from ..services import Installation
from .house import HOST, House
from .people import PATIENCE_MS, Crowd

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    executable = os.environ.get("MOMENTUM_CHROMIUM") or chromium_finder.find()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=executable, args=[f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
        )
        yield running
        running.close()


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with Installation(tmp_path_factory.mktemp("house"), ALLOWED_HOSTS=HOST) as installation:
        yield House(installation)
        assert "Traceback" not in installation.log.read_text(), installation.log


@pytest.fixture
def people(chromium: Browser, house: House, tmp_path: Path) -> Iterator[Crowd]:
    """Fails the test where a browser complained of something that the test had not announced."""
    crowd = Crowd(chromium, house, tmp_path)
    yield crowd
    assert crowd.leave() == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """When a test fails, keep a picture of what everybody saw."""
    report = yield
    crowd = item.funcargs.get("people")
    if report.failed and report.when == "call" and isinstance(crowd, Crowd):
        report.sections.append(("pictures", "\n".join(map(str, crowd.photograph()))))
    return report
