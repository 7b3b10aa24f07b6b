"""A node's heartbeats: when they are sent, what they say, and what follows when they are not kept."""

import asyncio

import pytest

from momentum.realtime.journal.contract import Heartbeat, JournalUnavailable, Node
from momentum.realtime.lease import Lease
from momentum.realtime.membership import Membership

from .fakes import FakeJournal, FakeTiming
from .journal_contract import a_node

LEASE = Lease(beat_ms=300, fence_ms=900, dead_ms=1_200)


class SlowJournal(FakeJournal):
    """Takes `answer_ms` for a heartbeat that it has kept. `most_at_once`: heartbeats under way."""

    def __init__(self, timing: FakeTiming) -> None:
        super().__init__()
        self.answer_ms = 0
        self.most_at_once = 0
        self._timing = timing
        self._at_once = 0

    async def beat(self, node: Node, mono_ms: int) -> list[Heartbeat]:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        beats = await super().beat(node, mono_ms)
        if self.answer_ms:
            answered = asyncio.Event()
            self._timing.call_later(self.answer_ms, answered.set)
            await answered.wait()
        self._at_once -= 1
        return beats


class Member:
    """A membership, and what it was asked and told."""

    def __init__(self) -> None:
        self.timing = FakeTiming()
        self.journal = SlowJournal(self.timing)
        self.needed = True
        self.lost_since: int | None = None
        self.heard = 0
        self.fenced: list[int] = []
        self.began_ms = self.timing.mono_ms()
        self.membership = Membership(
            self.journal,
            self.timing,
            node=a_node("own"),
            lease=LEASE,
            known_dead=lambda _: False,
            needed=lambda: self.needed,
            lost_since=lambda: self.lost_since,
            heard=self._heard,
            fenced=lambda: self.fenced.append(self.passed_ms),
        )

    def _heard(self) -> None:
        self.heard += 1

    @property
    def passed_ms(self) -> int:
        return self.timing.mono_ms() - self.began_ms

    @property
    def beats(self) -> int:
        return self.journal._beats["own"].count

    @property
    def alive_ms(self) -> int:
        """Until when the latest heartbeat says that this node's games had a writer, from the beginning."""
        return self.journal._beats["own"].mono_ms - self.began_ms


@pytest.fixture
async def member() -> Member:
    member = Member()
    await member.membership.beat()
    member.membership.start()
    return member


async def test_a_heartbeat_is_sent_each_time_that_one_is_due(member: Member) -> None:
    await member.timing.advance(3_000)
    assert (member.beats, member.heard, member.fenced) == (11, 10, [])
    assert member.alive_ms == 3_000


async def test_a_node_on_which_nothing_depends_lets_its_disk_rest(member: Member) -> None:
    member.needed = False
    await member.timing.advance(60_000)
    assert member.beats == 1
    assert not member.membership.expired
    member.needed = True
    await member.timing.advance(300)
    assert member.beats == 2


async def test_after_a_rest_the_first_heartbeat_counts_from_when_it_is_sent(member: Member) -> None:
    member.needed = False
    await member.timing.advance(60_000)
    member.needed, member.journal.down = True, True
    await member.timing.advance(300 + LEASE.fence_ms - 1)
    assert not member.membership.expired
    await member.timing.advance(1)
    assert member.membership.expired


async def test_while_the_journal_is_away_the_standing_runs_out_and_comes_back(member: Member) -> None:
    member.journal.down = True
    await member.timing.advance(899)
    assert not member.membership.expired
    assert not member.membership.reachable.is_set()
    await member.timing.advance(601)
    assert member.fenced == [900, 1_200, 1_500]
    assert member.heard == 0
    member.journal.down = False
    await member.timing.advance(300)
    assert not member.membership.expired
    assert member.membership.reachable.is_set()
    assert member.heard == 1


async def test_a_heartbeat_that_was_long_under_way_counts_from_when_it_was_sent(member: Member) -> None:
    member.journal.answer_ms = 850
    await member.timing.advance(300 + 850)
    assert member.heard == 1
    await member.timing.advance(49)
    assert not member.membership.expired
    await member.timing.advance(1)
    assert member.membership.expired


async def test_one_heartbeat_is_under_way_at_a_time(member: Member) -> None:
    member.journal.answer_ms = 1_000
    await member.timing.advance(10_000)
    assert member.journal.most_at_once == 1
    assert member.heard >= 7


async def test_while_a_game_is_lost_the_heartbeats_say_that_it_is_still_that_moment(member: Member) -> None:
    await member.timing.advance(3_000)
    member.lost_since = member.timing.mono_ms()
    await member.timing.advance(6_000)
    assert member.beats == 31
    assert member.alive_ms == 3_000
    member.lost_since = None
    await member.timing.advance(300)
    assert member.alive_ms == 9_300


async def test_a_failed_read_makes_nobody_dead(member: Member) -> None:
    await member.journal.beat(a_node("other"), 0)
    await member.timing.advance(1_200)
    assert not member.membership.peers.is_dead("other")
    member.journal.down = True
    await member.timing.advance(60_000)
    member.journal.down = False
    await member.timing.advance(1_200)
    assert not member.membership.peers.is_dead("other")
    await member.timing.advance(600)
    assert member.membership.peers.is_dead("other")


async def test_a_node_that_has_just_begun_is_asked_after(member: Member) -> None:
    await member.journal.beat(a_node("new"), 0)
    assert not member.membership.peers.knows("new")
    assert not await member.membership.is_dead("new")
    assert await member.membership.is_dead("never heard of")


async def test_where_it_cannot_be_asked_nobody_is_called_dead(member: Member) -> None:
    member.journal.down = True
    with pytest.raises(JournalUnavailable):
        await member.membership.is_dead("new")


async def test_the_last_heartbeat_says_until_when_the_node_was_there(member: Member) -> None:
    await member.timing.advance(500)
    await member.membership.stop()
    assert member.alive_ms == 500
    await member.timing.advance(5_000)
    assert member.beats == 3


async def test_a_node_leaves_though_the_journal_is_away(member: Member) -> None:
    member.journal.down = True
    await member.membership.stop()
    assert member.timing.waiting == 0
