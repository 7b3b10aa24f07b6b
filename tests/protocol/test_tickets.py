"""Tokens admit whom they say, for what they say, as long as they say; every forgery is refused with BadToken alone."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from momentum.protocol.tickets import (
    INTERNAL,
    INTERNAL_SECONDS,
    LEEWAY_SECONDS,
    LOGIN_SECONDS,
    MAX_TOKEN_BYTES,
    REALTIME,
    RESUME,
    RESUME_SECONDS,
    TICKET_SECONDS,
    Audience,
    BadToken,
    Claims,
    Keys,
    mint_internal,
    mint_login,
    mint_resume,
    mint_ticket,
)

NOW = 1_800_000_000
SECRET = "a secret of more than thirty-two bytes"
OLDER = "an older secret that still admits those"
KEYS = Keys((SECRET, OLDER))
EVERYONE: tuple[Audience, ...] = (REALTIME, RESUME, INTERNAL)
GOOD: dict[str, Any] = {
    "sub": "bob",
    "username": "Bob",
    "iss": "momentum",
    "aud": REALTIME,
    "iat": NOW,
    "exp": NOW + 60,
    "contest_id": "game-1",
    "role": "player",
}

PUBLIC_KEY = (
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
    "-----END PUBLIC KEY-----\n"
)


def segment(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def forged(claims: object, secret: str = SECRET, digest: str = "sha256", **header: Any) -> str:
    """A token signed by hand, so that nothing is refused before it is made."""
    head = {"alg": "HS256", "typ": "JWT"} | header
    signed = f"{segment(json.dumps(head).encode())}.{segment(json.dumps(claims).encode())}"
    return f"{signed}.{segment(hmac.digest(secret.encode(), signed.encode(), digest))}"


def stating(**changes: Any) -> str:
    """A well-signed token with these claims changed; `...` leaves one out."""
    return forged({name: value for name, value in (GOOD | changes).items() if value is not ...})


def verify(token: str, *audiences: Audience, at: int = NOW, keys: Keys = KEYS) -> Claims:
    return keys.verify(token, audiences or (REALTIME,), at)


def assert_refused(token: str, *audiences: Audience, at: int = NOW, keys: Keys = KEYS) -> None:
    with pytest.raises(BadToken) as refused:
        verify(token, *audiences, at=at, keys=keys)
    said = str(refused.value)
    assert said, "the log says why"
    assert token == "" or token not in said, "the log has no tokens"


# What admits


def login(at: int = NOW, keys: Keys = KEYS) -> str:
    return mint_login(keys, sub="bob", username="Bob", at=at)


def ticket(at: int = NOW, keys: Keys = KEYS) -> str:
    return mint_ticket(keys, sub="bob", username="Bob", game_id="game-1", role="player", at=at)


def resume(at: int = NOW, keys: Keys = KEYS) -> str:
    return mint_resume(keys, sub="bob", username="Bob", game_id="game-1", role="player", generation=3, at=at)


def internal(at: int = NOW, keys: Keys = KEYS) -> str:
    return mint_internal(keys, at=at)


def test_a_login_token_states_an_account_and_no_game() -> None:
    assert verify(login()) == Claims(
        sub="bob", username="Bob", iss="momentum", aud=REALTIME, iat=NOW, exp=NOW + 2 * 60 * 60
    )


def test_a_ticket_states_game_and_role() -> None:
    claims = verify(ticket())
    assert (claims.sub, claims.contest_id, claims.role, claims.generation) == ("bob", "game-1", "player", None)
    assert claims.exp - claims.iat == 60


def test_a_resume_token_states_its_generation_too() -> None:
    claims = verify(resume(), RESUME)
    assert (claims.sub, claims.contest_id, claims.role, claims.generation) == ("bob", "game-1", "player", 3)


def test_an_internal_token_is_the_sites() -> None:
    assert verify(internal(), INTERNAL).sub == "web"


def test_the_longest_token_that_we_mint_is_admitted() -> None:
    name = "\U0001d400" * 24  # four bytes, and twelve in JSON, each
    token = mint_resume(KEYS, sub="u" * 64, username=name, game_id="g" * 36, role="player", generation=10**9, at=NOW)
    assert verify(token, RESUME).username == name


@pytest.mark.parametrize(
    ("mint", "audience", "seconds"),
    [
        (login, REALTIME, LOGIN_SECONDS),
        (ticket, REALTIME, TICKET_SECONDS),
        (resume, RESUME, RESUME_SECONDS),
        (internal, INTERNAL, INTERNAL_SECONDS),
    ],
)
def test_a_token_admits_until_its_end_on_clocks_a_minute_apart_and_no_longer(
    mint: Callable[[], str], audience: Audience, seconds: int
) -> None:
    last = NOW + seconds + LEEWAY_SECONDS - 1
    assert verify(mint(), audience, at=last)
    assert_refused(mint(), audience, at=last + 1)


@pytest.mark.parametrize("mint", [login, ticket, resume, internal])
@pytest.mark.parametrize("audience", EVERYONE)
def test_a_token_admits_only_where_it_is_meant_for(mint: Callable[[], str], audience: Audience) -> None:
    meant: dict[Callable[..., str], Audience] = {login: REALTIME, ticket: REALTIME, resume: RESUME, internal: INTERNAL}
    if meant[mint] == audience:
        assert verify(mint(), audience).aud == audience
    else:
        assert_refused(mint(), audience)
        assert_refused(mint(), *(other for other in EVERYONE if other != meant[mint]))


# Keys


def test_a_token_of_the_older_key_is_admitted_while_the_key_is_there() -> None:
    old = ticket(keys=Keys((OLDER,)))
    assert verify(old).sub == "bob"
    assert_refused(old, keys=Keys((SECRET,)))


def test_new_tokens_are_signed_with_the_first_key() -> None:
    assert verify(ticket(), keys=Keys((SECRET,))).sub == "bob"
    assert_refused(ticket(), keys=Keys((OLDER,)))


def test_a_token_of_the_older_key_is_held_to_the_same_rules() -> None:
    assert_refused(forged(GOOD | {"aud": RESUME}, OLDER))
    assert_refused(forged(GOOD | {"exp": NOW - LEEWAY_SECONDS}, OLDER))


def test_without_a_key_nobody_is_admitted() -> None:
    assert_refused(ticket(), keys=Keys(()))


def test_the_fingerprint_tells_keys_apart_and_does_not_tell_them() -> None:
    assert Keys((SECRET,)).fingerprint == KEYS.fingerprint != Keys((OLDER, SECRET)).fingerprint
    assert KEYS.fingerprint not in hashlib.sha256(SECRET.encode()).hexdigest()
    assert SECRET not in repr(KEYS)


# Signatures and algorithms


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
@pytest.mark.parametrize("signature", ["", "AAAA"])
def test_a_token_without_a_signature_is_refused(alg: str, signature: str) -> None:
    head, claims = segment(json.dumps({"alg": alg, "typ": "JWT"}).encode()), segment(json.dumps(dict(GOOD)).encode())
    assert_refused(f"{head}.{claims}.{signature}")


@pytest.mark.parametrize(("alg", "digest"), [("HS384", "sha384"), ("HS512", "sha512"), ("hs256", "sha256")])
def test_another_algorithm_with_the_right_key_is_refused(alg: str, digest: str) -> None:
    assert_refused(forged(GOOD, digest=digest, alg=alg))


@pytest.mark.parametrize("alg", ["RS256", "ES256", "PS256", "EdDSA", 5, None, ["HS256"], {"alg": "HS256"}, True])
def test_a_header_that_names_another_kind_of_algorithm_is_refused(alg: Any) -> None:
    assert_refused(forged(GOOD, alg=alg))


def test_a_public_key_is_no_secret() -> None:
    assert_refused(forged(GOOD, PUBLIC_KEY))
    assert_refused(forged(GOOD, PUBLIC_KEY.strip()))


@pytest.mark.parametrize("secret", ["", "secret", SECRET[:-1], SECRET + " ", SECRET.upper(), "momentum"])
def test_a_wrong_key_is_refused(secret: str) -> None:
    assert_refused(forged(GOOD, secret))


@pytest.mark.parametrize(
    "header",
    [
        {"jwk": {"kty": "oct", "k": segment(b"the attacker's own key, long enough")}},
        {"jku": "https://attacker.example/keys.json"},
        {"x5u": "https://attacker.example/key.pem"},
        {"x5c": ["AAAA"]},
        {"kid": "../../dev/null"},
        {"kid": "' UNION SELECT 'the attacker''s own key, long enough"},
    ],
)
def test_a_key_that_the_token_brings_along_is_ignored(header: dict[str, Any]) -> None:
    assert_refused(forged(GOOD, "the attacker's own key, long enough", **header))
    assert verify(forged(GOOD, **header)).sub == "bob", "the signature alone counts"


@pytest.mark.parametrize("header", [{"crit": ["b64"], "b64": False}, {"crit": ["exp"]}, {"crit": []}, {"crit": 5}])
def test_extensions_that_must_be_understood_are_refused(header: dict[str, Any]) -> None:
    assert_refused(forged(GOOD, **header))


@pytest.mark.parametrize(
    "changes", [{"role": "host"}, {"sub": "alice"}, {"contest_id": "game-2"}, {"exp": NOW + 10**6}, {"aud": INTERNAL}]
)
def test_an_edited_claim_breaks_the_signature(changes: dict[str, Any]) -> None:
    head, _, signature = ticket().split(".")
    assert_refused(f"{head}.{segment(json.dumps(GOOD | changes).encode())}.{signature}", *EVERYONE)


def test_the_signature_of_another_token_does_not_fit() -> None:
    mine, other = ticket().split("."), ticket(at=NOW + 1).split(".")
    assert_refused(".".join([*mine[:2], other[2]]))


# Claims


@pytest.mark.parametrize("claim", ["sub", "username", "iss", "aud", "iat", "exp"])
@pytest.mark.parametrize("value", [..., None, True, 5, 1.5, "", ["momentum"], {"momentum": 1}])
def test_every_claim_has_to_be_there_with_its_type(claim: str, value: Any) -> None:
    good = (claim in ("iat",) and value == 5 and value is not True) or (claim == "username" and value == "")
    if good:
        assert verify(stating(**{claim: value}))
    else:
        assert_refused(stating(**{claim: value}))


@pytest.mark.parametrize("claim", ["contest_id", "role"])
@pytest.mark.parametrize("value", [True, 5, 1.5, ["player"], {"player": 1}])
def test_game_and_role_are_texts(claim: str, value: Any) -> None:
    assert_refused(stating(**{claim: value}))


@pytest.mark.parametrize("role", ["admin", "", "Host", "player ", "spectator"])
def test_a_role_that_there_is_not_is_refused(role: str) -> None:
    assert_refused(stating(role=role))


@pytest.mark.parametrize("value", [True, "3", 3.0, [3], {}])
def test_a_generation_is_a_whole_number(value: Any) -> None:
    assert_refused(stating(aud=RESUME, generation=value), RESUME)


@pytest.mark.parametrize("value", [True, "0", None, [], {}, 0.5])
def test_not_before_is_a_whole_number(value: Any) -> None:
    assert_refused(stating(nbf=value))


@pytest.mark.parametrize(
    "iss", ["moment", "momentum ", "Momentum", "momentum.example", "m", "xmomentumx", ["momentum"], ["moment"]]
)
def test_another_issuer_is_refused(iss: Any) -> None:
    assert_refused(stating(iss=iss))


@pytest.mark.parametrize(
    "aud",
    ["momentum", "momentum-", "momentum-realtime ", "MOMENTUM-REALTIME", [REALTIME], [REALTIME, INTERNAL], [], "*"],
)
def test_another_audience_is_refused(aud: Any) -> None:
    assert_refused(stating(aud=aud), *EVERYONE)


def test_nobody_is_admitted_for_no_audience() -> None:
    with pytest.raises(BadToken):
        KEYS.verify(ticket(), (), NOW)


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_a_token_from_the_future_is_refused_beyond_what_clocks_may_differ(claim: str) -> None:
    assert verify(stating(**{claim: NOW + LEEWAY_SECONDS, "exp": NOW + 600})).sub == "bob"
    assert_refused(stating(**{claim: NOW + LEEWAY_SECONDS + 1, "exp": NOW + 1_000}))
    assert_refused(stating(**{claim: NOW + 600, "exp": NOW + 1_000}))
    assert_refused(stating(**{claim: 10**400, "exp": 10**500}))


@pytest.mark.parametrize(
    "exp", [NOW - LEEWAY_SECONDS, 0, -1, -(10**400), float(NOW + 60), "9999999999", float("inf"), 1e400]
)
def test_a_token_whose_end_is_past_or_no_whole_number_is_refused(exp: Any) -> None:
    assert_refused(stating(exp=exp))


def test_further_claims_are_ignored() -> None:
    assert verify(stating(is_admin=True, hosts=["bob"])) == verify(ticket())


# Things that are no tokens


@pytest.mark.parametrize("payload", [None, True, 5, "bob", [], [dict(GOOD)], {}])
def test_claims_are_an_object(payload: Any) -> None:
    assert_refused(forged(payload))


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "....",
        "a.b.c",
        "null",
        " ",
        "é.é.é",
        "\ud800",
        "a\udcff.b.c",
        "\x00",
        "😀" * 3,
        segment(b"[" * 1_400) + ".e30.AAAA",
        segment(b'{"a":' * 280) + ".e30.AAAA",
        segment(b'{"alg":"HS256","x":' + b"9" * 1_400 + b"}") + ".e30.AAAA",
        segment(b'"HS256"') + ".e30.AAAA",
        segment(b"\xff\xfe") + ".e30.AAAA",
    ],
)
def test_what_is_no_token_is_refused(token: str) -> None:
    assert_refused(token, *EVERYONE)


def test_a_good_token_with_something_around_it_is_refused() -> None:
    for token in (
        f" {ticket()} ",
        f"Bearer {ticket()}",
        ticket() + ".x",
        ticket() + "\n.",
        f"{ticket()}é",
        "." + ticket(),
    ):
        assert_refused(token)


def test_depth_that_is_well_signed_is_refused_too() -> None:
    head = segment(b'{"alg":"HS256"}')
    signed = f"{head}.{segment(b'[' * 1_400)}"
    assert_refused(f"{signed}.{segment(hmac.digest(SECRET.encode(), signed.encode(), 'sha256'))}")


def test_a_token_that_is_too_long_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    longest = "a" * MAX_TOKEN_BYTES
    assert_refused(longest)
    monkeypatch.setattr(jwt, "decode", None)
    assert_refused(longest + "a")
    assert_refused(stating(username="x" * MAX_TOKEN_BYTES))
