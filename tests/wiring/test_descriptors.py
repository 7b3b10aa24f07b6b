"""How many sockets a process may have."""

import resource

import pytest

from momentum.wiring.descriptors import ENOUGH, allow_many


@pytest.mark.parametrize(
    ("soft", "hard", "raised"),
    [
        (1024, 4096, 4096),
        (1024, 1_000_000, ENOUGH),
        (1024, resource.RLIM_INFINITY, ENOUGH),
        (ENOUGH + 1, ENOUGH + 1, None),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, None),
    ],
)
def test_the_limit_is_raised_as_far_as_is_useful_and_never_lowered(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, raised: int | None
) -> None:
    changes: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: changes.append(limits))
    allow_many()
    assert changes == ([] if raised is None else [(raised, hard)])
