"""What must hold after every game (SPEC, "Nothing lost"): the clients' histories beside the journal and the results.

Usable on any game whose clients left a History, whatever was done to the servers meanwhile.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from psycopg.rows import dict_row

from momentum.game.apply import replay
from momentum.game.events import AnswerGiven, AnyEvent, GameEnded, GameTaken, QuestionClosed, QuestionOpened
from momentum.game.model import Game
from momentum.realtime.results import results_of

from .history import Frame, History

LISTED = 100
TELLS_THE_KEY = ('"correct_answer":"', '"is_correct":', '"points_awarded":', '"distribution":', '"explanation":')
Row = dict[str, Any]
Select = Callable[[str, str], list[Row]]
"""SQL with one question mark, for the id of the game."""


@dataclass(frozen=True)
class Kept:
    """What the database has of one game."""

    seqs: list[int]
    events: list[AnyEvent]
    ended_ms: int | None
    players: list[Row]
    questions: list[Row]
    answers: list[Row]

    @cached_property
    def given(self) -> list[AnswerGiven]:
        return [event for event in self.events if isinstance(event, AnswerGiven)]

    @cached_property
    def voided(self) -> set[int]:
        return {event.number for event in self.events if isinstance(event, QuestionClosed) and event.voided}

    @cached_property
    def opened(self) -> dict[int, int]:
        """Where in the journal each question opened."""
        return self._positions(QuestionOpened)

    @cached_property
    def closed(self) -> dict[int, int]:
        """Where in the journal each question closed."""
        return self._positions(QuestionClosed)

    @cached_property
    def totals(self) -> dict[int, Counter[str]]:
        """Everybody's score after each close, by the close's position."""
        totals: dict[int, Counter[str]] = {}
        score: Counter[str] = Counter()
        for number, seq in self.closed.items():
            if number not in self.voided:
                score.update({g.user_id: g.points for g in self.given if g.number == number})
            totals[seq] = Counter(score)
        return totals

    def _positions(self, kind: type[QuestionOpened] | type[QuestionClosed]) -> dict[int, int]:
        return {event.number: seq for seq, event in zip(self.seqs, self.events, strict=True) if isinstance(event, kind)}


def violations(database: Path | str, game_id: str, histories: Sequence[History]) -> list[str]:
    """A sentence for everything that must hold of an ended game, and does not. `database`: the file of SQLite, or the
    URL of PostgreSQL."""
    return kept_violations(_read(database, game_id), histories)


def kept_violations(kept: Kept, histories: Sequence[History]) -> list[str]:
    """The same, of what was kept wherever it is."""
    if kept.seqs != list(range(1, len(kept.seqs) + 1)):
        return [f"the journal has holes: {kept.seqs}"]
    game = replay(kept.events)
    found = [*_lifecycle(kept, game), *_scores(kept), *_results(kept, game)]
    for history in histories:
        found += [
            *history.disorder,
            *_acknowledgements(kept, game, history),
            *_final_board(kept, history),
            *_leaks(kept, game, history),
        ]
    return found


def _read(database: Path | str, game_id: str) -> Kept:
    with _connected(database) as select:
        journal = select("SELECT seq, body FROM journal WHERE game_id = ? ORDER BY seq", game_id)
        return Kept(
            seqs=[row["seq"] for row in journal],
            events=[msgspec.json.decode(row["body"], type=AnyEvent) for row in journal],
            ended_ms=select("SELECT ended_ms FROM game WHERE id = ?", game_id)[0]["ended_ms"],
            players=select("SELECT * FROM player_result WHERE game_id = ? ORDER BY place", game_id),
            questions=select("SELECT * FROM question_result WHERE game_id = ? ORDER BY number", game_id),
            answers=sorted(
                select("SELECT * FROM answer_result WHERE game_id = ?", game_id),
                key=lambda row: (row["number"], row["user_id"]),  # databases differ in how they sort text
            ),
        )


@contextmanager
def _connected(database: Path | str) -> Iterator[Select]:
    """Calls that give the rows of a SELECT."""
    if isinstance(database, Path):
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
            db.row_factory = sqlite3.Row
            yield lambda sql, game_id: [dict(row) for row in db.execute(sql, (game_id,))]
    else:
        with psycopg.connect(database, row_factory=dict_row) as connection:
            yield lambda sql, game_id: connection.execute(sql.replace("?", "%s").encode(), (game_id,)).fetchall()


def _lifecycle(kept: Kept, game: Game) -> Iterator[str]:
    for kind in (QuestionOpened, QuestionClosed):
        numbers = [event.number for event in kept.events if isinstance(event, kind)]
        if numbers != list(range(1, game.number + 1)):
            yield f"{kind.__name__} of questions {numbers}, where {game.number} were asked"
    ends = sum(isinstance(event, GameEnded) for event in kept.events)
    if ends != 1 or kept.ended_ms is None:
        yield f"the game has ended {ends} times, at {kept.ended_ms}"
    epochs = [event.epoch for event in kept.events if isinstance(event, GameTaken)]
    if epochs != sorted(set(epochs)):
        yield f"the epochs do not rise: {epochs}"


def _scores(kept: Kept) -> Iterator[str]:
    """Score = sum of points in the journal = results row = sum of the rows of the answers."""
    for (number, user_id), times in Counter((given.number, given.user_id) for given in kept.given).items():
        if times > 1:
            yield f"{user_id} has {times} answers to question {number}"
    journal: Counter[str] = Counter()
    for given in kept.given:
        journal[given.user_id] += 0 if given.number in kept.voided else given.points
    rows: Counter[str] = Counter()
    for row in kept.answers:
        rows[row["user_id"]] += row["points"]
    for player in kept.players:
        scores = player["score"], journal[player["user_id"]], rows[player["user_id"]]
        if len(set(scores)) > 1:
            yield f"{player['user_id']} has {scores} points in the results, the journal and the answers"


def _results(kept: Kept, game: Game) -> Iterator[str]:
    """The journal, replayed, gives the results as they were kept."""
    results = results_of(game, kept.ended_ms or 0)
    for name, stored, computed in (
        ("player", kept.players, results.players),
        ("question", kept.questions, results.questions),
        ("answer", kept.answers, sorted(results.answers, key=lambda row: (row.number, row.user_id))),
    ):
        expected = [msgspec.structs.asdict(row) for row in computed]
        if [_plain(row, expected) for row in stored] != expected:
            yield f"the {name} results are not what the journal gives: {stored} instead of {expected}"


def _plain(row: Row, like: list[Row]) -> Row:
    """A row of a database in the types of the rules: no lists as JSON, no 1 for true, no columns beyond theirs."""
    kinds = {name: type(value) for name, value in (like[0] if like else row).items()}
    return {name: _as(kind, row[name]) for name, kind in kinds.items()}


def _as(kind: type, value: Any) -> Any:
    if kind is tuple:
        return tuple(msgspec.json.decode(value) if isinstance(value, str) else value)
    return bool(value) if kind is bool else value


def _acknowledgements(kept: Kept, game: Game, history: History) -> Iterator[str]:
    journal = {game.questions[g.number - 1].id: g for g in kept.given if g.user_id == history.user_id}
    sent = {answer.question_id: answer for answer in history.answers}
    for question_id, answer in sent.items():
        given = journal.get(question_id)
        option = given and game.questions[given.number - 1].options[given.choice]
        if answer.outcome == "ok" and option != answer.option:
            yield f"{history.user_id}: {answer.option!r} was acknowledged for {question_id}, the journal has {option!r}"
        if answer.outcome == "fail" and given is not None:
            yield f"{history.user_id}: the answer to {question_id} was refused, yet the journal has it"
    for question_id in journal.keys() - sent.keys():
        yield f"{history.user_id}: the journal has an answer to {question_id} that was never sent"


def _final_board(kept: Kept, history: History) -> Iterator[str]:
    fields = ("rank", "user_id", "username", "score", "correct_count")
    seen = history.final_board()
    shown = [tuple(row[name] for name in fields) for row in seen or ()]
    stored = [tuple(row[name] for name in fields) for row in kept.players if row["rank"] is not None]
    if shown != stored[:LISTED]:
        yield f"{history.user_id}: the final board was {shown}, the results say {stored[:LISTED]}"


def _leaks(kept: Kept, game: Game, history: History) -> Iterator[str]:
    """Frames that tell something of a question before its time."""
    if game.settings.reveal == "immediate":
        return
    opened, closed, totals = kept.opened, kept.closed, kept.totals
    for frame in history.frames:
        text = frame.text
        for number, question in enumerate(game.questions, start=1):
            if frame.rev < opened.get(number, len(kept.seqs)) and (question.id in text or question.text in text):
                yield f"{history.user_id}: {frame.type} at rev {frame.rev} tells of question {number}"
        is_open = any(opened[number] <= frame.rev < closed[number] for number in opened)
        if is_open and _tells_too_much(frame, game, closed):
            yield f"{history.user_id}: {frame.type} at rev {frame.rev} tells a key: {text}"
        for player in frame.payload.get("players", ()) if is_open else ():
            known = max((seq for seq in totals if seq <= frame.rev), default=0)
            if player["score"] != totals.get(known, Counter())[player["user_id"]]:
                yield f"{history.user_id}: {frame.type} at rev {frame.rev} shows a score before the close: {player}"


def _tells_too_much(frame: Frame, game: Game, closed: dict[int, int]) -> bool:
    """Whether a frame that came while a question was open tells a key, or whether anybody is right."""
    own, rest = (frame.payload, {}) if frame.type == "ANSWER_RESULT" else (None, dict(frame.payload))
    if frame.type == "GAME_STATE":
        own = rest.pop("your_result")
    text = msgspec.json.encode(rest).decode()
    return any(mark in text for mark in TELLS_THE_KEY) or (own is not None and _too_early(own, frame.rev, game, closed))


def _too_early(result: Row, rev: int, game: Game, closed: dict[int, int]) -> bool:
    """In a race, who is wrong may know that at once, and nothing else; all others when the question has closed."""
    number = next(n for n, question in enumerate(game.questions, 1) if question.id == result["question_id"])
    only_wrong = game.settings.pace == "race" and not result["is_correct"] and result["correct_answer"] is None
    return closed[number] > rev and not only_wrong
