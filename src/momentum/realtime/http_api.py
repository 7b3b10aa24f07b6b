"""Realtime's HTTP calls: login, opening games, health, metrics, and what the site asks under an internal token."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import msgspec
import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from momentum.game import commands
from momentum.game.phases import Phase
from momentum.game.settings import MAX_QUESTIONS
from momentum.protocol.from_client import Text
from momentum.protocol.internal import EndedGame, OpenedGame, OpenGame, Revocation
from momentum.protocol.tickets import INTERNAL, REALTIME, BadToken, Claims, Keys, mint_login
from momentum.realtime.hub import Hub
from momentum.realtime.hub_manager import HubManager
from momentum.realtime.journal.contract import JournalUnavailable
from momentum.realtime.limits import Limits
from momentum.realtime.neighbours import PASSED_ON, Neighbours, NoAnswer
from momentum.realtime.ownership import Elsewhere, SetAside
from momentum.realtime.site import AddressUnverified, CannotOpen, GameWish, Site, SiteBusy, TooManyAttempts
from momentum.realtime.timing import Timing

log = structlog.get_logger(__name__)

MAX_BODY = 1024 * 1024
BODY_S = 5
T = TypeVar("T")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Login(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    username: Text
    password: Text


class HttpApi:
    """`client_address`: whose request it is, behind trusted proxies too. `serves_metrics`: /metrics stands here too."""

    def __init__(
        self,
        *,
        manager: HubManager,
        neighbours: Neighbours,
        site: Site,
        keys: Keys,
        timing: Timing,
        limits: Limits,
        client_address: Callable[[web.Request], str],
        serves_metrics: bool,
    ) -> None:
        self._manager = manager
        self._neighbours = neighbours
        self._site = site
        self._keys = keys
        self._timing = timing
        self._limits = limits
        self._client_address = client_address
        self._serves_metrics = serves_metrics
        self._being_opened: Counter[str] = Counter()
        self.ready = False

    def application(self) -> web.Application:
        app = web.Application(middlewares=[_errors_in_json, self._passed_on], client_max_size=MAX_BODY)
        app.router.add_post("/login", self._login)
        app.router.add_post("/api/contests", self._open_game)
        app.router.add_get("/ws/contests/{game_id}", _upgrade_required)
        app.router.add_get("/healthz", self._health)
        app.router.add_get("/readyz", self._readiness)
        app.router.add_post("/internal/revocations", self._revoke)
        app.router.add_post("/internal/games/{game_id}/end", self._end_game)
        if self._serves_metrics:
            app.router.add_get("/metrics", show_metrics)
        return app

    async def _login(self, request: web.Request) -> web.Response:
        login = await _body(request, Login)
        try:
            account = await self._site.check_login(login.username, login.password, self._client_address(request))
        except TooManyAttempts:
            raise _refusal(429, "too_many_attempts", "Too many failed logins. Try again in a few minutes.") from None
        except AddressUnverified:
            raise _refusal(
                403, "email_unverified", "Confirm your e-mail address first: open the link in the mail from this site."
            ) from None
        if account is None:
            raise _refusal(401, "bad_credentials", "No account has this name and password.")
        token = mint_login(self._keys, sub=account.user_id, username=account.username, at=self._unix_s())
        return _json(200, {"token": token, "user_id": account.user_id, "username": account.username})

    async def _open_game(self, request: web.Request) -> web.Response:
        claims = self._bearer(request)
        if claims.aud == INTERNAL:
            return await self._opened(_checked(await _body(request, OpenGame)))
        wish = await _body(request, GameWish)
        with self._one_more_game(claims.sub):
            return await self._opened(await self._wished(claims.sub, wish))

    async def _opened(self, wanted: OpenGame) -> web.Response:
        hub, made = await self._manager.open(wanted)
        phase = await self._kept_phase(hub)
        opened = OpenedGame(contest_id=hub.game_id, websocket_url=f"/ws/contests/{hub.game_id}", phase=phase)
        return _json(201 if made else 200, opened)

    @contextmanager
    def _one_more_game(self, user_id: str) -> Iterator[None]:
        """Hold the user's games to their limit, those that are being made included."""
        having = self._manager.open_games_of(user_id) + self._being_opened[user_id]
        if having >= self._limits.max_games_per_host:
            raise _refusal(409, "too_many_games", "You have too many open games. End one of them first.")
        self._being_opened[user_id] += 1
        try:
            yield
        finally:
            self._being_opened[user_id] -= 1
            self._being_opened += Counter()  # drops those at zero

    async def _wished(self, user_id: str, wish: GameWish) -> OpenGame:
        try:
            return await self._site.make_game(user_id, wish)
        except CannotOpen as error:
            raise _refusal(409, error.code, str(error)) from None

    async def _revoke(self, request: web.Request) -> web.Response:
        self._internal(request)
        self._manager.revoke((await _body(request, Revocation)).user_id)
        if PASSED_ON not in request.headers:
            if not await self._neighbours.tell_all(request.path, await request.read()):
                raise JournalUnavailable("a node did not answer")
        return web.Response(status=204)

    async def _end_game(self, request: web.Request) -> web.Response:
        self._internal(request)
        hub = await self._hub(request.match_info["game_id"])
        if hub.game.phase is not Phase.OVER:
            hub.command(commands.End(by=next(iter(hub.game.hosts))))
        return _json(200, EndedGame(contest_id=hub.game_id, phase=await self._kept_phase(hub)))

    @web.middleware
    async def _passed_on(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """A call about another node's game is answered by that node."""
        try:
            return await handler(request)
        except Elsewhere as elsewhere:
            if PASSED_ON in request.headers:
                raise JournalUnavailable("the game is changing hands") from None
            answer = await self._neighbours.post(elsewhere.node, request.path, await request.read())
            return web.Response(status=answer.status, body=answer.body, content_type="application/json")

    async def _kept_phase(self, hub: Hub) -> str:
        """The phase of a game, once it is in the journal. Raises JournalUnavailable where it is not kept."""
        await self._manager.committer.flushed()
        return self._manager.hub(hub.game_id).game.phase.value

    async def _hub(self, game_id: str) -> Hub:
        if not await self._manager.ensure(game_id):
            raise _refusal(404, "no_such_game", "There is no such game.")
        return self._manager.hub(game_id)

    async def _health(self, request: web.Request) -> web.Response:
        return _json(200, {"status": "ok"})

    async def _readiness(self, request: web.Request) -> web.Response:
        ownership = self._manager.ownership
        ready = self.ready and ownership.may_speak
        state = {
            "status": "ok" if ready else "storage away" if self.ready else "starting",
            "key_fingerprint": self._keys.fingerprint,
            "games": len(self._manager.hubs),
            "set_aside": len(ownership.set_aside),
        }
        return _json(200 if ready else 503, state)

    def _internal(self, request: web.Request) -> None:
        if self._bearer(request).aud != INTERNAL:
            raise _refusal(403, "forbidden", "This call is for the site only.")

    def _bearer(self, request: web.Request) -> Claims:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            claims = self._keys.verify(token, (REALTIME, INTERNAL), self._unix_s())
        except BadToken:
            claims = None
        if scheme.lower() != "bearer" or claims is None or claims.contest_id is not None:
            raise _refusal(401, "bad_token", "Send a login token: Authorization: Bearer <token> from POST /login.")
        return claims

    def _unix_s(self) -> int:
        return self._timing.unix_ms() // 1000


async def show_metrics(request: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _upgrade_required(request: web.Request) -> web.Response:
    answer = _json(426, {"error": "upgrade_required", "message": "This is a WebSocket address."})
    answer.headers["Upgrade"] = "websocket"
    return answer


def _checked(wanted: OpenGame) -> OpenGame:
    if not wanted.hosts or not 1 <= len(wanted.questions) <= MAX_QUESTIONS:
        raise _refusal(400, "bad_request", f"A game has a host and 1 to {MAX_QUESTIONS} questions.")
    if any(question.answer not in question.options for question in wanted.questions):
        raise _refusal(400, "bad_request", "The answer of every question is one of its options.")
    return wanted


async def _body(request: web.Request, kind: type[T]) -> T:
    try:
        async with asyncio.timeout(BODY_S):
            return msgspec.json.decode(await request.read(), type=kind, strict=True)
    except msgspec.ValidationError as error:
        raise _refusal(400, "bad_request", f"The body does not have the documented form: {error}.") from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise _refusal(400, "bad_request", "The body is one JSON object in UTF-8.") from None
    except TimeoutError:
        raise _refusal(408, "timeout", "The body did not come in time.") from None


def _json(status: int, body: object) -> web.Response:
    return web.Response(status=status, body=msgspec.json.encode(body), content_type="application/json")


def _refusal(status: int, code: str, message: str) -> web.HTTPException:
    """An error for the caller, in JSON."""
    kind = _STATUSES[status]
    return kind(text=json.dumps({"error": code, "message": message}), content_type="application/json")


_STATUSES: dict[int, Callable[..., web.HTTPException]] = {
    400: web.HTTPBadRequest,
    401: web.HTTPUnauthorized,
    403: web.HTTPForbidden,
    404: web.HTTPNotFound,
    408: web.HTTPRequestTimeout,
    409: web.HTTPConflict,
    429: web.HTTPTooManyRequests,
}


@web.middleware
async def _errors_in_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except (JournalUnavailable, NoAnswer):
        return _json(503, {"error": "unavailable", "message": "Games cannot be saved at the moment. Try again soon."})
    except SetAside:
        return _json(409, {"error": "set_aside", "message": "This game cannot go on. What was played is kept."})
    except SiteBusy:
        return _json(503, {"error": "site_busy", "message": "Too many people ask at once. Try again in a moment."})
    except web.HTTPException as error:
        if error.content_type == "application/json":
            raise
        code = error.reason.lower().replace(" ", "_")
        answer = _json(error.status, {"error": code, "message": error.reason})
        if "Allow" in error.headers:
            answer.headers["Allow"] = error.headers["Allow"]
        return answer
    except Exception:
        log.exception("call_failed", call=request.match_info.handler.__name__)
        return _json(500, {"error": "server_error", "message": "The server failed. Try again in a moment."})
