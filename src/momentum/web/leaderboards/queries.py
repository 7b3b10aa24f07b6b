"""What the leaderboards show."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from momentum.web.accounts import queries as accounts
from momentum.web.contests.models import Contest, ContestType
from momentum.web.leaderboards import audience, boards, standing
from momentum.web.leaderboards.boards import ALL, BoardKey
from momentum.web.leaderboards.models import Board, Profile, Result, Total
from momentum.web.leaderboards.standing import COUNTED, Cursor, Placed
from momentum.web.play.people import Person


@dataclass(frozen=True)
class LeaderRow:
    """`rank` None: beyond those that are counted."""

    player: str
    rank: int | None
    name: str
    score: int
    correct_count: int
    answer_count: int
    correct_seconds: str
    plays: int
    is_you: bool


@dataclass(frozen=True)
class Leaderboard:
    """One page of a board. `after`: the key at which the next one begins; "" on the last."""

    period: str
    subject: str
    rows: tuple[LeaderRow, ...]
    you: LeaderRow | None
    after: str


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class ChoiceGroup:
    """`label` "": its choices stand alone."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Choices:
    """Which boards there are to choose from, by period and by subject."""

    periods: tuple[Choice, ...]
    subjects: tuple[ChoiceGroup, ...]


@dataclass(frozen=True)
class OtherBoard:
    name: str
    url: str


@dataclass(frozen=True)
class LeaderboardPage:
    """`kind`: site, organiser or contest. `choices` None: there is one board only. `shares`: the reader stands on the
    site's board."""

    kind: str
    heading: str
    board: Leaderboard
    choices: Choices | None
    first_url: str
    next_url: str
    others: tuple[OtherBoard, ...]
    shares: bool


def leaderboard(
    who: Person,
    kind: str,
    of: UUID | None,
    *,
    period: str = ALL,
    subject: str = ALL,
    after: str = "",
    limit: int = standing.ROWS,
) -> Leaderboard | None:
    """A page of a board; None where `who` may not see it. `period`: as boards have it, or month or week for the
    present ones.

    Of what there is no board of, the page is empty; what no page has given out as `after` is the first page.
    """
    scope = audience.scope(who, kind, of)
    if scope is None:
        return None
    key = BoardKey(scope, ALL, ALL) if kind == "contest" else BoardKey(scope, _present(period), _text(subject))
    board = Board.objects.filter(**key._asdict()).first()
    if board is None:
        return Leaderboard(key.period, key.subject, (), None, "")
    totals = Total.objects.filter(board=board.pk)
    page = standing.page(totals, Cursor.read(after), limit)
    own = totals.filter(player=who.user_id).first()
    placed = [*page.rows, *([Placed(standing.rank(totals, own), own)] if own else [])]
    names = _names(placed, of if kind == "contest" else None)
    rows = [_row(one, who, names) for one in placed]
    return Leaderboard(key.period, key.subject, tuple(rows[: len(page.rows)]), rows[-1] if own else None, page.after)


def leaderboard_page(
    who: Person, kind: str, of: UUID | None, *, period: str = ALL, subject: str = ALL, after: str = ""
) -> LeaderboardPage | None:
    """The page around a board; None where `who` may not see it."""
    board = leaderboard(who, kind, of, period=period, subject=subject, after=after)
    if board is None:
        return None
    url = reverse(f"{kind}_leaderboard", args=[of]) if of else reverse("leaderboards")
    wanted = {name: value for name, value in (("period", period), ("subject", subject)) if value != ALL}
    return LeaderboardPage(
        kind=kind,
        heading=_heading(who, kind, of),
        board=board,
        choices=None
        if kind == "contest"
        else _choices(boards.of_organiser(of) if of else boards.SITE, period, subject),
        first_url=url + _query(**wanted) if after else "",
        next_url=url + _query(**wanted, after=board.after) if board.after else "",
        others=_others(who, kind, of),
        shares=not who.is_guest and shares(UUID(who.user_id)),
    )


