"""Who is let in, as what, how many times at once, and how somebody comes back."""

import pytest

from momentum.protocol.tickets import RESUME
from momentum.realtime.doorkeeper import ARRIVALS

from .games import ALICE, BOB, CHARLIE, DORA, GAME, KEYS, RIGHT, WRONG
from .house import House

# Several sockets


async def test_the_newest_socket_of_a_player_wins_and_the_old_one_is_told_why(house: House) -> None:
    _, old, _ = await house.start(BOB, DORA)
    new = await house.enter(BOB)
    assert old.closed == 4409
    assert new.closed is None
    await old.drop()
    await new.answer(RIGHT)
    assert new.last("ANSWER_ACCEPTED")
    assert house.guests[0].all("PLAYER_CONNECTION") == [], "Bob was there all the time"


async def test_an_answer_through_the_old_socket_shows_in_the_new_one(house: House) -> None:
    _, old, _ = await house.start(BOB, DORA)
    await old.answer(RIGHT)
    new = await house.enter(BOB)
    assert new.state["question"]["your_answer"] == RIGHT
    await new.answer(WRONG)
    assert new.types[-1] == "ANSWER_ACCEPTED"
    assert len(house.hub.game.answered) == 1


async def test_of_many_sockets_at_once_one_stays_and_one_answer_counts(house: House) -> None:
    await house.start(BOB, DORA)
    sockets = [house.enters(BOB) for _ in range(50)]
    for number, socket in enumerate(sockets):
        socket.answers(RIGHT if number % 2 else WRONG)
    await house.quiet()
    assert {socket.closed for socket in sockets} == {4409, 4429, None}
    assert [socket.closed for socket in sockets].count(None) == 1
    assert len(house.hub.game.answered) == 1


async def test_who_comes_again_and_again_is_held_off_and_fills_no_journal(house: House) -> None:
    alice, _ = await house.start(BOB)
    before = house.hub.game.rev
    sockets = [await house.enter(BOB) for _ in range(100)]
    assert house.hub.game.rev - before <= ARRIVALS
    assert sockets[-1].closed == 4429
    assert sockets[-1].messages == []
    assert alice.closed is None
    await house.advance(1_000)
    assert (await house.enter(BOB)).closed is None


async def test_coming_back_once_a_second_is_fine_for_ever(house: House) -> None:
    _, bob = await house.start(BOB)
    for _ in range(60):
        bob = await house.come_back(bob)
        assert bob.closed is None
        await house.advance(1_000)


@pytest.mark.parametrize(("role", "user_id", "allowed"), [("host", ALICE, 3), ("screen", "screen", 5)])
async def test_hosts_and_screens_may_have_several_sockets(house: House, role: str, user_id: str, allowed: int) -> None:
    await house.open()
    sockets = [await house.enter(user_id, role=role) for _ in range(allowed)]
    assert [socket.closed for socket in sockets] == [None] * allowed
    newest = await house.enter(user_id, role=role)
    assert [socket.closed for socket in sockets] == [4409] + [None] * (allowed - 1)
    assert newest.closed is None


async def test_a_host_who_plays_has_one_socket(house: House) -> None:
    await house.open(host_plays=True)
    first = await house.enter(ALICE)
    second = await house.enter(ALICE)
    assert (first.closed, second.closed) == (4409, None)
    assert second.state["you"]["seated"]


async def test_a_screen_does_not_take_the_place_of_its_owners_other_socket(house: House) -> None:
    await house.open(host_plays=True)
    alice = await house.enter(ALICE)
    screen = await house.enter(ALICE, role="screen")
    await house.enter(ALICE)
    assert alice.closed == 4409
    assert screen.closed is None


async def test_a_player_with_a_lost_tab_counts_as_there_until_the_last_socket_goes(house: House) -> None:
    await house.open()
    alice = await house.enter(ALICE)
    more = await house.enter(ALICE)
    bob = await house.enter(BOB)
    await more.drop()
    assert bob.all("HOST_CHANGED") == []
    await alice.drop()
    assert bob.all("HOST_CHANGED") == [{"present": False}]


