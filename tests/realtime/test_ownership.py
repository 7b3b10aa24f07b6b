"""Two nodes of one installation: who has a game, who takes it and when, and who falls silent."""

import asyncio

import pytest

from momentum.realtime import hub as hub_module
from momentum.realtime.journal.contract import JournalUnavailable, Taken
from momentum.realtime.losses import DEFECTS, RETAKE_AT_MOST_MS
from momentum.realtime.orphans import LOOK_EVERY_MS, TURN_MS
from momentum.realtime.ownership import TAKEN_AT_ONCE, Elsewhere, SetAside

from .fakes import FakeJournal
from .games import BOB, DORA, GAME, OTHER, RIGHT, wanted
from .house import House
from .town import LEASE, TAKEN_MS, Town

# One owner


async def test_a_game_is_on_one_node_and_the_other_says_on_which(town: Town) -> None:
    await town.one.open()
    await town.advance(10_000)
    with pytest.raises(Elsewhere) as elsewhere:
        await town.two.manager.ensure(GAME)
    assert elsewhere.value.node == town.one.manager.ownership.node
    with pytest.raises(Elsewhere):
        await town.two.open()
    assert town.writers() == ["one-1"]


async def test_a_node_that_has_begun_since_the_last_heartbeat_keeps_its_game(town: Town) -> None:
    late = House("late", timing=town.timing, journal=FakeJournal(town.one.journal), lease=LEASE)
    await late.manager.start()
    await late.open()
    with pytest.raises(Elsewhere):
        await town.one.manager.ensure(GAME)
    await late.manager.stop()


async def test_each_node_knows_the_living_itself_first(town: Town) -> None:
    one, two = town.one.manager.ownership, town.two.manager.ownership
    assert list(one.nodes) == [one.node, two.node]
    assert list(two.nodes) == [two.node, one.node]
    town.two.die()
    await town.advance(TAKEN_MS)
    assert list(one.nodes) == [one.node]


# A node dies


async def test_the_games_of_a_node_that_dies_go_on_on_another_and_not_too_soon(town: Town) -> None:
    await town.one.start(BOB)
    await town.one.manager.open(wanted(OTHER))
    town.one.die()
    waited = await town.until(lambda: len(town.two.manager.hubs) == 2, within_ms=TAKEN_MS)
    assert waited >= LEASE.dead_ms - LEASE.beat_ms
    assert town.writers() == ["one-1", "two-1"]
    assert town.two.phase == "question"


async def test_what_its_old_owner_still_wants_to_write_is_not_kept(town: Town) -> None:
    """A node that was stopped, and is heard of again before it has seen that its game is gone."""
    alice, _ = await town.one.start(BOB)
    town.one.stall()
    await town.advance(TAKEN_MS)
    await town.one.manager.ownership._membership.beat()
    before, told = town.two.journal.events(GAME), len(alice.messages)
    await alice.say("LOCK_GAME", locked=True)
    assert town.two.journal.events(GAME) == before
    assert town.one.manager.hubs == {}
    assert (alice.closed, len(alice.messages)) == (4440, told)


async def test_a_game_that_two_want_has_one_new_owner(town: Town) -> None:
    """What was read is old by the time that it is acted on."""
    await town.one.open()
    third = House("three", timing=town.timing, journal=FakeJournal(town.one.journal), lease=LEASE)
    await third.manager.start()
    town.one.die()
    await town.advance(TAKEN_MS + TURN_MS)
    assert len(town.writers()) == 2
    assert (GAME in town.two.manager.hubs) + (GAME in third.manager.hubs) == 1
    await third.manager.stop()


class Beaten(FakeJournal):
    """A way to the journal by which `winner` is quicker with the first game that is taken."""

    winner = ""

    async def take(self, game_id: str, node: str, *, owner: str | None = None) -> Taken | None:
        winner, self.winner = self.winner, ""
        if winner:
            await super().take(game_id, winner, owner=owner)
        return await super().take(game_id, node, owner=owner)


