"""One socket: its first words, how much it may say, and whether it lives."""

import json

import pytest

from .games import ALICE, BOB, GAME, RIGHT
from .house import Guest, House

# Before it is admitted


async def test_whoever_does_not_show_a_token_first_is_not_admitted(house: House) -> None:
    await house.open()
    bob = house.guest(BOB)
    bob.says("START_GAME")
    assert bob.closed == 4401
    assert bob.messages == []


async def test_what_is_said_while_the_token_is_checked_is_heard_after_it(house: House) -> None:
    await house.open()
    bob = house.guest(BOB)
    bob.says("AUTHENTICATE", token="a token")
    bob.says("PING")
    bob.says("START_GAME")
    assert house.asked_in == [(bob.client, "a token")]
    assert bob.messages == []
    await admit(house, bob)
    assert [kind for kind in bob.types if kind in ("GAME_STATE", "PONG", "ERROR")] == ["GAME_STATE", "PONG", "ERROR"]


@pytest.mark.parametrize("admitted", [False, True])
async def test_a_second_token_is_an_error(house: House, admitted: bool) -> None:
    await house.open()
    bob = house.guest(BOB)
    bob.says("AUTHENTICATE", token="a token")
    if admitted:
        await admit(house, bob)
    bob.says("AUTHENTICATE", token="another token")
    assert bob.closed == 4400


@pytest.mark.parametrize("asked", [False, True])
async def test_nonsense_before_admission_closes(house: House, asked: bool) -> None:
    await house.open()
    bob = house.guest(BOB)
    if asked:
        bob.says("AUTHENTICATE", token="a token")
    bob.client.receive(b"{")
    assert bob.closed == 4400


async def test_what_an_unadmitted_client_says_is_bounded(house: House) -> None:
    await house.open()
    bob = house.guest(BOB)
    bob.says("AUTHENTICATE", token="a token")
    for _ in range(100):
        bob.says("PING")
    assert bob.closed == 4429


# How much it may say


async def test_a_burst_is_fine_and_more_is_not(house: House) -> None:
    await house.open()
    bob = await house.enter(BOB)
    for _ in range(house.limits.burst):
        bob.says("PING")
    assert bob.closed is None
    bob.says("PING")
    assert bob.closed == 4429
    await house.quiet()
    assert bob.types.count("PONG") == house.limits.burst


async def test_ten_messages_a_second_are_fine_for_ever(house: House) -> None:
    await house.open()
    bob = await house.enter(BOB)
    for _ in range(300):
        bob.says("PING")
        house.timing.now_us += 100_000
    assert bob.closed is None


async def test_pings_fragments_and_foreign_pongs_count_too(house: House) -> None:
    await house.open()
    bob = await house.enter(BOB)
    for _ in range(house.limits.burst):
        bob.client.ponged(b"not ours")
    assert bob.closed is None
    assert not bob.client.may_speak()
    assert bob.closed == 4429


async def test_answers_to_our_pings_are_free(house: House) -> None:
    await house.open()
    bob = await house.enter(BOB)
    await bob.settle_round_trips(0)
    for _ in range(100):
        bob.client.ping()
        bob.pong()
    assert bob.closed is None


async def test_who_says_too_much_loses_only_their_own_socket(house: House) -> None:
    await house.open()
    alice = await house.enter(ALICE)
    bob = await house.enter(BOB)
    for _ in range(100):
        bob.says("PING")
    await bob.drop()
    assert alice.closed is None
    assert alice.last("PLAYER_CONNECTION") == {"user_id": BOB, "connected": False}


