from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from momentum.web.accounts.models import User
from momentum.web.api_keys.actions import create_key
from momentum.web.mail import recipients
from momentum.web.mail.models import Mail, Recipient

from .letterbox import event, message, part

SITE = "http://testserver"
ID = "00000000-0000-4000-8000-000000000007"
CONTEST = {"contestId": ID, "name": "Friday quiz", "opensAt": "2026-11-27T17:00:00Z", "timeZone": "Europe/Berlin"}
URL = {"url": f"{SITE}/join/ABC"}
DATA: dict[str, dict[str, Any]] = {
    "invitation": {**CONTEST, **URL, "message": "Come!"},
    "reminder": {**CONTEST, **URL, "hours": 1},
    "changed": {**CONTEST, **URL, "sequence": 1},
    "cancelled": {**CONTEST, "sequence": 2},
    "results": {**CONTEST, **URL},
    "notice": {"heading": "Room 3", "paragraphs": ["We meet in room 3."], "link": {"label": "The plan", **URL}},
}
Send = Callable[..., Any]


def body(template: str, *addresses: str, **more: Any) -> dict[str, Any]:
    to = [{"address": address} for address in addresses or ("bob@example.org",)]
    return {"template": template, "data": DATA[template], "to": to, **more}


@pytest.fixture
def send(anyone: Client, alice: User, call: Callable[..., Any]) -> Send:
    """Calls as Alice's script: send(body), send(body, "preview")."""
    token = create_key(alice, "Script", ["email:send"])[1]

    def run(what: dict[str, Any], where: str = "send") -> Any:
        return call(anyone, "post", f"/api/email/{where}", what, headers={"Authorization": f"Bearer {token}"})

    return run


@pytest.mark.parametrize("template", DATA)
def test_what_is_previewed_is_what_is_sent(send: Send, alice: User, template: str) -> None:
    preview = send(body(template), "preview")
    assert preview.status_code == 200
    assert not Mail.objects.exists()
    assert not Recipient.objects.exists()
    answer = send(body(template))
    assert answer.status_code == 200
    assert answer.json() == {"verdicts": preview.json()["verdicts"]}
    mail = Mail.objects.get()
    token = Recipient.objects.get().token
    assert (mail.kind, mail.asked_by, mail.to) == (template, alice, "bob@example.org")
    seen = preview.json()
    assert message(mail)["Subject"] == seen["subject"]
    assert part(mail, "plain").strip().replace(token, "...") == seen["text"].strip()
    assert part(mail, "html").strip().replace(token, "...") == seen["html"].strip()
    assert "Alice" in seen["text"]


def test_each_address_gets_a_verdict_and_only_good_ones_a_mail(send: Send) -> None:
    Recipient.objects.create(address="no@example.org", invitations=False)
    answer = send(body("notice", "a@example.org", "no@example.org", "A@example.org", "bob"))
    found = [(each["address"], each["verdict"]) for each in answer.json()["verdicts"]]
    assert found == [
        ("a@example.org", "ok"),
        ("no@example.org", "unsubscribed"),
        ("A@example.org", "duplicate"),
        ("bob", "malformed"),
    ]
    assert [mail.to for mail in Mail.objects.all()] == ["a@example.org"]


def test_whether_somebody_has_an_account_makes_no_difference(send: Send, bob: User) -> None:
    verdicts = send(body("notice", bob.email, "nobody@example.org"), "preview").json()["verdicts"]
    assert {(each["verdict"], each["message"]) for each in verdicts} == {("ok", "")}


def test_it_counts_against_the_allowance_and_sends_all_or_none(send: Send, configure: Callable[..., None]) -> None:
    configure(mails_per_day=3)
    assert send(body("notice", "a@example.org", "b@example.org")).status_code == 200
    answer = send(body("notice", "c@example.org", "d@example.org"))
    assert (answer.status_code, answer.json()["error"]) == (429, "too_many_mails")
    assert Mail.objects.count() == 2
    assert recipients.known("c@example.org") is None