async def test_who_loses_a_game_to_a_quicker_node_goes_on_with_the_next(town: Town) -> None:
    await town.one.open()
    await town.one.manager.open(wanted(OTHER))
    journal = Beaten(town.one.journal)
    third = House("three", timing=town.timing, journal=journal, lease=LEASE)
    await third.manager.start()
    for house in (town.one, town.two):
        house.die()
    journal.winner = "four"
    await town.until(lambda: not journal.winner, within_ms=TAKEN_MS)
    await town.timing.quiet()
    assert len(third.manager.hubs) == 1


async def test_a_node_starts_though_another_is_quicker_with_one_of_its_games(town: Town) -> None:
    await town.one.open()
    await town.one.manager.open(wanted(OTHER))
    await town.one.manager.stop()
    journal = Beaten(town.one.journal)
    journal.winner = "two-1"
    third = House("three", timing=town.timing, journal=journal, lease=LEASE)
    await third.manager.start()
    assert len(third.manager.hubs) == 1


class Slow(FakeJournal):
    """A way to the journal by which taking a game takes a while."""

    def __init__(self, town: Town) -> None:
        super().__init__(town.one.journal)
        self._timing = town.timing
        self.most_at_once = 0
        self._at_once = 0

    async def take(self, game_id: str, node: str, *, owner: str | None = None) -> Taken | None:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        done = asyncio.Event()
        self._timing.call_later(400, done.set)
        await done.wait()
        self._at_once -= 1
        return await super().take(game_id, node, owner=owner)


async def test_a_node_that_takes_many_games_when_it_starts_is_heard_of_meanwhile(town: Town) -> None:
    games = [f"5f1c6c1e-0000-4000-8000-{number:012}" for number in range(5 * TAKEN_AT_ONCE)]
    for game_id in games:
        await town.one.manager.open(wanted(game_id))
    await town.one.manager.stop()
    town.two.die()
    journal = Slow(town)
    third = House("three", timing=town.timing, journal=journal, lease=LEASE)
    starting = asyncio.create_task(third.manager.start())
    await town.until(starting.done, within_ms=2_500)
    await starting
    assert third.manager.hubs.keys() == set(games)
    assert journal.most_at_once == TAKEN_AT_ONCE
    await third.manager.stop()


async def test_a_node_that_lives_again_lets_go_of_what_others_have_taken(town: Town) -> None:
    """Its process was stopped, its people are still there: they are sent after their game."""
    _, bob = await town.one.start(BOB)
    town.one.stall()
    await town.advance(TAKEN_MS)
    assert GAME in town.two.manager.hubs
    town.one.manager.ownership._membership.start()
    await town.advance(LOOK_EVERY_MS + LEASE.beat_ms)
    assert town.one.manager.hubs == {}
    assert bob.closed == 4440
    with pytest.raises(Elsewhere):
        await town.one.manager.ensure(GAME)


# A node that is not heard of


async def test_a_node_that_is_not_heard_of_falls_silent_before_another_speaks(town: Town) -> None:
    alice, bob, _ = await town.one.start(BOB, DORA)
    question_id = town.one.question_id
    town.one.journal.down = True
    silent = await town.until(lambda: town.one.manager.hubs == {}, within_ms=LEASE.fence_ms + LEASE.beat_ms)
    assert silent <= LEASE.fence_ms
    assert not town.one.manager.ownership.may_speak
    assert GAME not in town.two.manager.hubs
    assert bob.last("GAME_PAUSED")["reason"] == "storage"
    told = [len(alice.messages), len(bob.messages)]
    await town.until(lambda: GAME in town.two.manager.hubs, within_ms=TAKEN_MS)
    await bob.say("SUBMIT_ANSWER", question_id=question_id, answer=RIGHT)
    assert bob.types[told[1] :] == ["ERROR"], "it cannot be kept, and nothing else is said"
    assert len(alice.messages) == told[0]


