"""Workers that are killed while mails are under way: afterwards inbox and outbox agree."""

import signal
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from .postmaster import Postmaster, disagreements, duplicates
from .workers import Workers, wait_until

COUNT = 300
KILLS = 3


@pytest.fixture
def server() -> Iterator[Postmaster]:
    with Postmaster() as running:
        yield running


@pytest.fixture
def workers(tmp_path: Path, server: Postmaster) -> Iterator[Workers]:
    started = Workers(tmp_path, server, per_second=150)
    yield started
    started.close()


def agree(server: Postmaster, workers: Workers) -> None:
    assert disagreements(server.inbox, workers.mails()) == []
    assert {one.to for one in server.inbox} == {f"player{number}@example.org" for number in range(COUNT)}
    ids = defaultdict(set)
    for one in server.inbox:
        ids[one.to].add(one.message_id)
    assert {len(each) for each in ids.values()} == {1}


def test_killed_workers_lose_no_mail_and_double_only_what_was_in_flight(server: Postmaster, workers: Workers) -> None:
    workers.post(COUNT)
    for kill in range(KILLS):
        worker = workers.start()
        so_many = (kill + 1) * COUNT // (KILLS + 1)
        wait_until(lambda: len(server.inbox) >= so_many, "mails arrive")  # noqa: B023
        worker.kill()
        worker.wait()
        assert not workers.all_are_sent()
    workers.start()
    wait_until(workers.all_are_sent, "all mails are sent")
    agree(server, workers)
    assert duplicates(server.inbox) <= KILLS


def test_workers_side_by_side_send_each_mail_once(server: Postmaster, workers: Workers) -> None:
    workers.post(COUNT)
    workers.start()
    workers.start()
    wait_until(workers.all_are_sent, "all mails are sent")
    agree(server, workers)
    assert duplicates(server.inbox) == 0


def test_a_worker_that_is_asked_to_end_leaves_nothing_in_flight(server: Postmaster, workers: Workers) -> None:
    server.delay_s = 0.05
    workers.post(COUNT)
    worker = workers.start()
    wait_until(lambda: len(server.inbox) >= 20, "mails arrive")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=30) == 0
    server.delay_s = 0.0
    workers.start()
    wait_until(workers.all_are_sent, "all mails are sent")
    agree(server, workers)
    assert duplicates(server.inbox) == 0
