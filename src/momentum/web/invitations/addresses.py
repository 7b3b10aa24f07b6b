"""Reading e-mail addresses that somebody pasted or uploaded, in whatever form. Pure: it knows no invitation.

A line is a row of a table or a list. What has one address in it is one person, the rest being the name; what has more
is taken apart at semicolons, tabs and commas, in this order, and then at spaces.
"""

import codecs
import re
import unicodedata
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from momentum.web.mail.compose import LONGEST, BadAddress, envelope_address

LONGEST_NAME = 100
LONGEST_SHOWN = 120
LONGEST_LOCAL_PART = 64
SEPARATORS = (";", "\t", ",")
CLOSED_BY = {'"': '"', "<": ">"}
ADDRESS_COLUMNS = frozenset(
    {
        "email", "e-mail", "mail", "email address", "e-mail address", "mail address", "address", "emailaddress",
        "e-mail-adresse", "email-adresse", "mailadresse", "emailadresse", "e-mailadresse", "adresse",
        "email 1", "e-mail 1 - value", "primary email", "work email", "correo", "courriel",
    }
)  # fmt: skip
FIRST_NAMES = frozenset({"first name", "firstname", "given name", "vorname", "prénom", "nombre"})
LAST_NAMES = frozenset({"last name", "lastname", "surname", "family name", "nachname", "familienname", "nom"})
FULL_NAMES = frozenset({"name", "full name", "fullname", "display name", "anzeigename"})
MEANT_AS_ADDRESS = re.compile(r"[^\s@]+\.[^\W\d_]{2,}")
ONE_IN_ANGLES = re.compile(r"[^<>]*<[^<>]*>\W*")
IN_ANGLES = re.compile(r"<([^<>]*)>")
ALLOWED = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.@-]")


class Verdict(TextChoices):
    OK = "ok", gettext_lazy("will be invited")
    DUPLICATE = "duplicate", gettext_lazy("stands here twice")
    ALREADY_IN = "already_in", gettext_lazy("already invited")
    UNSUBSCRIBED = "unsubscribed", gettext_lazy("wants no invitations")
    MALFORMED = "malformed", gettext_lazy("not an address")


@dataclass(frozen=True)
class Entry:
    """What stood there for one person. `address`: in lower case, its host in ASCII; "" where it is none, and `reason`
    says why not."""

    written: str
    address: str
    name: str = ""
    verdict: Verdict = Verdict.OK
    reason: str = ""


@dataclass(frozen=True)
class Columns:
    """Where a table has what. `names`: the columns that make up the name, in order."""

    separator: str
    address: int
    names: tuple[int, ...]


def decode(data: bytes) -> str:
    """The text of an uploaded file: UTF-8, what Excel calls Unicode (UTF-16), or else Windows' Western one."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read(text: str) -> list[Entry]:
    """Everybody who stands in the text, each with the verdict ok or malformed."""
    lines = [line.strip() for line in text.removeprefix("\ufeff").splitlines() if line.strip(" \t,;")]
    if lines and (columns := _columns(lines[0])):
        return [_of_row(line, columns) for line in lines[1:]]
    return [entry for line in lines for entry in _of_line(line)]


def blank(written: str) -> Entry:
    """What has no address in it at all."""
    return _entry(written, "")


def judge(entries: Sequence[Entry], *, already_in: Container[str], unsubscribed: Container[str]) -> list[Entry]:
    """The entries with their verdicts: who stands there twice counts once, who is invited or wants no mail not at
    all."""
    seen: set[str] = set()
    judged = []
    for entry in entries:
        judged.append(replace(entry, verdict=_verdict(entry, seen, already_in, unsubscribed)))
        seen.add(entry.address)
    return judged


def _verdict(entry: Entry, seen: set[str], already_in: Container[str], unsubscribed: Container[str]) -> Verdict:
    if not entry.address:
        return Verdict.MALFORMED
    if entry.address in seen:
        return Verdict.DUPLICATE
    if entry.address in already_in:
        return Verdict.ALREADY_IN
    return Verdict.UNSUBSCRIBED if entry.address in unsubscribed else Verdict.OK


def as_text(entries: Sequence[Entry]) -> str:
    """The people of these entries, one a line, so that `read` gives them back."""
    return "\n".join(f'"{entry.name}" <{entry.address}>' if entry.name else entry.address for entry in entries)


def _columns(line: str) -> Columns | None:
    """What the first line says of the columns, if it is a table's."""
    if "@" in line:
        return None
    separator = next((one for one in SEPARATORS if one in line), ",")
    titles = [_plain(cell).casefold() for cell in _split(line, separator)]
    address = next((place for place, title in enumerate(titles) if title in ADDRESS_COLUMNS), None)
    if address is None:
        return None
    full = tuple(place for place, title in enumerate(titles) if title in FULL_NAMES)[:1]
    parts = [next((at for at, title in enumerate(titles) if title in kind), None) for kind in (FIRST_NAMES, LAST_NAMES)]
    return Columns(separator, address, full or tuple(at for at in parts if at is not None))


