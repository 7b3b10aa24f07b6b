from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.questions.models import Question

from ..cast import end_game, open_pin

NEW = "/dashboard/contest/new"
FORM = {
    "name": "Friday quiz",
    "contest_type": "quick_fire",
    "difficulty": "mixed",
    "question_count": "3",
    "pace": "everyone",
    "question_timer_s": "15",
    "intermission": "6",
    "max_players": "100",
    "reveal": "at_close",
    "late_join": "on",
    "access": "anyone",
    "timing": "question",
    "total_time_min": "10",
    "results_shown": "after_closing",
    "scoreboard": "visible",
    "freeze_min": "30",
    "entry": "link",
}


def path(contest: Contest, what: str) -> str:
    return f"/dashboard/contest/{contest.pk}/{what}"


def test_the_form_starts_with_sensible_defaults(
    as_alice: Client, bank: list[Question], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(5):
        answer = as_alice.get(NEW)
    form = answer.context["form"]
    assert answer.status_code == 200
    assert {
        name: str(form[name].value()) for name in ("contest_type", "intermission", "max_players", "question_count")
    } == {
        "contest_type": "quick_fire",
        "intermission": "6",
        "max_players": "100",
        "question_count": "10",
    }
    assert {field.name for field in [*form.basic, *form.advanced, *form.alone]} | {"time_zone"} == set(form.fields)


def test_a_new_contest_leads_to_its_lobby(as_alice: Client, alice: User, bank: list[Question]) -> None:
    answer = as_alice.post(NEW, FORM)
    contest = Contest.objects.get()
    assert answer["Location"] == path(contest, "lobby")
    assert (contest.owner, contest.name, contest.status, contest.intermission_s) == (alice, "Friday quiz", "ready", 6)
    assert (contest.late_join, contest.host_plays, contest.private) == (True, False, False)


def test_only_a_name_and_the_defaults_of_the_form_are_needed(as_alice: Client, bank: list[Question]) -> None:
    form = as_alice.get(NEW).context["form"]
    shown = {field.name: field.value() for field in form if field.value() not in (None, False, [])}
    as_alice.post(NEW, {**shown, "name": "Quick", "question_count": 3})
    assert Contest.objects.get().status == "ready"


def test_too_few_questions_make_a_draft_and_a_hint(as_alice: Client, bank: list[Question]) -> None:
    answer = as_alice.post(NEW, {**FORM, "categories": ["rivers"], "question_count": "7"}, follow=True)
    assert Contest.objects.get().status == "draft"
    assert answer.redirect_chain[-1][0] == path(Contest.objects.get(), "edit")
    assert "draft" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "   "), ("name", "x" * 81), ("name", "bidi\u202e"), ("contest_type", "blitz"),
        ("difficulty", "x"), ("question_count", "0"), ("question_count", "51"), ("question_count", "1e3"),
        ("categories", ["no-such"]), ("pace", ""), ("question_timer_s", "4"), ("intermission", "0"),
        ("intermission", "never"), ("max_players", "10001"), ("reveal", "x"), ("access", "x"),
        ("planned_at", "tomorrow"),
    ],
)  # fmt: skip
def test_what_breaks_the_rules_is_shown_at_its_field(
    as_alice: Client, bank: list[Question], field: str, value: object
) -> None:
    answer = as_alice.post(NEW, {**FORM, field: value})
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert not Contest.objects.exists()


def test_fields_that_are_not_asked_for_change_nothing(
    as_alice: Client, alice: User, charlie: User, bank: list[Question]
) -> None:
    as_alice.post(NEW, {**FORM, "owner": str(charlie.pk), "status": "played", "private": "on", "id": str(uuid4())})
    contest = Contest.objects.get()
    assert (contest.owner, contest.status, contest.private) == (alice, "ready", False)


def test_a_planned_date_is_read_in_the_browsers_time_zone(as_alice: Client, bank: list[Question]) -> None:
    as_alice.post(NEW, {**FORM, "planned_at": "2030-07-01T20:00", "time_zone": "Europe/Berlin"})
    assert Contest.objects.get().planned_at == datetime(2030, 7, 1, 18, 0, tzinfo=UTC)
    form = as_alice.get(path(Contest.objects.get(), "edit")).context["form"]
    assert 'value="2030-07-01T18:00"' in str(form["planned_at"])
    assert 'value="UTC"' in str(form["time_zone"])


def test_an_unknown_time_zone_counts_as_utc(as_alice: Client, bank: list[Question]) -> None:
    as_alice.post(NEW, {**FORM, "planned_at": "2030-07-01T20:00", "time_zone": "../../etc/passwd"})
    assert Contest.objects.get().planned_at == datetime(2030, 7, 1, 20, 0, tzinfo=UTC)


