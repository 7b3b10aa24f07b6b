"""Somebody's server that takes webhook messages: a small real HTTP server, which can also misbehave."""

import socket
import ssl
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class Message:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


class Receiver:
    """Keeps what it was sent. `status`: what it answers; `manner`: plain, silent, trickle or huge."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.status = 204
        self.manner = "plain"
        self.location = ""
        self.messages: list[Message] = []
        self.connections = 0
        self.leave = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.messages.append(Message(self.path, headers, body))
                receiver.answer(self)

            def log_message(self, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def get_request(self) -> tuple[socket.socket, Any]:
                taken: tuple[socket.socket, Any] = super().get_request()
                receiver.connections += 1
                return taken

            def handle_error(self, request: Any, client_address: Any) -> None:
                """The other side has gone."""

        self.server = Server(("127.0.0.1", 0), Handler)
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port: int = self.server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://localhost:{self.port}/hook?a=1"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        if self.manner == "silent":
            self.leave.wait(60)
            return
        handler.send_response(self.status)
        if self.location:
            handler.send_header("Location", self.location)
        if self.manner == "plain":
            handler.send_header("Content-Length", "0")
        handler.end_headers()
        while self.manner in ("trickle", "huge") and not self.leave.is_set():
            handler.wfile.write(b"x" if self.manner == "trickle" else b"x" * 65536)
            if self.manner == "trickle":
                time.sleep(0.05)

    def __enter__(self) -> "Receiver":
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
