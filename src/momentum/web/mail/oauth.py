"""Access tokens for XOAUTH2, fetched with the refresh token and kept for as long as they count."""

import http.client
import json
import ssl
import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from momentum.environment.reading import EmailOAuth
from momentum.web.cutoff import cut_off
from momentum.web.mail.failures import MailFailure, Step

STEP_S = 10.0
TOTAL_S = 20.0
MOST_READ = 64 * 1024
SPARE_S = 60.0


class AccessTokens:
    """The tokens of one account. `clock`: monotonic seconds."""

    def __init__(self, oauth: EmailOAuth, clock: Callable[[], float] = time.monotonic) -> None:
        self._oauth, self._clock = oauth, clock
        self._token, self._good_until = "", 0.0

    def get(self) -> str:
        """A token that counts for a minute at least. Raises MailFailure."""
        if self._clock() >= self._good_until:
            self._token, lives_s = fetch(self._oauth)
            self._good_until = self._clock() + lives_s - SPARE_S
        return self._token

    def forget(self) -> None:
        """The server did not take it: the next one is a new one."""
        self._good_until = 0.0


def fetch(oauth: EmailOAuth) -> tuple[str, float]:
    """A new access token, and the seconds it lives. Raises MailFailure."""
    form = {
        "grant_type": "refresh_token",
        "client_id": oauth.client_id,
        "client_secret": oauth.client_secret,
        "refresh_token": oauth.refresh_token,
    }
    try:
        status, body = _post(oauth.token_url, urlencode(form).encode())
        answer = json.loads(body)
        if status == 200:
            return str(answer["access_token"]), float(answer.get("expires_in", 0))
        reason = " ".join(str(answer.get(name, "")) for name in ("error", "error_description")).strip()
    except (OSError, http.client.HTTPException) as error:
        raise MailFailure(Step.TOKEN, f"The token's address does not answer ({type(error).__name__}).") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise MailFailure(Step.TOKEN, "The token's address answered something that is no token.") from None
    raise MailFailure(Step.TOKEN, f"No access token was given: {reason or status}.")


def xoauth2(user: str, token: str) -> str:
    """The initial response of SASL XOAUTH2."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


def _post(url: str, body: bytes) -> tuple[int, bytes]:
    parts = urlsplit(url)
    if parts.scheme == "https":
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port, timeout=STEP_S, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=STEP_S)
    try:
        connection.connect()
        with cut_off(lambda: connection.sock, TOTAL_S):
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
            connection.request("POST", parts.path or "/", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(MOST_READ)
    finally:
        connection.close()
