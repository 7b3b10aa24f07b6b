"""Bots enter a game by its PIN, as guests on phones do, and play it to its end."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import aiohttp
import uvloop

from momentum.environment import Environment
from momentum.wiring import descriptors
from momentum.wiring.bots.commentary import Commentary
from momentum.wiring.bots.connection import Connection, Ending
from momentum.wiring.bots.player import Choice, Choose, Player, Question
from momentum.wiring.refusal import Refusal
from momentum.wiring.services import web_url

NAMES = (
    "Ada", "Alan", "Annie", "Barbara", "Claude", "Dennis", "Donald", "Dorothy", "Edsger", "Evelyn", "Frances", "Grace",
    "Hedy", "Jean", "John", "Joseph", "Karen", "Katherine", "Konrad", "Margaret", "Mary", "Niklaus", "Radia", "Tony",
)  # fmt: skip
JOINING_AT_ONCE = 4
JOINING_TIMEOUT_S = 10.0
FASTEST_S = 0.3
SPREAD = 0.5


@dataclass(frozen=True)
class Admission:
    """What the site hands to somebody who joins."""

    username: str
    token: str
    websocket_url: str


def run(
    environment: Environment,
    say: Callable[[str], None],
    *,
    pin: str,
    count: int,
    url: str | None = None,
    name_prefix: str = "Bot",
    seed: int | None = None,
    reaction_ms: int = 2500,
) -> int:
    """Let `count` bots play the game with this PIN; returns when it is over. 1: none of them saw its end.

    `url`: the site, this machine's own by default. `seed` makes names, answers and reactions come out the same again.
    `reaction_ms`: half of the answers take longer than that. Raises Refusal where the bots cannot join.
    """
    if count < 1:
        raise Refusal("There is nothing to do for fewer than one bot: say how many with -n.")
    descriptors.allow_many()
    site = (url or web_url(environment)).rstrip("/")
    party = Party(site, pin, say, Random(seed), reaction_ms / 1000)
    endings = uvloop.run(party.play(names(name_prefix, count)))
    return 0 if any(ending.over for ending in endings) else 1


def names(prefix: str, count: int) -> list[str]:
    """A name for each bot, all of them different."""
    rounds = range(1, 1 + math.ceil(count / len(NAMES)))
    every = [f"{prefix} {name}{'' if number == 1 else f' {number}'}".strip() for number in rounds for name in NAMES]
    return every[:count]


def human(random: Random, reaction_s: float) -> Choose:
    """Somebody who guesses, and needs about `reaction_s` seconds for it, most often less than twice as much."""

    def choose(question: Question) -> Choice:
        thinking_s = reaction_s * random.lognormvariate(0, SPREAD)
        latest_s = max(FASTEST_S, 0.9 * question.left_s)
        return Choice(random.choice(question.options), min(max(thinking_s, FASTEST_S), latest_s))

    return choose


class Party:
    """Bots in one game."""

    def __init__(self, site: str, pin: str, say: Callable[[str], None], random: Random, reaction_s: float) -> None:
        self._site = site
        self._pin = pin
        self._random = random
        self._reaction_s = reaction_s
        self._commentary = Commentary(say)
        self._joining = asyncio.Semaphore(JOINING_AT_ONCE)

    async def play(self, names: list[str]) -> list[Ending]:
        """Join and play; how it ended for each."""
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as http:
            try:
                async with asyncio.TaskGroup() as together:
                    tasks = [together.create_task(self._one(http, name)) for name in names]
            except* Refusal as refusals:
                raise refusals.exceptions[0] from None
        self._commentary.end()
        return [task.result() for task in tasks]

    async def _one(self, http: aiohttp.ClientSession, name: str) -> Ending:
        async with self._joining:
            admission = await join(http, self._site, self._pin, name)
        observer = self._commentary.of(admission.username)
        random = Random(self._random.getrandbits(64))
        later = asyncio.get_running_loop().call_later
        player = Player(admission.token, human(random, self._reaction_s), later, observer)
        ending = await Connection(http, admission.websocket_url, player, observer, random).play()
        observer.ended(ending, player.refusal)
        return ending


async def join(http: aiohttp.ClientSession, site: str, pin: str, name: str) -> Admission:
    """Enter by PIN, as a guest. Raises Refusal with what the site says."""
    timeout = aiohttp.ClientTimeout(total=JOINING_TIMEOUT_S)
    try:
        async with http.post(f"{site}/api/join", json={"pin": pin, "username": name}, timeout=timeout) as answer:
            body: dict[str, Any] = await answer.json() if answer.content_type == "application/json" else {}
    except (aiohttp.ClientError, aiohttp.InvalidURL, OSError, TimeoutError):
        raise Refusal(f"No site answers at {site}: start it with momentum serve, or name another with --url.") from None
    if answer.status == 200:
        return Admission(username=body["username"], token=body["token"], websocket_url=body["websocketUrl"])
    raise Refusal(f"{name} could not join with the PIN {pin}: {body.get('message') or f'HTTP {answer.status}'}")
