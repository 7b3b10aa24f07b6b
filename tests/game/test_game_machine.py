"""Whole games, played by chance: every command, by anybody, at any time, and what must hold after each of them.

Hypothesis looks for small games that break a rule; the lively games with numbers go far into long ones.
"""

import os
import random
from collections.abc import Container

import pytest
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from momentum.game import commands, events
from momentum.game.model import RELAY_GRACE_MS, Game
from momentum.game.outcome import Outcome, Recorded, Rejection
from momentum.game.phases import Phase
from momentum.game.timers import next_timer

from .holds import INVARIANTS
from .table import Anybody, Table, answering, created

HOSTS = ("alice", "hugo")
PLAYERS = ("bob", "charlie", "dora", "eve")
EVERYBODY = (*HOSTS, *PLAYERS)
USERS = st.sampled_from((*PLAYERS, *EVERYBODY))
BOSSES = st.sampled_from(("alice", "alice", "alice", *EVERYBODY))
PRESENT = st.just(frozenset(EVERYBODY)) | st.frozensets(USERS)
NAMES = st.sampled_from(("Bob", "bob", "BOB 2", "x" * 24, "\u202eevil", "", "Zoë", "Zoe\u0308"))
OPTIONS = st.sampled_from(("Paris", "Rome", "Paris", "Berlin", "Madrid", "paris", "Vienna", ""))
NUMBERS = st.integers(0, 5)
MILLISECONDS = st.integers(0, 16_000) | st.integers(-1_000, 40_000)
PEOPLE = st.one_of(
    st.builds(commands.Join, user_id=USERS, username=NAMES),
    st.builds(commands.Leave, user_id=USERS, present=PRESENT),
    st.builds(commands.Rekey, user_id=USERS),
    st.builds(commands.PresenceChanged, present=PRESENT),
    st.builds(commands.Kick, by=BOSSES, user_id=USERS, present=PRESENT),
    st.builds(commands.Lock, by=BOSSES, locked=st.booleans()),
)
HOST_MOVES = st.sampled_from((commands.Start, commands.Next, commands.Skip, commands.Pause, commands.Resume))
CREATIONS = st.builds(
    created,
    questions=st.integers(1, 4),
    hosts=st.sampled_from((HOSTS[:1], HOSTS)),
    pace=st.sampled_from(("race", "everyone")),
    timer_ms=st.sampled_from((15_000, 400, 1)),
    intermission_ms=st.sampled_from((4_000, None, 0)),
    countdown_ms=st.sampled_from((0, 3_000)),
    max_players=st.integers(2, 6),
    host_plays=st.booleans(),
    reveal=st.sampled_from(("at_close", "immediate")),
    late_join=st.booleans(),
)


