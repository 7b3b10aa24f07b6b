"""From a token to a place in a game."""

from collections.abc import Container
from dataclasses import dataclass

from momentum.protocol.internal import Access
from momentum.protocol.tickets import REALTIME, RESUME, BadToken, Claims, Keys
from momentum.protocol.to_client import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """`generation`: of the resume token, if it was one. `by`: login, ticket or resume."""

    user_id: str
    username: str
    role: Role
    generation: int | None
    by: str


def admit(keys: Keys, token: str, *, game_id: str, hosts: Container[str], access: Access, unix_s: int) -> Admission:
    """Whom `token` lets into the game, and as what. Raises BadToken."""
    claims = keys.verify(token, (REALTIME, RESUME), unix_s)
    if claims.contest_id is None:
        return _by_login(claims, hosts, access)
    if claims.contest_id != game_id:
        raise BadToken("for another game")
    if claims.aud == RESUME and claims.generation is None:
        raise BadToken("a resume token without a generation")
    by = "resume" if claims.aud == RESUME else "ticket"
    return _admission(claims, _role(claims, hosts), by)


def _role(claims: Claims, hosts: Container[str]) -> Role:
    """A host is always a host, whichever way they came; nobody else is one."""
    if claims.role == "screen":
        return "screen"
    if claims.sub in hosts:
        return "host"
    if claims.role != "player":
        raise BadToken("not a host of this game")
    return "player"


def _by_login(claims: Claims, hosts: Container[str], access: Access) -> Admission:
    if claims.aud != REALTIME:
        raise BadToken("a resume token without a game")
    if claims.sub in hosts:
        return _admission(claims, "host", "login")
    if access == "invited":
        raise BadToken("this game needs a ticket")
    return _admission(claims, "player", "login")


def _admission(claims: Claims, role: Role, by: str) -> Admission:
    return Admission(user_id=claims.sub, username=claims.username, role=role, generation=claims.generation, by=by)
