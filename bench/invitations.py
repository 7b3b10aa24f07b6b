"""Thousands of invitations, with the worker killed again and again while it writes and sends them: does everybody have
one, with a link that works."""

import argparse
import email
import email.policy
import hashlib
import re
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from random import Random

from tests.web.mail.postmaster import Postmaster, Received, disagreements, duplicates
from tests.web.mail.workers import Workers

from bench.mails import send_with_kills

INVITE = """
from datetime import timedelta
from django.utils import timezone
from momentum.web.accounts.models import User
from momentum.web.contests.actions import ContestSettings, create_contest
from momentum.web.invitations import actions, addresses, queries
from momentum.web.invitations.posting import Sender
alice = User.objects.create_user("Alice", "alice@example.org")
opens_at = timezone.now() + timedelta(days=7)
dates = {{"opens_at": opens_at, "closes_at": opens_at + timedelta(hours=1)}}
contest = create_contest(alice, ContestSettings(name="Exam", contest_type="standard", **dates))
text = "\\n".join(f"Player {{n}} <player{{n}}@example.org>" for n in range({count}))
entries = queries.judged(contest, addresses.read(text))
sender = Sender(alice, "https://quiz.example.org", "Europe/Berlin")
assert len(actions.invite(contest, entries, message="Please come.", sender=sender)) == {count}
"""
LINK = re.compile(r"https://quiz\.example\.org/invitation/([\w-]{22})(?![\w-])")
OWNERS = """
SELECT token.token_hash, invitation.address FROM invitations_invitationtoken AS token
JOIN invitations_invitation AS invitation ON invitation.id = token.invitation_id
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--invitations", type=int, default=5_000)
    options.add_argument("--kills", type=int, default=10)
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--seed", type=int, default=1)
    run(options.parse_args())


def run(options: argparse.Namespace) -> None:
    kill_at = sorted(Random(options.seed).sample(range(1, options.invitations), options.kills))
    with tempfile.TemporaryDirectory() as folder, Postmaster() as server:
        workers = Workers(Path(folder), server, per_second=10_000, MAILS_PER_DAY=str(options.invitations))
        began = time.monotonic()
        workers.shell(INVITE.format(count=options.invitations))
        posted = time.monotonic() - began
        seconds = send_with_kills(workers, server, kill_at, mails=options.invitations, count=options.workers)
        wrong = disagreements(server.inbox, workers.mails())
        wrong += wrong_links(server.inbox, Path(folder) / "site.sqlite3")
        workers.close()
    print(f"{options.invitations} people invited in {posted:.1f} s, the start of a process included")
    print(f"{options.workers} workers, {options.kills} SIGKILLs: all written and sent in {seconds:.1f} s")
    say_what_arrived(server.inbox)
    print(f"{len(wrong)} disagreements between the inbox, the outbox and the invitations")
    for one in wrong[:10]:
        print(one)


def say_what_arrived(inbox: list[Received]) -> None:
    ids: dict[str, set[str]] = defaultdict(set)
    for one in inbox:
        ids[one.to].add(one.message_id)
    different = sum(len(each) > 1 for each in ids.values())
    print(f"{len(ids)} recipients, {duplicates(inbox)} doubled with the same Message-ID, {different} with two mails")


def wrong_links(inbox: Iterable[Received], database: Path) -> list[str]:
    """Whose mail does not lead to their own invitation, and to nothing else."""
    with closing(sqlite3.connect(database)) as connection:
        owners = dict(connection.execute(OWNERS).fetchall())
    return [
        f"a link that leads elsewhere: {one.message_id}"
        for one in inbox
        if {owners.get(hashlib.sha256(token.encode()).hexdigest()) for token in tokens(one)} != {one.to}
    ]


def tokens(received: Received) -> set[str]:
    """Of all links to invitations in the text and the HTML."""
    message = email.message_from_bytes(received.content, _class=EmailMessage, policy=email.policy.default)
    bodies = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return {token for body in bodies for token in LINK.findall(body)}


if __name__ == "__main__":
    main()
