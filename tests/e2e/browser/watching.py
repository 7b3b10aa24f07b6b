"""Everything a browser complains of: nothing of it may happen, except what a test provokes."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError, WebSocket

GIVEN_UP = "net::ERR_ABORTED"
"""What the browser says of a request that was under way when its page was left."""


class Watch:
    """On one browser context. Anything that is not of `host` is a complaint too; so are violations of the site's
    content security policy, which the console reports."""

    def __init__(self, context: BrowserContext, host: str) -> None:
        self._host = host
        self._seen: list[str] = []
        self._expected: list[re.Pattern[str]] = []
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)
        context.on("page", self._page)

    def expect(self, *patterns: str) -> None:
        """From now on complaints in which one of these regular expressions is found are what the test provokes."""
        self._expected += map(re.compile, patterns)

    def complaints(self) -> list[str]:
        return [seen for seen in self._seen if not any(one.search(seen) for one in self._expected)]

    def texts(self) -> Iterable[str]:
        """All that was seen, the expected too."""
        return tuple(self._seen)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            self._seen.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _error(self, error: WebError) -> None:
        self._seen.append(f"uncaught: {error.error}")

    def _request(self, request: Request) -> None:
        self._stays_here(request.url)

    def _failed(self, request: Request) -> None:
        if request.failure != GIVEN_UP:
            self._seen.append(f"failed: {request.method} {request.url}: {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self._seen.append(f"status {response.status}: {response.request.method} {response.url}")

    def _page(self, page: Page) -> None:
        page.on("websocket", self._websocket)

    def _websocket(self, socket: WebSocket) -> None:
        self._stays_here(socket.url)

    def _stays_here(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname != self._host:
            self._seen.append(f"external: {url}")
