import pytest
from django.test import Client

from momentum.web.accounts.models import User

from ..cast import PASSWORD

PATH = "/accounts/signup/"
FORM = {"username": "Dora", "email": "dora@example.org", "password1": PASSWORD}


def test_signing_up_leads_straight_to_the_dashboard(anyone: Client) -> None:
    assert anyone.get(PATH).status_code == 200
    assert anyone.post(PATH, FORM)["Location"] == "/dashboard/"
    assert anyone.get("/dashboard/").status_code == 200
    user = User.objects.get()
    assert (user.username, user.email, user.is_staff, user.is_superuser) == ("Dora", "dora@example.org", False, False)


def test_it_goes_on_to_the_page_that_was_asked_for(anyone: Client) -> None:
    assert anyone.post(f"{PATH}?next=/join/123456", FORM)["Location"] == "/join/123456"


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "javascript:alert(1)", "https:evil.example"]
)
def test_it_leads_to_no_other_site(anyone: Client, target: str) -> None:
    assert anyone.post(PATH, {**FORM, "next": target})["Location"] == "/dashboard/"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Alice",
        "ALICE",
        "\uff21lice",
        "al@ice",
        "x" * 25,
        "bidi\u202e",
        "zero\u200bwidth",
        "Admin",
        "a\u0300\u0301\u0302\u0303",
    ],
)
def test_names_that_break_the_rules_or_are_taken_are_refused(anyone: Client, alice: User, name: str) -> None:
    answer = anyone.post(PATH, {**FORM, "username": name})
    assert answer.context["form"].errors["username"]
    assert User.objects.count() == 1


@pytest.mark.parametrize("email", ["", "nonsense"])
def test_addresses_that_are_none_are_refused(anyone: Client, email: str) -> None:
    answer = anyone.post(PATH, {**FORM, "email": email})
    assert answer.context["form"].errors["email"]
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["", "short", "password123", "dora@example.org"])
def test_weak_passwords_are_refused(anyone: Client, password: str) -> None:
    assert anyone.post(PATH, {**FORM, "password1": password}).context["form"].errors["password1"]


def test_nobody_signs_up_as_staff(anyone: Client) -> None:
    anyone.post(PATH, {**FORM, "is_staff": "on", "is_superuser": "on", "id": "00000000-0000-4000-8000-000000000000"})
    user = User.objects.get()
    assert not user.is_staff
    assert not user.is_superuser
    assert str(user.pk) != "00000000-0000-4000-8000-000000000000"


def test_it_needs_the_form_of_this_site() -> None:
    assert Client(enforce_csrf_checks=True).post(PATH, FORM).status_code == 403


def test_names_may_have_letters_of_any_script_and_spaces(anyone: Client) -> None:
    for number, name in enumerate(("Ólafur Þór", "王小明", "Zoë 🦊")):
        Client().post(PATH, {**FORM, "username": name, "email": f"{number}@example.org"})
        assert User.objects.filter(username=name).exists()
