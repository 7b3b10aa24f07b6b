"""What the organiser's first page shows."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from momentum.web.accounts.models import User
from momentum.web.contests import queries as contests
from momentum.web.contests.models import Contest
from momentum.web.contests.queries import ContestCard
from momentum.web.contests.status import Status, status_at
from momentum.web.games.models import Game, PlayerResult
from momentum.web.play.models import Pin

PLAYED_SHOWN = 5


@dataclass(frozen=True)
class NextStep:
    """What to do now: make_contest, finish_draft, go_to_game, watch_contest, open_lobby, see_contest or see_results."""

    kind: str
    contest: ContestCard | None
    url: str


@dataclass(frozen=True)
class PlayedGame:
    contest_name: str
    rank: int | None
    score: int
    player_count: int
    ended_at: datetime
    results_url: str


@dataclass(frozen=True)
class JoinedContest:
    """A contest of somebody else's, played alone and not over. `at`: when it opens; when it closes, if `is_open`."""

    name: str
    organiser: str
    is_open: bool
    at: datetime
    lobby_url: str


@dataclass(frozen=True)
class DashboardPage:
    """`joined`: what the user takes part in. `quick_games`: contests that an API call made."""

    username: str
    next_step: NextStep
    contests: tuple[ContestCard, ...]
    joined: tuple[JoinedContest, ...]
    quick_games: tuple[ContestCard, ...]
    archived: tuple[ContestCard, ...]
    played: tuple[PlayedGame, ...]


def dashboard_page(user: User) -> DashboardPage:
    cards = contests.cards_of(user)
    return DashboardPage(
        username=user.username,
        next_step=next_step(cards),
        contests=tuple(card for card in cards if not card.is_private),
        joined=_joined(str(user.pk)),
        quick_games=tuple(card for card in cards if card.is_private),
        archived=tuple(contests.archived_cards_of(user)),
        played=_played(str(user.pk)),
    )


def next_step(cards: list[ContestCard]) -> NextStep:
    """The most pressing thing first: what is open, then a game that could be, then the newest contest. Contests that
    are played alone are opened by their dates."""
    own = [card for card in cards if not card.is_private and not card.played_alone]
    alone = [card for card in cards if card.played_alone]
    if live := [card for card in cards if card.is_live]:
        return NextStep("go_to_game", live[0], live[0].lobby_url)
    if watched := [card for card in alone if card.status == Status.OPEN]:
        return NextStep("watch_contest", watched[0], watched[0].lobby_url)
    if not own and alone:
        return _of_contest_played_alone(alone[0])
    if not own:
        return NextStep("make_contest", None, reverse("contest_new"))
    if ready := [card for card in own if card.status == Status.READY]:
        return NextStep("open_lobby", ready[0], ready[0].lobby_url)
    if own[0].status == Status.DRAFT:
        return NextStep("finish_draft", own[0], own[0].edit_url)
    return NextStep("see_results", own[0], own[0].results_url)


def _of_contest_played_alone(newest: ContestCard) -> NextStep:
    if newest.status == Status.DRAFT:
        return NextStep("finish_draft", newest, newest.edit_url)
    if newest.status == Status.CLOSED:
        return NextStep("see_results", newest, newest.results_url)
    return NextStep("see_contest", newest, newest.lobby_url)


def _joined(user_id: str) -> tuple[JoinedContest, ...]:
    """What closes first comes first."""
    now = timezone.now()
    contests = Contest.objects.filter(participants__user_id=user_id, deleted_at=None, closes_at__gte=now)
    return tuple(
        _joined_contest(contest, now)
        for contest in contests.select_related("owner").order_by("closes_at", "pk")
        if status_at(contest, now) in (Status.SCHEDULED, Status.OPEN)
    )


def _joined_contest(contest: Contest, now: datetime) -> JoinedContest:
    is_open = status_at(contest, now) is Status.OPEN
    at = contest.closes_at if is_open else contest.opens_at
    assert at is not None
    lobby_url = reverse("lobby", args=[contest.pk])
    return JoinedContest(contest.name, contest.owner.username, is_open, at, lobby_url)


def _played(user_id: str) -> tuple[PlayedGame, ...]:
    """The games somebody played last, newest first."""
    results = PlayerResult.objects.filter(user_id=user_id)
    games = Game.objects.filter(pk__in=results.values("game_id"), ended_ms__isnull=False).order_by("-ended_ms")
    games = games[:PLAYED_SHOWN]
    ids = [game.pk for game in games]
    mine = {result.game_id: result for result in results.filter(game_id__in=ids)}
    seats = _seats(ids)
    known = {
        str(pk) for pk in Pin.objects.filter(game_id__in=[UUID(pk) for pk in ids]).values_list("game_id", flat=True)
    }
    return tuple(
        PlayedGame(
            contest_name=game.name,
            rank=mine[game.pk].rank,
            score=mine[game.pk].score,
            player_count=seats[game.pk],
            ended_at=datetime.fromtimestamp((game.ended_ms or 0) / 1000, UTC),
            results_url=reverse("results", args=[game.pk]),
        )
        for game in games
        if game.pk in known
    )


def _seats(game_ids: list[str]) -> dict[str, int]:
    ranked = PlayerResult.objects.filter(game_id__in=game_ids, rank__isnull=False)
    return {
        row["game_id"]: row["seats"] for row in ranked.values("game_id").annotate(seats=Count("user_id")).order_by()
    }
