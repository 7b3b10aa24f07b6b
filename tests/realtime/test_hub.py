"""A hub under a clock of the tests' own: what it tells, when, and what it does when something fails."""

import pytest

from momentum.game import commands
from momentum.protocol.from_client import StartGame
from momentum.realtime.journal.contract import JournalUnavailable
from momentum.realtime.losses import RETAKE_AT_MOST_MS, RETAKE_MS
from momentum.realtime.messages import Say
from momentum.realtime.room import ASK_AGAIN_MS

from .games import ALICE, BOB, CHARLIE, DORA, GAME, OTHER, RIGHT, WRONG, wanted
from .house import House

LAST_CALL_MS = 15_050
"""An answer that another node has relayed may come this late."""

# Outputs wait for the journal


async def test_nothing_is_told_before_the_journal_has_it(house: House) -> None:
    await house.open()
    house.journal.hold()
    bob = await house.enter(BOB)
    assert bob.messages == []
    house.journal.let_go()
    await house.quiet()
    assert bob.types == ["GAME_STATE", "PLAYER_JOINED"]


async def test_answers_errors_repeats_and_snapshots_wait_for_what_came_before_them(house: House) -> None:
    alice, bob, dora = await house.start(BOB, DORA)
    before = [len(guest.messages) for guest in (alice, bob, dora)]
    house.journal.hold()
    bob.answers(RIGHT)
    bob.answers(RIGHT)
    bob.answers("Atlantis")
    dora.says("START_GAME")
    late = house.enters(CHARLIE)
    screen = house.enters("screen", role="screen")
    await house.quiet()
    assert [len(guest.messages) for guest in (alice, bob, dora)] == before
    assert (late.messages, screen.messages) == ([], [])
    house.journal.let_go()
    await house.quiet()
    assert bob.types[before[1] : before[1] + 3] == ["ANSWER_ACCEPTED"] * 3
    assert dora.last("ERROR")["code"] == "not_host"
    assert late.types[0] == screen.types[0] == "GAME_STATE"


async def test_an_append_that_is_not_kept_is_never_acknowledged(house: House) -> None:
    _, bob, _ = await house.start(BOB, DORA)
    house.journal.raises = [JournalUnavailable("gone")]
    await bob.answer()
    assert "ANSWER_ACCEPTED" not in bob.types
    assert bob.last("GAME_PAUSED")["reason"] == "storage"


async def test_positions_rise_and_envelopes_are_numbered_without_a_gap(house: House) -> None:
    alice, bob, dora = await house.start(BOB, DORA)
    await bob.answer(RIGHT)
    await dora.answer(WRONG)
    await alice.say("NEXT_QUESTION")
    told = house.envelopes
    assert [one.number for one in told] == list(range(1, len(told) + 1))
    assert [one.rev for one in told] == sorted(one.rev for one in told)
    assert told[-1].rev == house.hub.game.rev


async def test_what_gathers_while_an_append_is_in_flight_is_the_next_one(house: House) -> None:
    await house.start(BOB, DORA, "eve", "fay", "gus")
    house.journal.hold()
    before = len(house.journal.batches)
    for guest in house.guests[1:5]:
        guest.answers(WRONG)
        await house.quiet()
    assert len(house.journal.batches) == before + 1
    house.journal.let_go()
    await house.quiet()
    assert [sum(len(one.entries) for one in batch) for batch in house.journal.batches[before:]] == [1, 3]
    assert house.journal.most_in_flight == 1


# Failures


async def test_a_failed_append_loses_the_game_which_comes_back_as_it_was_kept(house: House) -> None:
    _, bob, dora = await house.start(BOB, DORA)
    await dora.answer(WRONG)
    old = house.hub
    house.journal.raises = [JournalUnavailable("gone")]
    await bob.answer(RIGHT)
    await house.advance(RETAKE_MS)
    assert house.hub is not old
    assert house.hub.epoch == house.journal.epoch(GAME) == 2
    assert [answer.user_id for answer in house.hub.game.answered.values()] == [DORA]
    assert bob.closed == dora.closed == 4440
    bob = await house.come_back(bob)
    assert bob.state["question"]["your_answer"] is None
    await bob.answer(RIGHT)
    assert bob.last("ANSWER_ACCEPTED")
    assert bob.last("QUESTION_CLOSED")["scoreboard"][0]["user_id"] == BOB


async def test_after_an_append_of_unknown_outcome_the_journal_decides(house: House) -> None:
    _, bob, _ = await house.start(BOB, DORA)
    house.journal.unknown = [JournalUnavailable("no answer")]
    await bob.answer(RIGHT)
    assert "ANSWER_ACCEPTED" not in bob.types
    await house.advance(RETAKE_MS)
    assert house.hub.epoch == 2
    again = await house.come_back(bob)
    assert again.state["question"]["your_answer"] == RIGHT
    await again.answer(WRONG)
    assert again.types[-1] == "ANSWER_ACCEPTED"


