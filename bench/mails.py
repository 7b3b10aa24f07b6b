"""Thousands of mails, with the worker killed again and again: what arrives, what is doubled, how fast it goes."""

import argparse
import tempfile
import time
from pathlib import Path
from random import Random

from tests.web.mail.postmaster import Postmaster, disagreements, duplicates
from tests.web.mail.workers import Workers, wait_until


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mails", type=int, default=5_000)
    options.add_argument("--kills", type=int, default=10)
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--per-second", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    run(options.parse_args())


def send_with_kills(workers: Workers, server: Postmaster, kill_at: list[int], *, mails: int, count: int) -> float:
    """Let `count` workers send all mails, one of them killed whenever so many have arrived. Returns the seconds."""
    began = time.monotonic()
    running = [workers.start() for _ in range(count)]
    for so_many in kill_at:
        wait_until(lambda: len(server.inbox) >= so_many, "mails arrive", 600)  # noqa: B023
        victim = running.pop(0)
        victim.kill()
        victim.wait()
        running.append(workers.start())
    wait_until(lambda: len(workers.mails()) == mails and workers.all_are_sent(), "all mails are sent", 600)
    return time.monotonic() - began


def run(options: argparse.Namespace) -> None:
    chance = Random(options.seed)
    kill_at = sorted(chance.sample(range(1, options.mails), options.kills))
    with tempfile.TemporaryDirectory() as folder, Postmaster() as server:
        workers = Workers(Path(folder), server, per_second=options.per_second)
        workers.post(options.mails)
        seconds = send_with_kills(workers, server, kill_at, mails=options.mails, count=options.workers)
        wrong = disagreements(server.inbox, workers.mails())
        recipients = len({one.to for one in server.inbox})
        workers.close()
    print(f"{options.mails} mails, {options.workers} workers, {options.kills} SIGKILLs: {seconds:.1f} s")
    print(f"{options.mails / seconds:.0f} mails/s, the restarts included")
    print(f"{recipients} recipients, {duplicates(server.inbox)} doubled, {len(wrong)} disagreements")
    for one in wrong[:10]:
        print(one)


if __name__ == "__main__":
    main()
