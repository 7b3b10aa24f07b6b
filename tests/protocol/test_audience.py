"""Nothing tells the key, or who is right, before the close."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momentum.game.phases import Phase
from momentum.game.settings import Question, Settings

from .scripts import KEYS, SCRIPTS, SETTINGS, at_every_pace, in_every_way
from .stage import (
    ALICE,
    BOB,
    DORA,
    ERIK,
    PLAYERS,
    SCREEN,
    SEED,
    Action,
    Stage,
    Told,
    acted,
    created,
    heard_by,
    told_to,
)

# What a frame may say


def texts(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text in decoded JSON, names of fields too, with the way to it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*path, "name of"), name
            yield from texts(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts(inner, (*path, index))
    elif isinstance(value, str):
        yield path, value


def may_stand(path: tuple[str | int, ...], option: str, index: int, told: Told, number: int) -> bool:
    """Whether an option of the open question may stand there."""
    if path in (("payload", "options", index), ("payload", "question", "options", index)):
        return True
    own = path in (("payload", "answer"), ("payload", "question", "your_answer"), ("payload", "your_result", "answer"))
    return own and told.answers.get(number) == option


def assert_only_options(told: Told, question: Question, number: int) -> None:
    """The options of an open question stand where they are asked and where the receiver's own answer stands."""
    said = list(texts(json.loads(told.payload)))
    for index, option in enumerate(question.options):
        places = [path for path, text in said if option in text]
        assert len(places) == told.payload.count(option.encode())
        assert all(may_stand(path, option, index, told, number) for path in places), (option, told)