async def test_an_append_that_fails_in_an_unforeseen_way_is_of_unknown_outcome_too(house: House) -> None:
    _, bob, _ = await house.start(BOB, DORA)
    house.journal.raises = [ValueError("a defect")]
    await bob.answer(RIGHT)
    await house.advance(RETAKE_MS)
    assert house.hub.epoch == 2
    again = await house.come_back(bob)
    await again.answer(RIGHT)
    assert again.last("ANSWER_ACCEPTED")


async def test_a_fenced_hub_says_nothing_and_its_clients_are_sent_to_the_new_writer(house: House) -> None:
    _, bob, _ = await house.start(BOB, DORA)
    await house.journal.take(GAME, "another node")
    before = len(bob.messages)
    await bob.answer()
    assert GAME not in house.manager.hubs
    assert "ANSWER_ACCEPTED" not in bob.types[before:]
    assert bob.closed == 4440
    assert house.journal.epoch(GAME) == 2


async def test_a_lost_hub_neither_hears_nor_speaks(house: House) -> None:
    await house.start(BOB, DORA)
    hub = house.hub
    house.journal.down = True
    hub.lost("unknown")
    told = len(house.envelopes)
    hub.handle(Say(connection="any", message=StartGame()))
    hub.command(commands.CloseQuestion(number=1))
    await house.advance(60_000)
    assert len(house.envelopes) == told


async def test_while_the_journal_is_down_the_game_waits_and_then_goes_on(house: House) -> None:
    _, bob, _ = await house.start(BOB, DORA)
    house.journal.down = True
    await bob.answer()
    assert bob.last("GAME_PAUSED")["reason"] == "storage"
    await bob.say("SUBMIT_ANSWER", question_id="any", answer=RIGHT)
    assert bob.last("ERROR")["code"] == "unavailable"
    await house.advance(20_000)
    assert GAME not in house.manager.hubs
    house.journal.down = False
    await house.advance(RETAKE_AT_MOST_MS)
    assert bob.closed == 4440
    assert house.phase == "question"
    again = await house.come_back(bob)
    assert again.state["question"]["remaining_ms"] > 13_000


