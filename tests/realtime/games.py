"""The games that these tests play. Alice hosts, Bob and Dora play, Charlie is a stranger."""

from typing import Any

from momentum.game.events import GameCreated
from momentum.game.settings import Host, Question, Settings
from momentum.protocol.internal import Access, OpenGame, SourceQuestion
from momentum.protocol.tickets import Keys
from momentum.realtime.journal.contract import GameRow

ALICE, BOB, CHARLIE, DORA = "alice", "bob", "charlie", "dora"
RIGHT, WRONG = "Paris", "Rome"
OPTIONS = ("Berlin", RIGHT, WRONG, "Madrid")
KEYS = Keys(("a secret of these tests, of more than 32 bytes",))
GAME = "5f1c6c1e-0000-4000-8000-000000000001"
OTHER = "5f1c6c1e-0000-4000-8000-000000000002"
INCARNATION = "incarnation-1"


def settings(**changes: Any) -> Settings:
    """A dashboard's game without a countdown, unless told otherwise."""
    usual: dict[str, Any] = {
        "pace": "everyone",
        "timer_ms": 15_000,
        "intermission_ms": 4_000,
        "countdown_ms": 0,
        "max_players": 100,
        "host_plays": False,
    }
    return Settings(**usual | changes)


def wanted(
    game_id: str = GAME,
    *,
    questions: int = 2,
    access: Access = "anyone",
    hosts: tuple[str, ...] = (ALICE,),
    **changes: Any,
) -> OpenGame:
    """What the site asks for. The right option is always RIGHT."""
    return OpenGame(
        contest_id=game_id,
        source_contest_id="contest-1",
        name="Capitals",
        hosts=tuple(Host(user_id, user_id.title()) for user_id in hosts),
        access=access,
        settings=settings(**changes),
        questions=tuple(
            SourceQuestion(
                bank_id=f"bank-{number}",
                category="Geography",
                difficulty="easy",
                text=f"What is the capital of country {number}?",
                options=OPTIONS,
                answer=RIGHT,
                explanation=f"It has been the capital for {number} years.",
            )
            for number in range(1, questions + 1)
        ),
    )


def created(game_id: str = GAME) -> GameCreated:
    """A game's first event."""
    return GameCreated(
        at=0,
        game_id=game_id,
        source_contest_id="contest-1",
        name="Capitals",
        settings=settings(),
        hosts=(Host(ALICE, "Alice"),),
        questions=(
            Question(
                id="q1",
                bank_id="bank-1",
                category="Geography",
                difficulty="easy",
                text="What is the capital of France? ☕",
                options=OPTIONS,
                correct=1,
            ),
        ),
        seed=7,
    )


def row(game_id: str = GAME, *, access: Access = "anyone", created_ms: int = 1_000) -> GameRow:
    return GameRow(
        id=game_id,
        source_contest_id="contest-1",
        name="Capitals",
        access=access,
        incarnation=INCARNATION,
        created_ms=created_ms,
    )
