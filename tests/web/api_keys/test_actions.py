from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from momentum.web.accounts.models import User
from momentum.web.api_keys import actions, tokens
from momentum.web.api_keys.models import ApiKey
from momentum.web.api_keys.scopes import Scope, in_order


def test_only_the_digest_is_kept(alice: User) -> None:
    key, token = actions.create_key(alice, "Script", ["contests:read"])
    assert tokens.is_key(token)
    stored = " ".join(str(value) for value in ApiKey.objects.values().get(pk=key.pk).values())
    assert token not in stored
    assert token[tokens.SHOWN :] not in stored
    assert token.startswith(key.prefix)


@given(st.lists(st.sampled_from([*Scope.values, "account:delete"])))
def test_scopes_are_a_set_of_known_ones(given_scopes: list[str]) -> None:
    kept = in_order(given_scopes)
    assert set(kept) == set(given_scopes) & set(Scope.values)
    assert kept == sorted(kept, key=Scope.values.index)


def test_there_is_a_limit_on_keys_that_count(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST", 2)
    first, _token = actions.create_key(alice, "1", [])
    actions.create_key(alice, "2", [])
    with pytest.raises(actions.TooManyKeys):
        actions.create_key(alice, "3", [])
    actions.revoke_key(first)
    actions.create_key(alice, "3", [])


def test_keys_are_forgotten_when_they_have_long_opened_nothing(alice: User) -> None:
    long_ago = timezone.now() - actions.KEPT - timedelta(days=1)
    for name, change in {
        "revoked": {"revoked_at": long_ago},
        "expired": {"expires_at": long_ago},
        "fresh": {"revoked_at": timezone.now()},
        "in use": {},
    }.items():
        key, _token = actions.create_key(alice, name, [])
        ApiKey.objects.filter(pk=key.pk).update(**change)
    assert actions.forget_old_keys() == 2
    assert {key.name for key in ApiKey.objects.all()} == {"fresh", "in use"}
