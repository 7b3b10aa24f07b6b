"""A node that is killed, or stopped, and another on the same file: games go on, nothing acknowledged is lost."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from momentum.environment import Environment
from momentum.game.apply import replay
from momentum.realtime.timing import LoopTiming

from .fakes import Message
from .games import ALICE, BOB, DORA, GAME, RIGHT, WRONG
from .raw import Raw, text
from .running import Running, environment, running


@pytest.fixture
def settings(games_file: Path) -> Environment:
    return environment(games_file.parent)


async def kill(node: Running) -> None:
    """As far as the journal can tell: nothing more is written, nothing is said, sockets end without a word."""
    manager, server = node.node.manager, node.node.server
    await node.node.journal.close()
    manager.ownership._membership._beating.stop()
    manager._housekeeping._watching.stop()
    manager._housekeeping._pruning.stop()
    for hub in manager.hubs.values():
        hub.stop()
        hub._voice.silent = True
    server._rota.stop()
    server.shut()
    for client in tuple(server._clients):
        client._transport._hang_up()  # type: ignore[attr-defined]
    await server._empty.wait()
    await server._http.cleanup()
    node._stopped = True


async def comes_back(node: Running, raw: Raw, token: str) -> Message:
    """The GAME_STATE that a resume token gives."""
    await raw.upgrade(f"/ws/contests/{GAME}")
    raw.send(text(type="AUTHENTICATE", token=token))
    state = await raw.until("GAME_STATE")
    node.secrets.append(state["resume_token"])
    return state


async def test_after_a_kill_the_same_question_goes_on_with_its_clock(
    settings: Environment, watched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(settings) as node:
        await node.open()
        async with node.raw() as alice, node.raw() as bob, node.raw() as dora:
            await node.enter(alice, ALICE, "host")
            resumes = [(await node.enter(raw, user_id))["resume_token"] for raw, user_id in ((bob, BOB), (dora, DORA))]
            alice.send(text(type="START_GAME"))
            question = await bob.until("NEW_QUESTION")
            await asyncio.sleep(0.7)
            bob.send(text(type="SUBMIT_ANSWER", question_id=question["question_id"], answer=RIGHT))
            await bob.until("ANSWER_ACCEPTED")
            await kill(node)
    watched.extend(node.secrets)
    let_eight_seconds_pass(monkeypatch)
    async with running(settings) as again, again.raw() as bob, again.raw() as dora:
        state = await comes_back(again, bob, resumes[0])
        assert state["question"]["question_id"] == question["question_id"]
        assert state["question"]["your_answer"] == RIGHT
        assert 8_000 <= state["question"]["remaining_ms"] <= 14_300
        assert (await comes_back(again, dora, resumes[1]))["question"]["your_answer"] is None
        for raw, answer in ((bob, RIGHT), (dora, WRONG)):
            raw.send(text(type="SUBMIT_ANSWER", question_id=question["question_id"], answer=answer))
            await raw.until("ANSWER_ACCEPTED")
        closed = await bob.until("QUESTION_CLOSED")
        assert [(row["username"], row["correct_count"]) for row in closed["scoreboard"]] == [("Bob", 1), ("Dora", 0)]
        assert closed["distribution"][question["options"].index(RIGHT)]["count"] == 1
        watched.extend(again.secrets)


def let_eight_seconds_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    now = LoopTiming.mono_ms
    monkeypatch.setattr(LoopTiming, "mono_ms", lambda timing: now(timing) + 8_000)


async def test_a_game_survives_one_kill_after_the_other(settings: Environment, watched: list[str]) -> None:
    async with running(settings) as node:
        await node.open(questions=1, intermission_ms=0)
        async with node.raw() as alice, node.raw() as bob:
            await node.enter(alice, ALICE, "host")
            resume = (await node.enter(bob, BOB))["resume_token"]
            alice.send(text(type="START_GAME"))
            await bob.until("NEW_QUESTION")
            await kill(node)
    secrets = node.secrets
    for number in range(2, 7):
        async with running(settings) as node, node.raw() as bob:
            state = await comes_back(node, bob, resume)
            resume = state["resume_token"]
            assert state["phase"] == "question"
            assert node.node.manager.hub(GAME).epoch == number
            await kill(node)
        secrets += node.secrets
    async with running(settings) as node, node.raw() as bob:
        state = await comes_back(node, bob, resume)
        bob.send(text(type="SUBMIT_ANSWER", question_id=state["question"]["question_id"], answer=RIGHT))
        await bob.until("QUESTION_CLOSED")
        assert (await bob.until("GAME_OVER"))["reason"] == "completed"
    watched.extend(secrets + node.secrets)


async def test_an_answer_without_an_acknowledgement_is_there_or_not_and_never_twice(
    settings: Environment, watched: list[str]
) -> None:
    async with running(settings) as node:
        await node.open()
        async with node.raw() as alice, node.raw() as bob, node.raw() as dora:
            await node.enter(alice, ALICE, "host")
            resume = (await node.enter(bob, BOB))["resume_token"]
            await node.enter(dora, DORA)
            alice.send(text(type="START_GAME"))
            question = await bob.until("NEW_QUESTION")
            answer = text(type="SUBMIT_ANSWER", question_id=question["question_id"], answer=RIGHT)
            bob.send(answer)
            while BOB not in node.node.manager.hub(GAME).game.answered:  # noqa: ASYNC110 (nothing says when)
                await asyncio.sleep(0)
            await kill(node)
    async with running(settings) as again, again.raw() as bob:
        state = await comes_back(again, bob, resume)
        assert state["question"]["your_answer"] in (None, RIGHT)
        bob.send(answer)
        await bob.until("ANSWER_ACCEPTED")
        kept = await again.node.journal.read(GAME)
        assert sum(getattr(entry.event, "user_id", "") == BOB and hasattr(entry.event, "choice") for entry in kept) == 1
        assert replay(entry.event for entry in kept) == again.node.manager.hub(GAME).game
    watched.extend(node.secrets + again.secrets)


async def test_after_a_stop_the_next_node_goes_on(settings: Environment, watched: list[str]) -> None:
    async with running(settings) as node:
        await node.open()
        async with node.raw() as alice, node.raw() as bob:
            await node.enter(alice, ALICE, "host")
            resume = (await node.enter(bob, BOB))["resume_token"]
            alice.send(text(type="START_GAME"))
            question = await bob.until("NEW_QUESTION")
            await asyncio.sleep(0.3)
            stopping = asyncio.create_task(node.stop())
            assert await bob.close_code() == 1012
            assert await alice.close_code() == 1012
            await stopping
    async with running(settings) as again, again.raw() as bob:
        state = await comes_back(again, bob, resume)
        assert state["question"]["question_id"] == question["question_id"]
        assert 8_000 <= state["question"]["remaining_ms"] <= 14_700
    watched.extend(node.secrets + again.secrets)


async def test_an_ended_game_is_there_to_be_looked_at(settings: Environment, watched: list[str]) -> None:
    async with running(settings) as node:
        await node.open(questions=1)
        async with node.raw() as alice, node.raw() as bob:
            await node.enter(alice, ALICE, "host")
            resume = (await node.enter(bob, BOB))["resume_token"]
            alice.send(text(type="START_GAME"))
            question = await bob.until("NEW_QUESTION")
            bob.send(text(type="SUBMIT_ANSWER", question_id=question["question_id"], answer=RIGHT))
            await bob.until("QUESTION_CLOSED")
            alice.send(text(type="NEXT_QUESTION"))
            over = await bob.until("GAME_OVER")
            await kill(node)
    async with running(settings) as again, again.raw() as bob:
        assert again.node.manager.hubs == {}
        state = await comes_back(again, bob, resume)
        assert state["phase"] == "over"
        assert state["over"]["final_scoreboard"] == over["final_scoreboard"]
        assert state["over"]["questions"] == over["questions"]
    watched.extend(node.secrets + again.secrets)


async def test_results_rows_journal_and_board_agree(settings: Environment, watched: list[str]) -> None:
    async with running(settings) as node:
        await node.open(questions=2)
        async with node.raw() as alice, node.raw() as bob, node.raw() as dora:
            await node.enter(alice, ALICE, "host")
            for raw, user_id in ((bob, BOB), (dora, DORA)):
                await node.enter(raw, user_id)
            alice.send(text(type="START_GAME"))
            for answers in ((RIGHT, WRONG), (RIGHT, RIGHT)):
                for raw, answer in ((bob, answers[0]), (dora, answers[1])):
                    question = await raw.until("NEW_QUESTION")
                    raw.send(text(type="SUBMIT_ANSWER", question_id=question["question_id"], answer=answer))
                await alice.until("QUESTION_CLOSED")
                alice.send(text(type="NEXT_QUESTION"))
            board = (await bob.until("GAME_OVER"))["final_scoreboard"]
        watched.extend(node.secrets)
    rows = read(settings.data_dir / "games.sqlite3")
    told = [(row["user_id"], row["rank"], row["score"], row["correct_count"]) for row in board]
    assert rows("SELECT user_id, rank, score, correct_count FROM player_result ORDER BY place") == told
    assert rows("SELECT user_id, sum(points) FROM answer_result GROUP BY 1 ORDER BY 1") == sorted(
        (row["user_id"], row["score"]) for row in board
    )
    assert rows("SELECT number, bank_id, category, close_reason FROM question_result ORDER BY 1") == [
        (1, "bank-1", "Geography", "answered"),
        (2, "bank-2", "Geography", "answered"),
    ]
    assert rows("SELECT DISTINCT source_contest_id FROM player_result") == [("contest-1",)]
    assert rows(
        "SELECT json_extract(body, '$.user_id'), sum(json_extract(body, '$.points')) FROM journal"
        " WHERE kind = 'answer_given' GROUP BY 1 ORDER BY 1"
    ) == sorted((row["user_id"], row["score"]) for row in board)
    assert rows("SELECT max(seq) - count(*) FROM journal") == [(0,)]


async def test_a_web_request_that_writes_for_a_second_delays_no_answer(
    settings: Environment, watched: list[str]
) -> None:
    """The journal has a file of its own: a long transaction in the site's is none of its business."""
    site = sqlite3.connect(settings.data_dir / "site.sqlite3", isolation_level=None)
    site.execute("CREATE TABLE something (x)")
    async with running(settings) as node:
        await node.open()
        async with node.raw() as alice, node.raw() as bob:
            await node.enter(alice, ALICE, "host")
            await node.enter(bob, BOB)
            site.execute("BEGIN EXCLUSIVE")
            site.execute("INSERT INTO something VALUES (1)")
            alice.send(text(type="START_GAME"))
            question = await bob.until("NEW_QUESTION")
            bob.send(text(type="SUBMIT_ANSWER", question_id=question["question_id"], answer=RIGHT))
            await bob.until("ANSWER_ACCEPTED")
            site.execute("COMMIT")
        watched.extend(node.secrets)
    site.close()


def read(path: Path) -> Callable[[str], list[tuple[object, ...]]]:
    """What a query gives."""

    def rows(query: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(path) as db:
            found = db.execute(query).fetchall()
        db.close()
        return found

    return rows