@pytest.mark.parametrize("where", ["send", "preview"])
@pytest.mark.parametrize(
    "url", ["https://evil.example/", "http://testserver.evil.example/", "http://testserver@evil.example/", "/join/A"]
)
def test_links_lead_to_this_site_only(send: Send, where: str, url: str) -> None:
    for template in ("invitation", "reminder", "changed", "results"):
        wanted = body(template)
        wanted["data"] = {**wanted["data"], "url": url}
        answer = send(wanted, where)
        assert (answer.status_code, answer.json()["error"] in ("foreign_link", "invalid")) == (422, True)
    notice = body("notice")
    notice["data"] = {**notice["data"], "link": {"label": "Go", "url": url}}
    assert send(notice, where).status_code == 422
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    ("template", "change"),
    [
        ("notice", {"heading": " \u200b\n"}), ("notice", {"heading": "x" * 101}), ("notice", {"paragraphs": []}),
        ("notice", {"paragraphs": ["x" * 1001]}), ("notice", {"paragraphs": ["x"] * 11}), ("notice", {"html": "<b>"}),
        ("invitation", {"message": "x" * 1001}), ("invitation", {"timeZone": "Mars/Phobos"}),
        ("invitation", {"opensAt": "2026-11-27T17:00:00"}), ("invitation", {"organiser": "The bank"}),
        ("invitation", {"opensAt": "0001-01-01T00:00:00Z", "timeZone": "America/Lima"}),
        ("invitation", {"opensAt": "9999-12-31T23:59:59Z"}), ("invitation", {"closesAt": "2026-11-27T17:00:00Z"}),
        ("reminder", {"hours": 0}), ("changed", {"sequence": -1}), ("cancelled", {"contestType": "chess"}),
    ],
)  # fmt: skip
def test_what_is_too_long_wrong_or_not_asked_for_is_refused(send: Send, template: str, change: dict[str, Any]) -> None:
    wanted = body(template)
    wanted["data"] = {**wanted["data"], **change}
    assert send(wanted).status_code == 422
    assert not Mail.objects.exists()


def test_only_our_templates_and_so_many_addresses(send: Send) -> None:
    assert send({**body("notice"), "template": "reset_password"}).status_code == 422
    assert send({**body("notice"), "to": []}).status_code == 422
    assert send(body("notice", *(f"b{number}@example.org" for number in range(101)))).status_code == 422
    assert not Mail.objects.exists()


def test_lines_and_headers_cannot_be_slipped_in(send: Send) -> None:
    wanted = body("notice")
    wanted["data"] = {"heading": "Hi\r\nBcc: eve@example.org", "paragraphs": ["<script>alert(1)</script>"]}
    assert send(wanted).status_code == 200
    mail = Mail.objects.get()
    assert message(mail)["Bcc"] is None
    assert "<script>" not in part(mail, "html")


def test_an_event_can_be_changed_by_who_made_it_only(
    send: Send, as_bob: Client, call: Callable[..., Any], configure: Callable[..., None]
) -> None:
    send(body("invitation"))
    send(body("changed"))
    call(as_bob, "post", "/api/email/send", body("cancelled"))
    uids = {mail.kind: event(mail)["UID"] for mail in Mail.objects.all()}
    assert uids["invitation"] == uids["changed"] != uids["cancelled"]


def test_the_language_asked_for_is_that_of_the_mail_unless_its_reader_chose_another(send: Send) -> None:
    Recipient.objects.create(address="chose@example.org", language="en")
    send(body("invitation", "a@example.org", "chose@example.org", language="de"))
    assert "Hallo" in part(Mail.objects.get(to="a@example.org"), "plain")
    assert "Hello" in part(Mail.objects.get(to="chose@example.org"), "plain")


def test_what_readers_chose_is_not_told_in_a_preview(send: Send) -> None:
    reader = recipients.recipient("bob@example.org")
    Recipient.objects.update(language="de")
    seen = send(body("notice"), "preview").json()
    assert reader.token not in str(seen)
    assert "Hello" in seen["text"]
