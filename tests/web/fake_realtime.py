"""Realtime as the site sees it: three calls over HTTP, behind an internal token."""

import json
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

import msgspec

from momentum.protocol.internal import OpenGame, Revocation
from momentum.protocol.tickets import INTERNAL, BadToken, Keys


class FakeRealtime:
    """Remembers what it was asked; `phase` is what it answers, `answer_with` an answer that makes no sense."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self.keys = Keys(secrets)
        self.opened: list[OpenGame] = []
        self.revoked: list[str] = []
        self.ended: list[str] = []
        self.phase = "lobby"
        self.answer_with: tuple[int, bytes] | None = None
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = fake.answer(self.path, self.headers["Authorization"], body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def answer(self, path: str, authorization: str, body: bytes) -> tuple[int, bytes]:
        if self.answer_with:
            return self.answer_with
        try:
            self.keys.verify(authorization.removeprefix("Bearer "), [INTERNAL], int(time.time()))
        except BadToken:
            return 401, b"{}"
        if path == "/internal/revocations":
            self.revoked.append(msgspec.json.decode(body, type=Revocation).user_id)
            return 204, b""
        if path.endswith("/end"):
            self.ended.append(path.removeprefix("/internal/games/").removesuffix("/end"))
            return (200 if self.ended[-1] in {one.contest_id for one in self.opened} else 404), b"{}"
        game = msgspec.json.decode(body, type=OpenGame)
        known = game.contest_id in {one.contest_id for one in self.opened}
        self.opened.append(game)
        answer = {
            "contest_id": game.contest_id,
            "websocket_url": f"/ws/contests/{game.contest_id}",
            "phase": self.phase,
        }
        return 200 if known else 201, json.dumps(answer).encode()

    def __enter__(self) -> "FakeRealtime":
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
