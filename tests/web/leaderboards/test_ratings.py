import random
import uuid
from datetime import timedelta

from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.leaderboards import ratings
from momentum.web.leaderboards.models import Rating, Source
from momentum.web.leaderboards.projection import project
from momentum.web.leaderboards.ratings import GROUP, Skill, rate, rate_games, rebuild_ratings, skills

from ..cast import GINA
from .history import played, remove


def kept() -> list[tuple[object, ...]]:
    return sorted(Rating.objects.values_list("source", "player", "mu", "sigma", "games"))


def test_who_wins_rises_and_who_loses_falls() -> None:
    after = rate([("a", 1), ("b", 2)], {}, "seed")
    assert after["a"].mu > Skill().mu > after["b"].mu
    assert after["a"].sigma < Skill().sigma
    assert Skill().shown == 1000


def test_a_draw_among_equals_moves_nobody_apart() -> None:
    after = rate([("a", 1), ("b", 1)], {}, "seed")
    assert after["a"] == after["b"]


def test_one_alone_is_not_rated() -> None:
    assert rate([("a", 1)], {}, "seed") == {}


@settings(deadline=None)  # the machine may be busy
@given(count=st.integers(2, 400), seed=st.integers(0, 9))
def test_every_player_of_a_large_game_is_rated_in_one_small_group(count: int, seed: int) -> None:
    standing = [(f"p{number}", number) for number in range(count)]
    groups = ratings._groups(standing, str(seed))
    assert sorted(player for group in groups for player in group) == sorted(standing)
    assert all(2 <= len(group) <= GROUP for group in groups)
    assert groups == ratings._groups(standing[::-1], str(seed))


def test_games_that_are_found_late_come_to_the_same_numbers(
    contest: Contest, alice: User, bob: User, charlie: User
) -> None:
    dana = User.objects.create_user("Dana", "dana@example.org", "x")
    people = [bob, charlie, dana]
    now = timezone.now()
    order = list(range(6))
    random.Random(3).shuffle(order)
    for number in order:
        played(contest, people, seed=number, ended_at=now - timedelta(hours=number))
        project()
        rate_games()
    found = kept()
    assert len(found) == 18
    rebuild_ratings()
    assert kept() == found
    assert rate_games() == 0
    assert kept() == found
    assert {skill.games for skill in skills(str(one.pk) for one in people).values()} == {6}


def test_a_skill_is_that_after_the_last_game(contest: Contest, bob: User, charlie: User) -> None:
    now = timezone.now()
    played(contest, [bob, charlie], seed=1, ended_at=now - timedelta(hours=1))
    last = played(contest, [bob, charlie], seed=2, ended_at=now)
    project()
    assert rate_games() == 2
    row = Rating.objects.get(source=last.game_id, player=str(bob.pk))
    assert skills([str(bob.pk)]) == {str(bob.pk): Skill(row.mu, row.sigma, 2)}


def test_guests_hosts_and_the_removed_are_not_rated(contest: Contest, alice: User, bob: User, charlie: User) -> None:
    remove(played(contest, [alice, bob, charlie, GINA]), charlie)
    project()
    assert rate_games() == 1
    assert kept() == []
    assert Source.objects.get().rated
    assert skills([str(uuid.uuid4())]) == {}