def shares(user_id: UUID) -> bool:
    return Profile.objects.filter(pk=user_id, shared=True).exists()


def _present(period: str) -> str:
    if period == boards.MONTH:
        return boards.of_month(timezone.now())
    if period == boards.WEEK:
        return boards.of_week(timezone.now())
    return _text(period)


def _text(asked: str) -> str:
    """What PostgreSQL takes as a text."""
    return asked.replace("\0", "")


def _row(placed: Placed, who: Person, names: dict[str, str]) -> LeaderRow:
    total = placed.total
    return LeaderRow(
        player=total.player,
        rank=placed.rank if placed.rank <= COUNTED or total.player != who.user_id else None,
        name=names.get(total.player, ""),
        score=total.score,
        correct_count=total.correct_count,
        answer_count=total.answer_count,
        correct_seconds=f"{total.correct_ms / 1000:.1f}",
        plays=total.plays,
        is_you=total.player == who.user_id,
    )


def _names(placed: Iterable[Placed], contest_id: UUID | None) -> dict[str, str]:
    """Accounts by their present names; guests, whom only a contest's board has, by the last one they used there."""
    players = [one.total.player for one in placed]
    found = accounts.names([player for player in players if not boards.is_guest(player)])
    guests = [player for player in players if boards.is_guest(player)]
    if guests:
        used = Result.objects.filter(contest=contest_id, player__in=guests).order_by("ended_at", "pk")
        found.update(used.values_list("player", "username"))
    return found


def _heading(who: Person, kind: str, of: UUID | None) -> str:
    if of is None:
        return _("Leaderboard")
    if kind == "contest" and of is not None:
        return Contest.objects.filter(pk=of).values_list("name", flat=True).first() or ""
    if who.user_id == str(of):
        return _("Your contests")
    return _("Contests of %(name)s") % {"name": accounts.names([str(of)])[str(of)]}


def _choices(scope: str, period: str, subject: str) -> Choices:
    """The periods, and the subjects whose boards of all time somebody stands on."""
    somebody = Exists(Total.objects.filter(board=OuterRef("pk")))
    found = set(Board.objects.filter(somebody, scope=scope, period=ALL).values_list("subject", flat=True))
    types = [(boards.of_type(kind.value), str(kind.label)) for kind in ContestType]
    categories = sorted(one for one in found if one.startswith(boards.of_category("")))
    groups = (
        ("", [(ALL, _("Everything"))]),
        (_("Type"), [choice for choice in types if choice[0] in found]),
        (_("Category"), [(one, one.partition(":")[2]) for one in categories]),
    )
    periods = [(ALL, _("All time")), (boards.MONTH, _("This month")), (boards.WEEK, _("This week"))]
    return Choices(
        _marked(periods, period), tuple(ChoiceGroup(name, _marked(group, subject)) for name, group in groups if group)
    )


def _marked(choices: Iterable[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, label, value == chosen) for value, label in choices)


def _others(who: Person, kind: str, of: UUID | None) -> tuple[OtherBoard, ...]:
    """The boards of the organisers whom an account knows, and the site's."""
    if who.is_guest:
        return ()
    organisers = audience.organisers_of(who)
    if Result.objects.filter(contest__owner=UUID(who.user_id)).exists():
        organisers.add(UUID(who.user_id))
    names = accounts.names([str(pk) for pk in organisers])
    found = [
        OtherBoard(
            _("Your contests") if str(pk) == who.user_id else names[str(pk)],
            reverse("organiser_leaderboard", args=[pk]),
        )
        for pk in organisers
        if pk != of
    ]
    found.sort(key=lambda other: other.name.casefold())
    return tuple(found) if kind == "site" else (OtherBoard(_("Everybody here"), reverse("leaderboards")), *found)


def _query(**given: str) -> str:
    return f"?{urlencode(given)}" if given else ""
