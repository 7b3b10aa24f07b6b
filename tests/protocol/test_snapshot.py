"""What is heard adds up to the game as GAME_STATE tells it; GAME_STATE is for its receiver alone."""

import json
from itertools import takewhile
from typing import Any

from hypothesis import given

from momentum.game import events
from momentum.game.phases import Phase
from momentum.protocol import codec
from momentum.protocol.to_client import Role

from .listener import Listener
from .scripts import KEYS, SCRIPTS, SETTINGS, at_every_pace, in_every_way
from .stage import (
    ALICE,
    BOB,
    DORA,
    Action,
    Socket,
    Stage,
    acted,
    created,
)

# What it adds up to


def assert_follows(listener: Listener, stage: Stage, role: Role) -> None:
    """The state that a client has come to is the one it would get anew."""
    fresh = Listener(listener.user_id)
    fresh.hear(codec.encode(stage.state(listener.user_id, role), stage.game.rev).for_receiver(listener.user_id, 1))
    for part in ("phase", "paused", "locked", "number", "players", "player_count", "score", "question", "accepted"):
        assert getattr(listener, part) == getattr(fresh, part), (part, role)
    assert listener.over == fresh.over
    if fresh.progress is not None and listener.progress is not None:
        assert listener.progress[0] == fresh.progress[0], "how many have answered"
    assert_same_result(listener.result, fresh.result)
    assert_same_close(listener, fresh, stage)


def assert_same_result(heard: dict[str, Any] | None, fresh: dict[str, Any] | None) -> None:
    """Who was told at once to be wrong learns the right answer from QUESTION_CLOSED, or from GAME_STATE."""
    assert (heard is None) == (fresh is None)
    if heard and fresh:
        assert heard | {"correct_answer": None} == fresh | {"correct_answer": None}
        assert heard["correct_answer"] in (None, fresh["correct_answer"])


def assert_same_close(listener: Listener, fresh: Listener, stage: Stage) -> None:
    """Who comes or goes after the close changes the board as GAME_STATE has it; nobody is told again for that."""
    assert (listener.closed is None) == (fresh.closed is None)
    since = takewhile(lambda event: not isinstance(event, events.QuestionClosed), reversed(stage.journal))
    moved = any(isinstance(event, events.PlayerJoined | events.PlayerLeft) for event in since)
    if listener.closed and fresh.closed:
        changing = {"next_in_ms"} | ({"scoreboard", "own", "player_count"} if moved else set())
        same = fresh.closed.keys() - changing
        assert {name: listener.closed[name] for name in same} == {name: fresh.closed[name] for name in same}
    if not moved:
        assert listener.rank == fresh.rank


@in_every_way
@at_every_pace
@given(key=KEYS, settings=SETTINGS, script=SCRIPTS)
def test_what_is_heard_adds_up_to_the_state_that_is_told_anew(
    pace: str, reveal: str, key: tuple[int, ...], settings: dict[str, Any], script: list[Action]
) -> None:
    listeners: dict[Socket, Listener] = {}

    def catch_up(stage: Stage) -> None:
        for socket in stage.sockets:
            listener = listeners.setdefault(socket, Listener(socket.user_id))
            for frame in socket.heard[listener.seq :]:
                listener.hear(frame)
            assert_follows(listener, stage, socket.role)

    stage = acted(created(key, pace=pace, reveal=reveal, **settings), script, catch_up)
    boards = {json.dumps(listener.over["final_scoreboard"]) for listener in listeners.values() if listener.over}
    assert len(boards) <= 1, "everybody who is there at the end has the same board"
    assert stage.game.phase is Phase.OVER


# For whom


def test_with_immediate_reveal_others_see_the_points_at_the_close() -> None:
    stage = Stage(created((2,), reveal="immediate"))
    for action in (("come", BOB), ("come", DORA), ("start",), ("answer", BOB, 2, 1_000)):
        stage.play(action)
    assert stage.state(BOB, "player").you.score == 967
    assert [player.score for player in stage.state(DORA, "player").players] == [0, 0]
    stage.wait(16_000)
    assert [player.score for player in stage.state(DORA, "player").players] == [967, 0]


def test_a_big_screen_shows_nobodys_own_answer() -> None:
    """Even the screen of a host who plays: others look at it."""
    stage = Stage(created((2,), host_plays=True, pace="race"))
    for action in (("come", ALICE), ("come", BOB), ("start",), ("answer", ALICE, 1, 1_000)):
        stage.play(action)
    shown = stage.state(ALICE, "screen")
    assert shown.question is not None
    assert (shown.question.your_answer, shown.question.may_answer, shown.your_result) == (None, False, None)
    assert (shown.you.seated, shown.you.score, shown.you.rank) == (False, 0, None)
