"""What the pages on the way into a game show."""

import unicodedata
from dataclasses import dataclass
from typing import Any

import msgspec
import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from momentum.game import names
from momentum.protocol.internal import OpenGame
from momentum.protocol.to_client import Role
from momentum.web import addresses
from momentum.web.contests import queries as contests
from momentum.web.contests.models import Access
from momentum.web.contests.queries import ContestCard
from momentum.web.games import queries as games
from momentum.web.play import people
from momentum.web.play.actions import OpenedPin
from momentum.web.play.models import Pin
from momentum.web.play.people import Person

MAX_TYPED = 50


@dataclass(frozen=True)
class JoinPage:
    """`seated_as`: the name under which this browser's guest came before. `name_taken`: the game asks for another."""

    pin: str
    pin_grouped: str
    contest_name: str
    is_live: bool
    needs_account: bool
    signed_in_as: str
    is_host: bool
    lobby_url: str
    seated_as: str
    name_taken: bool
    max_name_length: int


@dataclass(frozen=True)
class LobbyGame:
    """An open game as its host's page shows it. `join_url` is what others open, `qr_svg` the same as a picture."""

    game_id: str
    pin: str
    pin_grouped: str
    join_url: str
    join_url_short: str
    qr_svg: SafeString
    phase: str
    host_plays: bool
    game_url: str
    results_url: str
    question_count: int
    question_timer_s: int
    pace: str
    max_players: int


@dataclass(frozen=True)
class LobbyPage:
    """`state`: open, over, unreachable, too_few_questions, too_many_games or scheduled; `game` only when open."""

    contest: ContestCard
    state: str
    is_quick_fire: bool
    again_url: str
    retry_url: str
    results_url: str
    game: LobbyGame | None = None
    available: int = 0
    wanted: int = 0
    active: tuple[ContestCard, ...] = ()


@dataclass(frozen=True)
class GamePage:
    game_id: str
    contest_name: str
    role: Role
    username: str
    is_guest: bool
    join_url: str
    results_url: str
    lobby_url: str


def digits(text: str) -> str:
    """The decimal digits in what somebody typed, of whichever script, as 0-9."""
    return "".join(str(unicodedata.decimal(letter)) for letter in text[:MAX_TYPED] if letter.isdecimal())


def grouped(pin: str) -> str:
    return f"{pin[:3]} {pin[3:]}"


def join_page(request: HttpRequest, pin: Pin, who: Person | None) -> JoinPage:
    signed_in = who is not None and not who.is_guest
    guest = people.guest(request)
    return JoinPage(
        pin=pin.code,
        pin_grouped=grouped(pin.code),
        contest_name=pin.contest.name,
        is_live=pin.game_id is not None,
        needs_account=pin.contest.access == Access.ACCOUNTS and not signed_in,
        signed_in_as=who.username if who and signed_in else "",
        is_host=who is not None and who.user_id == str(pin.contest.owner_id),
        lobby_url=reverse("lobby", args=[pin.contest_id]),
        seated_as=guest.username if guest and not signed_in else "",
        name_taken="name_taken" in request.GET,
        max_name_length=names.MAX_GRAPHEMES,
    )


def lobby_game(request: HttpRequest, opened: OpenedPin) -> LobbyGame:
    pin = opened.pin
    game = frozen_game(pin)
    join_url = addresses.public_origin(request) + reverse("join", args=[pin.code])
    return LobbyGame(
        game_id=str(pin.game_id),
        pin=pin.code,
        pin_grouped=grouped(pin.code),
        join_url=join_url,
        join_url_short=join_url.partition("://")[2],
        qr_svg=qr_svg(join_url),
        phase=opened.phase,
        host_plays=game.settings.host_plays,
        game_url=reverse("game", args=[pin.game_id]),
        results_url=reverse("results", args=[pin.game_id]),
        question_count=len(game.questions),
        question_timer_s=game.settings.timer_ms // 1000,
        pace=game.settings.pace,
        max_players=game.settings.max_players,
    )


def lobby_page(contest: Any, state: str, **more: Any) -> LobbyPage:
    """`contest` as `contests.queries` fetches it."""
    card = contests.card(contest)
    return LobbyPage(
        contest=card,
        state=state,
        is_quick_fire=card.contest_type == "quick_fire",
        again_url=reverse("play_again", args=[card.id]),
        retry_url=card.lobby_url,
        **{"results_url": card.results_url, **more},
    )


def game_page(pin: Pin, who: Person, role: Role) -> GamePage:
    return GamePage(
        game_id=str(pin.game_id),
        contest_name=pin.contest.name,
        role=role,
        username=who.username,
        is_guest=who.is_guest,
        join_url=reverse("join", args=[pin.code]),
        results_url=reverse("results", args=[pin.game_id]),
        lobby_url=reverse("lobby", args=[pin.contest_id]) if role == "host" else "",
    )


def script_data(request: HttpRequest, pin: Pin, who: Person, role: Role) -> dict[str, Any]:
    """What the scripts of the lobby and the game page start from. No token: each connection fetches a fresh one."""
    page = game_page(pin, who, role)
    return {
        "gameId": page.game_id,
        "contestName": page.contest_name,
        "role": role,
        "userId": who.user_id,
        "username": who.username,
        "isGuest": who.is_guest,
        "hostPlays": frozen_game(pin).settings.host_plays if pin.opening else False,
        "websocketUrl": games.websocket_url(request, page.game_id),
        "tokenUrl": reverse("api:contest_token"),
        "joinUrl": page.join_url,
        "resultsUrl": page.results_url,
        "lobbyUrl": page.lobby_url or None,
        "gameUrl": reverse("game", args=[pin.game_id]),
    }


def frozen_game(pin: Pin) -> OpenGame:
    """What an unretired PIN was issued for."""
    return msgspec.json.decode(pin.opening, type=OpenGame)


def qr_svg(url: str) -> SafeString:
    """The URL as inline SVG, dark on light in any colour scheme, as scanners want it."""
    return mark_safe(
        segno.make(url, error="m", micro=False).svg_inline(border=4, omitsize=True, svgclass="qr", light="#fff")
    )
