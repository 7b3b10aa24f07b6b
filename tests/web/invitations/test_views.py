from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from momentum.web.contests.models import Contest
from momentum.web.invitations.models import Announced, Invitation
from momentum.web.mail.models import Mail

from ..cast import post_mails, work
from .cast import ADA, GRACE, invite, mails_to, text_of
from .conftest import HOUR, OPENING, Clock


def page(contest: Contest, *more: object) -> str:
    return "/".join(["/dashboard/contest", str(contest.pk), "invitations", *map(str, more)])


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_addresses_are_looked_over_before_anything_is_sent(as_alice: Client, standard: Contest) -> None:
    invite(standard, GRACE)
    Mail.objects.all().delete()
    pasted = f"Ada <{ADA}>\n{GRACE}\nada@\n{ADA.upper()}"
    file = SimpleUploadedFile("people.csv", "Name;E-Mail\nJürgen;j@example.org".encode("cp1252"))
    review = as_alice.post(page(standard), {"people": pasted, "file": file}).content.decode()
    for words in ("Invite 2 people", "already invited", "Nothing stands after the @.", "stands here twice", "Jürgen"):
        assert words in review
    assert Invitation.objects.count() == 1
    assert not Mail.objects.exists()


def test_what_was_looked_over_is_sent(as_alice: Client, standard: Contest) -> None:
    sent = as_alice.post(
        page(standard, "send"),
        {"people": f'"Ada" <{ADA}>', "message": "Komm!", "language": "de", "time_zone": "Europe/Berlin"},
    )
    assert sent["Location"] == page(standard)
    work()
    assert "1 invitation is on its way." in read(as_alice, page(standard))
    invitation = Invitation.objects.get()
    assert (invitation.name, invitation.message, invitation.language) == ("Ada", "Komm!", "de")
    assert Announced.objects.get().time_zone == "Europe/Berlin"
    assert "Komm!" in text_of(mails_to(ADA)[0])


def test_an_unknown_zone_counts_as_utc(as_alice: Client, standard: Contest) -> None:
    as_alice.post(page(standard, "send"), {"people": ADA, "language": "en", "time_zone": "Mars/Olympus"})
    assert Announced.objects.get().time_zone == "UTC"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"people": " \n"}, "Paste at least one address"),
        ({"file": SimpleUploadedFile("people.csv", b"a" * 200_001)}, "The file is too large"),
        ({"people": "a" * 200_001}, "at most 200000 characters"),
    ],
)
def test_a_form_without_addresses_says_so(
    data: dict[str, object], words: str, as_alice: Client, standard: Contest
) -> None:
    answer = as_alice.post(page(standard), data)
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_what_is_too_much_for_a_day_is_refused_on_the_page(
    as_alice: Client, standard: Contest, settings: Settings
) -> None:
    settings.MOMENTUM = replace(settings.MOMENTUM, limits=replace(settings.MOMENTUM.limits, mails_per_day=1))
    people = {"people": f"{ADA}\n{GRACE}", "language": "en"}
    assert "You can send 1 more mail today" in as_alice.post(page(standard), people).content.decode()
    answer = as_alice.post(page(standard, "send"), people)
    assert answer.status_code == 429
    assert "1 more mail" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_the_list_says_what_became_of_each(as_alice: Client, standard: Contest) -> None:
    invite(standard, ADA, GRACE)
    Mail.objects.filter(to=GRACE).update(status="failed", finished_at=OPENING, answer="550 <b>no such user</b>")
    shown = read(as_alice, page(standard))
    for words in ("2 people are invited", ADA, GRACE, "550 &lt;b&gt;no such user&lt;/b&gt;", "Queued"):
        assert words in shown
    failed = read(as_alice, page(standard) + "?status=failed")
    assert GRACE in failed
    assert f">{ADA}<" not in failed
    assert ADA in read(as_alice, page(standard) + "?status=nonsense&page=99")


def test_a_long_list_has_pages(as_alice: Client, standard: Contest) -> None:
    invite(standard, *(f"p{number:02}@example.org" for number in range(51)))
    assert "Page 1 of 2" in read(as_alice, page(standard))
    second = read(as_alice, page(standard) + "?page=2")
    assert second.count("@example.org</span></p>") == 1


def test_buttons_send_again_remind_and_revoke(as_alice: Client, standard: Contest, clock: Clock) -> None:
    [ada] = invite(standard, ADA)
    as_alice.post(page(standard, ada.pk, "again"))
    assert "on its way still" in read(as_alice, page(standard))
    post_mails()
    clock.shift(13 * HOUR)
    assert "Remind 1 who has not answered" in read(as_alice, page(standard))
    as_alice.post(page(standard, "remind"))
    work()
    assert "1 person is reminded." in read(as_alice, page(standard))
    post_mails()
    clock.shift(2 * HOUR)
    as_alice.post(page(standard, ada.pk, "again"))
    work()
    assert "goes out once more" in read(as_alice, page(standard))
    as_alice.post(page(standard, ada.pk, "revoke"))
    assert "Revoked" in read(as_alice, page(standard))
    assert [mail.kind for mail in mails_to(ADA)] == ["invitation"] * 2


def test_strangers_see_and_do_nothing(as_bob: Client, anyone: Client, standard: Contest) -> None:
    [ada] = invite(standard, ADA)
    assert as_bob.get(page(standard)).status_code == 404
    for path in (page(standard), page(standard, "send"), page(standard, "remind"), page(standard, ada.pk, "revoke")):
        assert as_bob.post(path, {"people": GRACE}).status_code == 404
        assert anyone.post(path).status_code == 302
    ada.refresh_from_db()
    assert ada.revoked_at is None


def test_another_contests_invitation_is_not_there(
    as_alice: Client, standard: Contest, set_up: Callable[..., Contest]
) -> None:
    [ada] = invite(set_up(), ADA)
    assert as_alice.post(page(standard, ada.pk, "revoke")).status_code == 404


def test_a_draft_says_that_nobody_can_be_invited(as_alice: Client, set_up: Callable[..., Contest]) -> None:
    assert "nobody can be invited" in read(as_alice, page(set_up(closes_at=None)))
