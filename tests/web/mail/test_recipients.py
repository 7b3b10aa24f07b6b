from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from momentum.web.mail import recipients
from momentum.web.mail.compose import BadAddress
from momentum.web.mail.models import Category, Recipient


def test_an_address_has_one_recipient_however_it_is_written() -> None:
    one = recipients.recipient("Bob@Example.org")
    assert recipients.recipient("bob@example.ORG") == one
    assert recipients.known("BOB@example.org") == one
    assert recipients.of_token(one.token) == one
    assert Recipient.objects.count() == 1


def test_tokens_cannot_be_guessed_and_tell_nothing() -> None:
    tokens = {recipients.recipient(f"b{number}@example.org").token for number in range(20)}
    assert len(tokens) == 20
    assert {len(token) for token in tokens} == {22}  # 128 bits in base 64
    assert recipients.of_token("") is None
    assert recipients.of_token("b1@example.org") is None


@pytest.mark.parametrize("category", Category)
def test_mails_are_wanted_until_somebody_says_no(category: Category) -> None:
    assert recipients.wants("bob@example.org", category)
    recipients.recipient("bob@example.org")
    assert recipients.wants("bob@example.org", category)
    Recipient.objects.update(**{category.value: False})
    assert not recipients.wants("BOB@example.org", category)
    assert all(recipients.wants("bob@example.org", other) for other in Category if other != category)
    assert recipients.unwilling(["Bob@example.org", "c@example.org"], category) == {"Bob@example.org"}


def test_asking_leaves_no_trace() -> None:
    recipients.wants("bob@example.org", Category.RESULTS)
    assert recipients.known("bob@example.org") is None
    assert not Recipient.objects.exists()


def test_no_address_is_refused() -> None:
    for ask in (recipients.recipient, recipients.known, lambda address: recipients.wants(address, Category.RESULTS)):
        with pytest.raises(BadAddress):
            ask("bob")


def test_an_address_is_never_shown_in_full() -> None:
    one = recipients.recipient("bob.miller@example.org")
    assert recipients.masked(one) == "b…@example.org"
    assert "example" not in str(one)


def test_who_chose_nothing_is_forgotten_long_after_the_last_mail() -> None:
    start = timezone.now()
    for name in ("silent", "regular", "chose", "speaks"):
        recipients.recipient(f"{name}@example.org")
    Recipient.objects.filter(address="chose@example.org").update(results=False)
    Recipient.objects.filter(address="speaks@example.org").update(language="de")
    token = recipients.recipient("regular@example.org").token
    with time_machine.travel(start + timedelta(days=60)):
        recipients.recipient("regular@example.org")
    with time_machine.travel(start + recipients.KEPT + timedelta(days=1)):
        assert recipients.forget_old() == 1
        assert recipients.known("silent@example.org") is None
        assert recipients.recipient("regular@example.org").token == token
        assert not recipients.wants("chose@example.org", Category.RESULTS)
