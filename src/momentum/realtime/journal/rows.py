"""What all databases have in common: how entries and results are rows, and how rows are entries."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from momentum.game.events import VERSION, AnyEvent, Event
from momentum.realtime.journal.contract import Entry, FromNewerVersion, Slice
from momentum.realtime.results import AnswerRow, PlayerRow, QuestionRow


class EntryRow(msgspec.Struct, frozen=True):
    """A row of the table journal, its `body` not yet written down."""

    game_id: str
    seq: int
    epoch: int
    version: int
    kind: str
    number: int | None
    user_id: str | None
    at_ms: int
    mono_ms: int
    body: Event


class Table(NamedTuple):
    """`row`: its fields are named as the table's columns."""

    name: str
    row: type[msgspec.Struct]


JOURNAL = Table("journal", EntryRow)
RESULTS = (Table("player_result", PlayerRow), Table("question_result", QuestionRow), Table("answer_result", AnswerRow))

_decode: msgspec.json.Decoder[list[AnyEvent]] = msgspec.json.Decoder(list[AnyEvent])


def entry_rows(game_id: str, epoch: int, entries: Iterable[Entry]) -> Iterator[EntryRow]:
    for entry in entries:
        event = entry.event
        number, user_id = getattr(event, "number", None), getattr(event, "user_id", None)
        kind = str(event.__struct_config__.tag)
        yield EntryRow(game_id, entry.seq, epoch, VERSION, kind, number, user_id, event.at, entry.mono_ms, event)


def result_rows(slices: Iterable[Slice]) -> dict[str, list[msgspec.Struct]]:
    """The rows of each table of results."""
    rows: dict[str, list[msgspec.Struct]] = {table.name: [] for table in RESULTS}
    for results in (one.results for one in slices if one.results is not None):
        rows["player_result"] += results.players
        rows["question_result"] += results.questions
        rows["answer_result"] += results.answers
    return rows


def as_entries(rows: Iterable[tuple[int, int, int, str]]) -> tuple[Entry, ...]:
    """From (seq, version, mono_ms, body) to entries. Raises FromNewerVersion, and msgspec.ValidationError where the
    journal was tampered with."""
    seqs, versions, mono_ms, bodies = tuple(zip(*rows, strict=True)) or ((), (), (), ())
    if max(versions, default=0) > VERSION:
        raise FromNewerVersion(f"entries of version {max(versions)}; this code knows {VERSION}")
    events = _decode.decode(f"[{','.join(bodies)}]")
    return tuple(map(Entry, seqs, events, mono_ms))