def results_in(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Everything in a payload that tells of an answer whether it was right."""
    if "is_correct" in payload:
        yield payload
    for value in payload.values():
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from results_in(inner)


def assert_no_verdict(told: Told, question: Question, number: int, settings: Settings) -> None:
    """Nobody's answer to an open question is called right or wrong, but the receiver's own where the rules say so."""
    for result in results_in(json.loads(told.payload)["payload"]):
        if result["question_id"] != question.id:
            continue
        assert settings.pace == "race"
        assert (result["is_correct"], result["points_awarded"], result["correct_answer"]) == (False, 0, None)
        assert result["answer"] == told.answers[number]


def assert_silent(told: Told, questions: tuple[Question, ...], settings: Settings) -> None:
    """`told` tells nothing of the key of a question that has not closed."""
    for number, question in enumerate(questions, start=1):
        if number <= told.closed:
            continue
        assert question.explanation.encode() not in told.payload
        if number > told.opened:
            for text in (question.id, question.text, question.category, *question.options):
                assert text.encode() not in told.payload
        elif settings.reveal == "at_close":
            assert_only_options(told, question, number)
            assert_no_verdict(told, question, number, settings)
        elif number not in told.answers:
            assert_only_options(told, question, number)
            assert f'"question_id":"{question.id}","answer"'.encode() not in told.payload


@in_every_way
@at_every_pace
@given(key=KEYS, settings=SETTINGS, script=SCRIPTS)
def test_no_frame_before_the_close_tells_the_key(
    pace: str, reveal: str, key: tuple[int, ...], settings: dict[str, Any], script: list[Action]
) -> None:
    seen: list[Told] = []
    stage = acted(created(key, pace=pace, reveal=reveal, **settings), script, lambda stage: seen.extend(stage.look()))
    assert stage.game.phase is Phase.OVER
    for told in (*stage.told, *seen):
        assert_silent(told, stage.game.questions, stage.game.settings)


@in_every_way
@at_every_pace
@given(key=KEYS, settings=SETTINGS, script=SCRIPTS)
def test_no_frame_ever_has_what_is_not_for_clients(
    pace: str, reveal: str, key: tuple[int, ...], settings: dict[str, Any], script: list[Action]
) -> None:
    seen: list[Told] = []
    stage = acted(created(key, pace=pace, reveal=reveal, **settings), script, lambda stage: seen.extend(stage.look()))
    internal = [stage.game.source_contest_id, str(SEED)]
    internal += [text for question in stage.game.questions for text in (question.bank_id, question.difficulty)]
    for told in (*stage.told, *seen):
        assert not [text for text in internal if text.encode() in told.payload]


def test_the_search_finds_a_key_that_is_told_too_early() -> None:
    stage = acted(created((2,)), [("start",), ("answer", BOB, 2, 1_000)])
    told = next(told for told in stage.told if b"QUESTION_CLOSED" in told.payload)
    assert_silent(told, stage.game.questions, stage.game.settings)
    with pytest.raises(AssertionError):
        assert_silent(replace(told, closed=0), stage.game.questions, stage.game.settings)


# Two games


def with_another_key(key: tuple[int, ...], number: int, shift: int) -> tuple[int, ...]:
    """The same questions, but for which option of question `number` is right."""
    return (*key[: number - 1], (key[number - 1] + shift) % 4, *key[number:])


def told_step_by_step(stage: Stage, script: list[Action], number: int, *, to_answerers: bool) -> list[list[Told]]:
    """For each step until question `number` closes: what was told, and what everybody would see looking at the game."""
    steps: list[list[Told]] = []
    for action in [*(("come", user_id) for user_id in (ALICE, SCREEN, *PLAYERS)), *script, ("finish",)]:
        heard = len(stage.told)
        stage.play(action)
        told = [told for told in (*stage.told[heard:], *stage.look()) if told.closed < number]
        steps.append([each for each in told if to_answerers or number not in each.answers])
        if len(stage.game.closings) >= number:
            break
    return steps


@in_every_way
@at_every_pace
@given(key=KEYS, place=st.integers(0, 2), shift=st.integers(1, 3), settings=SETTINGS, script=SCRIPTS)
def test_games_that_differ_in_the_key_sound_the_same_until_the_close(
    pace: str,
    reveal: str,
    key: tuple[int, ...],
    place: int,
    shift: int,
    settings: dict[str, Any],
    script: list[Action],
) -> None:
    """Byte for byte, to everybody. A race ends with the right answer, in one of the two games; wrong answers are told
    to be so in both. With immediate reveal: to everybody who has not answered."""
    number = place % len(key) + 1
    one, other = (
        told_step_by_step(
            Stage(created(right, pace=pace, reveal=reveal, **settings)),
            script,
            number,
            to_answerers=reveal == "at_close",
        )
        for right in (key, with_another_key(key, number, shift))
    )
    if pace == "everyone":
        assert one == other
    else:
        steps = min(len(one), len(other)) - 1
        assert one[:steps] == other[:steps]


# Who hears what


def test_a_game_for_everyone_is_told_in_this_order() -> None:
    script: list[Action] = [("start",), ("answer", BOB, 2, 1_000), ("answer", DORA, 1, 1_000), ("wait", 16_000)]
    stage = acted(created((2,), countdown_ms=3_000, intermission_ms=4_000), [*script[:1], ("wait", 3_000), *script[1:]])
    waiting = ["GAME_STATE", "PLAYER_JOINED", "PLAYER_JOINED", "PLAYER_JOINED", "CONTEST_STARTED", "NEW_QUESTION"]
    assert heard_by(stage, ALICE) == [
        *waiting,
        *["ANSWER_PROGRESS", "ANSWER_PROGRESS", "SCORE_UPDATE", "QUESTION_CLOSED", "GAME_OVER"],
    ]
    assert heard_by(stage, SCREEN) == heard_by(stage, ALICE)
    assert heard_by(stage, BOB) == [
        *waiting,
        *["ANSWER_ACCEPTED", "ANSWER_PROGRESS", "ANSWER_PROGRESS"],
        *["ANSWER_RESULT", "SCORE_UPDATE", "QUESTION_CLOSED", "GAME_OVER"],
    ]


def test_a_race_is_told_in_this_order() -> None:
    script: list[Action] = [("start",), ("answer", BOB, 1, 1_000), ("answer", DORA, 2, 1_000), ("wait", 4_000)]
    stage = acted(created((2,), pace="race"), script)
    close = ["SCORE_UPDATE", "QUESTION_CLOSED", "GAME_OVER"]
    assert heard_by(stage, BOB)[5:] == ["NEW_QUESTION", "ANSWER_RESULT", "ANSWER_PROGRESS", *close]
    assert heard_by(stage, DORA)[4:] == ["NEW_QUESTION", "ANSWER_PROGRESS", "ANSWER_RESULT", *close]
    assert heard_by(stage, ERIK)[3:] == ["NEW_QUESTION", "ANSWER_PROGRESS", *close]


def test_who_is_wrong_in_a_race_learns_that_and_no_more() -> None:
    stage = acted(created((2,), pace="race"), [("start",), ("answer", BOB, 1, 1_000)])
    assert told_to(stage, BOB, "ANSWER_RESULT") == [
        {
            "question_id": stage.game.question.id,
            "answer": stage.game.question.options[1],
            "is_correct": False,
            "points_awarded": 0,
            "time_taken": 1.0,
            "new_score": 0,
            "correct_answer": None,
        }
    ]


@at_every_pace
def test_immediate_reveal_tells_an_answerer_result_points_and_new_score_at_once(pace: str) -> None:
    stage = acted(created((2, 0), pace=pace, reveal="immediate"), [("start",), ("answer", BOB, 2, 1_000)])
    result = told_to(stage, BOB, "ANSWER_RESULT")[0]
    assert (result["is_correct"], result["points_awarded"], result["new_score"]) == (True, 967, 967)
    assert result["correct_answer"] == stage.game.questions[0].options[2]
    assert len(told_to(stage, BOB, "ANSWER_RESULT")) == 1


@in_every_way
@at_every_pace
def test_a_skipped_question_earns_nothing_whatever_was_told_before(pace: str, reveal: str) -> None:
    stage = Stage(created((2, 2), pace=pace, reveal=reveal))
    right = 1 if pace == "race" else 2
    for action in (("come", BOB), ("come", DORA), ("start",), ("answer", BOB, right, 1_000), ("skip",)):
        stage.play(action)
    result = told_to(stage, BOB, "ANSWER_RESULT")[-1]
    assert (result["points_awarded"], result["new_score"]) == (0, 0)
    assert told_to(stage, BOB, "QUESTION_CLOSED")[0]["voided"]


@in_every_way
@at_every_pace
def test_an_answer_given_again_gets_what_the_first_one_got(pace: str, reveal: str) -> None:
    stage = Stage(created((2, 2), pace=pace, reveal=reveal))
    for action in (("come", BOB), ("come", DORA), ("start",), ("answer", BOB, 1, 1_000)):
        stage.play(action)
    stage.play(("answer again", BOB, 2, 1))
    type_ = "ANSWER_ACCEPTED" if (pace, reveal) == ("everyone", "at_close") else "ANSWER_RESULT"
    first, again = told_to(stage, BOB, type_)
    assert again == first


def test_an_answer_given_again_after_the_close_gets_its_result() -> None:
    stage = Stage(created((2, 2)))
    for action in (("come", BOB), ("come", DORA), ("start",), ("answer", BOB, 2, 1_000), ("skip",), ("next",)):
        stage.play(action)
    stage.play(("answer again", BOB, 0, 1))
    result = told_to(stage, BOB, "ANSWER_RESULT")[-1]
    assert result == told_to(stage, BOB, "ANSWER_RESULT")[0]
