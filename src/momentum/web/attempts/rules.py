"""Rows in the terms of the rules: a contest's settings as Rules, a row of Attempt as the attempt they decide about."""

from momentum.game import attempt as game
from momentum.game.attempt import LIVES, FinishReason, Rules
from momentum.game.question_order import climb, option_order
from momentum.game.tally import Tally
from momentum.web import clock
from momentum.web.attempts.models import Attempt, FrozenQuestion
from momentum.web.contests.models import Contest, ContestType, ResultsShown, Timing

OPTIONS = 4


def is_marathon(contest: Contest) -> bool:
    return contest.contest_type == ContestType.MARATHON


def shows_results_at_once(contest: Contest) -> bool:
    """Whether a player learns after each answer if it was right. A marathon's lives tell in any case."""
    return is_marathon(contest) or contest.results_shown == ResultsShown.AT_ONCE


def rules_of(contest: Contest, question_count: int) -> Rules:
    """What everybody without extra time plays by."""
    question_ms, total_ms = 1000 * contest.question_timer_s, 1000 * contest.total_time_s
    if is_marathon(contest):
        return Rules(question_count=question_count, timer_ms=question_ms, lives=LIVES, streaks=True, waits=True)
    return Rules(
        question_count=question_count,
        timer_ms=None if contest.timing == Timing.WHOLE else question_ms,
        total_ms=None if contest.timing == Timing.QUESTION else total_ms,
        waits=shows_results_at_once(contest),
    )


def in_game_terms(attempt: Attempt, question: FrozenQuestion | None) -> game.Attempt:
    """The attempt as the rules see it; `question`: the one asked last."""
    assert attempt.contest.closes_at is not None
    return game.Attempt(
        rules=rules_of(attempt.contest, attempt.question_count).with_extra(attempt.extra_percent),
        started_at=clock.to_ms(attempt.started_at),
        closes_at=clock.to_ms(attempt.contest.closes_at),
        tally=Tally(
            score=attempt.score,
            correct_count=attempt.correct_count,
            answer_count=attempt.answer_count,
            correct_ms=attempt.correct_ms,
            streak=attempt.streak,
            best_streak=attempt.best_streak,
            misses=attempt.misses,
        ),
        asked=attempt.asked,
        opened_at=None if attempt.opened_at is None else clock.to_ms(attempt.opened_at),
        finished_at=None if attempt.finished_at is None else clock.to_ms(attempt.finished_at),
        finish_reason=FinishReason(attempt.finish_reason) if attempt.finish_reason else None,
        voided=question is not None and question.voided_at is not None,
    )


def question_at(attempt: Attempt, position: int) -> FrozenQuestion:
    """What this attempt asks as its question number `position`."""
    questions = FrozenQuestion.objects.filter(contest_id=attempt.contest_id)
    if is_marathon(attempt.contest):
        levels = list(questions.order_by("position").values_list("difficulty", flat=True))
        position = climb(levels, attempt.seed)[position - 1] + 1
    return questions.get(position=position)


def options_shown(attempt: Attempt, position: int) -> list[int]:
    """The options of that question in this attempt's order, as indexes into the frozen question's."""
    return option_order(OPTIONS, attempt.seed, position)
