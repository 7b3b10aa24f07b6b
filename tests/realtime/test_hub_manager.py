"""The hubs of a node: opened once, taken over, taken again, handed over, let go."""

import asyncio

import pytest

from momentum.game import commands
from momentum.game.events import GameTaken, PlayerLeft, QuestionClosed
from momentum.realtime.hub_manager import KEEP_ENDED_MS
from momentum.realtime.journal.contract import Entry, JournalUnavailable, Slice
from momentum.realtime.losses import RETAKE_AT_MOST_MS, RETAKE_MS
from momentum.realtime.ownership import SetAside
from momentum.realtime.room import ASK_AGAIN_MS

from .fakes import turns
from .games import ALICE, BOB, DORA, GAME, OTHER, RIGHT, wanted
from .house import House

# Opening


async def test_a_game_is_opened_once(house: House) -> None:
    hub, made = await house.manager.open(wanted())
    again, made_again = await house.manager.open(wanted())
    assert (made, made_again) == (True, False)
    assert again is hub


async def test_of_many_who_open_a_game_at_once_one_makes_it(house: House) -> None:
    opened = await asyncio.gather(*(house.manager.open(wanted()) for _ in range(10)))
    assert sum(made for _, made in opened) == 1
    assert len({id(hub) for hub, _ in opened}) == 1
    assert house.journal.epoch(GAME) == 1


async def test_who_comes_while_a_game_is_opened_does_not_take_it_from_its_maker(house: House) -> None:
    opening = asyncio.create_task(house.manager.open(wanted()))
    for _ in range(10):
        await asyncio.sleep(0)
        asyncio.get_running_loop().create_task(house.manager.ensure(GAME))
    hub, made = await opening
    await house.quiet()
    assert made
    assert house.hub is hub
    assert house.hub.epoch == house.journal.epoch(GAME)


async def test_a_game_that_is_opened_after_somebody_asked_in_vain_is_made(house: House) -> None:
    asking = asyncio.create_task(house.manager.ensure(GAME))
    await asyncio.sleep(0)
    _, made = await house.manager.open(wanted())
    assert made
    await asking
    assert GAME in house.manager.hubs


async def test_a_game_that_was_made_by_another_node_meanwhile_is_taken(house: House) -> None:
    await house.new_manager().open(wanted())
    hub, made = await house.manager.open(wanted())
    assert not made
    assert hub.epoch == 2


async def test_a_game_cannot_be_opened_without_the_journal(house: House) -> None:
    house.journal.down = True
    with pytest.raises(JournalUnavailable):
        await house.manager.open(wanted())
    house.journal.down = False
    _, made = await house.manager.open(wanted())
    assert made


async def test_an_unknown_game_is_not_found(house: House) -> None:
    assert not await house.manager.ensure("nowhere")
    with pytest.raises(JournalUnavailable):
        house.manager.hub("nowhere")


# Taking over


async def test_a_new_node_goes_on_with_every_open_game(house: House) -> None:
    _, bob = await house.start(BOB)
    await house.manager.open(wanted(OTHER))
    await house.advance(5_000)
    await bob.answer(RIGHT)
    await house.crash()
    assert set(house.manager.hubs) == {GAME, OTHER}
    assert house.hub.epoch == 2
    assert house.hub.game.closings
    assert isinstance(house.journal.events(GAME)[-1], GameTaken)
    await house.advance(4_000)
    assert house.hub.game.number == 2
    await house.manager.stop()


async def test_what_the_old_writer_says_after_a_takeover_is_not_kept(house: House) -> None:
    await house.start(BOB)
    old = house.manager
    house.manager = house.new_manager()
    await house.manager.start()
    await house.quiet()
    before = house.journal.events(GAME)
    old.hubs[GAME].command(commands.Skip(by=ALICE))
    await house.quiet()
    assert house.journal.events(GAME) == before
    assert GAME not in old.hubs
    await house.manager.stop()


async def test_a_game_that_cannot_be_replayed_is_set_aside_and_the_others_go_on(house: House) -> None:
    await house.start(BOB)
    await house.manager.open(wanted(OTHER))
    poison = Entry(house.hub.game.rev + 1, QuestionClosed(at=0, number=7, reason="deadline"), 0)
    more = Entry(house.hub.game.rev + 2, PlayerLeft(at=0, user_id="nobody", username="x", reason="left"), 0)
    await house.journal.append([Slice(game_id=GAME, epoch=1, entries=(poison, more))])
    house.manager = house.new_manager()
    await house.manager.start()
    assert set(house.manager.hubs) == {OTHER}
    with pytest.raises(SetAside):
        await house.manager.ensure(GAME)
    await house.manager.stop()


