"""What an attempt may do at an instant, and what the clock does to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momentum.game.attempt import (
    LIVES,
    Answer,
    Answered,
    Attempt,
    Command,
    Fact,
    Finished,
    FinishReason,
    Look,
    Next,
    Opened,
    Rules,
    Verdict,
    apply,
    decide,
)
from momentum.game.scoring import points, streak_points
from momentum.game.tally import tally

START, CLOSES = 1_000_000, 1_600_000
STANDARD = Rules(question_count=3, timer_ms=15_000, waits=True)
MARATHON = Rules(question_count=30, timer_ms=15_000, lives=LIVES, streaks=True, waits=True)


def started(rules: Rules = STANDARD) -> Attempt:
    return Attempt(rules=rules, started_at=START, closes_at=CLOSES)


class Player:
    """An attempt and everything that happened in it."""

    def __init__(self, attempt: Attempt) -> None:
        self.attempt, self.facts, self.at = attempt, list[Fact](), attempt.started_at

    def do(self, command: Command, after_ms: int = 0) -> Verdict:
        self.at += after_ms
        facts, verdict = decide(self.attempt, command, self.at)
        for fact in facts:
            self.attempt = apply(self.attempt, fact)
        self.facts += facts
        return verdict

    def answer(self, *, right: bool, after_ms: int = 1_000) -> Answered:
        self.do(Next(self.attempt.asked))
        assert self.do(Answer(self.attempt.asked, 0, right), after_ms) is Verdict.DONE
        return self.answers[-1]

    @property
    def answers(self) -> list[Answered]:
        return [fact for fact in self.facts if isinstance(fact, Answered)]


@st.composite
def rules(draw: st.DrawFn) -> Rules:
    return Rules(
        question_count=draw(st.integers(1, 8)),
        timer_ms=draw(st.none() | st.integers(5_000, 20_000)),
        total_ms=draw(st.none() | st.integers(10_000, 90_000)),
        lives=draw(st.none() | st.just(LIVES)),
        streaks=draw(st.booleans()),
        waits=draw(st.booleans()),
    )


COMMANDS = st.one_of(
    st.builds(Next, st.integers(0, 9)),
    st.builds(Answer, st.integers(0, 9), st.integers(0, 3), st.booleans()),
    st.just(Look()),
)
STEPS = st.lists(st.tuples(COMMANDS, st.integers(0, 12_000), st.booleans()), max_size=40)


@given(rules(), STEPS, st.integers(1_000, 200_000))
def test_whatever_is_asked_of_it_an_attempt_keeps_the_rules(
    rules: Rules, steps: list[tuple[Command, int, bool]], open_ms: int
) -> None:
    player = Player(Attempt(rules=rules, started_at=START, closes_at=START + open_ms))
    for command, wait_ms, aimed in steps:
        if aimed and isinstance(command, Next):
            command = Next(player.attempt.asked)
        if aimed and isinstance(command, Answer):
            command = Answer(player.attempt.asked, command.choice, command.correct)
        player.do(command, wait_ms)
        keeps_the_rules(player)
    player.do(Look(), 10 * open_ms)
    keeps_the_rules(player)
    assert player.attempt.finished_at is not None


def keeps_the_rules(player: Player) -> None:
    attempt, facts, rules = player.attempt, player.facts, player.attempt.rules
    opened = {fact.position: fact.at for fact in facts if isinstance(fact, Opened)}
    answers = player.answers
    assert [*opened] == list(range(1, attempt.asked + 1))
    assert attempt.asked <= rules.question_count
    assert [answer.position for answer in answers] == [*opened][: len(answers)]
    assert len(opened) - len(answers) == (attempt.opened_at is not None)
    assert attempt.tally == tally(answers)
    for answer in answers:
        assert opened[answer.position] <= answer.at <= attempt.ends_at
        assert answer.t_ms == answer.at - opened[answer.position]
        assert rules.timer_ms is None or answer.t_ms <= rules.timer_ms
        assert answer.choice is not None or not answer.correct
    assert [fact.at for fact in facts] == sorted(fact.at for fact in facts)
    ends = [fact for fact in facts if isinstance(fact, Finished)]
    assert len(ends) == (attempt.finished_at is not None) <= 1
    assert not ends or facts[-1] is ends[0]
    if rules.lives:
        spent = attempt.tally.misses >= rules.lives
        assert attempt.tally.misses <= rules.lives
        assert spent == (attempt.finish_reason is FinishReason.LIVES_SPENT)


@given(rules(), STEPS, st.data())
def test_looking_in_between_changes_nothing(
    rules: Rules, steps: list[tuple[Command, int, bool]], data: st.DataObject
) -> None:
    """However seldom or often somebody looks, the clock has brought about the same."""
    one, other = Player(started(rules)), Player(started(rules))
    for command, wait_ms, _ in steps:
        part = data.draw(st.integers(0, wait_ms))
        other.do(Look(), part)
        assert one.do(command, wait_ms) is other.do(command, wait_ms - part)
        assert one.attempt == other.attempt
    assert one.facts == other.facts


@given(rules(), STEPS)
def test_saying_it_again_gives_what_was_recorded(rules: Rules, steps: list[tuple[Command, int, bool]]) -> None:
    player = Player(started(rules))
    for command, wait_ms, _ in steps:
        first = player.do(command, wait_ms)
        count = len(player.facts)
        again = player.do(command)
        assert len(player.facts) == count
        if first is Verdict.DONE and not isinstance(command, Look):
            assert again in (Verdict.RECORDED, Verdict.OVER)


@pytest.mark.parametrize(("elapsed_ms", "verdict"), [(15_000, Verdict.DONE), (15_001, Verdict.RECORDED)])
def test_the_deadline_is_in_time_and_a_millisecond_more_is_late(elapsed_ms: int, verdict: Verdict) -> None:
    player = Player(started())
    player.do(Next(0))
    assert player.do(Answer(1, 2, correct=True), elapsed_ms) is verdict
    (answer,) = player.answers
    assert (answer.choice, answer.t_ms) == ((2, 15_000) if verdict is Verdict.DONE else (None, 15_000))


def test_points_are_those_of_a_live_game() -> None:
    player = Player(started())
    assert [player.answer(right=True, after_ms=ms).points for ms in (499, 4_500, 15_000)] == [1000, 850, 500]
    assert player.attempt.finish_reason is FinishReason.COMPLETED


def test_without_a_timer_every_right_answer_is_worth_the_same() -> None:
    player = Player(started(Rules(question_count=2, total_ms=100_000)))
    assert [player.answer(right=right, after_ms=40_000).points for right in (True, False)] == [1000, 0]


def test_where_nothing_is_waited_for_the_next_question_opens_with_the_answer() -> None:
    player = Player(started(Rules(question_count=2, timer_ms=15_000)))
    player.do(Next(0))
    player.do(Answer(1, 0, correct=True), 3_000)
    assert player.facts[-1] == Opened(START + 3_000, 2)


def test_after_a_time_out_nothing_opens_by_itself() -> None:
    player = Player(started(Rules(question_count=5, timer_ms=15_000)))
    player.do(Next(0))
    player.do(Look(), 300_000)
    assert (player.attempt.asked, player.attempt.opened_at) == (1, None)


def test_the_time_for_the_whole_ends_it_in_the_middle_of_a_question() -> None:
    player = Player(started(Rules(question_count=5, timer_ms=15_000, total_ms=20_000, waits=True)))
    player.answer(right=True, after_ms=10_000)
    player.do(Next(1))
    assert player.do(Answer(2, 0, correct=True), 10_001) is Verdict.RECORDED
    assert (player.attempt.finished_at, player.attempt.finish_reason) == (START + 20_000, FinishReason.TIME_UP)


def test_the_closing_ends_everything() -> None:
    player = Player(started())
    player.do(Next(0))
    assert player.do(Answer(1, 0, correct=True), CLOSES - START + 1) is Verdict.RECORDED
    assert player.do(Next(1)) is Verdict.OVER
    assert (player.attempt.finished_at, player.attempt.finish_reason) == (CLOSES, FinishReason.CLOSED)


def test_streaks_multiply_by_a_tenth_more_each_up_to_twice() -> None:
    player = Player(started(MARATHON))
    base = points(correct=True, t_ms=1_000, timer_ms=15_000)
    earned = [player.answer(right=True).points for _ in range(13)]
    assert earned == [streak_points(base, n) for n in range(13)]
    assert earned[0] == base
    assert earned[10] == earned[12] == 2 * base
    assert player.answer(right=False).points == 0
    assert player.answer(right=True).points == base
    assert player.attempt.tally.best_streak == 13


@given(st.lists(st.sampled_from(("wrong", "silent")), min_size=LIVES, max_size=LIVES))
def test_three_misses_of_either_kind_end_a_run(kinds: list[str]) -> None:
    player = Player(started(MARATHON))
    player.answer(right=True)
    for kind in kinds:
        assert player.attempt.lives_left
        player.do(Next(player.attempt.asked))
        player.do(Answer(player.attempt.asked, 0, correct=False) if kind == "wrong" else Look(), 15_000)
        player.do(Look(), 1)
    assert player.attempt.lives_left == 0
    assert player.attempt.finish_reason is FinishReason.LIVES_SPENT


def test_a_run_that_answers_everything_is_completed() -> None:
    player = Player(started(MARATHON))
    for _ in range(30):
        player.answer(right=True)
    assert player.attempt.finish_reason is FinishReason.COMPLETED


def test_extra_time_makes_timers_longer_and_not_the_window() -> None:
    rules = Rules(question_count=1, timer_ms=15_000, total_ms=60_000).with_extra(50)
    assert (rules.timer_ms, rules.total_ms) == (22_500, 90_000)
    attempt = Attempt(
        rules=Rules(question_count=1, total_ms=1_000_000).with_extra(100), started_at=START, closes_at=CLOSES
    )
    assert attempt.ends_at == CLOSES
