"""The site's process: waitress, one process with threads, in front of Django."""

import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from waitress.server import create_server

from momentum.environment import Environment
from momentum.wiring import descriptors
from momentum.wiring.django_setup import set_up_django
from momentum.wiring.logs import set_up_logs

THREADS = 8
FINISH_WITHIN_S = 5.0


def run(environment: Environment) -> int:
    """Serve the site until SIGTERM or SIGINT; requests that are being answered then are finished."""
    descriptors.allow_many()
    set_up_django()
    set_up_logs(environment)
    from momentum.web.wsgi import application
    from momentum.wiring import schema

    schema.require_current()
    WebServer(application, environment.bind_host, environment.web_port).run()
    return 0


class WebServer:
    """A WSGI application on a port, served until a signal comes."""

    def __init__(self, application: Callable[..., Any], host: str, port: int) -> None:
        self._sockets: dict[int, Any] = {}
        self._stopping = False
        self._server = create_server(
            application,
            map=self._sockets,
            host=host,
            port=port,
            threads=THREADS,
            backlog=1024,
            connection_limit=4000,  # keep-alive connections of phones; threads, not these, bound the work
            channel_timeout=60,
            max_request_body_size=2 * 1024 * 1024,
            asyncore_use_poll=True,  # select() cannot watch more than 1024
            clear_untrusted_proxy_headers=False,  # the site's TrustedProxies middleware decides about them
            ident=None,
        )

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self._stopping:
            self._turn(1.0)
        self._finish()

    def _turn(self, timeout_s: float) -> None:
        self._server.asyncore.loop(timeout=timeout_s, use_poll=True, map=self._sockets, count=1)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        self._server.pull_trigger()

    def _finish(self) -> None:
        """Take no new connections, let the answers under way go out, end."""
        self._server.asyncore.dispatcher.close(self._server)
        until = time.monotonic() + FINISH_WITHIN_S
        while self._is_busy() and time.monotonic() < until:
            self._turn(0.05)
        self._server.task_dispatcher.shutdown(timeout=1)

    def _is_busy(self) -> bool:
        channels = list(self._server.active_channels.values())
        return any(channel.requests or channel.total_outbufs_len for channel in channels)
