"""From a token to a place in a game."""

import pytest

from momentum.protocol.internal import Access
from momentum.protocol.tickets import (
    LEEWAY_SECONDS,
    TICKET_SECONDS,
    BadToken,
    Keys,
    mint_internal,
    mint_login,
    mint_resume,
    mint_ticket,
)
from momentum.protocol.to_client import Role
from momentum.realtime.admission import Admission, admit

from .games import ALICE, BOB, GAME, KEYS, OTHER

NOW = 1_800_000_000


def login(user_id: str) -> str:
    return mint_login(KEYS, sub=user_id, username=user_id.title(), at=NOW)


def ticket(user_id: str, role: Role = "player", game_id: str = GAME) -> str:
    return mint_ticket(KEYS, sub=user_id, username=user_id.title(), game_id=game_id, role=role, at=NOW)


def resume(user_id: str, role: Role = "player", game_id: str = GAME) -> str:
    return mint_resume(KEYS, sub=user_id, username=user_id.title(), game_id=game_id, role=role, generation=3, at=NOW)


def let_in(token: str, *, access: Access = "anyone", at: int = NOW) -> Admission:
    return admit(KEYS, token, game_id=GAME, hosts={ALICE}, access=access, unix_s=at)


@pytest.mark.parametrize("access", ["anyone", "accounts"])
def test_an_account_plays_where_accounts_may(access: Access) -> None:
    assert let_in(login(BOB), access=access) == Admission(
        user_id=BOB, username="Bob", role="player", generation=None, by="login"
    )


def test_an_account_alone_does_not_get_into_a_game_of_invited_people() -> None:
    with pytest.raises(BadToken):
        let_in(login(BOB), access="invited")


@pytest.mark.parametrize("access", ["anyone", "accounts", "invited"])
def test_a_host_is_let_in_as_host_with_a_login(access: Access) -> None:
    assert let_in(login(ALICE), access=access).role == "host"


@pytest.mark.parametrize("access", ["anyone", "accounts", "invited"])
def test_a_ticket_of_the_site_admits_whatever_the_access(access: Access) -> None:
    assert let_in(ticket(BOB), access=access).role == "player"


def test_a_host_is_host_whatever_the_ticket_says() -> None:
    assert let_in(ticket(ALICE, "player")).role == "host"


def test_a_ticket_does_not_make_a_host() -> None:
    with pytest.raises(BadToken):
        let_in(ticket(BOB, "host"))
    with pytest.raises(BadToken):
        let_in(resume(BOB, "host"))


def test_a_screen_is_a_screen_even_in_the_hands_of_a_host() -> None:
    assert let_in(ticket(ALICE, "screen")).role == "screen"


@pytest.mark.parametrize("token", [ticket(BOB, game_id=OTHER), resume(BOB, game_id=OTHER)])
def test_a_token_for_another_game_does_not_admit(token: str) -> None:
    with pytest.raises(BadToken):
        let_in(token)


def test_a_resume_token_carries_its_generation() -> None:
    assert let_in(resume(BOB)) == Admission(user_id=BOB, username="Bob", role="player", generation=3, by="resume")


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(mint_internal(KEYS, at=NOW), id="the site's own"),
        pytest.param(
            mint_login(Keys(("another secret of more than 32 bytes!!",)), sub=BOB, username="B", at=NOW), id="forged"
        ),
        pytest.param("", id="empty"),
        pytest.param("a.b.c", id="nonsense"),
        pytest.param(
            KEYS.sign(
                {"sub": BOB, "username": "B", "iss": "momentum", "aud": "momentum-resume", "iat": NOW, "exp": NOW + 9}
            ),
            id="a resume token without a game",
        ),
        pytest.param(
            KEYS.sign(
                {
                    "sub": BOB,
                    "username": "B",
                    "iss": "momentum",
                    "aud": "momentum-resume",
                    "iat": NOW,
                    "exp": NOW + 9,
                    "contest_id": GAME,
                    "role": "player",
                }
            ),
            id="a resume token without a generation",
        ),
        pytest.param(
            KEYS.sign(
                {
                    "sub": BOB,
                    "username": "B",
                    "iss": "momentum",
                    "aud": "momentum-realtime",
                    "iat": NOW,
                    "exp": NOW + 9,
                    "contest_id": GAME,
                }
            ),
            id="a ticket without a role",
        ),
    ],
)
def test_other_tokens_do_not_admit(token: str) -> None:
    with pytest.raises(BadToken):
        let_in(token)


def test_a_ticket_is_good_for_a_minute_and_what_clocks_may_differ() -> None:
    over = NOW + TICKET_SECONDS + LEEWAY_SECONDS
    assert let_in(ticket(BOB), at=over - 1)
    with pytest.raises(BadToken):
        let_in(ticket(BOB), at=over)