async def test_a_process_that_was_stopped_finds_out_when_it_is_spoken_to(town: Town) -> None:
    """No timer has run: the first thing that it does is to hear a player."""
    _, bob, _ = await town.one.start(BOB, DORA)
    town.timing.now_us += 10_000_000
    bob.answers()
    assert town.one.manager.hubs == {}
    assert bob.all("ANSWER_ACCEPTED") == []
    await town.timing.quiet()
    assert bob.last("GAME_PAUSED")["reason"] == "storage"


async def test_a_node_that_is_not_heard_of_takes_and_makes_nothing(town: Town) -> None:
    await town.one.open()
    town.one.journal.down = True
    await town.advance(LEASE.fence_ms + LEASE.beat_ms)
    for asked in (town.one.manager.ensure(GAME), town.one.manager.open(wanted(OTHER))):
        with pytest.raises(JournalUnavailable):
            await asked


async def test_a_journal_that_was_away_for_all_lets_each_keep_its_games(town: Town) -> None:
    await town.one.start(BOB)
    for house in (town.one, town.two):
        house.journal.down = True
    await town.advance(60_000)
    for house in (town.one, town.two):
        house.journal.down = False
    await town.until(lambda: GAME in town.one.manager.hubs, within_ms=RETAKE_AT_MOST_MS + 2 * LEASE.beat_ms)
    await town.advance(5_000)
    assert set(town.writers()) == {"one-1"}
    assert town.two.manager.hubs == {}


# A node leaves


async def test_the_games_of_a_node_that_stops_are_taken_at_once(town: Town) -> None:
    await town.one.start(BOB)
    await town.one.manager.stop()
    assert await town.two.manager.ensure(GAME), "by whoever is asked for it"
    assert town.two.phase == "question"


async def test_nobody_has_to_ask_for_the_games_of_a_node_that_stops(town: Town) -> None:
    await town.one.start(BOB)
    await town.one.manager.stop()
    await town.until(lambda: GAME in town.two.manager.hubs, within_ms=LOOK_EVERY_MS + 2 * LEASE.beat_ms)


async def test_a_node_that_stops_takes_nothing_back(town: Town) -> None:
    await town.one.start(BOB)
    town.one.hub.lost("unknown")
    await town.one.manager.stop()
    await town.advance(TAKEN_MS + LOOK_EVERY_MS)
    assert town.writers()[-1] == "two-1"
    assert town.one.manager.hubs == {}


# A game that fails


async def test_a_game_that_fails_again_and_again_is_set_aside_and_the_others_go_on(town: Town) -> None:
    _, bob = await town.one.start(BOB)
    await town.one.manager.open(wanted(OTHER))
    for _ in range(DEFECTS):
        town.one.hub.lost("defect")
        await town.advance(RETAKE_AT_MOST_MS)
    ownership = town.one.manager.ownership
    assert ownership.set_aside == {GAME}
    assert set(town.one.manager.hubs) == {OTHER}
    assert bob.closed == 4440
    with pytest.raises(SetAside):
        await town.one.manager.ensure(GAME)
    with pytest.raises(SetAside):
        await town.one.manager.open(wanted(GAME))
    await town.advance(60_000)
    assert len(town.writers()) == DEFECTS


async def test_a_game_that_fails_now_and_then_goes_on(town: Town) -> None:
    await town.one.open()
    for _ in range(2 * DEFECTS):
        town.one.hub.lost("defect")
        await town.advance(20_000)
    assert GAME in town.one.manager.hubs


async def test_an_error_over_one_command_costs_that_command_only(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    alice, bob, _ = await town.one.start(BOB, DORA)
    hub, before = town.one.hub, town.one.journal.events(GAME)

    def fails(*_: object) -> None:
        raise RuntimeError("a defect")

    with monkeypatch.context() as patch:
        patch.setattr(hub_module, "decide", fails)
        await bob.answer()
    assert bob.last("ERROR")["code"] == "server_error"
    assert alice.all("ERROR") == []
    assert town.one.journal.events(GAME) == before
    assert town.one.hub is hub
    await bob.answer()
    assert bob.all("ANSWER_ACCEPTED")
