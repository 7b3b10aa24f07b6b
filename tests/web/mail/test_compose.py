import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momentum.web.mail.compose import BadAddress, CalendarPart, compose, envelope_address, message_id, sender_address

ID = UUID(int=7)
AT = datetime(2026, 11, 26, 9, tzinfo=UTC)


def written(**given_parts: Any) -> EmailMessage:
    parts = {"to": "bob@example.org", "sender": "Quiz Ä <quiz@example.org>", "subject": "Hello", "text": "There"}
    text = compose(**{"message_id": message_id(ID, "q@example.org"), "at": AT, **parts, **given_parts})
    read = email.message_from_string(text, _class=EmailMessage, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    return read


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part
    found: str = part.get_content()
    return found


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(lambda one: " ".join(one.split())))
def test_any_words_arrive_as_they_were_and_travel_as_ascii(words: str) -> None:
    mail = written(text=words, html=f"<p>{words}</p>")
    assert body(mail, "plain").strip() == words.strip()
    assert body(mail, "html").strip() == f"<p>{words}</p>"


def test_headers_are_those_of_a_mail_of_ours() -> None:
    mail = written(subject="Grüße", headers={"List-Unsubscribe": "<https://q.example/u>"})
    assert (mail["Subject"], mail["To"], mail["Auto-Submitted"]) == ("Grüße", "bob@example.org", "auto-generated")
    assert mail["Message-ID"] == f"<{ID}@example.org>"
    assert mail["From"] == "Quiz Ä <quiz@example.org>"
    assert mail["List-Unsubscribe"] == "<https://q.example/u>"
    assert mail["Date"].datetime == AT


def test_an_event_is_the_last_of_the_ways_to_read_a_mail() -> None:
    mail = written(
        html="<p>There</p>", calendar=CalendarPart("REQUEST", "BEGIN:VCALENDAR\r\nX-Ä:1\r\nEND:VCALENDAR\r\n")
    )
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    event = list(mail.iter_parts())[-1]
    assert event.get_param("method") == "REQUEST"
    assert event.get_content().split() == ["BEGIN:VCALENDAR", "X-Ä:1", "END:VCALENDAR"]


@pytest.mark.parametrize("length", [10, 60, 100, 500])
def test_an_address_of_a_page_stays_whole(length: int) -> None:
    header = f"<https://q.example/{'a-_' * length}>"
    text = compose(
        to="bob@example.org", sender="q@example.org", subject="Hello", text="There", message_id="<1@q.example>", at=AT,
        headers={"List-Unsubscribe": header},
    )  # fmt: skip
    assert f"List-Unsubscribe: {header}\r\n" in text


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("field", ["subject", "sender", "headers"])
def test_no_header_can_be_slipped_in(field: str, end: str) -> None:
    evil = f"Hello{end}Bcc: eve@example.org"
    with pytest.raises(ValueError, match=r"linefeed|carriage|CR or LF|line"):
        written(**{field: {"List-Id": evil} if field == "headers" else evil})


@pytest.mark.parametrize(
    "address",
    [
        "", "bob", "@example.org", "bob@", "bob@example.org\nBcc: eve@example.org", "bob@example.org, eve@example.org",
        "Bob <bob@example.org>", "bob @example.org", "bob@example.org ", "bob@exa mple.org", "bob\r@example.org",
        "bøb@example.org", f"{'b' * 320}@example.org", "bob@example.org>", "bob@example..org",
    ],
)  # fmt: skip
def test_what_is_no_single_address_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(BadAddress) as refusal:
        envelope_address(address)
    assert not address or address not in str(refusal.value)


@given(st.text(max_size=40))
def test_whatever_is_accepted_is_one_line_of_ascii_without_separators(text: str) -> None:
    try:
        address = envelope_address(text)
    except BadAddress:
        return
    assert address.isascii()
    assert address.isprintable()
    assert " " not in address


@pytest.mark.parametrize(
    ("address", "plain"),
    [("bob@example.org", "bob@example.org"), ("b+q@bücher.example", "b+q@xn--bcher-kva.example")],
)
def test_hosts_are_written_in_ascii(address: str, plain: str) -> None:
    assert envelope_address(address) == plain


def test_the_sender_of_the_envelope_is_the_bare_address() -> None:
    assert sender_address("Quiz <quiz@example.org>") == "quiz@example.org"
    assert message_id(ID, "Momentum <momentum@localhost>").endswith("@localhost>")