async def test_a_node_does_not_start_without_its_journal(house: House) -> None:
    house.journal.down = True
    with pytest.raises(JournalUnavailable):
        await house.manager.start()


# The clock


async def test_the_clock_goes_on_from_the_last_sign_of_life(house: House) -> None:
    await house.manager.start()
    _, bob = await house.start(BOB)
    await house.advance(5_000)
    await house.crash(down_ms=60_000)
    again = await house.come_back(bob)
    assert 10_000 <= again.state["question"]["remaining_ms"] <= 10_300
    await house.manager.stop()


async def test_a_paused_clock_stands_while_nobody_writes(house: House) -> None:
    await house.manager.start()
    alice, bob = await house.start(BOB)
    await house.advance(5_000)
    await alice.say("PAUSE_GAME")
    await house.advance(30_000)
    await house.crash(down_ms=60_000)
    again = await house.come_back(bob)
    assert again.state["paused"]
    assert again.state["question"]["remaining_ms"] == 10_000
    await house.manager.stop()


async def test_the_clock_stands_while_the_journal_is_away_though_the_node_lives(house: House) -> None:
    """The first thing that the journal hears again may be a heartbeat."""
    await house.manager.start()
    await house.manager.open(wanted(OTHER, countdown_ms=600_000))
    _, bob, _ = await house.start(BOB, DORA)
    await house.advance(2_000)
    house.journal.down = True
    await bob.answer()
    await house.advance(10_000)
    house.journal.down = False
    await house.journal.beat(house.manager.ownership.node, house.timing.mono_ms())
    await house.advance(RETAKE_AT_MOST_MS)
    again = await house.come_back(bob)
    assert again.state["question"]["remaining_ms"] >= 12_000
    await house.manager.stop()


async def test_the_clock_stands_until_something_is_kept_again(house: House) -> None:
    """The journal comes back, the game is taken, and then the first append fails too."""
    await house.manager.start()
    await house.manager.open(wanted(OTHER, countdown_ms=600_000))
    _, bob, _ = await house.start(BOB, DORA)
    await house.advance(2_000)
    house.journal.down = True
    await bob.answer()
    await house.advance(5_000)
    house.journal.down = False
    house.journal.raises = [JournalUnavailable("gone again")]
    await house.journal.beat(house.manager.ownership.node, house.timing.mono_ms())
    await house.advance(3 * RETAKE_AT_MOST_MS)
    assert house.hub.epoch > 2
    again = await house.come_back(bob)
    assert again.state["question"]["remaining_ms"] >= 10_000
    await house.manager.stop()


async def test_the_clock_goes_back_by_no_more_than_a_heartbeat(house: House) -> None:
    await house.manager.start()
    await house.start(BOB)
    for _ in range(5):
        await house.advance(500)
        before = house.hub._at()
        await house.crash(down_ms=5_000)
        assert before - 300 <= house.hub._at() <= before
    ats = [event.at for event in house.journal.events(GAME)]
    assert ats == sorted(ats)
    await house.manager.stop()


# Stopping


async def test_stopping_keeps_and_tells_what_was_said_and_closes_nobody(house: House) -> None:
    await house.manager.start()
    _, bob, _ = await house.start(BOB, DORA)
    house.journal.hold()
    bob.answers()
    stopping = asyncio.create_task(house.manager.stop())
    await turns()
    bob.says("SUBMIT_ANSWER", question_id="too late for this node", answer=RIGHT)
    house.journal.let_go()
    await stopping
    await house.quiet()
    assert "ANSWER_ACCEPTED" in bob.types
    assert bob.closed is None, "the server closes the sockets, and says why"
    assert house.manager.hubs == {}
    await house.advance(ASK_AGAIN_MS)
    assert house.timing.waiting == 0
    with pytest.raises(JournalUnavailable):
        await house.manager.open(wanted(OTHER))
    with pytest.raises(JournalUnavailable):
        await house.manager.ensure(GAME)


async def test_stopping_waits_for_games_that_are_being_taken(house: House) -> None:
    await house.new_manager().open(wanted())
    loading = asyncio.create_task(house.manager.ensure(GAME))
    await asyncio.sleep(0)
    await house.manager.stop()
    assert house.manager.hubs == {}
    await asyncio.gather(loading, return_exceptions=True)


