"""The installation that the browsers visit, and what its databases say."""

import itertools
import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from momentum.wiring.services import momentum

from ..services import Installation

HOST = "quiz.test"
"""Not this machine's own name to the browser: what it does for secure contexts only is not there, as on a phone in the
local network."""


@dataclass(frozen=True)
class Row:
    """A line of a final board."""

    rank: int
    name: str
    score: int


class House:
    """An installation, and the address at which browsers reach it."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.url = f"http://{HOST}:{installation.environment.web_port}"
        self._numbers = itertools.count(1)

    def unused(self, name: str) -> str:
        """A user name that nobody here has yet."""
        return f"{name}{next(self._numbers)}"

    def answers(self, game_id: str) -> dict[str, str]:
        """The right answers of an open game, by the questions' texts."""
        with closing(self._open("site")) as site:
            (opening,) = site.execute(
                "SELECT opening FROM play_pin WHERE game_id = ?", (game_id.replace("-", ""),)
            ).fetchone()
        return {question["text"]: question["answer"] for question in json.loads(opening)["questions"]}

    def board(self, game_id: str) -> list[Row]:
        """The final board as it is kept."""
        with closing(self._open("games")) as games:
            rows = games.execute(
                "SELECT rank, username, score FROM player_result WHERE game_id = ? AND rank IS NOT NULL ORDER BY place",
                (game_id,),
            ).fetchall()
        return [Row(*row) for row in rows]

    @contextmanager
    def bots(self, pin: str, count: int, reaction_ms: int = 700, prefix: str = "Bot") -> Iterator[None]:
        """So many bots in the game with this PIN, who play to its end; waits for that."""
        arguments = ("bots", "--pin", pin, "-n", str(count), "--seed", "1", "--name-prefix", prefix)
        process = subprocess.Popen(
            momentum(*arguments, "--reaction-ms", str(reaction_ms)),
            env=self.installation.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
            printed, _ = process.communicate(timeout=30)
            assert process.returncode == 0, printed.decode()
        finally:
            process.kill()
            process.communicate()

    def manage(self, *arguments: str) -> None:
        """Run one of Django's commands."""
        subprocess.run(
            momentum("manage", *arguments), env=self.installation.variables, check=True, stdout=subprocess.DEVNULL
        )

    def _open(self, name: str) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.installation.environment.data_dir / name}.sqlite3?mode=ro", uri=True)