# Nonsense


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"", "bad_message"),
        (b"[]", "bad_message"),
        (b"null", "bad_message"),
        (b'"PING"', "bad_message"),
        (b"{}", "bad_message"),
        (b'{"type":"DANCE"}', "unknown_type"),
        (b'{"type":1}', "unknown_type"),
        (b'{"type":"PING","extra":1}', "bad_message"),
        (b'{"type":"PING"} {"type":"PING"}', "bad_message"),
        (b'{"type":"SUBMIT_ANSWER","question_id":"q","answer":true}', "bad_message"),
        (b'{"type":"SUBMIT_ANSWER","question_id":"q","answer":1}', "bad_message"),
        (b'{"type":"SUBMIT_ANSWER","question_id":"q","answer":1.0}', "bad_message"),
        (b'{"type":"SUBMIT_ANSWER","question_id":"q","answer":null}', "bad_message"),
        (b'{"type":"SUBMIT_ANSWER","question_id":"q","answer":["Paris"]}', "bad_message"),
        (b'{"type":"SUBMIT_ANSWER","question_id":"q"}', "bad_message"),
        (b'{"type":"SUBMIT_ANSWER","question_id":"q","answer":"\\ud800"}', "bad_message"),
        (b'{"type":"SUBMIT_ANSWER","question_id":"q","answer":"a\\u0000b"}', "bad_message"),
        (b'{"type":"LOCK_GAME","locked":1}', "bad_message"),
        (b'{"type":"LOCK_GAME","locked":"true"}', "bad_message"),
        (b'{"type":"LOCK_GAME","locked":NaN}', "bad_message"),
        (b'{"type":"LOCK_GAME","locked":1e400}', "bad_message"),
        (b'{"type":"LOCK_GAME","locked":' + b"9" * 4_000 + b"}", "bad_message"),
        (b"[" * 4_000, "bad_message"),
        (b'{"type":"PING","a":' * 200, "bad_message"),
    ],
    ids=lambda value: value[:40].decode() if isinstance(value, bytes) else value,
)
async def test_a_message_of_another_form_gets_an_error_and_changes_nothing(
    house: House, payload: bytes, code: str
) -> None:
    await house.open()
    bob = await house.enter(BOB)
    before = house.hub.game.rev
    bob.client.receive(payload)
    await house.quiet()
    assert bob.last("ERROR")["code"] == code
    assert bob.closed is None
    assert house.hub.game.rev == before


async def test_text_that_is_not_utf8_closes(house: House) -> None:
    await house.open()
    bob = await house.enter(BOB)
    bob.client.receive(b'{"type":"PING"}\xff')
    assert bob.closed == 1007


async def test_errors_do_not_repeat_what_was_sent(house: House) -> None:
    """What a client sends may be anything, a token too."""
    await house.open()
    bob = await house.enter(BOB)
    bob.client.receive(json.dumps({"type": "SECRET-TOKEN"}).encode())
    bob.client.receive(json.dumps({"type": "PING", "SECRET-TOKEN": 1}).encode())
    await house.quiet()
    assert "SECRET-TOKEN" not in bob.all("ERROR")[0]["message"]


# After closing


async def test_what_comes_after_closing_is_ignored_both_ways(house: House) -> None:
    alice, bob = await house.start(BOB)
    for _ in range(100):
        bob.says("PING")
    assert bob.closed == 4429
    bob.answers(RIGHT)
    await alice.say("SKIP_QUESTION")
    assert house.hub.game.answered == {}
    assert "QUESTION_CLOSED" not in bob.types


async def test_what_is_left_to_say_is_said_before_closing(house: House) -> None:
    await house.open()
    alice = await house.enter(ALICE)
    bob = await house.enter(BOB)
    await alice.say("KICK_PLAYER", user_id=BOB)
    assert bob.types[-1] == "PLAYER_LEFT"
    assert bob.closed == 4403


# Signs of life


async def test_a_socket_that_answers_pings_lives(house: House) -> None:
    await house.open()
    bob = await house.enter(BOB)
    await bob.settle_round_trips(50)
    for _ in range(10):
        await house.timing.advance(9_000)
        bob.client.ping()
        await house.timing.advance(200)
        bob.pong()
    assert bob.closed is None


async def test_a_socket_that_answers_no_ping_is_closed(house: House) -> None:
    await house.open()
    bob = await house.enter(BOB)
    await bob.settle_round_trips(50)
    for _ in range(2):
        await house.timing.advance(9_000)
        bob.client.ping()
    assert bob.closed == 4431


async def test_a_ping_that_is_still_on_its_way_is_not_held_against_a_socket(house: House) -> None:
    """The regular ping may be due right after one of the first pings went out."""
    await house.open()
    bob = house.guest(BOB)
    bob.client.ping()
    await house.timing.advance(20)
    await admit(house, bob)
    bob.client.ping()
    await house.timing.advance(100)
    bob.client.ping()
    assert bob.closed is None
    bob.pong()
    bob.client.ping()
    assert bob.closed is None


async def test_only_the_answer_to_the_ping_on_its_way_counts(house: House) -> None:
    await house.open()
    bob = await house.enter(BOB)
    first = bob.transport.pings[-1]
    await house.timing.advance(30)
    bob.pong()
    bob.client.ponged(first)
    bob.client.ponged(b"")
    bob.client.ponged(b"12345678")
    for _ in range(2):
        await house.timing.advance(9_000)
        bob.client.ping()
    assert bob.closed == 4431


async def admit(house: House, guest: Guest) -> None:
    from momentum.realtime.admission import Admission

    admission = Admission(user_id=guest.user_id, username="Bob", role="player", generation=None, by="ticket")
    guest.client.admit(house.rooms.enter(GAME), admission)
    await house.quiet()
