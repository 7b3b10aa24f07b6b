from datetime import timedelta

import msgspec
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from momentum.game.settings import INTERMISSION_S, MAX_NAME, MAX_PLAYERS, MAX_QUESTIONS, TIMER_S
from momentum.protocol.wish import GameWish
from momentum.web.accounts.models import User
from momentum.web.contests import actions
from momentum.web.contests.actions import ContestSettings, create_contest, open_private_contest
from momentum.web.contests.lifecycle import change_status
from momentum.web.contests.models import Contest
from momentum.web.contests.status import DATED, LIVE, TRANSITIONS, Status
from momentum.web.contests.titles import TitleRefused
from momentum.web.play import pins
from momentum.web.play.models import Pin
from momentum.web.questions.models import Question
from momentum.web.questions.queries import TooFewQuestions


@pytest.mark.parametrize("source", Status)
@pytest.mark.parametrize("target", Status)
def test_a_contest_moves_only_along_the_table(contest: Contest, source: Status, target: Status) -> None:
    if source in DATED or target in DATED:
        now = timezone.now()
        Contest.objects.update(contest_type="standard", opens_at=now, closes_at=now + timedelta(days=1), status="draft")
    if LIVE & {source, target} and DATED & {source, target}:
        return  # between types a contest moves with its type: see test_scheduling
    Contest.objects.update(status=source)
    legal = target in TRANSITIONS[source]
    assert change_status(contest.pk, target) == legal
    assert Contest.objects.get().status == (target if legal else source)


def test_a_played_contest_stays_played_when_it_is_edited(contest: Contest) -> None:
    Contest.objects.update(status=Status.PLAYED)
    edited = actions.change_contest(Contest.objects.get(), question_count=50)
    assert edited.status == Status.PLAYED


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("question_count", 0), ("question_count", 51), ("question_timer_s", 1), ("max_players", 10_001),
        ("intermission_s", 0), ("contest_type", "x"), ("pace", "x"), ("reveal", "x"), ("access", "x"), ("status", "x"),
    ],
)  # fmt: skip
def test_the_database_refuses_what_the_forms_would(contest: Contest, field: str, value: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Contest.objects.update(**{field: value})


def test_realtimes_own_call_opens_a_private_contest(alice: User, bank: list[Question]) -> None:
    game = open_private_contest(
        host_id=str(alice.pk), wish=GameWish(name="From outside", difficulty="hard", question_count=2)
    )
    contest = Contest.objects.get()
    assert (contest.private, contest.owner, game.source_contest_id) == (True, alice, str(contest.pk))
    assert str(Pin.objects.get().game_id) == game.contest_id
    assert (game.settings.pace, game.settings.max_players, game.settings.host_plays) == ("race", 6, True)
    assert (game.settings.timer_ms, game.settings.intermission_ms, game.settings.countdown_ms) == (15_000, 4_000, 0)


@pytest.mark.parametrize(
    "wish",
    [
        GameWish(question_count=1, intermission=INTERMISSION_S[0], question_timer=TIMER_S[0], name="x", max_players=1),
        GameWish(question_count=1, intermission=INTERMISSION_S[1], question_timer=TIMER_S[1], name="x" * MAX_NAME),
        GameWish(question_count=1, intermission=None, max_players=MAX_PLAYERS, pace="everyone", reveal="immediate"),
    ],
)
def test_the_ends_of_what_may_be_wished_can_be_opened(alice: User, bank: list[Question], wish: GameWish) -> None:
    assert open_private_contest(host_id=str(alice.pk), wish=wish).name == wish.name


@pytest.mark.parametrize(
    "beyond",
    [
        {"intermission": INTERMISSION_S[0] - 1}, {"intermission": INTERMISSION_S[1] + 1}, {"name": ""},
        {"name": "x" * (MAX_NAME + 1)}, {"question_timer": TIMER_S[0] - 1}, {"question_timer": TIMER_S[1] + 1},
        {"question_count": 0}, {"question_count": MAX_QUESTIONS + 1}, {"max_players": MAX_PLAYERS + 1},
        {"max_players": 0}, {"question_count": True}, {"hosts": ["me"]},
    ],
)  # fmt: skip
def test_what_the_database_would_refuse_cannot_be_wished(beyond: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(beyond, GameWish)


@pytest.mark.parametrize("name", [" ", "\u202e", "a\x00b"])
def test_a_wished_name_is_one_that_can_be_shown(alice: User, bank: list[Question], name: str) -> None:
    with pytest.raises(TitleRefused):
        open_private_contest(host_id=str(alice.pk), wish=GameWish(question_count=1, name=name))
    assert not Contest.objects.exists()


def test_a_private_contest_that_cannot_be_opened_leaves_nothing(alice: User, bank: list[Question]) -> None:
    with pytest.raises(TooFewQuestions):
        open_private_contest(host_id=str(alice.pk), wish=GameWish(name="Big", difficulty="hard", question_count=50))
    assert not Contest.objects.exists()


def test_realtimes_own_call_counts_for_the_limit_of_games(alice: User, bank: list[Question]) -> None:
    for number in range(5):
        open_private_contest(
            host_id=str(alice.pk), wish=GameWish(name=f"Game {number}", difficulty="easy", question_count=1)
        )
    with pytest.raises(pins.TooManyGames):
        open_private_contest(host_id=str(alice.pk), wish=GameWish(name="One more", difficulty="easy", question_count=1))


def test_a_deleted_account_opens_nothing(alice: User, bank: list[Question]) -> None:
    User.objects.update(is_active=False)
    with pytest.raises(User.DoesNotExist):
        open_private_contest(host_id=str(alice.pk), wish=GameWish(name="Late", difficulty="easy", question_count=1))


def test_the_settings_of_a_contest_make_the_same_contest_again(alice: User, bank: list[Question]) -> None:
    settings = ContestSettings(
        name="All set", categories=("rivers",), question_count=2, intermission_s=None, pace="race"
    )
    assert actions.settings_of(create_contest(alice, settings)) == settings