async def test_a_node_stops_though_the_journal_is_down(house: House) -> None:
    await house.manager.start()
    _, bob = await house.start(BOB)
    house.journal.down = True
    await bob.answer()
    await house.manager.stop()
    assert house.manager.hubs == {}


# Lost games


async def test_a_game_that_is_lost_again_and_again_is_taken_less_and_less_often(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.open()
    await house.enter(BOB)
    for _ in range(10):
        house.hub.lost("unknown")
        await house.advance(RETAKE_AT_MOST_MS)
    began = house.timing.mono_ms()
    house.hub.lost("unknown")
    while GAME not in house.manager.hubs:
        await house.timing.advance(100)
    assert house.timing.mono_ms() - began == RETAKE_AT_MOST_MS
    await house.advance(20_000)
    house.hub.lost("unknown")
    await house.advance(RETAKE_MS)
    assert GAME in house.manager.hubs


async def test_nothing_is_kept_of_games_that_are_gone(house: House) -> None:
    await house.open()
    house.hub.lost("fenced")
    manager = house.manager
    kept = (manager._hubs, manager._serving, manager._access, manager._left_alone, manager._loading)
    assert kept == ({}, {}, {}, {}, {})


# Ended games


async def test_an_ended_game_is_let_go_after_a_while_and_comes_back_to_be_looked_at(house: House) -> None:
    await house.manager.start()
    alice, bob = await house.start(BOB)
    await bob.answer()
    await alice.say("END_GAME")
    over = bob.last("GAME_OVER")
    await house.advance(KEEP_ENDED_MS)
    assert GAME in house.manager.hubs, "somebody is there"
    await alice.drop()
    await bob.drop()
    await house.advance(KEEP_ENDED_MS + 1_000)
    assert house.manager.hubs == {}
    assert await house.manager.ensure(GAME)
    again = await house.come_back(bob)
    assert again.state["phase"] == "over"
    assert again.state["over"]["final_scoreboard"] == over["final_scoreboard"]
    assert house.journal.epoch(GAME) == 1
    await house.manager.stop()


async def test_how_many_games_somebody_hosts_counts_those_that_are_not_over(house: House) -> None:
    await house.open()
    await house.manager.open(wanted(OTHER))
    alice = await house.enter(ALICE)
    assert house.manager.open_games_of(ALICE) == 2
    assert house.manager.open_games_of(BOB) == 0
    await alice.say("END_GAME")
    assert house.manager.open_games_of(ALICE) == 1


# Logged out


async def test_who_is_logged_out_is_closed_everywhere_and_old_tokens_are_refused(house: House) -> None:
    _, bob = await house.start(BOB)
    house.manager.revoke(BOB)
    await house.quiet()
    assert bob.closed == 4401
    again = await house.come_back(bob)
    assert (again.closed, again.last("ERROR")["code"]) == (4401, "bad_token")
    assert (await house.enter(BOB)).state["you"]["seated"]


async def test_a_host_who_is_logged_out_while_away_cannot_come_back_with_an_old_token(house: House) -> None:
    await house.open(host_plays=False)
    alice = await house.enter(ALICE)
    await alice.drop()
    house.manager.revoke(ALICE)
    await house.quiet()
    assert (await house.come_back(alice)).closed == 4401
    assert (await house.enter(ALICE)).closed is None


async def test_a_player_who_is_logged_out_while_away_cannot_come_back_with_an_old_token(house: House) -> None:
    _, bob = await house.start(BOB)
    await bob.drop()
    house.manager.revoke(BOB)
    await house.quiet()
    assert (await house.come_back(bob)).closed == 4401


async def test_who_is_logged_out_while_the_game_is_lost_cannot_come_back_with_an_old_token(house: House) -> None:
    _, bob, _ = await house.start(BOB, DORA)
    house.journal.down = True
    house.hub.lost("unknown")
    house.manager.revoke(BOB)
    await house.advance(5_000)
    house.journal.down = False
    await house.advance(RETAKE_AT_MOST_MS)
    assert (await house.come_back(bob)).closed == 4401


async def test_logging_out_a_stranger_changes_nothing(house: House) -> None:
    await house.start(BOB)
    before = house.journal.events(GAME)
    house.manager.revoke("charlie")
    await house.quiet()
    assert house.journal.events(GAME) == before
