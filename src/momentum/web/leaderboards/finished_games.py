"""Games that are over and not yet counted. Nothing is joined with their tables: those may be in another database."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from momentum.web.contests.models import ContestType
from momentum.web.games.models import AnswerResult, Game, PlayerResult, QuestionResult
from momentum.web.leaderboards.finished import Amount, Answered, Finished, Line, best_streak, tallies
from momentum.web.leaderboards.models import Ledger, Source
from momentum.web.play.models import Pin

SETTLED_AFTER = timedelta(hours=1)
"""PINs get their numbers before their rows can be seen: a mark must not run past one that is still to come."""


def finished() -> Iterator[Finished]:
    """Games that ended after a question was asked, the first to end first."""
    pins = _uncounted().select_related("contest")
    games = {game.pk: game for game in Game.objects.filter(pk__in=[str(pin.game_id) for pin in pins])}
    found = [
        (game.ended_ms, pin.game_id, pin.contest)
        for pin in pins
        if pin.game_id and (game := games.get(str(pin.game_id))) and game.ended_ms
    ]
    for ended_ms, game_id, contest in sorted(found, key=lambda one: one[:2]):
        yield Finished(
            source_id=game_id,
            contest=contest,
            contest_type=ContestType.QUICK_FIRE,
            ended_at=datetime.fromtimestamp(ended_ms / 1000, UTC),
            lines=partial(lines, str(game_id)),
        )


def settle() -> None:
    """Move the mark up to where nothing is left to count."""
    ledger, _ = Ledger.objects.get_or_create(pk=1)
    settled = Pin.objects.filter(pk__gt=ledger.settled_pin, issued_at__lt=timezone.now() - SETTLED_AFTER)
    waiting = _uncounted(or_open=True).order_by("pk").values_list("pk", flat=True).first()
    if waiting is not None:
        settled = settled.filter(pk__lt=waiting)
    last = settled.order_by("-pk").values_list("pk", flat=True).first()
    if last is not None:
        Ledger.objects.filter(pk=1, settled_pin__lt=last).update(settled_pin=last)


def lines(game_id: str, after: str, limit: int) -> list[Line]:
    """The lines of a game's players, by their ids."""
    players = list(PlayerResult.objects.filter(game_id=game_id, user_id__gt=after).order_by("user_id")[:limit])
    numbers = list(
        QuestionResult.objects.filter(game_id=game_id, voided=False).order_by("number").values_list("number", flat=True)
    )
    answers: defaultdict[str, list[Answered]] = defaultdict(list)
    ids = [player.user_id for player in players]
    for row in AnswerResult.objects.filter(game_id=game_id, user_id__in=ids, number__in=numbers):
        answers[row.user_id].append(Answered(row.number, row.category, row.correct, row.points, row.t_ms))
    return [_line(player, answers[player.user_id], numbers) for player in players]


def _line(player: PlayerResult, answers: list[Answered], numbers: list[int]) -> Line:
    return Line(
        player=player.user_id,
        username=player.username,
        rank=player.rank,
        amount=Amount(
            score=player.score,
            correct_ms=player.correct_ms,
            correct_count=player.correct_count,
            answer_count=len(answers),
        ),
        best_streak=best_streak(answers, numbers),
        tallies=tallies(answers),
    )


def _uncounted(*, or_open: bool = False) -> QuerySet[Pin]:
    """PINs past the mark whose games were played and are not counted yet."""
    mark = Ledger.objects.filter(pk=1).values_list("settled_pin", flat=True).first() or 0
    counted = Source.objects.filter(pk=OuterRef("game_id"), done=True)
    played = Q(retired_at__isnull=False, played=True) & ~Exists(counted)
    return Pin.objects.filter(Q(pk__gt=mark, game_id__isnull=False), played | Q(retired_at=None) if or_open else played)
