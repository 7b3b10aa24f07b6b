"""The games of a simulation: small ones, each a little different."""

from dataclasses import dataclass
from random import Random

from momentum.game.settings import Host, Settings
from momentum.protocol.internal import OpenGame, SourceQuestion
from momentum.wiring.bots.player import Choice, Choose, Question

OPTIONS = ("red", "green", "blue", "white")
HOST = "alice"
PLAYERS = ("bob", "carol", "dora", "emil")


@dataclass(frozen=True)
class Plan:
    """A game to play. `players` come when their seconds say; `pauses`: how likely the host pauses a question."""

    wanted: OpenGame
    players: dict[str, float]
    choose: dict[str, Choose]
    pauses: float

    @property
    def id(self) -> str:
        return self.wanted.contest_id


def plan(number: int, random: Random) -> Plan:
    """The simulation's game of that number."""
    timer_ms = random.choice((1_500, 3_000, 7_000))
    settings = Settings(
        pace=random.choice(("everyone", "everyone", "race")),
        timer_ms=timer_ms,
        intermission_ms=random.choice((300, 800, None)),
        countdown_ms=random.choice((0, 400)),
        max_players=10,
        host_plays=random.random() < 0.3,
    )
    names = PLAYERS[: random.choice((2, 3, 3, 4))]
    late = {name for name in names[1:] if random.random() < 0.1}
    seated = (*names, HOST) if settings.host_plays else names
    return Plan(
        wanted=_wanted(f"game-{number}", settings, random.choice((2, 2, 3))),
        players={name: random.uniform(2.0, 6.0) if name in late else random.uniform(0.0, 0.3) for name in names},
        choose={name: _guessing(random.getrandbits(32), timer_ms / 1000) for name in seated},
        pauses=random.choice((0.0, 0.0, 0.3)),
    )


def nothing(question: Question) -> Choice | None:
    """What somebody answers who does not play."""
    return None


def _guessing(seed: int, timer_s: float) -> Choose:
    """Answers most questions, soon or late, rightly or not."""
    random = Random(seed)

    def choose(question: Question) -> Choice | None:
        if random.random() < 0.08:
            return None
        return Choice(random.choice(question.options), random.triangular(0.05, 1.05, 0.3) * timer_s)

    return choose


def _wanted(game_id: str, settings: Settings, questions: int) -> OpenGame:
    return OpenGame(
        contest_id=game_id,
        source_contest_id=f"contest of {game_id}",
        name="A game",
        hosts=(Host(HOST, HOST.title()),),
        access="anyone",
        settings=settings,
        questions=tuple(_question(number) for number in range(1, questions + 1)),
    )


def _question(number: int) -> SourceQuestion:
    return SourceQuestion(
        bank_id=f"bank-{number}",
        category="Colours",
        difficulty="easy",
        text=f"Which one is it, number {number}?",
        options=OPTIONS,
        answer=OPTIONS[0],
        explanation=f"That is how it is, number {number}.",
    )
