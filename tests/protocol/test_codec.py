"""What a client may send is read exactly; what it is told is the same bytes however it is put together."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from momentum.protocol import codec, from_client
from momentum.protocol.codec import BadMessage
from momentum.protocol.to_client import (
    AnswerAccepted,
    Error,
    GameOver,
    OptionCount,
    Pong,
    QuestionClosed,
    QuestionSummary,
    ScoreRow,
    ToClient,
)

DEEP = 10_000
TRICKY = ('"own":null}', '\\"own":null}', 'own":null},"rev":1', '"own":null}}', "\\", "\u2028", "é\x00", "😀", "")


def refusal(frame: bytes) -> str:
    """The code of the ERROR that answers `frame`."""
    with pytest.raises(BadMessage) as refused:
        codec.decode(frame)
    assert str(refused.value).endswith("."), "a person reads this"
    return refused.value.code


# From clients


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (b'{"type":"AUTHENTICATE","token":"a.b.c"}', from_client.Authenticate("a.b.c")),
        (b'{"type":"START_GAME"}', from_client.StartGame()),
        (b'{"type":"SUBMIT_ANSWER","question_id":"q","answer":"Paris"}', from_client.SubmitAnswer("q", "Paris")),
        (b'{"type":"NEXT_QUESTION"}', from_client.NextQuestion()),
        (b'{"type":"SKIP_QUESTION"}', from_client.SkipQuestion()),
        (b'{"type":"PAUSE_GAME"}', from_client.PauseGame()),
        (b'{"type":"RESUME_GAME"}', from_client.ResumeGame()),
        (b'{"type":"KICK_PLAYER","user_id":"u"}', from_client.KickPlayer("u")),
        (b'{"type":"LOCK_GAME","locked":true}', from_client.LockGame(True)),
        (b'{"type":"END_GAME"}', from_client.EndGame()),
        (b'{"type":"LEAVE"}', from_client.Leave()),
        (b'{"type":"PING"}', from_client.Ping()),
    ],
)
def test_every_documented_message_is_understood(frame: bytes, message: from_client.FromClient) -> None:
    assert codec.decode(frame) == message


def test_the_order_of_fields_and_the_space_around_them_do_not_matter() -> None:
    frame = b' {\n "answer" : "\\u00e9\\ud83d\\ude00", "question_id":"q" ,"type":"SUBMIT_ANSWER"}\t'
    assert codec.decode(frame) == from_client.SubmitAnswer("q", "é😀")


@pytest.mark.parametrize("type_", ["ping", "PONG", "GAME_STATE", "HELLO", "", " PING", "START_GAME\\u0000"])
def test_an_unknown_type_is_refused_with_its_own_code(type_: str) -> None:
    assert refusal(b'{"type":"%b"}' % type_.encode()) == "unknown_type"


@pytest.mark.parametrize("type_", [b"5", b"null", b"true", b'"PING","type":"LEAVE"'])
def test_a_type_that_is_no_single_text_is_refused_as_unknown(type_: bytes) -> None:
    assert refusal(b'{"type":%b}' % type_) == "unknown_type"


@pytest.mark.parametrize("value", [b"1", b"0", b"1.0", b'"true"', b"null", b"[]", b"{}", b"[true]", b"-1", b"9" * 4000])
def test_only_true_and_false_are_yes_and_no(value: bytes) -> None:
    assert refusal(b'{"type":"LOCK_GAME","locked":%b}' % value) == "bad_message"


@pytest.mark.parametrize("value", [b"1", b"1.0", b"true", b"null", b'["Paris"]', b'{"text":"Paris"}', b"-1", b"99"])
def test_only_a_text_is_an_answer(value: bytes) -> None:
    assert refusal(b'{"type":"SUBMIT_ANSWER","question_id":"q","answer":%b}' % value) == "bad_message"


@pytest.mark.parametrize(
    "frame",
    [
        b'{"type":"START_GAME","is_admin":true}',
        b'{"type":"START_GAME","role":"host"}',
        b'{"type":"AUTHENTICATE","token":"t","user_id":"somebody else"}',
        b'{"type":"SUBMIT_ANSWER","question_id":"q","answer":"a","t_ms":1}',
        b'{"type":"START_GAME","payload":{}}',
        b'{"type":"START_GAME","":1}',
    ],
)
def test_an_unknown_field_is_refused(frame: bytes) -> None:
    assert refusal(frame) == "bad_message"


@pytest.mark.parametrize(
    "frame",
    [
        b"{}",
        b'{"question_id":"q","answer":"a"}',
        b'{"type":"SUBMIT_ANSWER","answer":"a"}',
        b'{"type":"LOCK_GAME"}',
        b'{"type":"AUTHENTICATE"}',
    ],
)
def test_a_missing_field_is_refused(frame: bytes) -> None:
    assert refusal(frame) == "bad_message"


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b" ",
        b"null",
        b"true",
        b"0",
        b'"PING"',
        b"[]",
        b'[{"type":"PING"}]',
        b'{"type":"PING"}{"type":"PING"}',
        b'{"type":"PING"}\x00',
        b'{"type":"PING",}',
        b"{'type':'PING'}",
        b'{"type":"PING"} // a comment',
        b'\xef\xbb\xbf{"type":"PING"}',
        '{"type":"PING"}'.encode("utf-16"),
    ],
)
def test_anything_but_one_json_object_is_refused(frame: bytes) -> None:
    assert refusal(frame) == "bad_message"


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e400", b"-1e999", b"1" + b"0" * 400, b"0x1"])
@pytest.mark.parametrize("form", [b"%b", b'{"type":"LOCK_GAME","locked":%b}', b'{"type":"PING","x":%b}'])
def test_numbers_that_are_none_are_refused(form: bytes, number: bytes) -> None:
    assert refusal(form % number) == "bad_message"


@pytest.mark.parametrize(
    "frame",
    [
        b"[" * DEEP,
        b"[" * DEEP + b"]" * DEEP,
        b'{"type":' * DEEP,
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        b'{"a":' + b"[" * DEEP + b"]" * DEEP + b',"type":"PING"}',
        b'{"type":"SUBMIT_ANSWER","question_id":"q","answer":' + b"[" * DEEP + b"]" * DEEP + b"}",
        b'{"type":"LOCK_GAME","locked":' + b'{"a":' * DEEP + b"1" + b"}" * DEEP + b"}",
    ],
)
def test_depth_is_refused_and_breaks_nothing(frame: bytes) -> None:
    assert refusal(frame) == "bad_message"


@pytest.mark.parametrize("text", [b"\\ud800", b"\\udfff", b"\\ude00\\ud83d", b"a\\ud83d b", b"\\ud83d\\u0041"])
def test_half_a_character_is_refused(text: bytes) -> None:
    assert refusal(b'{"type":"SUBMIT_ANSWER","question_id":"q","answer":"%b"}' % text) == "bad_message"


@pytest.mark.parametrize("text", [b"\xff", b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80"])
@pytest.mark.parametrize(
    "form", [b'{"type":"KICK_PLAYER","user_id":"%b"}', b'{"type":"PING","%b":1}', b'{"type":"%b"}']
)
def test_what_is_not_utf_8_is_refused(form: bytes, text: bytes) -> None:
    assert refusal(form % text) in ("bad_message", "unknown_type")


@pytest.mark.parametrize(
    "form",
    [
        b'{"type":"SUBMIT_ANSWER","question_id":"q","answer":"%b"}',
        b'{"type":"SUBMIT_ANSWER","question_id":"%b","answer":"a"}',
        b'{"type":"KICK_PLAYER","user_id":"%b"}',
        b'{"type":"AUTHENTICATE","token":"%b"}',
    ],
)
@pytest.mark.parametrize("nul", [b"\\u0000", b"a\\u0000", b"a\\n\\u0000b", b"\x00", b"a\n"])
def test_texts_have_no_nul_and_no_bare_control_character(form: bytes, nul: bytes) -> None:
    assert refusal(form % nul) == "bad_message"


@given(st.binary(max_size=200))
def test_no_frame_raises_anything_else(frame: bytes) -> None:
    try:
        codec.decode(frame)
    except BadMessage as refused:
        assert refused.code in ("bad_message", "unknown_type")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["type", "token", "question_id", "answer", "user_id", "locked", "payload"])
TYPES = st.sampled_from([kind.__struct_config__.tag for kind in from_client.AnyFromClient.__args__])


@given(TYPES, st.dictionaries(NAMES, JSON, max_size=4))
def test_what_is_accepted_is_what_was_said(type_: str, fields: dict[str, Any]) -> None:
    said = {"type": type_} | fields
    try:
        message = codec.decode(json.dumps(said).encode())
    except BadMessage:
        return
    assert msgspec.to_builtins(message) == said


# To clients


def row(user_id: str, username: str = "Bob", rank: int = 1) -> ScoreRow:
    return ScoreRow(rank, user_id, username, 850, 850, 1)


def closed(text: str = "Paris") -> QuestionClosed:
    """A close in which every text is `text`."""
    return QuestionClosed(
        question_number=1,
        total_questions=2,
        question_id="q1",
        question_text=text,
        options=(text, "Rome"),
        correct_answer=text,
        distribution=(OptionCount(text, 1), OptionCount("Rome", 0)),
        explanation=text,
        voided=False,
        scoreboard=(row("bob", text),),
        player_count=1,
        next_in_ms=4000,
    )


def over(text: str = "Paris") -> GameOver:
    summary = QuestionSummary(
        question_number=1,
        question_text=text,
        options=(text, "Rome"),
        correct_answer=text,
        distribution=(OptionCount(text, 1), OptionCount("Rome", 0)),
        explanation=text,
        voided=False,
    )
    return GameOver(
        message=text,
        reason="completed",
        final_scoreboard=(row("bob", text),),
        player_count=1,
        questions=(summary,),
    )


def whole(message: ToClient, rev: int | None, seq: int) -> bytes:
    """The frame, encoded in one go."""
    outer: dict[str, Any] = {"type": message.type, "payload": message}
    if rev is not None:
        outer["rev"] = rev
    return msgspec.json.encode({**outer, "seq": seq})


@pytest.mark.parametrize("message", [Pong(), AnswerAccepted("q1"), Error("bad_message", '"own":null}'), closed()])
@pytest.mark.parametrize("rev", [None, 0, 17])
def test_a_frame_is_its_message_with_rev_and_seq(message: ToClient, rev: int | None) -> None:
    frame = codec.encode(message, rev).for_receiver("bob", 3)
    assert frame == whole(message, rev, 3)
    told = json.loads(frame)
    assert list(told) == ["type", "payload", *([] if rev is None else ["rev"]), "seq"]
    assert told["seq"] == 3
    assert told["type"] == message.type


@pytest.mark.parametrize("make", [closed, over])
@pytest.mark.parametrize("text", TRICKY)
def test_ones_own_line_stands_at_its_place_whatever_the_texts_say(make: Any, text: str) -> None:
    message, own = make(text), row("dora", text, rank=101)
    encoded = codec.encode(message, 9, {"dora": own})
    assert encoded.for_receiver("dora", 4) == whole(msgspec.structs.replace(message, own=own), 9, 4)
    assert encoded.for_receiver("a screen", 5) == whole(message, 9, 5)


@given(st.text(), st.text(), st.integers(0, 2**53), st.integers(1, 2**53))
def test_appending_is_the_same_as_encoding_whole(text: str, username: str, rev: int, seq: int) -> None:
    for make in (closed, over):
        message, own = make(text), row("dora", username)
        frame = codec.encode(message, rev, {"dora": own}).for_receiver("dora", seq)
        assert frame == whole(msgspec.structs.replace(message, own=own), rev, seq)
        assert json.loads(frame)["payload"]["own"]["username"] == username


def test_a_message_for_many_is_encoded_once() -> None:
    encoded = codec.encode(closed(), 9, {name: row(name) for name in ("bob", "dora")})
    assert json.loads(encoded.for_receiver("bob", 1))["payload"]["own"]["user_id"] == "bob"
    assert json.loads(encoded.for_receiver("dora", 8))["payload"]["own"]["user_id"] == "dora"
    assert encoded == codec.encode(closed(), 9, {name: row(name) for name in ("bob", "dora")})
