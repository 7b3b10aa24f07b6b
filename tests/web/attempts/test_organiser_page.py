"""Who is how far: the organiser's page, a page of it at a time."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from momentum.web.accounts.models import User
from momentum.web.attempts import access, organising
from momentum.web.attempts.models import Participant
from momentum.web.contests.models import Contest
from momentum.web.play.people import Person

from ..cast import content
from .cast import GUEST, answer, person, start
from .conftest import HOUR, NOON, Clock

Call = Callable[..., object]


def page_of(contest: Contest) -> str:
    return f"/dashboard/contest/{contest.pk}/lobby"


def crowd(contest: Contest, count: int) -> None:
    """So many who are in and have not started."""
    Participant.objects.bulk_create(
        Participant(contest=contest, user_id=f"guest_{n:032x}", username=f"P{n:03}", name_key=f"p{n}", joined_at=NOON)
        for n in range(count)
    )


def test_those_with_most_points_stand_first_and_who_has_not_started_last(
    standard: Contest, as_alice: Client, bob: User, charlie: User, call: Call
) -> None:
    access.join(standard, person(bob))
    answer(start(standard, GUEST), right=False)
    answer(start(standard, charlie), right=True)
    rows = as_alice.get(page_of(standard)).context["page"].progress.rows
    expected = [("Charlie", "playing", 1000), ("Gina", "playing", 0), ("Bob", "waiting", 0)]
    assert [(row.name, row.state, row.score) for row in rows] == expected
    told = call(as_alice, "get", f"/api/contests/{standard.pk}/progress").json()  # type: ignore[attr-defined]
    assert [row["name"] for row in told["participants"]] == ["Charlie", "Gina", "Bob"]
    assert (told["waiting"], told["playing"], told["finished"], told["total"]) == (1, 2, 0, 3)


def test_of_many_runs_the_best_is_shown_and_the_newest_goes_on(marathon: Contest, as_alice: Client, bob: User) -> None:
    for rights in (3, 1):
        run = start(marathon, bob)
        for _ in range(rights):
            run = answer(run, right=True)
        for _ in range(3):
            run = answer(run, right=False)
    best = run.participant.attempts.get(counts=True).score
    start(marathon, bob)
    page = as_alice.get(page_of(marathon)).context["page"].progress
    (row,) = page.rows
    assert (row.score, row.attempt_count, row.state, row.asked) == (best, 3, "playing", 1)
    assert (page.counts.waiting, page.counts.playing, page.counts.finished) == (0, 1, 0)


def test_a_big_contest_is_paged_and_searched(
    standard: Contest, as_alice: Client, bob: User, django_assert_max_num_queries: DjangoAssertNumQueries, call: Call
) -> None:
    crowd(standard, 230)
    start(standard, bob)
    with django_assert_max_num_queries(25):
        first = as_alice.get(page_of(standard))
    page = first.context["page"].progress
    assert (len(page.rows), page.page_count, page.counts.total, page.rows[0].name) == (50, 5, 231, "Bob")
    seen = {row.name for row in page.rows}
    while page.next_url:
        page = as_alice.get(page.next_url).context["page"].progress
        seen |= {row.name for row in page.rows}
    assert len(seen) == 231
    found = as_alice.get(page_of(standard), {"search": "p11"})
    assert [row.name for row in found.context["page"].progress.rows] == [f"P{n}" for n in range(110, 120)]
    assert "Nobody is called that." in as_alice.get(page_of(standard), {"search": "Zo\0e"}).content.decode()
    api = f"/api/contests/{standard.pk}/progress?offset=200"
    assert len(call(as_alice, "get", api).json()["participants"]) == 31  # type: ignore[attr-defined]


@pytest.mark.parametrize("query", ["?page=0", "?page=-1", "?page=x", "?page=99999999999999999999", "?search=%00"])
def test_nonsense_shows_a_page(standard: Contest, as_alice: Client, query: str) -> None:
    assert as_alice.get(page_of(standard) + query).status_code == 200
    assert as_alice.get(f"/dashboard/contest/{standard.pk}/progress{query}").status_code == 200


def test_what_is_done_to_somebody_leads_back_to_the_same_page(standard: Contest, as_alice: Client) -> None:
    crowd(standard, 101)
    page = as_alice.get(page_of(standard), {"page": "3"})
    assert f'action="/dashboard/contest/{standard.pk}/participants?page=3"' in page.content.decode()
    form = {"user_id": f"guest_{100:032x}", "extra_percent": "50"}
    answer = as_alice.post(f"/dashboard/contest/{standard.pk}/participants?page=3", form)
    assert answer["Location"] == page_of(standard) + "?page=3"


def test_a_double_click_allows_one_more_attempt(standard: Contest, as_alice: Client, bob: User) -> None:
    place = access.join(standard, person(bob))
    for _ in range(2):
        form = {"user_id": str(bob.pk), "extra_attempts": "1"}
        as_alice.post(f"/dashboard/contest/{standard.pk}/participants", form)
    place.refresh_from_db()
    assert place.extra_attempts == 1
    for nonsense in ("-1", "101", "99999", "x", ""):
        as_alice.post(f"/dashboard/contest/{standard.pk}/participants", {**form, "extra_attempts": nonsense})
    place.refresh_from_db()
    assert place.extra_attempts == 1


def test_more_runs_are_offered_only_where_they_are_limited(
    set_up: Callable[..., Contest], as_alice: Client, bob: User
) -> None:
    for max_runs, offered in ((None, False), (2, True)):
        contest = set_up("marathon", max_runs=max_runs)
        start(contest, bob)
        assert ("Allow one more attempt" in as_alice.get(page_of(contest)).content.decode()) is offered


def test_a_draft_shows_no_dates_that_it_does_not_have(set_up: Callable[..., Contest], as_alice: Client) -> None:
    draft = set_up(opens_at=None, closes_at=None)
    assert 'class="window"' not in as_alice.get(page_of(draft)).content.decode()


def test_results_are_linked_once_it_has_closed_and_in_the_archive(
    standard: Contest, as_alice: Client, bob: User, clock: Clock
) -> None:
    results = f'href="/dashboard/contest/{standard.pk}/results"'
    start(standard, bob)
    assert results not in as_alice.get(page_of(standard)).content.decode()
    clock.move_to(NOON + 2 * HOUR)
    assert results in as_alice.get(page_of(standard)).content.decode()
    as_alice.post(f"/dashboard/contest/{standard.pk}/archive")
    assert results in as_alice.get(page_of(standard)).content.decode()


def test_what_is_archived_can_be_found_and_put_back(standard: Contest, as_alice: Client, clock: Clock) -> None:
    clock.move_to(NOON + 2 * HOUR)
    organising.archive(standard)
    [card] = as_alice.get("/dashboard/").context["page"].archived
    assert card.lobby_url == page_of(standard)
    for _ in range(2):
        as_alice.post(f"/dashboard/contest/{standard.pk}/unarchive")
        standard.refresh_from_db()
        assert standard.status == "closed"
    assert as_alice.get("/dashboard/").context["page"].archived == ()


def test_nobody_is_named_whose_account_is_deleted(
    standard: Contest, as_alice: Client, anyone: Client, bob: User
) -> None:
    start(standard, bob)
    User.objects.filter(pk=bob.pk).update(deleted_at=NOON, is_active=False, email="")
    for client in (as_alice, anyone):
        page = content(client.get(page_of(standard)))
        assert "Former player" in page
        assert "Bob" not in page


def test_the_poll_asks_for_little(
    standard: Contest, as_alice: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        start(standard, Person(f"guest_{number:032x}", f"P{number}", is_guest=True))
    with django_assert_max_num_queries(15):
        as_alice.get(f"/dashboard/contest/{standard.pk}/progress")
