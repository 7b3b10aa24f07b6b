import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momentum.web.invitations import addresses
from momentum.web.invitations.addresses import Verdict
from momentum.web.mail.compose import envelope_address

WORD = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
ADDRESS = st.builds(lambda local, host: f"{local}@{host}.org", WORD, WORD)
NAME = st.text("ABCDEabcdeÄöüßñ'", min_size=1, max_size=8).filter(lambda name: name.strip("'"))
PERSON = st.tuples(st.builds(lambda one, two: f"{one.strip(chr(39))} {two.strip(chr(39))}", NAME, NAME), ADDRESS)


def found(text: str) -> list[tuple[str, str]]:
    return [(entry.name, entry.address) for entry in addresses.read(text)]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("ada@example.org", [("", "ada@example.org")]),
        ("  Ada@Example.ORG  ", [("", "ada@example.org")]),
        ("ada@example.org, grace@example.org", [("", "ada@example.org"), ("", "grace@example.org")]),
        ("ada@example.org;grace@example.org\tx@example.org", [("", f"{a}@example.org") for a in ("ada", "grace", "x")]),
        ("ada@example.org grace@example.org", [("", "ada@example.org"), ("", "grace@example.org")]),
        ("ada@example.org\r\n\r\n grace@example.org\n", [("", "ada@example.org"), ("", "grace@example.org")]),
        ("Ada Lovelace <ada@example.org>", [("Ada Lovelace", "ada@example.org")]),
        ('"Lovelace, Ada" <ada@example.org>', [("Ada Lovelace", "ada@example.org")]),
        ("Lovelace, Ada <ada@example.org>", [("Ada Lovelace", "ada@example.org")]),
        (
            "Lovelace, Ada <ada@example.org>; Hopper, Grace <grace@example.org>",
            [("Ada Lovelace", "ada@example.org"), ("Grace Hopper", "grace@example.org")],
        ),
        (
            'Ada <ada@example.org>, "Hopper, Grace" <grace@example.org>',
            [("Ada", "ada@example.org"), ("Grace Hopper", "grace@example.org")],
        ),
        ("ada@example.org,Ada Lovelace", [("Ada Lovelace", "ada@example.org")]),
        ("Ada,Lovelace,ada@example.org", [("Ada Lovelace", "ada@example.org")]),
        ("Ada\tLovelace\tada@example.org", [("Ada Lovelace", "ada@example.org")]),
        ("ada@example.org <ada@example.org>", [("", "ada@example.org")]),
        ("'ada@example.org'", [("", "ada@example.org")]),
        ("Ada (ada@example.org)", [("Ada", "ada@example.org")]),
        ("mailto:ada@example.org", [("", "ada@example.org")]),
        ("Write to ada@example.org.", [("Write to", "ada@example.org")]),
        ("Jürgen <jürgen@exämple.org>", [("", "")]),
        ("ada@exämple.org", [("", "ada@xn--exmple-cua.org")]),
        ("\ufeffada@example.org", [("", "ada@example.org")]),
        ("", []),
        (" ,;\n\t", []),
    ],
)
def test_people_are_read_in_every_form(text: str, people: list[tuple[str, str]]) -> None:
    assert found(text) == people


@pytest.mark.parametrize(
    "table",
    [
        "Name,Email\nAda Lovelace,ada@example.org\nGrace,grace@example.org",
        "E-Mail-Adresse;Vorname;Nachname\nada@example.org;Ada;Lovelace\ngrace@example.org;Grace;",
        '"First name"\t"Last name"\t"E-mail"\tAge\nAda\tLovelace\tADA@example.org\t36\nGrace\t\tgrace@example.org\t85',
        'email,name\n"ada@example.org","Ada Lovelace"\ngrace@example.org,Grace',
    ],
)
def test_tables_are_read_by_their_columns(table: str) -> None:
    assert found(table) == [("Ada Lovelace", "ada@example.org"), ("Grace", "grace@example.org")]


