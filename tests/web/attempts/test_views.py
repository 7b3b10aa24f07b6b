"""The pages without a script: plain forms do."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from momentum.web.attempts.models import Attempt, AttemptAnswer
from momentum.web.contests.models import Contest

from .cast import shown
from .conftest import HOUR, NOON, Clock


def start(client: Client, contest: Contest) -> str:
    """The address of the attempt."""
    address: str = client.post(f"/contest/{contest.pk}/start", {"name": "Gina"})["Location"]
    return address


def choose(client: Client, address: str, *, right: bool = True) -> str:
    """Answer the open question as its form does; returns where that leads."""
    page = client.get(address).context["page"]
    option = shown(Attempt.objects.get(pk=page.id), right=right) + 1
    answer = client.post(f"{address}/answer", {"question": page.question.id, "option": str(option)})
    assert answer["Location"] == address
    return client.get(address).content.decode()


def test_a_whole_contest_by_plain_forms(standard: Contest, anyone: Client) -> None:
    address = start(anyone, standard)
    for _ in range(3):
        assert "Your last answer is kept." in choose(anyone, address)
    assert "Results come when the contest has closed" in choose(anyone, address)
    assert AttemptAnswer.objects.count() == 4


def test_a_run_by_plain_forms(marathon: Contest, as_bob: Client) -> None:
    address = start(as_bob, marathon)
    assert "Right!" in choose(as_bob, address)
    assert as_bob.post(f"{address}/next", {"after": "1"})["Location"] == address
    assert "2 lives left" in choose(as_bob, address, right=False)


def test_a_guest_without_a_name_is_asked_for_one(standard: Contest, anyone: Client) -> None:
    refused = anyone.post(f"/contest/{standard.pk}/start", {"name": ""})
    assert refused.status_code == 400
    assert refused.context["form"].errors
    assert not Attempt.objects.exists()


def test_coming_in_before_it_opens(set_up: Callable[..., Contest], anyone: Client) -> None:
    contest = set_up(opens_at=NOON + HOUR / 2)
    lobby = anyone.post(f"/contest/{contest.pk}/join", {"name": "Gina"}, follow=True)
    assert "You are in as" in lobby.content.decode()
    refused = anyone.post(f"/contest/{contest.pk}/start", follow=True)
    assert "has not opened yet" in refused.content.decode()


def test_looking_at_an_attempt_opens_nothing(marathon: Contest, as_bob: Client, clock: Clock) -> None:
    address = start(as_bob, marathon)
    choose(as_bob, address)
    for _ in range(3):
        assert as_bob.get(address).context["page"].state == "between"


def test_no_cache_keeps_an_attempt(standard: Contest, as_bob: Client) -> None:
    assert "no-store" in as_bob.get(start(as_bob, standard))["Cache-Control"]


@pytest.mark.parametrize("form", [{"option": "1"}, {"question": "x", "option": "1"}, {"option": "9"}, {}])
def test_nonsense_is_not_found(standard: Contest, as_bob: Client, form: dict[str, str]) -> None:
    assert as_bob.post(f"{start(as_bob, standard)}/answer", form).status_code == 404
    assert not AttemptAnswer.objects.exists()


def test_an_answer_takes_few_questions_to_the_database(
    standard: Contest, as_bob: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Of them a session and an account, and a savepoint of the test's own."""
    address = start(as_bob, standard)
    page = as_bob.get(address).context["page"]
    with django_assert_max_num_queries(10):
        as_bob.post(f"{address}/answer", {"question": page.question.id, "option": "1"}, headers={"HX-Request": "true"})
