"""One installation for all tests of a run; a test that changes what others see starts its own."""

from collections.abc import Iterator

import pytest

from .services import Installation


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with Installation(tmp_path_factory.mktemp("installation")) as running:
        yield running
