"""What a participant does: starting an attempt, going on, answering. And what the clock does meanwhile."""

import secrets
from collections.abc import Callable
from dataclasses import asdict
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from momentum.game import attempt as game
from momentum.game.attempt import Answered, Fact, Verdict
from momentum.web import clock
from momentum.web.attempts import access, rules
from momentum.web.attempts.models import Attempt, AttemptAnswer, FrozenQuestion, Participant
from momentum.web.attempts.refusals import Closed, NoAttemptLeft, NotOpenYet
from momentum.web.contests.models import Contest
from momentum.web.contests.status import Status, status_at
from momentum.web.leaderboards import projection
from momentum.web.play.people import Person

SEED_BITS = 62
Command = Callable[[Attempt, FrozenQuestion | None], game.Command]
"""Made from the attempt and the question asked last, as they are when it is decided."""


def start(contest: Contest, who: Person) -> Attempt:
    """The attempt of `who` that is going on, else a new one, its first question open.

    Raises NotOpenYet, Closed, NoAttemptLeft, and what access.join raises.
    """
    participant = access.join(contest, who)
    if running := running_attempt(contest, participant):
        return running
    status = status_at(contest, timezone.now())
    if status is not Status.OPEN:
        raise NotOpenYet if status is Status.SCHEDULED else Closed
    had = participant.attempts.count()
    allowed = attempts_allowed(contest, participant)
    if allowed is not None and had >= allowed:
        raise NoAttemptLeft
    try:
        return _create(contest, participant, had + 1)
    except IntegrityError:  # another tab was faster
        return participant.attempts.select_related("contest").get(number=had + 1)


def attempts_allowed(contest: Contest, participant: Participant) -> int | None:
    """None: as many as one likes."""
    usual = contest.max_runs if rules.is_marathon(contest) else 1
    return None if usual is None else usual + participant.extra_attempts


def running_attempt(contest: Contest, participant: Participant) -> Attempt | None:
    """The participant's attempt that is going on still."""
    running = participant.attempts.filter(finished_at=None).first()
    attempt = look(running.pk) if running else None
    return attempt if attempt and attempt.finished_at is None else None


def look(attempt_id: UUID, by: Person | None = None) -> Attempt:
    """The attempt as the clock has left it. Raises Attempt.DoesNotExist, also where it is not theirs who looks."""
    attempt, _verdict = _carry_out(attempt_id, by, lambda attempt, question: game.Look())
    return attempt


def go_on(attempt_id: UUID, after: int, by: Person | None = None) -> tuple[Attempt, Verdict]:
    """Open the question after number `after`. Raises Attempt.DoesNotExist."""
    return _carry_out(attempt_id, by, lambda attempt, question: game.Next(after))


def answer(attempt_id: UUID, position: int, shown: int, by: Person | None = None) -> tuple[Attempt, Verdict]:
    """Answer question number `position` with the option that this attempt shows as number `shown`, from 0.

    Raises Attempt.DoesNotExist.
    """

    def command(attempt: Attempt, question: FrozenQuestion | None) -> game.Command:
        choice = rules.options_shown(attempt, position)[shown]
        is_right = question is not None and attempt.asked == position and question.correct == choice
        return game.Answer(position, choice, is_right)

    return _carry_out(attempt_id, by, command)


def _create(contest: Contest, participant: Participant, number: int) -> Attempt:
    at = clock.from_ms(clock.now_ms())
    with transaction.atomic():
        counts = not rules.is_marathon(contest)
        if counts:
            participant.attempts.filter(counts=True).update(counts=False)
        return Attempt.objects.create(
            contest=contest,
            participant=participant,
            user_id=participant.user_id,
            username=participant.username,
            number=number,
            seed=secrets.randbits(SEED_BITS),
            extra_percent=participant.extra_percent,
            question_count=contest.frozen_questions.count(),
            started_at=at,
            asked=1,
            opened_at=at,
            counts=counts,
        )


def _carry_out(attempt_id: UUID, by: Person | None, command: Command) -> tuple[Attempt, Verdict]:
    """Decide on the attempt as it is, and store what happens, unless it has changed meanwhile: then again."""
    attempts = Attempt.objects.select_related("contest").filter(pk=attempt_id)
    if by is not None:
        attempts = attempts.filter(user_id=by.user_id, contest__deleted_at=None)
    while True:
        attempt = attempts.get()
        question = None if attempt.opened_at is None else rules.question_at(attempt, attempt.asked)
        state = rules.in_game_terms(attempt, question)
        facts, verdict = game.decide(state, command(attempt, question), clock.now_ms())
        if not facts or _store(attempt, question, state, facts):
            return attempt, verdict


def _store(attempt: Attempt, question: FrozenQuestion | None, state: game.Attempt, facts: list[Fact]) -> bool:
    """Whether the attempt still was what it was decided on."""
    for fact in facts:
        state = game.apply(state, fact)
    after = {
        **asdict(state.tally),
        "asked": state.asked,
        "opened_at": None if state.opened_at is None else clock.from_ms(state.opened_at),
        "finished_at": None if state.finished_at is None else clock.from_ms(state.finished_at),
        "finish_reason": state.finish_reason or "",
        "revision": attempt.revision + 1,
    }
    answers = [_row(attempt, question, fact) for fact in facts if isinstance(fact, Answered) and question]
    with transaction.atomic():
        if not Attempt.objects.filter(pk=attempt.pk, revision=attempt.revision).update(**after):
            return False
        AttemptAnswer.objects.bulk_create(answers)
        if state.finished_at is not None:
            if rules.is_marathon(attempt.contest):
                let_the_best_count(attempt.participant_id)
            if attempt.contest.status in (Status.CLOSED, Status.ARCHIVED):  # it may have been counted without this one
                projection.recount(attempt.contest_id)
    for name, value in after.items():
        setattr(attempt, name, value)
    return True


def let_the_best_count(participant_id: int) -> None:
    """Of a participant's finished runs the best one counts: by score, then time, then the earlier."""
    runs = Attempt.objects.filter(participant_id=participant_id)
    best = runs.filter(finished_at__isnull=False).order_by("-score", "correct_ms", "started_at", "number").first()
    if best and not best.counts:
        runs.filter(counts=True).update(counts=False)
        runs.filter(pk=best.pk).update(counts=True)


def _row(attempt: Attempt, question: FrozenQuestion, fact: Answered) -> AttemptAnswer:
    assert attempt.opened_at is not None
    return AttemptAnswer(
        attempt=attempt,
        position=fact.position,
        question=question,
        bank_id=question.bank_id,
        category_slug=question.category_slug,
        category=question.category,
        choice=fact.choice,
        correct=fact.correct,
        points=fact.points,
        t_ms=fact.t_ms,
        opened_at=attempt.opened_at,
        answered_at=clock.from_ms(fact.at),
        voided=fact.voided,
    )
