"""Ratings over live games, in the order in which they ended: the same games always give the same numbers."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from openskill.models import PlackettLuce

from momentum.web.contests.models import ContestType
from momentum.web.leaderboards import boards
from momentum.web.leaderboards.models import Rating, Result, Source
from momentum.web.leaderboards.projection import lock

GROUP = 50
"""The most players that are compared with each other; larger games are cut into groups."""
START = 1000
SCALE = 40
PROVISIONAL_BELOW = 5

MODEL = PlackettLuce()


@dataclass(frozen=True)
class Skill:
    """`sigma`: how unsure `mu` is. `games`: how many made it."""

    mu: float = MODEL.mu
    sigma: float = MODEL.sigma
    games: int = 0

    @property
    def shown(self) -> int:
        """What people see: a number that the skill is almost surely above."""
        return round(START + SCALE * (self.mu - 3 * self.sigma))

    @property
    def provisional(self) -> bool:
        return self.games < PROVISIONAL_BELOW


def rate_games() -> int:
    """Rate every game that has been counted and not rated. Returns how many."""
    rated = 0
    while _rate_next():
        rated += 1
    return rated


def rebuild_ratings() -> int:
    """Rate all games from nothing."""
    with transaction.atomic():
        lock()
        Rating.objects.all().delete()
        Source.objects.filter(rated=True).update(rated=False)
    return rate_games()


def skills(players: Iterable[str]) -> dict[str, Skill]:
    """The present skills of those players who have one."""
    newest = Rating.objects.filter(player=OuterRef("player")).order_by("-ended_at", "-source")
    rows = Rating.objects.filter(player__in=list(players), pk=Subquery(newest.values("pk")[:1]))
    return {row.player: Skill(row.mu, row.sigma, row.games) for row in rows}


def rate(standing: Sequence[tuple[str, int]], before: dict[str, Skill], seed: str) -> dict[str, Skill]:
    """The skills after a game. `standing`: players and their ranks; equal ranks are a draw."""
    after: dict[str, Skill] = {}
    for group in _groups(standing, seed):
        known = [before.get(player, Skill()) for player, _ in group]
        teams = [[MODEL.rating(mu=skill.mu, sigma=skill.sigma)] for skill in known]
        for (player, _), skill, (new,) in zip(
            group, known, MODEL.rate(teams, ranks=[float(rank) for _, rank in group]), strict=True
        ):
            after[player] = Skill(new.mu, new.sigma, skill.games + 1)
    return after


def _groups(standing: Sequence[tuple[str, int]], seed: str) -> list[list[tuple[str, int]]]:
    """Groups of at most GROUP and nearly equal sizes, by a shuffle; none for a game of fewer than two."""
    if len(standing) < 2:
        return []
    shuffled = sorted(standing)
    random.Random(seed).shuffle(shuffled)
    count = -(-len(shuffled) // GROUP)
    return [shuffled[number::count] for number in range(count)]


@transaction.atomic
def _rate_next() -> bool:
    """Rate the first game that is not; False when all are."""
    lock()
    unrated = Source.objects.filter(contest_type=ContestType.QUICK_FIRE, done=True, rated=False)
    game = unrated.order_by("ended_at", "id").first()
    if game is None:
        return False
    _take_back_after(game)
    standing = _standing(game)
    before = skills(player for player, _ in standing)
    Rating.objects.bulk_create(
        Rating(source=game, player=player, ended_at=game.ended_at, mu=skill.mu, sigma=skill.sigma, games=skill.games)
        for player, skill in rate(standing, before, str(game.pk)).items()
    )
    Source.objects.filter(pk=game.pk).update(rated=True)
    return True


def _take_back_after(game: Source) -> None:
    """Take the ratings of all games back that ended after this one."""
    later = Q(ended_at__gt=game.ended_at) | Q(ended_at=game.ended_at, id__gt=game.pk)
    rated = Source.objects.filter(later, rated=True)
    if rated.exists():
        Rating.objects.filter(source__in=rated).delete()
        rated.update(rated=False)


def _standing(game: Source) -> list[tuple[str, int]]:
    """The accounts that count, with their ranks in the game."""
    results = Result.objects.filter(source=game, counts=True).exclude(player__startswith=boards.GUEST)
    return [(player, rank or 0) for player, rank in results.values_list("player", "rank")]
