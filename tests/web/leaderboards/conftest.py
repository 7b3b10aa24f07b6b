import pytest

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.leaderboards.projection import project
from momentum.web.leaderboards.ratings import rate_games
from momentum.web.play.models import Pin

from ..cast import GINA
from .history import played


@pytest.fixture
def friday(contest: Contest, bob: User) -> Pin:
    """A game of Alice's contest that Bob and the guest Gina have played and that is counted. Charlie was not there."""
    dana = User.objects.create_user("Dana", "dana@example.org", "x")
    pin = played(contest, [bob, dana, GINA])
    project()
    rate_games()
    return pin
