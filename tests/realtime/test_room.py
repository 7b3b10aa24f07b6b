"""What the clients of a game are told, in which order, in how many writes, and how their time is measured."""

import pytest

from momentum.game.events import AnswerGiven
from momentum.protocol.close_codes import CloseCode
from momentum.realtime.messages import Envelope
from momentum.realtime.room import ASK_AGAIN_MS, GAP_MS

from .games import ALICE, BOB, CHARLIE, DORA, GAME, RIGHT, WRONG
from .house import Guest, House

# Order and writes


async def test_the_first_message_is_the_whole_game(house: House) -> None:
    for guest in await house.start(BOB, DORA):
        assert guest.types[0] == "GAME_STATE"
        assert guest.messages[0]["seq"] == 1


async def test_nobody_hears_of_a_game_before_its_state(house: House) -> None:
    """Bob's way in waits for the journal, while the game goes on."""
    alice, bob = await house.start(BOB)
    house.journal.hold()
    house.enters(CHARLIE)
    await house.quiet()
    late = house.enters(DORA)
    await alice.say("SKIP_QUESTION")
    await bob.say("PING")
    assert late.messages == []
    house.journal.let_go()
    await house.quiet()
    assert late.types[0] == "GAME_STATE"
    assert "QUESTION_CLOSED" in late.types


async def test_nobody_is_told_of_trouble_before_their_state(house: House) -> None:
    await house.start(BOB)
    house.journal.hold()
    late = house.enters(DORA)
    await house.quiet()
    house.hub.lost("unknown")
    late.says("SUBMIT_ANSWER", question_id="any", answer=RIGHT)
    await house.quiet()
    assert late.messages == []
    house.journal.let_go()


async def test_a_client_is_written_to_once_a_turn(house: House) -> None:
    """The guard that counts: however much happens in a turn, each client gets one write."""
    players = [f"player{number}" for number in range(20)]
    alice, *guests = await house.start(*players, pace="everyone")
    await house.advance(1_000)
    before = [len(guest.transport.writes) for guest in house.guests]
    messages = [len(guest.messages) for guest in house.guests]
    house.journal.hold()
    for guest in guests:
        guest.answers(RIGHT)
        guest.answers(RIGHT)
        guest.says("START_GAME")
    alice.says("LOCK_GAME", locked=True)
    alice.says("NEXT_QUESTION")
    house.journal.let_go()
    await house.quiet()
    written = [len(guest.transport.writes) - count for guest, count in zip(house.guests, before, strict=True)]
    told = [len(guest.messages) - count for guest, count in zip(house.guests, messages, strict=True)]
    assert written == [1] * 21
    assert all(count >= 7 for count in told[1:]), told


async def test_joining_is_one_write_for_who_joins_and_one_for_each_who_is_there(house: House) -> None:
    await house.open()
    alice = await house.enter(ALICE)
    before = len(alice.transport.writes)
    bob = await house.enter(BOB)
    assert bob.types == ["GAME_STATE", "PLAYER_JOINED"]
    assert len(bob.transport.writes) == 1
    assert len(alice.transport.writes) == before + 1


async def test_the_end_is_told_alike_to_everybody(house: House) -> None:
    alice, bob, dora = await house.start(BOB, DORA)
    await bob.answer(RIGHT)
    await house.advance(1_000)
    await dora.answer(RIGHT)
    await alice.say("END_GAME")
    boards = [guest.last("GAME_OVER")["final_scoreboard"] for guest in (alice, bob, dora)]
    assert boards[0] == boards[1] == boards[2]
    assert [guest.last("GAME_OVER")["own"] for guest in (bob, dora)] == boards[0]
    assert alice.last("GAME_OVER")["own"] is None


async def test_only_the_one_who_erred_is_told(house: House) -> None:
    alice, bob, dora = await house.start(BOB, DORA)
    await bob.answer("Atlantis")
    assert bob.last("ERROR")["code"] == "no_such_option"
    assert bob.last("ERROR")["question_id"] == bob.last("NEW_QUESTION")["question_id"]
    assert alice.all("ERROR") == dora.all("ERROR") == []


async def test_in_a_race_a_wrong_answer_is_told_to_nobody_else(house: House) -> None:
    alice, bob, dora = await house.start(BOB, DORA, pace="race")
    seen = [len(guest.messages) for guest in (alice, dora)]
    await bob.answer(WRONG)
    assert bob.last("ANSWER_RESULT")["is_correct"] is False
    assert bob.last("ANSWER_RESULT")["correct_answer"] is None
    assert [len(guest.messages) for guest in (alice, dora)] == seen


# A room lives as long as somebody is in it


async def test_an_empty_room_is_let_go(house: House) -> None:
    _, bob = await house.start(BOB)
    for guest in house.guests:
        await guest.drop()
    assert house.rooms._rooms == {}
    await house.come_back(bob)


