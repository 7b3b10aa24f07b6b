"""Tokens: signed statements of who may do what, and for how long. HS256 JWT, exactly one algorithm.

login     (aud momentum-realtime, 2 h)              an account, for realtime's own calls
ticket    (aud momentum-realtime, 60 s)             one admission to one game in one role
resume    (aud momentum-resume, 7 d)                 coming back to a seat without the site
internal  (aud momentum-internal, 60 s)             the site itself

Instants are Unix seconds, handed in. Secrets are text of at least 32 bytes; the first signs, all of them verify.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, Literal

import jwt
import msgspec

from momentum.protocol.to_client import Role

ALGORITHM = "HS256"
ISSUER = "momentum"
Audience = Literal["momentum-realtime", "momentum-resume", "momentum-internal"]
REALTIME: Audience = "momentum-realtime"
RESUME: Audience = "momentum-resume"
INTERNAL: Audience = "momentum-internal"
LOGIN_SECONDS = 2 * 60 * 60
TICKET_SECONDS = 60
INTERNAL_SECONDS = 60
RESUME_SECONDS = 7 * 24 * 60 * 60
LEEWAY_SECONDS = 60
"""How far apart the clocks of two machines may be."""
MAX_TOKEN_BYTES = 2048
REQUIRED = ("sub", "username", "iss", "aud", "iat", "exp")


class BadToken(Exception):
    """The token does not admit. The message is for the log; clients are told only that it does not."""


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What a token states. `contest_id` and `role`: tickets and resume tokens; `generation`: resume tokens."""

    sub: str
    username: str
    iss: str
    aud: str
    iat: int
    exp: int
    nbf: int = 0
    contest_id: str | None = None
    role: Role | None = None
    generation: int | None = None


class Keys:
    """The secrets of an installation."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = tuple(secrets)

    @property
    def fingerprint(self) -> str:
        """Tells whether two services share the signing secret, without telling the secret."""
        return hashlib.sha256(b"momentum fingerprint " + self._secrets[0].encode()).hexdigest()[:16]

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self._secrets[0], algorithm=ALGORITHM)

    def verify(self, token: str, audiences: Sequence[Audience], at: int) -> Claims:
        """The claims of a token that is valid at `at` for one of `audiences`. Raises BadToken."""
        if len(token) > MAX_TOKEN_BYTES:
            raise BadToken("too long")
        if not token.isascii():
            raise BadToken("not ASCII")
        for secret in self._secrets:
            try:
                return _claims(_decoded(token, secret, audiences), at)
            except jwt.InvalidSignatureError:
                continue
            except (jwt.PyJWTError, msgspec.ValidationError) as error:
                raise BadToken(type(error).__name__) from None
        raise BadToken("unknown signature")


def _decoded(token: str, secret: str, audiences: Sequence[str]) -> dict[str, Any]:
    """Signature, issuer and audience are checked here; times by `_claims`, on the clock that is handed in."""
    return jwt.decode(
        token,
        secret,
        algorithms=[ALGORITHM],
        audience=list(audiences),
        issuer=ISSUER,
        options={"require": [*REQUIRED], "verify_exp": False, "verify_iat": False, "verify_nbf": False},
    )


def _claims(payload: dict[str, Any], at: int) -> Claims:
    claims = msgspec.convert(payload, Claims, strict=True)
    if claims.exp + LEEWAY_SECONDS <= at:
        raise jwt.ExpiredSignatureError
    if max(claims.iat, claims.nbf) > at + LEEWAY_SECONDS:
        raise jwt.ImmatureSignatureError
    if not claims.sub:
        raise jwt.MissingRequiredClaimError("sub")
    return claims


def _mint(keys: Keys, aud: Audience, at: int, seconds: int, **claims: Any) -> str:
    return keys.sign({**claims, "iss": ISSUER, "aud": aud, "iat": at, "exp": at + seconds})


def mint_login(keys: Keys, *, sub: str, username: str, at: int) -> str:
    """A login token of realtime: stands for an account."""
    return _mint(keys, REALTIME, at, LOGIN_SECONDS, sub=sub, username=username)


def mint_ticket(keys: Keys, *, sub: str, username: str, game_id: str, role: Role, at: int) -> str:
    """One admission to one game."""
    return _mint(keys, REALTIME, at, TICKET_SECONDS, sub=sub, username=username, contest_id=game_id, role=role)


def mint_resume(keys: Keys, *, sub: str, username: str, game_id: str, role: Role, generation: int, at: int) -> str:
    """A way back that needs no site, to the seat while the game runs and to the final board after it."""
    return _mint(
        keys, RESUME, at, RESUME_SECONDS,
        sub=sub, username=username, contest_id=game_id, role=role, generation=generation,
    )  # fmt: skip


def mint_internal(keys: Keys, *, at: int) -> str:
    """The site speaking to realtime."""
    return _mint(keys, INTERNAL, at, INTERNAL_SECONDS, sub="web", username="web")
