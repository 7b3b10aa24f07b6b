from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from momentum.web.mail import verdicts
from momentum.web.mail.models import Category, Recipient
from momentum.web.mail.verdicts import Verdict


def verdicts_of(*addresses: str) -> list[str]:
    return [each.verdict.value for each in verdicts.judge(addresses, Category.INVITATIONS)]


def test_each_address_gets_one_verdict_in_order() -> None:
    Recipient.objects.create(address="no@example.org", invitations=False)
    Recipient.objects.create(address="some@example.org", results=False)
    found = verdicts_of("a@example.org", "bob", "A@example.org", "No@example.org", "some@example.org", "bob")
    assert found == ["ok", "malformed", "duplicate", "unsubscribed", "ok", "malformed"]


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=10) | st.sampled_from(["a@b.example", "A@b.example", "c@d.example"]), max_size=8))
def test_whatever_comes_each_has_a_verdict_and_no_address_is_ok_twice(db: None, addresses: list[str]) -> None:
    judged = verdicts.judge(addresses, Category.RESULTS)
    assert [each.address for each in judged] == addresses
    fine = [each.address.lower() for each in judged if each.verdict is Verdict.OK]
    assert len(fine) == len(set(fine))
    assert all(bool(each.message) != (each.verdict is Verdict.OK) for each in judged)