async def test_a_client_that_comes_to_a_game_without_a_hub_is_sent_away_to_come_back(house: House) -> None:
    await house.open()
    room = house.rooms.enter(GAME)
    house.hub.lost("fenced")
    bob = house.guest(BOB)
    from momentum.realtime.admission import Admission

    bob.client.admit(room, Admission(user_id=BOB, username="Bob", role="player", generation=None, by="ticket"))
    assert bob.closed == 4440


# What is lost between the hub and the room


def states(guest: Guest) -> int:
    return len(guest.all("GAME_STATE"))


async def test_after_a_gap_everybody_gets_the_whole_game_again(house: House) -> None:
    alice, *players = await house.start(BOB, DORA)
    everybody = (alice, *players)
    house.backplane.holds = 1
    await alice.say("SKIP_QUESTION")
    told = [len(guest.messages) for guest in everybody]
    await alice.say("NEXT_QUESTION")
    assert [len(guest.messages) for guest in everybody] == told, "nothing is heard after a gap"
    await house.advance(GAP_MS)
    assert [states(guest) for guest in everybody] == [2, 2, 2]
    for guest, before in zip(everybody, told, strict=True):
        assert guest.messages[before]["type"] == "GAME_STATE"
        assert guest.state["question"]["question_number"] == 2
    await players[0].answer()
    assert players[0].all("ANSWER_ACCEPTED")


async def test_what_only_came_late_is_heard_in_order_and_nothing_is_sent_again(house: House) -> None:
    alice, bob = await house.start(BOB)
    house.backplane.holds = 1
    await alice.say("SKIP_QUESTION")
    told = len(bob.messages)
    await alice.say("NEXT_QUESTION")
    await house.advance(GAP_MS - 1)
    house.backplane.publish(GAME, house.backplane.held.pop())
    await house.advance(GAP_MS)
    heard = [kind for kind in bob.types[told:] if kind in ("QUESTION_CLOSED", "NEW_QUESTION", "GAME_STATE")]
    assert heard == ["QUESTION_CLOSED", "NEW_QUESTION"]


async def test_what_came_twice_is_heard_once(house: House) -> None:
    alice, bob = await house.start(BOB)
    await alice.say("SKIP_QUESTION")
    told = len(bob.messages)
    house.backplane.publish(GAME, house.envelopes[-1])
    await house.quiet()
    assert len(bob.messages) == told


async def test_the_loss_of_the_latest_is_noticed_though_nothing_follows(house: House) -> None:
    alice, bob = await house.start(BOB)
    house.backplane.holds = 1
    await alice.say("PAUSE_GAME")
    assert bob.all("GAME_PAUSED") == []
    await house.advance(1_000 + GAP_MS)
    assert bob.state["paused"]
    assert states(alice) == states(bob) == 2


async def test_a_repeated_state_lets_nobody_answer_for_longer(house: House) -> None:
    """The whole game comes again, the time that a question has been open for does not begin again."""
    _, bob, _ = await house.start(BOB, DORA)
    await house.advance(2_000)
    house.backplane.holds = 1
    house.enters(CHARLIE)
    await house.advance(1_000 + GAP_MS)
    assert states(bob) == 2
    await bob.answer(RIGHT)
    assert given(house, BOB).t_ms == 3_000 + GAP_MS


@pytest.mark.parametrize("lost", ["the question", "the answer"])
async def test_an_admission_that_is_lost_is_asked_for_again(house: House, lost: str) -> None:
    await house.start(BOB)
    if lost == "the question":
        house.backplane.drops = 1
    else:
        house.backplane.holds = 1
    late = await house.enter(DORA)
    assert late.messages == []
    await house.advance(ASK_AGAIN_MS + GAP_MS)
    assert late.types[0] == "GAME_STATE"
    assert late.closed is None
    assert [seat.user_id for seat in house.hub.game.players] == [BOB, DORA]


async def test_who_has_gone_is_not_asked_for_again(house: House) -> None:
    await house.start(BOB)
    house.backplane.drops = 1
    late = await house.enter(DORA)
    await late.drop()
    await house.advance(ASK_AGAIN_MS)
    assert [seat.user_id for seat in house.hub.game.players] == [BOB]


async def test_a_new_writer_sends_everybody_away_to_come_back_and_the_old_one_is_not_heard(house: House) -> None:
    guests = await house.start(BOB)
    old = house.hub.epoch
    told = [len(guest.messages) for guest in guests]
    house.backplane.publish(GAME, Envelope(epoch=old + 1, number=1, rev=99))
    house.backplane.publish(GAME, Envelope(epoch=old, number=99, rev=99, state="lost"))
    await house.quiet()
    assert [guest.closed for guest in guests] == [4440, 4440]
    assert [len(guest.messages) for guest in guests] == told