def _of_row(line: str, columns: Columns) -> Entry:
    cells = _split(line, columns.separator)
    cell = cells[columns.address] if columns.address < len(cells) else ""
    name = " ".join(cells[at] for at in columns.names if at < len(cells))
    return _entry(line, cell, name)


def _of_line(text: str, separators: Sequence[str] = SEPARATORS) -> Iterator[Entry]:
    if _is_one(text):
        yield _person(text)
    elif separators:
        for piece in _split(text, separators[0]):
            if piece.strip():
                yield from _of_line(piece.strip(), separators[1:])
    else:
        for word in text.split():
            if _is_address(word):
                yield _entry(word, word)


def _is_one(text: str) -> bool:
    """Whether this is about one person: one address and perhaps a name, or no address at all."""
    if ONE_IN_ANGLES.fullmatch(text) and not any(len(_split(text, one)) > 1 for one in SEPARATORS):
        return True
    return sum(_is_address(word) for word in _words(text)) <= 1


def _words(text: str) -> list[str]:
    return re.split(r"[\s;,]+", text)


def _is_address(word: str) -> bool:
    return "@" in word or MEANT_AS_ADDRESS.fullmatch(_plain(word)) is not None


def _person(text: str) -> Entry:
    """One person, as `Name <address>`, or as an address with the rest around it."""
    if (angles := IN_ANGLES.findall(text)) and "@" in (address := angles[-1]):
        return _entry(text, address, text[: text.rindex("<")])
    address = next((word for word in _words(text) if _is_address(word)), "")
    return _entry(text, address or text, text.replace(address, " ", 1) if address else "")


def _entry(written: str, address: str, name: str = "") -> Entry:
    bare = re.sub(r"^mailto:", "", address.strip(" \t\"'<>()[]{},;:"), flags=re.IGNORECASE).rstrip(".")
    reason = _problem(bare)
    if reason:
        return Entry(_shown(written)[:LONGEST_SHOWN], "", "", Verdict.MALFORMED, reason)
    return Entry(_shown(written)[:LONGEST_SHOWN], envelope_address(bare).lower(), _name(name))


def _problem(address: str) -> str:
    """Why no mail can go to this address; "" if one can."""
    local, at, host = address.rpartition("@")
    strange = next((letter for letter in local if not ALLOWED.fullmatch(letter)), "")
    problems = (
        (not at, _("There is no @ in it.")),
        ("@" in local, _("There is more than one @ in it.")),
        (not local, _("Nothing stands before the @.")),
        (not host, _("Nothing stands after the @.")),
        (len(address) > LONGEST or len(local) > LONGEST_LOCAL_PART, _("It is too long.")),
        (f".{local}.".find("..") >= 0, _("A dot is in the wrong place before the @.")),
        ("." not in host.strip("."), _("It is not complete: there is no dot after the @.")),
        (strange, _("%(letter)s cannot stand before the @.") % {"letter": strange if strange.isprintable() else "?"}),
        (_cannot_be_sent_to(address), _("What stands after the @ is not the name of a mail server.")),
    )
    return next((reason for holds, reason in problems if holds), "")


def _cannot_be_sent_to(address: str) -> bool:
    try:
        envelope_address(address)
    except BadAddress:
        return True
    return False


def _name(text: str) -> str:
    """The name as people are greeted by it, "Lovelace, Ada" the other way round; "" where it is another address."""
    spaced = re.sub(r"[;\t]|,(?! )|\\", " ", text)
    parts = [part.strip(" '()<>[]:-") for part in _shown(spaced).strip(" ,").split(", ")]
    name = " ".join(reversed(parts)) if len(parts) == 2 else ", ".join(parts)
    return "" if "@" in name else name[:LONGEST_NAME].strip()


def _shown(text: str) -> str:
    """One line of printable letters, without double quotes."""
    plain = unicodedata.normalize("NFC", text.replace('"', " "))
    return " ".join("".join(letter if letter.isprintable() else " " for letter in plain).split())


def _plain(cell: str) -> str:
    return _shown(cell).strip("'<>()[]{}:;,.")


def _split(text: str, separator: str) -> list[str]:
    """The pieces between separators; those in double quotes or angle brackets are none."""
    pieces, piece, closing = [], "", ""
    last = {end: text.rfind(end) for end in CLOSED_BY.values()}
    for place, letter in enumerate(text):
        if closing:
            closing = "" if letter == closing else closing
        elif letter in CLOSED_BY and place < last[CLOSED_BY[letter]]:
            closing = CLOSED_BY[letter]
        elif letter == separator:
            pieces.append(piece)
            piece = ""
            continue
        piece += letter
    return [*pieces, piece]
