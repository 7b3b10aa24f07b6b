import re
from collections.abc import Callable
from typing import Any

from django.test import Client

from momentum.web.accounts.models import User
from momentum.web.api_keys.actions import create_key
from momentum.web.api_keys.models import ApiKey

PAGE = "/accounts/keys"
FORM = {"name": "Results <b>", "scopes": ["contests:read", "games:write"], "days": "30"}


def test_a_key_is_shown_once(as_alice: Client) -> None:
    made = as_alice.post(PAGE, FORM)
    [token] = re.findall(r"mk_[\w-]{43}", made.content.decode())
    assert "no-store" in made["Cache-Control"]
    assert as_alice.get("/api/contests", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    again = as_alice.get(PAGE).content.decode()
    assert token not in again
    assert token[:9] in again
    assert "Results &lt;b&gt;" in again


def test_what_is_wrong_is_said_and_nothing_is_made(as_alice: Client) -> None:
    wrong: list[dict[str, Any]] = [{"name": ""}, {"scopes": []}, {"scopes": ["account:delete"]}, {"days": "36500"}]
    for change in wrong:
        assert as_alice.post(PAGE, FORM | change).status_code == 400
    assert not ApiKey.objects.exists()


def test_somebody_else_s_key_is_not_there(as_bob: Client, as_alice: Client, alice: User) -> None:
    key, _token = create_key(alice, "Alice's", ["contests:read"])
    assert "Alice&#x27;s" not in as_bob.get(PAGE).content.decode()
    assert as_bob.post(f"{PAGE}/{key.pk}/revoke").status_code == 404
    assert as_bob.delete(f"/api/keys/{key.pk}").status_code == 404
    assert as_alice.get(f"{PAGE}/{key.pk}/revoke").status_code == 405
    assert as_alice.post(f"{PAGE}/{key.pk}/revoke")["Location"] == PAGE
    key.refresh_from_db()
    assert key.revoked_at


def test_it_needs_an_account_and_the_form_of_this_site(anyone: Client, alice: User) -> None:
    assert anyone.get(PAGE)["Location"].startswith("/accounts/login/")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice, "allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post(PAGE, FORM).status_code == 403


def test_keys_are_listed_and_revoked_over_rest(as_alice: Client, alice: User, call: Callable[..., Any]) -> None:
    key, token = create_key(alice, "Script", ["games:write", "contests:read"])
    listed = call(as_alice, "get", "/api/keys")
    assert token not in listed.content.decode()
    [one] = listed.json()["keys"]
    assert (one["name"], one["scopes"], one["state"]) == ("Script", ["contests:read", "games:write"], "active")
    assert call(as_alice, "delete", f"/api/keys/{key.pk}").status_code == 204
    assert call(as_alice, "get", "/api/keys").json()["keys"][0]["state"] == "revoked"
