import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone

from momentum.web.accounts.models import User


@pytest.mark.parametrize("name", ["Alice", "ALICE", "\uff21lice", "al\u0131ce".replace("\u0131", "i")])
def test_the_database_refuses_a_name_that_reads_the_same(alice: User, name: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username=name, email="other@example.org")


def test_the_database_lets_one_account_alone_confirm_an_address(alice: User) -> None:
    other = User.objects.create(username="Other", email=alice.email)
    for user, verified in ((alice, True), (other, False)):
        EmailAddress.objects.create(user=user, email=alice.email, verified=verified)
    with pytest.raises(IntegrityError), transaction.atomic():
        EmailAddress.objects.filter(user=other).update(verified=True)


def test_accounts_without_an_address_are_many() -> None:
    User.objects.create(username="One", email="")
    User.objects.create(username="Two", email="")
    assert User.objects.count() == 2


def test_a_deleted_account_has_no_address_and_no_access(alice: User) -> None:
    for fields in ({"is_active": True, "email": ""}, {"is_active": False, "email": "alice@example.org"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=alice.pk).update(deleted_at=timezone.now(), **fields)