# Time


def given(house: House, user_id: str) -> AnswerGiven:
    return next(
        event
        for event in reversed(house.journal.events(GAME))
        if isinstance(event, AnswerGiven) and event.user_id == user_id
    )


async def start_slowly(house: House, *players: str, commit_ms: int) -> list[Guest]:
    """The question is handed to the players' transports `commit_ms` after it has opened."""
    await house.open()
    guests = [await house.enter(user_id) for user_id in (ALICE, *players)]
    house.journal.hold()
    guests[0].says("START_GAME")
    await house.advance(commit_ms)
    house.journal.let_go()
    await house.quiet()
    return guests


async def test_time_runs_from_the_handing_over_until_the_frame_is_read(house: House) -> None:
    _, bob, _ = await start_slowly(house, BOB, DORA, commit_ms=100)
    await house.advance(2_000)
    house.journal.hold()
    bob.answers(RIGHT)
    await house.advance(3_000)
    house.journal.let_go()
    await house.quiet()
    assert given(house, BOB).t_ms == 2_000


async def test_the_handing_over_counts_from_a_quarter_of_a_second_at_most(house: House) -> None:
    _, bob, _ = await start_slowly(house, BOB, DORA, commit_ms=1_000)
    await house.advance(2_000)
    await bob.answer(RIGHT)
    assert given(house, BOB).t_ms == 2_750


async def test_coming_back_does_not_start_the_time_anew(house: House) -> None:
    _, bob, _ = await start_slowly(house, BOB, DORA, commit_ms=100)
    await house.advance(2_000)
    again = await house.come_back(bob)
    await house.advance(1_000)
    await again.answer(RIGHT)
    assert given(house, BOB).t_ms == 3_000


async def test_the_time_of_who_was_away_runs_from_the_opening(house: House) -> None:
    await house.open()
    alice = await house.enter(ALICE)
    bob = await house.enter(BOB)
    await house.enter(DORA)
    await bob.drop()
    house.journal.hold()
    alice.says("START_GAME")
    await house.advance(200)
    house.journal.let_go()
    await house.quiet()
    again = await house.come_back(bob)
    await house.advance(1_000)
    await again.answer(RIGHT)
    assert given(house, BOB).t_ms == 1_200


async def test_each_question_has_its_own_time(house: House) -> None:
    alice, bob, dora = await start_slowly(house, BOB, DORA, commit_ms=100)
    await house.advance(1_000)
    await bob.answer(RIGHT)
    await dora.answer(RIGHT)
    await alice.say("NEXT_QUESTION")
    await house.advance(700)
    await bob.answer(RIGHT)
    assert given(house, BOB).t_ms == 700


@pytest.mark.parametrize(("round_trip_ms", "credit_ms"), [(0, 0), (40, 40), (149, 149), (400, 150), (2_000, 150)])
async def test_the_network_is_credited_up_to_a_cap(house: House, round_trip_ms: int, credit_ms: int) -> None:
    await house.open()
    alice = await house.enter(ALICE)
    bob = await house.enter(BOB)
    await house.enter(DORA)
    await bob.settle_round_trips(round_trip_ms)
    await alice.say("START_GAME")
    await house.advance(3_000)
    await bob.answer(RIGHT)
    answer = given(house, BOB)
    assert (answer.t_ms, answer.credit_ms) == (3_000 - credit_ms, credit_ms)


async def test_a_pause_does_not_count(house: House) -> None:
    alice, bob, _ = await start_slowly(house, BOB, DORA, commit_ms=0)
    await house.advance(1_000)
    await alice.say("PAUSE_GAME")
    await house.advance(20_000)
    await alice.say("RESUME_GAME")
    await house.advance(500)
    await bob.answer(RIGHT)
    assert given(house, BOB).t_ms == 1_500


async def test_the_time_while_nobody_wrote_the_game_does_not_count(house: House) -> None:
    await house.manager.start()
    _, bob, _ = await start_slowly(house, BOB, DORA, commit_ms=0)
    await house.advance(3_000)
    await house.crash(down_ms=30_000)
    again = await house.come_back(bob)
    await house.advance(1_000)
    await again.answer(RIGHT)
    assert 3_700 <= given(house, BOB).t_ms <= 4_000
    await house.manager.stop()


async def test_clients_are_sent_on_to_where_the_game_is_served(house: House) -> None:
    alice, bob = await house.start(BOB)
    house.rooms.send_on(GAME, "ws://elsewhere/ws/contests/1")
    await house.quiet()
    for guest in (alice, bob):
        assert guest.messages[-1]["type"] == "GAME_MOVED"
        assert guest.messages[-1]["payload"] == {"websocket_url": "ws://elsewhere/ws/contests/1"}
        assert guest.closed == CloseCode.MOVED.code