async def test_an_exception_in_a_request_loses_that_game_and_no_other(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, bob, _ = await house.start(BOB, DORA)
    other = await other_game(house)
    old = house.hub
    monkeypatch.setattr(old, "_say", explode)
    await bob.answer()
    await house.advance(RETAKE_MS)
    assert house.hub is not old
    assert house.hub.epoch == 2
    assert house.manager.hubs[other].epoch == 1


async def test_an_exception_in_a_timer_loses_that_game_which_goes_on_from_its_journal(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.start(BOB, DORA)
    monkeypatch.setattr(house.hub, "_commit", explode)
    await house.advance(16_000)
    assert house.hub.epoch == 2
    await house.advance(16_000)
    assert house.hub.game.closings


async def test_an_exception_in_the_watch_loses_that_game_and_no_other(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.start(BOB, DORA)
    other = await other_game(house)
    monkeypatch.setattr(house.hub._host_watch, "due", explode)
    await house.advance(2_000)
    assert house.hub.epoch == 2
    assert house.manager.hubs[other].epoch == 1


async def test_an_exception_in_throttled_news_loses_that_game_alone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, bob, _ = await house.start(BOB, DORA)
    monkeypatch.setattr(house.hub, "_tell_everyone", explode)
    await bob.answer()
    await house.advance(1_000)
    assert house.hub.epoch == 2


# Time


async def test_a_question_closes_at_its_deadline_and_the_next_opens_after_the_intermission(house: House) -> None:
    _, bob = await house.start(BOB)
    await house.advance(LAST_CALL_MS)
    assert "QUESTION_CLOSED" not in bob.types
    await house.advance(1)
    assert bob.last("QUESTION_CLOSED")["next_in_ms"] == 4_000
    await house.advance(3_999)
    assert len(bob.all("NEW_QUESTION")) == 1
    await house.advance(1)
    assert len(bob.all("NEW_QUESTION")) == 2


async def test_a_game_without_anybody_ends_and_leaves_its_results(house: House) -> None:
    alice, bob = await house.start(BOB)
    await alice.drop()
    await bob.drop()
    await house.advance(60_000)
    assert house.phase == "over"
    results = house.journal.results(GAME)
    assert results is not None
    assert [(row.user_id, row.score, row.answer_count) for row in results.players] == [(BOB, 0, 0)]


async def test_a_stale_timer_does_nothing(house: House) -> None:
    """The first question closes early; the timer of its deadline must not touch the second."""
    alice, bob = await house.start(BOB)
    await house.advance(10_000)
    await bob.answer()
    await alice.say("NEXT_QUESTION")
    assert len(bob.all("NEW_QUESTION")) == 2
    await house.advance(LAST_CALL_MS)
    assert len(bob.all("QUESTION_CLOSED")) == 1
    await house.advance(1)
    assert len(bob.all("QUESTION_CLOSED")) == 2


async def test_a_pause_stops_the_clock(house: House) -> None:
    alice, bob = await house.start(BOB)
    await house.advance(5_000)
    await alice.say("PAUSE_GAME")
    await house.advance(50_000)
    assert (await house.come_back(bob)).state["question"]["remaining_ms"] == 10_000
    await alice.say("RESUME_GAME")
    assert alice.last("GAME_RESUMED")["remaining_ms"] == 10_000
    await house.advance(LAST_CALL_MS - 5_000)
    assert house.phase == "question"
    await house.advance(1)
    assert house.phase == "reveal"


async def test_one_timer_at_most_is_set_for_a_game(house: House) -> None:
    alice, bob = await house.start(BOB)
    await house.advance(ASK_AGAIN_MS)
    before = house.timing.waiting
    for _ in range(5):
        await alice.say("PAUSE_GAME")
        await alice.say("RESUME_GAME")
        await house.advance(1_000)
    assert house.timing.waiting == before
    assert bob.last("GAME_RESUMED")["remaining_ms"] == 11_000 - ASK_AGAIN_MS


# Presence


async def test_a_player_who_drops_is_waited_for_five_seconds(house: House) -> None:
    _, bob, dora = await house.start(BOB, DORA)
    await house.advance(6_000)
    await dora.drop()
    assert bob.last("PLAYER_CONNECTION") == {"user_id": DORA, "connected": False}
    await bob.answer()
    assert house.phase == "question"
    await house.advance(4_000)
    assert house.phase == "question"
    await house.advance(2_000)
    assert house.phase == "reveal"


async def test_a_player_who_comes_back_in_time_is_waited_for(house: House) -> None:
    _, bob, dora = await house.start(BOB, DORA)
    await house.advance(6_000)
    await dora.drop()
    await bob.answer()
    await house.advance(3_000)
    dora = await house.come_back(dora)
    assert bob.last("PLAYER_CONNECTION") == {"user_id": DORA, "connected": True}
    await house.advance(4_000)
    assert house.phase == "question"
    await dora.answer()
    assert house.phase == "reveal"


async def test_after_a_takeover_everybody_is_waited_for_five_seconds(house: House) -> None:
    _, bob, _ = await house.start(BOB, DORA)
    await house.advance(3_000)
    house.journal.raises = [JournalUnavailable("gone")]
    await bob.answer()
    await house.advance(300)
    again = await house.come_back(bob)
    await again.answer()
    assert house.phase == "question"
    await house.advance(3_000)
    assert house.phase == "question"
    await house.advance(3_000)
    assert house.phase == "reveal"


async def test_who_goes_away_during_a_pause_is_not_waited_for_after_it(house: House) -> None:
    alice, bob, dora = await house.start(BOB, DORA)
    await house.advance(6_000)
    await bob.answer()
    await alice.say("PAUSE_GAME")
    await dora.drop()
    await house.advance(10_000)
    await alice.say("RESUME_GAME")
    await house.advance(1_000)
    assert house.phase == "reveal"


# The host


async def test_the_coming_and_going_of_hosts_is_told_once(house: House) -> None:
    await house.open(hosts=(ALICE, DORA))
    bob = await house.enter(BOB)
    alice = await house.enter(ALICE)
    dora = await house.enter(DORA)
    await alice.drop()
    assert bob.all("HOST_CHANGED") == [{"present": True}]
    await dora.drop()
    assert bob.all("HOST_CHANGED") == [{"present": True}, {"present": False}]


async def test_without_its_host_a_game_that_waits_for_one_goes_on_after_a_minute(house: House) -> None:
    alice, bob = await house.start(BOB, intermission_ms=None)
    await bob.answer()
    await alice.drop()
    await house.advance(59_000)
    assert len(bob.all("NEW_QUESTION")) == 1
    await house.advance(2_000)
    assert len(bob.all("NEW_QUESTION")) == 2


async def test_without_its_host_every_reveal_can_be_read(house: House) -> None:
    alice, bob = await house.start(BOB, intermission_ms=None)
    await alice.drop()
    await house.advance(60_000)
    assert len(bob.all("NEW_QUESTION")) > 1
    assert house.phase == "question"
    await bob.answer()
    await house.advance(5_000)
    assert house.phase == "reveal"
    await house.advance(2_000)
    assert house.phase != "reveal"


async def test_a_pause_ends_after_a_minute_without_a_host(house: House) -> None:
    alice, bob = await house.start(BOB)
    await alice.say("PAUSE_GAME")
    await alice.drop()
    await house.advance(59_000)
    assert bob.all("GAME_RESUMED") == []
    await house.advance(2_000)
    assert len(bob.all("GAME_RESUMED")) == 1


async def test_a_pause_ends_after_half_an_hour_with_a_host_who_sleeps(house: House) -> None:
    alice, bob = await house.start(BOB)
    await alice.say("PAUSE_GAME")
    await house.advance(29 * 60_000)
    assert bob.all("GAME_RESUMED") == []
    await house.advance(61_000)
    assert len(bob.all("GAME_RESUMED")) == 1


async def test_a_waiting_room_without_a_host_expires_after_half_an_hour(house: House) -> None:
    await house.open()
    bob = await house.enter(BOB)
    await house.advance(29 * 60_000)
    assert house.phase == "lobby"
    await house.advance(61_000)
    assert bob.last("GAME_OVER")["reason"] == "expired"


async def test_a_waiting_room_with_its_host_does_not_expire(house: House) -> None:
    await house.open()
    await house.enter(ALICE)
    await house.advance(40 * 60_000)
    assert house.phase == "lobby"


# News that may come often


async def test_progress_is_told_at_most_four_times_a_second(house: House) -> None:
    players = [f"player{number}" for number in range(41)]
    alice, *guests = await house.start(*players)
    for guest in guests[:-1]:
        await guest.answer(WRONG)
        await house.timing.advance(50)
    told = alice.all("ANSWER_PROGRESS")
    assert 6 <= len(told) <= 8, "2 seconds"
    assert [one["answered"] for one in told] == sorted(one["answered"] for one in told)
    await house.timing.advance(250)
    assert alice.last("ANSWER_PROGRESS") | {"question_id": ""} == {"question_id": "", "answered": 40, "expected": 41}


async def test_up_to_a_hundred_players_are_announced_one_by_one(house: House) -> None:
    await house.open(max_players=100)
    alice = await house.enter(ALICE)
    for number in range(100):
        await house.enter(f"player{number}")
    assert [told["player_count"] for told in alice.all("PLAYER_JOINED")] == list(range(1, 101))


async def test_above_a_hundred_players_arrivals_are_told_together(house: House) -> None:
    await house.open(max_players=150)
    alice = await house.enter(ALICE)
    for number in range(150):
        house.enters(f"player{number}")
    await house.quiet()
    assert len(alice.all("PLAYER_JOINED")) == 100
    await house.timing.advance(1_000)
    told = alice.all("PLAYER_JOINED")
    assert len(told) == 101
    assert (told[-1]["player_count"], len(told[-1]["players"])) == (150, 100)


async def test_above_a_hundred_players_one_who_comes_and_goes_is_told_of_once_a_second(house: House) -> None:
    await house.open(max_players=150)
    alice = await house.enter(ALICE)
    for number in range(120):
        house.enters(f"player{number}")
    await house.quiet()
    await house.timing.advance(1_000)
    told = len(alice.messages)
    for _ in range(8):
        await (await house.enter(BOB)).say("LEAVE")
    await house.timing.advance(1_000)
    assert [message["type"] for message in alice.messages[told:]] == ["PLAYER_LEFT"]
    assert alice.last("PLAYER_LEFT")["player_count"] == 120


# The same game again


async def test_a_journal_tells_of_the_same_game_and_board(house: House) -> None:
    alice, bob, dora = await house.start(BOB, DORA)
    await house.advance(1_000)
    await bob.answer(RIGHT)
    await house.advance(2_000)
    await dora.answer(RIGHT)
    await house.advance(4_000)
    await dora.answer(RIGHT)
    await alice.say("KICK_PLAYER", user_id=BOB)
    await alice.say("NEXT_QUESTION")
    assert house.phase == "over"
    house.check()
    results = house.journal.results(GAME)
    assert results is not None
    board = alice.last("GAME_OVER")["final_scoreboard"]
    assert [(row["user_id"], row["score"]) for row in board] == [
        (row.user_id, row.score) for row in results.players if row.rank is not None
    ]
    assert [row.user_id for row in results.players] == [DORA, BOB]


async def other_game(house: House) -> str:
    """Another open game of this node."""
    await house.manager.open(wanted(OTHER))
    return OTHER


def explode(*_args: object, **_more: object) -> None:
    raise RuntimeError("a defect")
