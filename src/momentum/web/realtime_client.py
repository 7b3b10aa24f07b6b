"""Calls to realtime over HTTP, with an internal token. A leaf: knows the wire, no model and no page."""

import http.client
import logging
import time
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from momentum.protocol.internal import OpenedGame, OpenGame, Revocation
from momentum.protocol.tickets import Keys, mint_internal
from momentum.web.refusals import Refusal

CONNECT_S = 1.0
READ_S = 3.0
MAX_ANSWER = 64 * 1024
log = logging.getLogger(__name__)


class RealtimeUnavailable(Refusal):
    """No usable answer came in time; the call may have had its effect."""

    error = "realtime_unavailable"
    status = 503

    def __str__(self) -> str:
        return _("The game service does not answer. Try again in a moment.")


def open_game(game: OpenGame) -> OpenedGame:
    """Open a game, or find it open. Raises RealtimeUnavailable."""
    status, body = _post("/api/contests", msgspec.json.encode(game), READ_S)
    if status not in (200, 201):
        log.error("realtime answered %d to the opening of game %s", status, game.contest_id)
        raise RealtimeUnavailable
    try:
        return msgspec.json.decode(body, type=OpenedGame)
    except msgspec.DecodeError as error:
        raise RealtimeUnavailable from error


def revoke(user_id: str) -> bool:
    """Close the sockets of somebody who has logged out. Best effort: False where realtime could not be told."""
    try:
        status, _body = _post("/internal/revocations", msgspec.json.encode(Revocation(user_id=user_id)), CONNECT_S)
    except RealtimeUnavailable:
        return False
    return 200 <= status < 300


def end_game(game_id: str) -> bool:
    """End a game, with its results. False where it is not known to have ended: no answer, or no such game."""
    try:
        status, _body = _post(f"/internal/games/{game_id}/end", b"", READ_S)
    except RealtimeUnavailable:
        return False
    return status == 200


def _post(path: str, body: bytes, read_s: float) -> tuple[int, bytes]:
    base = urlsplit(settings.MOMENTUM.realtime_service_url)
    kind = http.client.HTTPSConnection if base.scheme == "https" else http.client.HTTPConnection
    connection = kind(base.hostname or "", base.port, timeout=CONNECT_S)
    token = mint_internal(Keys(settings.MOMENTUM.jwt_secrets), at=int(time.time()))
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        connection.connect()
        connection.sock.settimeout(read_s)
        connection.request("POST", base.path + path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(MAX_ANSWER)
    except (OSError, http.client.HTTPException) as error:
        log.warning("realtime did not answer %s: %s", path, type(error).__name__)
        raise RealtimeUnavailable from error
    finally:
        connection.close()
