"""Webhooks delivered by real workers that are killed and stand side by side."""

import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import Popen
from threading import Event, Thread
from typing import Any

import pytest

from momentum.environment import Environment
from momentum.web.webhooks.signing import new_secret

Start = Callable[..., "Popen[str]"]
Eventually = Callable[[Callable[[], object], str], None]
WORKER = ("-P", "-m", "momentum", "worker")
COUNT = 40


class Listener:
    """Keeps the ids of the messages that reach it; answers once `answering` is set."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.answering = Event()
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                listener.ids.append(self.headers["webhook-id"])
                listener.answering.wait(30)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """The other side was killed."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    thread = Thread(target=listener.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield listener
    listener.answering.set()
    listener.server.shutdown()
    thread.join()
    listener.server.server_close()


@pytest.fixture
def site(prepared: Path, environment: Environment) -> Path:
    shutil.copytree(prepared, environment.data_dir, dirs_exist_ok=True)
    return environment.data_dir / "site.sqlite3"


def run(site: Path, statement: str, *values: object) -> list[Any]:
    with closing(sqlite3.connect(site, timeout=30)) as connection, connection:
        return connection.execute(statement, values).fetchall()


def insert(site: Path, table: str, **values: object) -> None:
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    run(site, f"INSERT INTO {table} ({names}) VALUES ({marks})", *values.values())


def queue_messages(site: Path, url: str, endpoints: int, each: int) -> set[str]:
    """Messages for new endpoints at `url`; returns their ids on the wire."""
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
    later = (datetime.now(UTC) + timedelta(days=1)).replace(tzinfo=None).isoformat(" ")
    owner, ids = uuid.uuid4().hex, set()
    insert(
        site, "accounts_user", id=owner, username="Alice", name_key="alice", email="", password="!", is_active=1,
        is_staff=0, is_superuser=0, date_joined=now,
    )  # fmt: skip
    for _ in range(endpoints):
        endpoint = uuid.uuid4().hex
        insert(
            site, "webhooks_endpoint", id=endpoint, owner_id=owner, url=url, secret=new_secret(), events="[]",
            created_at=now, paused_because="",
        )  # fmt: skip
        for number in range(each):
            message = uuid.uuid4().hex
            ids.add(f"msg_{message}")
            insert(
                site, "webhooks_delivery", id=message, endpoint_id=endpoint, event_type="test", occasion=str(number),
                body="{}", status="pending", attempts=0, created_at=now, due_at=now, give_up_at=later, problem="",
                claimed_by="",
            )  # fmt: skip
    return ids


def statuses(site: Path) -> set[str]:
    return {status for (status,) in run(site, "SELECT DISTINCT status FROM webhooks_delivery")}


def test_workers_side_by_side_deliver_each_message_once(
    site: Path, listener: Listener, start: Start, eventually: Eventually
) -> None:
    listener.answering.set()
    ids = queue_messages(site, listener.url, endpoints=8, each=COUNT // 8)
    start(*WORKER)
    start(*WORKER)
    eventually(lambda: statuses(site) == {"delivered"}, "all are delivered")
    assert sorted(listener.ids) == sorted(ids)


def test_what_a_killed_worker_was_sending_comes_again_under_the_same_id(
    site: Path, listener: Listener, start: Start, eventually: Eventually
) -> None:
    ids = queue_messages(site, listener.url, endpoints=3, each=1)
    worker = start(*WORKER)
    eventually(lambda: len(listener.ids) == 3, "the messages are under way")
    worker.kill()
    worker.wait()
    listener.answering.set()
    assert statuses(site) == {"pending"}
    start(*WORKER)
    eventually(lambda: statuses(site) == {"delivered"}, "its successor delivers them, well before the lease ends")
    assert sorted(listener.ids) == sorted([*ids, *ids])


def test_an_attempt_under_way_is_finished_before_a_worker_ends(
    site: Path, listener: Listener, start: Start, eventually: Eventually
) -> None:
    queue_messages(site, listener.url, endpoints=1, each=1)
    worker = start(*WORKER)
    eventually(lambda: len(listener.ids) == 1, "the message is under way")
    worker.terminate()
    listener.answering.set()
    printed, _ = worker.communicate(timeout=30)
    assert (worker.returncode, printed) == (0, "")
    assert statuses(site) == {"delivered"}