def test_a_row_without_an_address_is_named() -> None:
    [entry] = addresses.read("name,email\nAda,")
    assert (entry.verdict, entry.written, entry.reason) == (Verdict.MALFORMED, "Ada,", "There is no @ in it.")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("ada", "There is no @ in it."),
        ("ada.example.org", "There is no @ in it."),
        ("ada@home@example.org", "There is more than one @ in it."),
        ("@example.org", "Nothing stands before the @."),
        ("ada@", "Nothing stands after the @."),
        ("ada@example", "It is not complete: there is no dot after the @."),
        ("ada..l@example.org", "A dot is in the wrong place before the @."),
        ("a" * 65 + "@example.org", "It is too long."),
        ("a@" + "b" * 63 + ".c" * 100 + ".org", "It is too long."),
        ("jürgen@example.org", "ü cannot stand before the @."),
        ("ada@exam_ple.org", "What stands after the @ is not the name of a mail server."),
        ("ada@-example.org", "What stands after the @ is not the name of a mail server."),
        ("ada@example..org", "What stands after the @ is not the name of a mail server."),
    ],
)
def test_what_is_wrong_is_said(written: str, reason: str) -> None:
    [entry] = addresses.read(written)
    assert (entry.verdict, entry.address, entry.reason) == (Verdict.MALFORMED, "", reason)


def test_what_was_meant_as_an_address_is_not_taken_for_a_name() -> None:
    assert [entry.verdict for entry in addresses.read("ada@example.org, grace.example.org")] == ["ok", "malformed"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_as_programs_write_it(encoding: str) -> None:
    text = "Name;E-Mail\nJürgen Groß;jg@example.org"
    assert addresses.decode(text.encode(encoding)).endswith(text)
    assert found(addresses.decode(text.encode(encoding))) == [("Jürgen Groß", "jg@example.org")]


def test_each_address_is_judged_once() -> None:
    entries = addresses.read("a@x.org\nb@x.org\nA@X.org\nc@x.org\nnobody")
    judged = addresses.judge(entries, already_in={"b@x.org"}, unsubscribed={"c@x.org"})
    assert [entry.verdict for entry in judged] == ["ok", "already_in", "duplicate", "unsubscribed", "malformed"]


FORMS = st.sampled_from(
    [
        lambda name, address: address,
        lambda name, address: f"{name} <{address}>",
        lambda name, address: f'"{name}" <{address}>',
        lambda name, address: f"<{address}>",
        lambda name, address: f"mailto:{address.upper()}",
    ]
)
BETWEEN = st.sampled_from(["\n", "\r\n", ", ", "; ", "\t", ";\n", ",\n\n"])


@given(st.lists(st.tuples(PERSON, FORMS), max_size=8), BETWEEN)
def test_whoever_stands_in_a_list_is_found_in_order(people: list[tuple[tuple[str, str], object]], between: str) -> None:
    text = between.join(form(*person) for person, form in people)  # type: ignore[operator]
    assert [entry.address for entry in addresses.read(text)] == [address for (_name, address), _form in people]


@given(st.lists(PERSON, max_size=8))
def test_what_is_shown_for_review_is_read_back_the_same(people: list[tuple[str, str]]) -> None:
    entries = addresses.read("\n".join(f'"{name}" <{address}>' for name, address in people))
    assert found(addresses.as_text(entries)) == [(entry.name, entry.address) for entry in entries]


@given(st.text(st.sampled_from("ab@.,;<>\"\t\n '()\u00fc\u202e\0")) | st.text())
def test_whatever_is_pasted_gives_sendable_addresses_or_a_reason(text: str) -> None:
    for entry in addresses.read(text):
        assert (entry.verdict is Verdict.OK) == (entry.address != "") == (entry.reason == "")
        assert entry.name.isprintable()
        assert entry.written.isprintable()
        if entry.address:
            assert envelope_address(entry.address) == entry.address.lower()
    again = addresses.read(addresses.as_text([one for one in addresses.read(text) if one.address]))
    assert [one.address for one in again] == [one.address for one in addresses.read(text) if one.address]


@given(st.text(st.sampled_from('ab@.,;<> \n"')))
def test_no_address_is_lost(text: str) -> None:
    """As many words with an @ as there are, so many verdicts at least, but for those within one pair of angles."""
    lone = [word for word in re.split(r'[\s,;<>"]+', text) if re.fullmatch(r"[ab]+@[ab]+\.[ab]{2}", word)]
    addressed = {entry.address for entry in addresses.read(text)}
    if '"' not in text and "<" not in text and ">" not in text:
        assert set(lone) <= addressed


@given(st.binary())
def test_every_file_is_some_text(data: bytes) -> None:
    addresses.read(addresses.decode(data))
