"""A real mail server for tests, which can also misbehave, and what its inbox must say."""

import asyncio
import base64
import email
import ssl
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD, TOKEN = "quiz@example.org", "app word", "ya29.token"
OK = "250 2.0.0 Taken"


@dataclass(frozen=True)
class Received:
    """A mail that was taken in, whether or not the sender was told so."""

    to: str
    message_id: str
    content: bytes


class Postmaster:
    """`plans`: what happens to the next mails for an address: "rcpt 451 ...", "data 550 ...", "cut" (taken, and the
    connection cut before the answer), "drop" (cut at RCPT), "hang" (at DATA). Afterwards, and for others: taken.

    `sender`: the answer to MAIL FROM. `greylist`: every address is told to come again, once.
    """

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        starttls: ssl.SSLContext | None = None,
        login: bool = False,
        sender: str = "",
        greylist: bool = False,
        delay_s: float = 0.0,
    ) -> None:
        self.inbox: list[Received] = []
        self.plans: dict[str, list[str]] = defaultdict(list)
        self.connections = 0
        self.logins: list[str] = []
        self.sender, self.greylist, self.delay_s = sender, greylist, delay_s
        self._seen: set[str] = set()
        self._sessions: list[SMTP] = []
        self._tls = tls
        self._settings: dict[str, Any] = {
            "authenticator": self._check,
            "auth_require_tls": False,
            "auth_required": login,
            "hostname": "mail.example.org",
            "tls_context": starttls,
            "require_starttls": starttls is not None,
        }
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="postmaster")
        self.port = 0

    def __enter__(self) -> "Postmaster":
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(self._connected, "127.0.0.1", 0, ssl=self._tls)

    async def _close(self) -> None:
        """Everybody is hung up on; what their sessions were doing ends."""
        self._server.close()
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for session in self._sessions:
            _cut(session)
        await asyncio.sleep(0)

    def _connected(self) -> SMTP:
        self.connections += 1
        session = SMTP(self, **self._settings, loop=self._loop)
        self._sessions.append(session)
        return session

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender:
            return self.sender
        envelope.mail_from = address
        return OK

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.greylist and address not in self._seen:
            self._seen.add(address)
            return "451 4.7.1 Greylisted, come again"
        plan = self.plans[address][0] if self.plans[address] else ""
        if plan.startswith("rcpt ") or plan == "drop":
            self.plans[address].pop(0)
        if plan == "drop":
            _cut(server)
        if plan.startswith("rcpt 421"):
            asyncio.get_running_loop().call_later(0.05, _cut, server)
        if plan.startswith("rcpt "):
            return plan.removeprefix("rcpt ")
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.delay_s)
        [to] = envelope.rcpt_tos
        plan = self.plans[to].pop(0) if self.plans[to] else ""
        if plan.startswith("data "):
            return plan.removeprefix("data ")
        if plan == "hang":
            await asyncio.sleep(60)
        content = envelope.content
        assert isinstance(content, bytes)
        self.inbox.append(Received(to, email.message_from_bytes(content)["Message-ID"], content))
        if plan == "cut":
            _cut(server)
        return OK

    async def auth_XOAUTH2(self, server: SMTP, arguments: list[str]) -> AuthResult:
        shown = base64.b64decode(arguments[1]).decode()
        if shown == f"user={USER}\x01auth=Bearer {TOKEN}\x01\x01":
            self.logins.append("XOAUTH2")
            return AuthResult(success=True, auth_data=USER)
        refusal = b'{"status":"400","schemes":"bearer"}'
        await server.challenge_auth(refusal)
        return AuthResult(success=False, handled=False)

    def _check(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        known = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        if known:
            self.logins.append(mechanism)
        return AuthResult(success=known, handled=False)


def _cut(server: SMTP) -> None:
    if isinstance(server.transport, asyncio.Transport):
        server.transport.abort()


def disagreements(inbox: Iterable[Received], mails: Iterable[tuple[str, str, str]]) -> list[str]:
    """Where a server's inbox and the outbox differ. `mails`: Message-ID, recipient and status of every mail.

    Duplicates are no disagreement here: `duplicates` counts them.
    """
    received = {(one.message_id, one.to) for one in inbox}
    known = {(message_id, to): status for message_id, to, status in mails}
    lost = [
        f"said to be sent, but not there: {key}"
        for key, status in known.items()
        if status == "sent" and key not in received
    ]
    strange = [f"there, but from no mail of ours: {key}" for key in received if key not in known]
    refused = [f"there, though it counts as failed: {key}" for key in received if known.get(key) == "failed"]
    return lost + strange + refused


def duplicates(inbox: Iterable[Received]) -> int:
    """How many mails more than one for each recipient."""
    return sum(count - 1 for count in Counter(one.to for one in inbox).values())
