"""What nobody may know yet changes nothing of what anybody reads, at any address of the site.

The key, the explanations and everybody's results are swapped behind the site's back; every page and call that can be
read must stay the same to the byte. New addresses are found by themselves.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from momentum.web.accounts.models import User
from momentum.web.attempts.models import Attempt, AttemptAnswer, FrozenQuestion
from momentum.web.contests.models import Contest
from momentum.web.leaderboards import projection
from momentum.web.questions.models import Question

from .cast import answer, start
from .conftest import HOUR, NOON, Clock

CHANGING = re.compile(rb'csrfmiddlewaretoken" value="\w+"')
FOREIGN = ("allauth",)
"""Libraries that know nothing of contests."""
DOCUMENTATION = ("/api/docs", "/api/openapi.json")
FOLDER = ("/dev/mail/",)
"""Shows files of a folder, in which tests beside this one write."""
PAGED = re.compile(r"/(lobby|progress|board|results|questions|leaderboards)(/|$)|/api/results/[^/]+$")
MORE = ("", "?offset=1&limit=1", "?page=2&questions=2&search=b", "?after=0&limit=100&part=all")
"""Ways to ask for an order or a part."""


def patterns(resolver: URLResolver | Any, before: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each route of the site, with its converters."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern.pattern.converters
        elif not any(name in str(getattr(pattern, "urlconf_name", "")) for name in FOREIGN):
            for more, converters in patterns(pattern, route):
                yield more, {**pattern.pattern.converters, **converters}


def addresses(values: Mapping[str, list[str]]) -> list[str]:
    """Every address with these values in the places of its parameters."""
    found: list[str] = []
    for route, _converters in patterns(get_resolver()):
        names = re.findall(r"<(?:\w+:)?(\w+)>", route)
        made = ["/" + route]
        for name in names:
            fills = values.get(name, values["any"])
            made = [re.sub(rf"<(\w+:)?{name}>", fill, one, count=1) for one in made for fill in fills]
        found += [one for one in made if one not in DOCUMENTATION + FOLDER]
    return found


def values_of(contest: Contest, *attempts: Attempt) -> dict[str, list[str]]:
    players = sorted({attempt.user_id for attempt in attempts})
    return {
        "any": [str(uuid4())],
        "contest_id": [str(contest.pk)],
        "source_id": [str(contest.pk)],
        "attempt_id": [str(attempt.pk) for attempt in attempts],
        "organiser_id": [str(contest.owner_id)],
        "player": players,
        "user_id": players,
        "position": ["1"],
        "table": ["board", "questions", "answers"],
        "code": [contest.pins.get().code],
        "token": ["x" * 43],
    }


def read(client: Client, paths: list[str]) -> dict[str, tuple[int, bytes]]:
    """Status and body of each address and its variants, for who has this browser."""
    found = {}
    for path in paths:
        for more in MORE if PAGED.search(path) else ("",):
            response = client.get(path + more)
            body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
            found[path + more] = (response.status_code, CHANGING.sub(b"", body))
    return found


def swap_the_key() -> None:
    for question in FrozenQuestion.objects.all():
        question.correct = (question.correct + 1) % len(question.options)
        question.explanation = "Another reason."
        question.save()
    for one in Question.objects.all():
        Question.objects.filter(pk=one.pk).update(answer=(one.answer + 1) % 4, explanation="Another reason.")


def swap_results(attempts: Any) -> None:
    """Right becomes wrong, and points come and go."""
    answers = AttemptAnswer.objects.filter(attempt__in=attempts, choice__isnull=False)
    answers.filter(correct=True).update(correct=False, points=0)
    Attempt.objects.filter(pk__in=[one.pk for one in attempts]).update(
        score=F("score") + 7, correct_count=0, correct_ms=1, best_streak=0, streak=0
    )


@pytest.fixture
def people(as_bob: Client, as_charlie: Client, anyone: Client) -> dict[str, Client]:
    return {"Bob": as_bob, "Charlie": as_charlie, "anyone": anyone}


@pytest.fixture
def same(people: dict[str, Client]) -> Callable[[list[str], Callable[[], None]], None]:
    """Demands that a change changes nothing for anybody."""

    def check(paths: list[str], change: Callable[[], None]) -> None:
        for client in people.values():
            client.get("/")  # who is new gets cookies
        before = {name: read(client, paths) for name, client in people.items()}
        assert sum(status == 200 for status, _ in before["Bob"].values()) > 10
        change()
        for name, client in people.items():
            after = read(client, paths)
            assert [path for path in after if after[path] != before[name][path]] == [], name

    return check


Same = Callable[[list[str], Callable[[], None]], None]


@pytest.mark.parametrize(
    ("contest_type", "shown"), [("standard", "at_once"), ("standard", "after_closing"), ("marathon", "at_once")]
)
def test_the_key_of_what_is_still_to_be_answered_shows_nowhere(
    set_up: Callable[..., Contest], bob: User, charlie: User, same: Same, contest_type: str, shown: str
) -> None:
    contest = set_up(contest_type, results_shown=shown)
    going_on = answer(start(contest, bob), right=True)
    if going_on.opened_at is None:
        going_on = answer(going_on, right=True)
    fresh = start(contest, charlie)
    same(addresses(values_of(contest, going_on, fresh)), swap_the_key)


def test_right_or_wrong_shows_nowhere_before_the_closing(
    set_up: Callable[..., Contest], bob: User, charlie: User, same: Same
) -> None:
    contest = set_up()
    done, going_on = start(contest, bob), answer(start(contest, charlie), right=True)
    for number in range(4):
        done = answer(done, right=number != 1)

    def change() -> None:
        swap_the_key()
        swap_results([done, going_on])
        projection.project()

    same(addresses(values_of(contest, done, going_on)), change)


@pytest.mark.parametrize("shown", ["frozen", "hidden"])
def test_what_happens_under_a_frozen_or_hidden_board_shows_nowhere_to_others(
    set_up: Callable[..., Contest], bob: User, charlie: User, clock: Clock, as_bob: Client, anyone: Client, shown: str
) -> None:
    contest = set_up(scoreboard=shown, freeze_min=30, results_shown="at_once", question_count=2)
    done = start(contest, bob)
    for _ in range(2):
        done = answer(done, right=True)
    clock.move_to(NOON + HOUR * 0.75)
    other = answer(start(contest, charlie), right=True)
    paths = addresses(values_of(contest, done, other))
    before = {name: read(client, paths) for name, client in (("Bob", as_bob), ("anyone", anyone))}
    answer(other, right=True)
    swap_results([other])
    projection.project()
    for name, client in (("Bob", as_bob), ("anyone", anyone)):
        after = read(client, paths)
        assert [path for path in after if after[path] != before[name][path]] == [], name


def test_the_test_itself_sees_a_key(set_up: Callable[..., Contest], bob: User, as_bob: Client, clock: Clock) -> None:
    """After the closing the same change is seen."""
    contest = set_up(question_count=1)
    done = answer(start(contest, bob), right=True)
    clock.move_to(NOON + 2 * HOUR)
    paths = addresses(values_of(contest, done))
    before = read(as_bob, paths)
    swap_the_key()
    after = read(as_bob, paths)
    changed = {path.partition("?")[0] for path in after if after[path] != before[path]}
    expected = {f"/attempt/{done.pk}", f"/api/attempts/{done.pk}/review", f"/api/results/{contest.pk}/questions"}
    assert expected <= changed


def test_no_question_is_read_before_it_is_asked(
    set_up: Callable[..., Contest], bob: User, people: dict[str, Client]
) -> None:
    contest = set_up()
    attempt = start(contest, bob)
    paths = addresses(values_of(contest, attempt))
    texts = [text.encode() for text in FrozenQuestion.objects.order_by("position").values_list("text", flat=True)]
    for name, client in people.items():
        for path, (_status, body) in read(client, paths).items():
            shown = [text for text in texts if text in body]
            assert shown in ([], texts[:1] if name == "Bob" else []), (name, path)
            assert str(attempt.seed).encode() not in body, path
