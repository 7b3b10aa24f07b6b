"""The site behind realtime: how many calls it takes at once, and for how long."""

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

from momentum.realtime.site import Account, AddressUnverified, SiteBusy, TooManyAttempts
from momentum.web.accounts import queries
from momentum.wiring import site
from momentum.wiring.site import DjangoSite

BOB = Account("b", "Bob")


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Logins are not answered until this is set."""
    held = threading.Event()

    def check_login(username: str, password: str, address: str) -> Account:
        held.wait(timeout=30)
        return BOB

    monkeypatch.setattr(site, "_check_login", check_login)
    yield held
    held.set()


def login(django: DjangoSite) -> "asyncio.Task[Account | None]":
    return asyncio.create_task(django.check_login("Bob", "secret", "192.0.2.1"))


async def test_so_many_calls_are_taken_and_no_more(hold: threading.Event) -> None:
    django = DjangoSite(most_calls=6)
    taken = [login(django) for _ in range(6)]
    await asyncio.sleep(0)
    with pytest.raises(SiteBusy):
        await login(django)
    hold.set()
    assert await asyncio.gather(*taken) == [BOB] * 6
    assert await login(django) == BOB


async def test_a_call_that_takes_too_long_is_given_up_and_keeps_its_place_until_it_is_done(
    hold: threading.Event,
) -> None:
    django = DjangoSite(most_calls=1, patience_s=0.01)
    with pytest.raises(SiteBusy):
        await login(django)
    with pytest.raises(SiteBusy):
        await login(django)
    hold.set()
    async with asyncio.timeout(30):
        while True:
            try:
                assert await login(django) == BOB
                return
            except SiteBusy:
                await asyncio.sleep(0.01)


async def test_calls_that_gave_up_waiting_make_room(hold: threading.Event) -> None:
    django = DjangoSite(most_calls=site.THREADS + 1, patience_s=1.0)
    at_work = [login(django) for _ in range(site.THREADS + 1)]
    assert [type(error) for error in await asyncio.gather(*at_work, return_exceptions=True)] == [SiteBusy] * 5
    late = login(django)
    await asyncio.sleep(0)
    hold.set()
    assert await late == BOB


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [(queries.LoginLimited, TooManyAttempts), (queries.AddressUnverified, AddressUnverified)],
)
async def test_why_a_login_is_refused_is_told_in_realtimes_words(
    monkeypatch: pytest.MonkeyPatch, theirs: type[Exception], ours: type[Exception]
) -> None:
    def refuse(*_: Callable[..., object]) -> None:
        raise theirs

    monkeypatch.setattr(queries, "check_credentials", refuse)
    with pytest.raises(ours):
        await DjangoSite().check_login("Bob", "secret", "192.0.2.1")
