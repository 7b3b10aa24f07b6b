"""A small game, played by the rules, so that the examples of the reference are messages as they really are."""

import msgspec

from momentum.game import commands, events
from momentum.game.apply import apply, replay
from momentum.game.decide import decide
from momentum.game.outcome import Rejection
from momentum.game.settings import Host, Question, Settings
from momentum.protocol import audience, codec, from_client, snapshot, to_client
from momentum.protocol.audience import EVERYONE
from momentum.protocol.boards import Boards

ALICE = "0e6b8f52-3a0c-4c4e-9d0b-6f0a7f6f2b11"
BOB = "guest_2f1c9a7be0c84d1f9a3f5b0c6d7e8f90"
DORA = "guest_b7d1e4c2a9f04c3e8d5a6b7c8d9e0f12"
GAME = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
TOKEN = "eyJhbGciOiJIUzI1NiIs..."
INCARNATION = "3d1f0c9b7a5e2846"
HERE = frozenset({ALICE, BOB, DORA})

QUESTIONS = (
    Question(
        id="c9e3951f18054cbe",
        bank_id="1",
        category="Geography",
        difficulty="easy",
        text="What is the capital of Peru?",
        options=("Quito", "Lima", "Bogotá", "Santiago"),
        correct=1,
        explanation="Lima, on the Pacific coast, is home to a third of the country.",
    ),
    Question(
        id="5f2a0c7d9be14e63",
        bank_id="2",
        category="Science",
        difficulty="easy",
        text="Which planet is nearest to the Sun?",
        options=("Mercury", "Venus", "Earth", "Mars"),
        correct=0,
    ),
)


class _Game:
    """Keeps, of every type of message, the latest that Bob has heard."""

    def __init__(self) -> None:
        created = events.GameCreated(
            at=0,
            game_id=GAME,
            source_contest_id="1",
            name="Friday quiz",
            settings=Settings(
                pace="everyone", intermission_ms=6_000, countdown_ms=3_000, max_players=100, host_plays=False
            ),
            hosts=(Host(ALICE, "Alice"),),
            questions=QUESTIONS,
            seed=1,
        )
        self.game = replay([created])
        self.view = Boards(self.game)
        self.heard: dict[str, bytes] = {}
        self._seq = 0

    def do(self, at: int, command: commands.Command) -> None:
        outcome = decide(self.game, command, at)
        assert isinstance(outcome, list)
        for event in outcome:
            apply(self.game, event)
            for hearing in audience.hears(self.view, event, HERE):
                if hearing.to in (EVERYONE, BOB):
                    self.hear(hearing.message, hearing.own)

    def refuse(self, at: int, command: commands.Command) -> None:
        outcome = decide(self.game, command, at)
        assert isinstance(outcome, Rejection)
        self.hear(audience.refused(command, outcome), broadcast=False)

    def hear(
        self, message: to_client.ToClient, own: dict[str, to_client.ScoreRow] | None = None, *, broadcast: bool = True
    ) -> None:
        self._seq += 1
        rev = self.game.rev if broadcast else None
        self.heard[message.type] = codec.encode(message, rev, own).for_receiver(BOB, self._seq)

    def come_back(self, at: int) -> None:
        """A new socket of Bob's."""
        self._seq = 0
        bob = snapshot.Receiver(user_id=BOB, username="Bob", role="player", resume_token=TOKEN)
        state = snapshot.game_state(
            self.view, bob, at=at, connected=HERE, host_present=True, incarnation=INCARNATION, websocket_urls=()
        )
        self.hear(state)

    def answer(self, at: int, user_id: str, option: int, elapsed_ms: int) -> None:
        question = self.game.question
        self.do(
            at,
            commands.Answer(
                user_id=user_id,
                question_id=question.id,
                answer=question.options[option],
                elapsed_ms=elapsed_ms,
                credit_ms=20,
                present=HERE,
            ),
        )


def told() -> dict[str, bytes]:
    """A frame of every type of message, by type, as Bob hears it."""
    game = _Game()
    _wait(game)
    _play(game)
    _end(game)
    return game.heard


def _wait(game: _Game) -> None:
    game.do(0, commands.Join(user_id=BOB, username="Bob"))
    game.do(0, commands.Join(user_id=DORA, username="Dora"))
    game.hear(to_client.PlayerConnection(DORA, False))
    game.hear(to_client.HostChanged(True))
    game.hear(to_client.Pong(), broadcast=False)
    game.hear(to_client.GameMoved(f"wss://node2.quiz.example.org/ws/contests/{GAME}"), broadcast=False)
    game.do(0, commands.Lock(by=ALICE, locked=True))


def _play(game: _Game) -> None:
    game.do(0, commands.Start(by=ALICE))
    game.do(3_000, commands.OpenQuestion(after=0))
    game.answer(5_420, BOB, option=1, elapsed_ms=2_400)
    game.hear(audience.progress(game.game))
    game.do(6_000, commands.Pause(by=ALICE))
    game.do(6_000, commands.Resume(by=ALICE))
    game.come_back(6_200)
    game.refuse(6_300, commands.Skip(by=BOB))
    game.answer(7_020, DORA, option=0, elapsed_ms=4_000)


def _end(game: _Game) -> None:
    game.do(8_000, commands.Leave(user_id=DORA, present=HERE))
    game.do(9_000, commands.End(by=ALICE))


SAID: tuple[from_client.FromClient, ...] = (
    from_client.Authenticate(TOKEN),
    from_client.SubmitAnswer(QUESTIONS[0].id, "Lima"),
    from_client.Leave(),
    from_client.Ping(),
    from_client.StartGame(),
    from_client.NextQuestion(),
    from_client.SkipQuestion(),
    from_client.PauseGame(),
    from_client.ResumeGame(),
    from_client.KickPlayer(DORA),
    from_client.LockGame(True),
    from_client.EndGame(),
)


def said() -> dict[type[from_client.FromClient], bytes]:
    """A frame of every message that clients send."""
    return {type(message): msgspec.json.encode(message) for message in SAID}