# Roles


async def test_a_host_who_does_not_play_has_no_seat(house: House) -> None:
    alice, *_ = await house.start(BOB)
    assert alice.state["you"] == {
        "user_id": ALICE,
        "username": "Alice",
        "role": "host",
        "seated": False,
        "score": 0,
        "rank": None,
    }
    await alice.answer(RIGHT)
    assert alice.last("ERROR")["code"] == "not_seated"


@pytest.mark.parametrize(
    "kind", ["START_GAME", "NEXT_QUESTION", "SKIP_QUESTION", "PAUSE_GAME", "RESUME_GAME", "END_GAME"]
)
async def test_only_hosts_lead_the_game(house: House, kind: str) -> None:
    await house.start(BOB)
    screen = await house.enter("screen", role="screen")
    before = house.hub.game.rev
    for guest in (house.guests[1], screen):
        await guest.say(kind)
        assert guest.last("ERROR")["code"] in ("not_host", "not_allowed")
    assert house.hub.game.rev == before


@pytest.mark.parametrize("kind", ["START_GAME", "END_GAME", "LEAVE"])
async def test_a_screen_commands_nothing_even_if_its_owner_is_the_host(house: House, kind: str) -> None:
    """It stands in a public place."""
    await house.open(host_plays=True)
    await house.enter(ALICE)
    await house.enter(BOB)
    screen = await house.enter(ALICE, role="screen")
    before = house.hub.game.rev
    await screen.say(kind)
    assert screen.last("ERROR")["code"] == "not_allowed"
    assert house.hub.game.rev == before


async def test_a_screen_sees_the_game_and_has_no_seat(house: House) -> None:
    alice, _ = await house.start(BOB)
    screen = await house.enter("screen", role="screen")
    assert screen.state["you"]["role"] == "screen"
    assert not screen.state["you"]["seated"]
    assert screen.state["player_count"] == 1
    await alice.say("SKIP_QUESTION")
    assert screen.last("QUESTION_CLOSED")["correct_answer"] == RIGHT


async def test_a_cohost_leads_too(house: House) -> None:
    await house.open(hosts=(ALICE, DORA))
    await house.enter(BOB)
    dora = await house.enter(DORA)
    await dora.say("START_GAME")
    assert house.phase == "question"


# Coming back


def generation(token: str) -> int:
    claims = KEYS.verify(token, (RESUME,), 1_800_001_000)
    assert claims.generation is not None
    return claims.generation


async def test_a_resume_token_admits_and_gives_the_next_one(house: House) -> None:
    _, bob, _ = await house.start(BOB, DORA)
    await bob.answer(RIGHT)
    again = await house.come_back(bob)
    assert again.state["you"]["score"] == bob.state["you"]["score"]
    assert again.state["question"]["your_answer"] == RIGHT
    assert generation(again.state["resume_token"]) == generation(bob.state["resume_token"]) + 1


async def test_a_resume_token_admits_again_until_the_next_one_is_used(house: House) -> None:
    """The socket may have dropped before its GAME_STATE came."""
    _, bob, _ = await house.start(BOB, DORA)
    first = bob.state["resume_token"]
    await house.come_back(bob, first)
    second = await house.come_back(bob, first)
    assert second.closed is None
    third = await house.come_back(second)
    assert third.closed is None
    refused = await house.come_back(bob, first)
    assert refused.closed == 4401
    assert refused.types == ["ERROR"]
    assert third.closed is None, "who is refused replaces nobody"


async def test_a_new_ticket_voids_the_tokens_before_it(house: House) -> None:
    _, bob, _ = await house.start(BOB, DORA)
    await house.enter(BOB)
    assert (await house.come_back(bob)).closed == 4401


async def test_a_resume_token_outlives_a_takeover(house: House) -> None:
    _, bob, _ = await house.start(BOB, DORA)
    await house.crash()
    again = await house.come_back(bob)
    assert again.closed is None
    assert (await house.come_back(bob, bob.state["resume_token"])).closed is None
    assert (await house.come_back(again)).closed is None
    assert (await house.come_back(bob)).closed == 4401
    await house.manager.stop()