class Games(RuleBasedStateMachine):
    @initialize(
        creation=CREATIONS,
        players=st.sets(USERS, min_size=1, max_size=5),
        started=st.sampled_from((True, True, False)),
    )
    def create(self, creation: events.GameCreated, players: set[str], started: bool) -> None:
        self.table = Table(creation)
        self.last: commands.Command = commands.Expire()
        for user_id in sorted(players):
            self.do(commands.Join(user_id=user_id, username="Bob"))
        if started:
            self.do(commands.Start(by="alice"))

    @property
    def game(self) -> Game:
        return self.table.game

    def do(self, command: commands.Command) -> Outcome:
        """Table.do sees to it that deciding changes nothing."""
        self.last = command
        phase, rev = self.game.phase, self.game.rev
        outcome = self.table.do(command)
        note(f"{self.table.at} {phase}: {command} -> {outcome}")
        if isinstance(outcome, Rejection | Recorded):
            assert self.game.rev == rev
        return outcome

    # People

    @rule(command=PEOPLE)
    def somebody_comes_or_goes(self, command: commands.Command) -> None:
        self.do(command)

    @rule(user_id=USERS, ahead=st.integers(-2, 1))
    def somebody_comes_back_with_a_token(self, user_id: str, ahead: int) -> None:
        generation = self.game.generations.get(user_id, 0) + ahead
        outcome = self.do(commands.Join(user_id=user_id, username="Bob", generation=generation))
        assert ahead >= 0 or isinstance(outcome, Rejection)

    @rule(by=BOSSES, move=HOST_MOVES)
    def a_host_moves(self, by: str, move: type[commands.HostCommand]) -> None:
        outcome = self.do(move(by=by))
        assert by in self.game.hosts or isinstance(outcome, Rejection)

    @precondition(lambda self: self.game.rev > 30)
    @rule(by=BOSSES)
    def a_host_ends_it(self, by: str) -> None:
        self.do(commands.End(by=by))

    @rule(answers=st.lists(OPTIONS, min_size=1, max_size=4), elapsed_ms=MILLISECONDS)
    def players_answer_in_turn(self, answers: list[str], elapsed_ms: int) -> None:
        for user_id, answer in zip(sorted(self.game.awaited), answers, strict=False):
            if self.game.phase is Phase.QUESTION:
                self.answer(user_id, answer, elapsed_ms, 0, relayed=False)

    @precondition(lambda self: self.game.phase is Phase.QUESTION)
    @rule(
        user_id=USERS,
        answer=OPTIONS,
        elapsed_ms=MILLISECONDS,
        credit_ms=MILLISECONDS,
        relayed=st.booleans(),
        present=PRESENT,
    )
    def somebody_answers(
        self, user_id: str, answer: str, elapsed_ms: int, credit_ms: int, relayed: bool, present: frozenset[str]
    ) -> None:
        self.answer(user_id, answer, elapsed_ms, credit_ms, relayed=relayed, present=present)

    def answer(
        self,
        user_id: str,
        answer: str,
        elapsed_ms: int,
        credit_ms: int,
        *,
        relayed: bool,
        present: Container[str] = EVERYBODY,
    ) -> None:
        seat = self.game.seated(user_id)
        before = seat.answers.get(self.game.number) if seat else None
        deadline = self.game.deadline + (RELAY_GRACE_MS if relayed else 0)
        outcome = self.do(
            commands.Answer(
                user_id=user_id,
                question_id=self.game.question.id,
                answer=answer,
                elapsed_ms=elapsed_ms,
                credit_ms=credit_ms,
                present=present,
                relayed=relayed,
            )
        )
        assert before is None or outcome == Recorded(before)
        assert self.table.at <= deadline or not isinstance(outcome, list)

    @rule(user_id=USERS, number=NUMBERS)
    def somebody_answers_another_question(self, user_id: str, number: int) -> None:
        if self.game.phase is Phase.QUESTION and number == self.game.number:
            return
        question_id = f"q{number}"
        outcome = self.do(
            commands.Answer(
                user_id=user_id, question_id=question_id, answer="Paris", elapsed_ms=9, credit_ms=0, present=Anybody()
            )
        )
        assert not isinstance(outcome, list)

    # Time, and the server

    @precondition(lambda self: not self.game.paused)
    @rule(ms=st.sampled_from((1, 50, 400, 1_000, 3_000)))
    def time_passes(self, ms: int) -> None:
        self.table.at += ms

    @precondition(lambda self: self.game.phase is Phase.QUESTION and not self.game.paused)
    @rule(after_ms=st.sampled_from((-1, 0, 1, 49, 50, 51)))
    def the_deadline_comes_near(self, after_ms: int) -> None:
        self.table.at = max(self.table.at, self.game.deadline + after_ms)

    @rule(early=st.sampled_from((False, False, True)))
    def the_timer_fires(self, early: bool) -> None:
        timed = next_timer(self.game)
        if timed is None:
            return
        due, command = timed
        if not early:
            self.table.at = max(self.table.at, due)
        assert bool(self.do(command)) == (self.table.at >= due)

    @rule(number=NUMBERS)
    def an_old_timer_fires(self, number: int) -> None:
        if number != self.game.number:
            assert self.do(commands.CloseQuestion(number=number)) == []
            assert self.do(commands.OpenQuestion(after=number)) == []
            assert self.do(commands.CarryOn(after=number)) == []

    @rule(what=st.sampled_from(("carry on", "expire", "take")))
    def the_server_steps_in(self, what: str) -> None:
        if what == "carry on":
            self.do(commands.CarryOn(after=self.game.number))
        elif what == "take":
            self.do(commands.Take(epoch=self.game.epoch + 1, node="node"))
        elif self.game.started or self.game.rev > 20:
            self.do(commands.Expire())

    @rule()
    def the_last_command_comes_again(self) -> None:
        self.do(self.last)

    @invariant()
    def everything_holds(self) -> None:
        for holds in INVARIANTS:
            holds(self.table)