def test_editing_shows_and_saves_what_is_set(
    as_alice: Client, contest: Contest, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    as_alice.post(path(contest, "edit"), {**FORM, "categories": ["rivers", "towns"], "intermission": "host"})
    with django_assert_max_num_queries(8):
        form = as_alice.get(path(contest, "edit")).context["form"]
    assert sorted(form["categories"].value()) == ["rivers", "towns"]
    assert form["intermission"].value() == "host"
    assert as_alice.post(path(contest, "edit"), {**FORM, "name": "Renamed"})["Location"] == "/dashboard/"
    contest.refresh_from_db()
    assert (contest.name, contest.intermission_s, contest.categories.count()) == ("Renamed", 6, 0)


def test_an_unusual_intermission_survives_editing(as_alice: Client, contest: Contest) -> None:
    Contest.objects.update(intermission_s=7)
    assert as_alice.get(path(contest, "edit")).context["form"]["intermission"].value() == "7"
    as_alice.post(path(contest, "edit"), {**FORM, "intermission": "7"})
    assert Contest.objects.get().intermission_s == 7


def test_a_copy_is_made_to_be_changed(as_alice: Client, contest: Contest, bob: User) -> None:
    contest.categories.set(contest.categories.model.objects.filter(slug="rivers"))
    end_game(open_pin(contest), bob)
    answer = as_alice.post(path(contest, "duplicate"))
    copy = Contest.objects.exclude(pk=contest.pk).get()
    assert answer["Location"] == path(copy, "edit")
    assert (copy.name, copy.status, copy.planned_at) == ("Friday quiz (copy)", "ready", None)
    assert [category.slug for category in copy.categories.all()] == ["rivers"]


def test_deleting_asks_first(as_alice: Client, contest: Contest) -> None:
    asked = as_alice.get(path(contest, "delete"))
    assert asked.status_code == 200
    assert "Friday quiz" in asked.content.decode()
    assert Contest.objects.exists()
    assert as_alice.post(path(contest, "delete"))["Location"] == "/dashboard/"
    assert not Contest.objects.exists()


def test_a_contest_with_an_open_game_is_not_deleted(as_alice: Client, contest: Contest) -> None:
    open_pin(contest)
    assert as_alice.post(path(contest, "delete"))["Location"] == path(contest, "lobby")
    assert Contest.objects.get().deleted_at is None


def test_a_deleted_contest_is_gone_for_its_owner_too(as_alice: Client, contest: Contest, bob: User) -> None:
    pin = open_pin(contest)
    end_game(pin, bob)
    as_alice.get("/dashboard/")
    as_alice.post(path(contest, "delete"))
    for what in ("edit", "delete", "lobby"):
        assert as_alice.get(path(contest, what)).status_code == 404


@pytest.mark.parametrize("what", ["edit", "delete", "duplicate"])
def test_strangers_find_nothing(as_charlie: Client, contest: Contest, what: str) -> None:
    assert as_charlie.post(path(contest, what), FORM).status_code == 404
    if what != "duplicate":
        assert as_charlie.get(path(contest, what)).status_code == 404
    assert Contest.objects.get().name == "Friday quiz"


@pytest.mark.parametrize("what", ["edit", "delete", "duplicate"])
def test_nobody_gets_in_without_an_account(anyone: Client, contest: Contest, what: str) -> None:
    assert anyone.post(path(contest, what), FORM)["Location"].startswith("/accounts/login/?next=")
    assert anyone.post(NEW, FORM)["Location"] == f"/accounts/login/?next={NEW}"


@pytest.mark.parametrize("what", ["edit", "delete", "duplicate"])
def test_other_methods_are_refused(as_alice: Client, contest: Contest, what: str) -> None:
    assert as_alice.put(path(contest, what)).status_code == 405
    assert as_alice.get(path(contest, "duplicate")).status_code == 405


@pytest.mark.parametrize("what", ["edit", "delete", "duplicate"])
def test_changes_need_the_form_of_this_site(alice: User, contest: Contest, what: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice, "allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post(path(contest, what), FORM).status_code == 403
    assert Contest.objects.count() == 1


def test_names_are_shown_as_text(as_alice: Client, contest: Contest) -> None:
    Contest.objects.update(name="<script>alert(1)</script>")
    for url in ("/dashboard/", path(contest, "edit"), path(contest, "delete"), path(contest, "lobby")):
        assert "<script>alert" not in as_alice.get(url).content.decode()


@pytest.mark.parametrize(
    ("typed", "zone"), [("9999-12-31T23:59", "Pacific/Pago_Pago"), ("0001-01-01T00:00", "Asia/Tokyo")]
)
@pytest.mark.parametrize("field", ["opens_at", "closes_at", "planned_at"])
def test_dates_that_no_zone_can_write_are_marked(
    as_alice: Client, bank: list[Question], field: str, typed: str, zone: str
) -> None:
    answer = as_alice.post("/dashboard/contest/new", {**FORM, field: typed, "time_zone": zone})
    assert answer.status_code == 400
    assert "Choose a date in the years 2000 to 2999." in answer.context["form"].errors[field]
