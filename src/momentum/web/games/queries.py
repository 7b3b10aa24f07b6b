"""Where the games run."""

from urllib.parse import urlsplit

from django.http import HttpRequest

from momentum.web import addresses
from momentum.web.games.models import Game, Node


def websocket_url(request: HttpRequest, game_id: str) -> str:
    """The absolute address of a game's WebSocket, reachable by who made this request: on the node that owns the game
    where nodes have addresses of their own."""
    owner = Node.objects.filter(id__in=Game.objects.filter(pk=game_id).values("node_id")).first()
    origin = (owner.websocket_url if owner else "") or addresses.websocket_origin(request)
    return f"{origin}/ws/contests/{game_id}"


def websocket_sources(request: HttpRequest) -> list[str]:
    """Every origin at which a game's WebSocket may be, for a content security policy. That grammar has no IPv6 hosts,
    so there it is the scheme."""
    own = Node.objects.exclude(websocket_url="").values_list("websocket_url", flat=True)
    return sorted({_source(url) for url in (addresses.websocket_origin(request), *own)})


def _source(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}:" if "[" in parts.netloc else f"{parts.scheme}://{parts.netloc}"