TestGames = Games.TestCase


# Lively games

LIVELY_GAMES = 1_000 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 25
MOVES = (commands.Start, commands.Next, commands.Skip, commands.Pause, commands.Resume)


@pytest.mark.parametrize("number", range(LIVELY_GAMES))
def test_a_lively_game_keeps_every_rule(number: int) -> None:
    chance = random.Random(number)
    table = a_new_table(chance)
    for _ in range(60):
        if not table.game.paused:
            table.at += chance.choice((0, 300, 2_000))
        turn = chance.choices((play, wait, meddle), (6, 2, 2))[0]
        turn(table, chance)
        for holds in INVARIANTS:
            holds(table)


def a_new_table(chance: random.Random) -> Table:
    table = Table(
        created(
            questions=6,
            hosts=HOSTS[: chance.choice((1, 2))],
            pace=chance.choice(("race", "everyone")),
            intermission_ms=chance.choice((4_000, None)),
            countdown_ms=chance.choice((0, 3_000)),
            max_players=chance.randint(2, 6),
            host_plays=chance.random() < 0.5,
            late_join=chance.random() < 0.7,
        )
    )
    for user_id in PLAYERS[:3]:
        table.do(commands.Join(user_id=user_id, username="Bob"))
    table.do(commands.Start(by=HOSTS[0]))
    return table


def play(table: Table, chance: random.Random) -> None:
    """Somebody answers, mostly a player who is waited for."""
    game = table.game
    user_id = chance.choice([*sorted(game.awaited) * 3, *EVERYBODY])
    answer = chance.choice(("Paris", "Rome", "Berlin", "Vienna"))
    elapsed_ms = max(0, table.at - game.opened_at - chance.randrange(250))
    relayed, present = chance.random() < 0.2, set(chance.choices(EVERYBODY, k=8))
    table.do(
        answering(game, user_id, answer, elapsed_ms, credit_ms=chance.randrange(300), relayed=relayed, present=present)
    )


def wait(table: Table, chance: random.Random) -> None:
    """Nobody does anything until the next timer, or until a host has been away for long enough."""
    if next_timer(table.game) is None:
        table.do(commands.CarryOn(after=table.game.number))
    else:
        table.fire()


def meddle(table: Table, chance: random.Random) -> None:
    one, other, present = chance.choice(EVERYBODY), chance.choice(EVERYBODY), set(chance.choices(EVERYBODY, k=8))
    usual: tuple[commands.Command, ...] = (
        commands.Join(user_id=one, username=other),
        commands.Leave(user_id=one, present=present),
        commands.PresenceChanged(present=present),
        *(move(by=HOSTS[0]) for move in MOVES),
    )
    rare: tuple[commands.Command, ...] = (
        commands.Rekey(user_id=one),
        commands.Lock(by=one, locked=chance.random() < 0.5),
        commands.Kick(by=one, user_id=other, present=present),
        commands.Take(epoch=table.game.epoch + 1, node="node"),
    )
    table.do(chance.choice((*usual, *usual, *rare)))
