"""The starter bank as it lies in `bank/*.toml`, read and checked."""

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from momentum.web.questions.models import OPTIONS, Difficulty

BANK = Path(__file__).parent / "bank"
FIELDS = {"key", "difficulty", "text", "options", "answer", "explanation"}


class BankError(Exception):
    """A file of the bank is wrong; the message names the file and the question."""


@dataclass(frozen=True)
class StarterQuestion:
    """`answer` is the index of the right option."""

    key: str
    category_slug: str
    category_name: str
    difficulty: str
    text: str
    options: tuple[str, ...]
    answer: int
    explanation: str


def digest() -> str:
    """Changes whenever a file of the bank does."""
    seen = hashlib.sha256()
    for path in sorted(BANK.glob("*.toml")):
        seen.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()


def read() -> list[StarterQuestion]:
    """All questions. Raises BankError."""
    questions = [question for path in sorted(BANK.glob("*.toml")) for question in _file(path)]
    keys = [question.key for question in questions]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise BankError(f"Keys used twice: {', '.join(sorted(twice))}. Give each question its own.")
    return questions


def _file(path: Path) -> list[StarterQuestion]:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return [_question(path.name, content, entry) for entry in content["question"]]


def _question(file: str, content: dict[str, Any], entry: dict[str, Any]) -> StarterQuestion:
    where = f"{file}, {entry.get('key', 'a question without a key')}"
    if set(entry) != FIELDS:
        raise BankError(f"{where}: the fields must be {', '.join(sorted(FIELDS))}.")
    options = tuple(entry["options"])
    if len(options) != OPTIONS or len(set(options)) != OPTIONS:
        raise BankError(f"{where}: write {OPTIONS} different options.")
    if entry["answer"] not in options:
        raise BankError(f"{where}: the answer must be one of the options, letter for letter.")
    if entry["difficulty"] not in Difficulty.values:
        raise BankError(f"{where}: the difficulty must be one of {', '.join(Difficulty.values)}.")
    return StarterQuestion(
        key=entry["key"],
        category_slug=content["slug"],
        category_name=content["category"],
        difficulty=entry["difficulty"],
        text=entry["text"],
        options=options,
        answer=options.index(entry["answer"]),
        explanation=entry["explanation"],
    )