@pytest.mark.parametrize("started", [False, True])
async def test_who_is_kicked_is_told_and_cannot_come_back(house: House, started: bool) -> None:
    await house.open()
    alice = await house.enter(ALICE)
    bob = await house.enter(BOB)
    await house.enter(DORA)
    if started:
        await alice.say("START_GAME")
    await alice.say("KICK_PLAYER", user_id=BOB)
    assert bob.closed == 4403
    by_token = await house.come_back(bob)
    by_ticket = await house.enter(BOB, username="Bobby")
    assert by_token.closed == by_ticket.closed == 4403
    assert by_ticket.last("ERROR")["code"] == "kicked"
    assert house.hub.game.seated(BOB) is None


async def test_who_is_kicked_with_an_answer_on_its_way_has_not_answered(house: House) -> None:
    alice, bob, _ = await house.start(BOB, DORA)
    house.journal.hold()
    alice.says("KICK_PLAYER", user_id=BOB)
    bob.answers(RIGHT)
    house.journal.let_go()
    await house.quiet()
    assert house.hub.game.answered == {}
    assert "ANSWER_ACCEPTED" not in bob.types


async def test_who_has_left_may_come_back_while_there_is_room(house: House) -> None:
    _, bob, dora = await house.start(BOB, DORA)
    await dora.say("LEAVE")
    assert dora.closed == 4442
    assert bob.last("PLAYER_LEFT")["reason"] == "left"
    again = await house.come_back(dora)
    assert again.state["you"]["seated"]


async def test_a_stranger_does_not_see_the_end_and_a_player_does(house: House) -> None:
    alice, bob = await house.start(BOB)
    await alice.say("END_GAME")
    stranger = await house.enter(CHARLIE)
    assert stranger.closed == 4441
    assert stranger.types == ["ERROR"]
    again = await house.come_back(bob)
    assert again.state["over"]["reason"] == "ended_by_host"
    assert (await house.enter(BOB)).state["phase"] == "over"
    assert (await house.come_back(alice)).state["phase"] == "over"


# Full and locked


async def test_a_full_game_takes_exactly_as_many_as_it_has_seats(house: House) -> None:
    await house.open(max_players=10)
    guests = [house.enters(f"player{number}") for number in range(50)]
    await house.quiet()
    assert [guest.closed for guest in guests] == [None] * 10 + [4403] * 40
    assert guests[10].last("ERROR")["code"] == "full"
    assert len(house.hub.game.players) == 10


async def test_whoever_has_a_seat_in_a_full_game_comes_back_to_it(house: House) -> None:
    await house.open(max_players=1)
    bob = await house.enter(BOB)
    await bob.drop()
    assert (await house.enter(DORA)).closed == 4403
    assert (await house.come_back(bob)).closed is None


async def test_a_locked_game_takes_nobody_new(house: House) -> None:
    await house.open()
    alice = await house.enter(ALICE)
    bob = await house.enter(BOB)
    await alice.say("LOCK_GAME", locked=True)
    assert (await house.enter(DORA)).closed == 4403
    assert (await house.come_back(bob)).closed is None
    await alice.say("LOCK_GAME", locked=False)
    assert (await house.enter(DORA)).closed is None


async def test_equal_names_are_told_apart(house: House) -> None:
    await house.open()
    await house.enter(BOB, username="Bob")
    second = await house.enter(DORA, username="\uff22\uff2f\uff22")
    names = [player["username"] for player in second.state["players"]]
    assert len(set(names)) == 2


async def test_a_name_that_cannot_be_used_is_refused_with_a_reason(house: House) -> None:
    await house.open()
    bob = await house.enter(BOB, username="B\u202eob")
    assert bob.closed == 4403
    assert bob.last("ERROR")["code"] == "bad_name"
    assert GAME not in bob.last("ERROR")["message"]
