"""Many players take one standard contest over HTTP, each alone: how long submits take; is each answer there once."""

import argparse
import asyncio
import contextlib
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import uvloop
from tests.e2e.measure import cpu_s, percentile, rss_mb
from tests.e2e.services import Installation

from momentum.wiring import descriptors

JAR = aiohttp.CookieJar
PASSWORD = "correct horse 42!"
DOUBLES = 0.1
"""So many of the answers are sent twice at once, as by a double click."""


@dataclass
class Player:
    """A guest. `kept`: the text of the answer to each question, as it was acknowledged."""

    name: str
    attempt_id: str = ""
    kept: dict[str, set[str]] = field(default_factory=dict)
    cookies: aiohttp.CookieJar | None = None


@dataclass
class Figures:
    submits_ms: list[float] = field(default_factory=list)
    starts_ms: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)


class Site:
    """Calls to the site. What is no 2xx is counted and raised."""

    def __init__(self, url: str, figures: Figures) -> None:
        self.url = url
        self.figures = figures

    async def call(
        self, session: aiohttp.ClientSession, method: str, path: str, body: Any = None, **headers: str
    ) -> Any:
        token = {cookie.key: cookie.value for cookie in session.cookie_jar}.get("csrftoken", "")
        try:
            async with session.request(
                method, self.url + path, json=body, headers={"X-CSRFToken": token, **headers}
            ) as answer:
                if answer.status >= 300:
                    self.figures.errors[f"{answer.status} {(await answer.text())[:80]}"] += 1
                    raise aiohttp.ClientError(answer.status)
                return await answer.json()
        except (TimeoutError, aiohttp.ClientConnectionError) as error:
            self.figures.errors[type(error).__name__] += 1
            raise


async def organiser(site: Site, session: aiohttp.ClientSession) -> dict[str, str]:
    """The header of a new account."""
    body = {"username": "Organiser", "email": "organiser@example.org", "password": PASSWORD}
    answer = await site.call(session, "POST", "/_allauth/app/v1/auth/signup", body)
    return {"X-Session-Token": answer["meta"]["session_token"]}


async def set_up(site: Site, session: aiohttp.ClientSession, questions: int, account: dict[str, str]) -> str:
    closes_at = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    body = {
        "name": "Load",
        "contestType": "standard",
        "questionCount": questions,
        "closesAt": closes_at,
        "questionTimer": 120,
    }
    made: str = (await site.call(session, "POST", "/api/contests", body, **account))["id"]
    return made


async def play(site: Site, contest_id: str, player: Player, think_s: float, arrive_s: float) -> None:
    """From the start to the last question, thinking before each answer."""
    dice = random.Random(player.name)
    await asyncio.sleep(dice.uniform(0, arrive_s))
    async with aiohttp.ClientSession(cookie_jar=JAR(unsafe=True), timeout=aiohttp.ClientTimeout(60)) as session:
        player.cookies = session.cookie_jar  # type: ignore[assignment]
        began = time.monotonic()
        state = await site.call(session, "POST", f"/api/contests/{contest_id}/attempts", {"username": player.name})
        site.figures.starts_ms.append(1000 * (time.monotonic() - began))
        player.attempt_id = state["id"]
        while state["state"] == "question":
            await asyncio.sleep(dice.uniform(0.2, 2) * think_s)
            state = await submit(site, session, player, state, dice)


async def submit(site: Site, session: aiohttp.ClientSession, player: Player, state: Any, dice: random.Random) -> Any:
    """One answer; now and then two at once, of which the server keeps one."""
    question, path = state["question"], f"/api/attempts/{player.attempt_id}/answers"
    chosen = [dice.choice(question["options"]) for _ in range(1 + (dice.random() < DOUBLES))]
    player.kept[question["text"]] = {option["text"] for option in chosen}
    began = time.monotonic()
    states = await asyncio.gather(
        *(
            site.call(session, "POST", path, {"questionId": question["id"], "option": option["number"]})
            for option in chosen
        )
    )
    site.figures.submits_ms.append(1000 * (time.monotonic() - began) / len(chosen))
    return states[-1]


async def lost_or_double(site: Site, player: Player, questions: int) -> list[str]:
    """What of a player's answers is not there exactly once, as it was given."""
    async with aiohttp.ClientSession(cookie_jar=player.cookies, timeout=aiohttp.ClientTimeout(60)) as session:
        review = (await site.call(session, "GET", f"/api/attempts/{player.attempt_id}/review"))["questions"]
    texts = [question["text"] for question in review]
    wrong = [f"{player.name}: {len(texts)} of {questions}"] if sorted(texts) != sorted(player.kept) else []
    for question in review:
        yours = {option["text"] for option in question["options"] if option["yours"]}
        if len(yours) != 1 or not yours <= player.kept[question["text"]]:
            wrong.append(f"{player.name}: {question['text']}: kept {yours}")
    return wrong


async def contest(site: Site, options: argparse.Namespace) -> list[str]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(120)) as session:
        account = await organiser(site, session)
        contest_id = await set_up(site, session, options.questions, account)
        players = [Player(f"Player {number}") for number in range(options.players)]
        await asyncio.gather(
            *(play(site, contest_id, one, options.think, options.arrive) for one in players), return_exceptions=True
        )
        await site.call(session, "POST", f"/api/contests/{contest_id}/end", **account)
        wrong = [sentence for one in players for sentence in await lost_or_double(site, one, options.questions)]
        board = await site.call(session, "GET", f"/api/contests/{contest_id}/board", **account)
    return [*wrong, *([] if board["total"] == len(players) else [f"the board has {board['total']} rows"])]


def run(installation: Installation, options: argparse.Namespace) -> None:
    """Play, and print what it has cost."""
    pid, figures = installation.pids()["web"], Figures()
    before_s, began = cpu_s(pid), time.monotonic()
    wrong = uvloop.run(contest(Site(installation.web_url, figures), options))
    took_s, used_s = time.monotonic() - began, cpu_s(pid) - before_s
    submits = figures.submits_ms
    print(f"{options.players} players, {options.questions} questions: {len(submits)} answers in {took_s:.0f} s")
    print(f"  web      {used_s:.1f} CPU-s ({1e3 * used_s / len(submits):.1f} ms per answer), {rss_mb(pid):.0f} MB")
    for name, values in (("submits", submits), ("starts", figures.starts_ms)):
        shown = ", ".join(f"p{percent} {percentile(values, percent):.0f} ms" for percent in (50, 95, 99))
        print(f"  {name:8} {shown}, max {max(values):.0f} ms")
    print(f"  errors   {dict(figures.errors) or 'none'}; lost or double: {len(wrong)}")
    for sentence in wrong[:20]:
        print(f"  WRONG {sentence}")
    print(f"  tracebacks {installation.log.read_text().count('Traceback')}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--players", type=int, default=300)
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--think", type=float, default=8.0, help="seconds before an answer, on the average (8)")
    parser.add_argument("--arrive", type=float, default=20.0, help="seconds within which all begin (20)")
    parser.add_argument("--database-url", default="", help="PostgreSQL instead of SQLite")
    options = parser.parse_args()
    descriptors.allow_many()
    settings = {"DATABASE_URL": options.database_url} if options.database_url else {}
    with tempfile.TemporaryDirectory() as folder, Installation(Path(folder), **settings) as installation:
        run(installation, options)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
