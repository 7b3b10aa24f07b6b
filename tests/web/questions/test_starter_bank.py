"""The question bank that comes with Momentum."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from importlib.resources import files
from itertools import combinations, pairwise
from typing import Any

import pytest

BANK = files("momentum.web.questions") / "bank"
CATEGORIES = {
    "art-and-music",
    "food-and-everyday-life",
    "geography",
    "history",
    "literature",
    "mathematics",
    "nature",
    "science",
    "sport",
    "technology",
}
DIFFICULTIES = {"easy", "medium", "hard"}
FIELDS = {"key", "difficulty", "text", "options", "answer", "explanation"}
TEXT_LIMIT = 160
OPTION_LIMIT = 60
EXPLANATION_LIMIT = 200
SMALL_WORDS = set(
    """
    a an and are at by called did do does for from has have how in is it of on or
    that the there these this to was were what when which who whose with
    """.split()
)

Question = dict[str, Any]
Condition = Callable[[Question], bool]


def read_bank() -> dict[str, dict[str, Any]]:
    return {
        entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text(encoding="utf-8"))
        for entry in sorted(BANK.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }


FILES = read_bank()
QUESTIONS: list[Question] = [question for content in FILES.values() for question in content.get("question", [])]

each_file = pytest.mark.parametrize("slug", FILES)


def keys_where(condition: Condition, questions: list[Question] = QUESTIONS) -> list[str]:
    return [question["key"] for question in questions if condition(question)]


def strings_of(question: Question) -> list[str]:
    return [question["text"], *question["options"], question["answer"], question["explanation"]]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def normalised(text: str) -> str:
    return " ".join(words(text))


def content_words(text: str) -> set[str]:
    return set(words(text)) - SMALL_WORDS


def similarity(one: str, other: str) -> float:
    smaller, larger = sorted((content_words(one), content_words(other)), key=len)
    if len(smaller) < 2:
        return float(smaller == larger)
    return len(smaller & larger) / len(smaller)


def position(question: Question) -> int:
    options: list[str] = question["options"]
    return options.index(question["answer"])


def wrong_lengths(question: Question) -> list[int]:
    return [len(option) for option in question["options"] if option != question["answer"]]


def answer_is_longest(question: Question) -> bool:
    return len(question["answer"]) > max(wrong_lengths(question))


def answer_is_shortest(question: Question) -> bool:
    return len(question["answer"]) < min(wrong_lengths(question))


def share(condition: Condition, questions: list[Question] = QUESTIONS) -> float:
    return len(keys_where(condition, questions)) / len(questions)


def position_shares(questions: list[Question]) -> list[float]:
    counts = Counter(map(position, questions))
    return [counts[place] / len(questions) for place in range(4)]


def longest_run(values: Iterable[int]) -> int:
    longest = current = 1
    for before, after in pairwise(values):
        current = current + 1 if before == after else 1
        longest = max(longest, current)
    return longest


def test_the_bank_has_the_ten_categories() -> None:
    assert set(FILES) == CATEGORIES


def test_the_bank_has_at_least_200_questions() -> None:
    assert len(QUESTIONS) >= 200


@each_file
def test_a_file_names_its_category(slug: str) -> None:
    content = FILES[slug]
    assert set(content) == {"category", "slug", "question"}, f"{slug}: unexpected fields {sorted(content)}"
    assert content["slug"] == slug
    assert re.sub(r"\W+", "-", content["category"].casefold()) == slug


@each_file
def test_a_category_has_every_difficulty(slug: str) -> None:
    counts = Counter(question["difficulty"] for question in FILES[slug]["question"])
    assert set(counts) == DIFFICULTIES, f"{slug}: {dict(counts)}"
    assert min(counts.values()) >= 5, f"{slug}: {dict(counts)}"


@each_file
def test_a_question_has_exactly_the_known_fields(slug: str) -> None:
    for question in FILES[slug]["question"]:
        assert set(question) == FIELDS, f"{slug}: {question.get('key', question)} has {sorted(question)}"
        texts = [question[field] for field in FIELDS - {"options"}]
        assert isinstance(question["options"], list), question["key"]
        assert all(isinstance(value, str) for value in [*texts, *question["options"]]), question["key"]


@each_file
def test_a_key_is_the_slug_and_a_number(slug: str) -> None:
    strange = keys_where(lambda q: not re.fullmatch(rf"{slug}-\d{{3}}", q["key"]), FILES[slug]["question"])
    assert not strange, f"keys that do not follow {slug}-001: {strange}"


def test_keys_are_unique() -> None:
    repeated = [key for key, count in Counter(q["key"] for q in QUESTIONS).items() if count > 1]
    assert not repeated, f"used more than once: {repeated}"


def test_the_answer_is_one_of_four_distinct_options() -> None:
    wrong_number = keys_where(lambda q: len(q["options"]) != 4)
    assert not wrong_number, f"not four options: {wrong_number}"
    alike = keys_where(lambda q: len({option.strip().casefold() for option in q["options"]}) != 4)
    assert not alike, f"options alike: {alike}"
    missing = keys_where(lambda q: q["answer"] not in q["options"])
    assert not missing, f"answer not among the options: {missing}"


def test_nothing_is_too_long() -> None:
    texts = keys_where(lambda q: len(q["text"]) > TEXT_LIMIT)
    assert not texts, f"text longer than {TEXT_LIMIT}: {texts}"
    options = keys_where(lambda q: max(map(len, q["options"])) > OPTION_LIMIT)
    assert not options, f"option longer than {OPTION_LIMIT}: {options}"
    explanations = keys_where(lambda q: len(q["explanation"]) > EXPLANATION_LIMIT)
    assert not explanations, f"explanation longer than {EXPLANATION_LIMIT}: {explanations}"


def test_nothing_is_empty_or_has_stray_whitespace() -> None:
    untidy = keys_where(lambda q: any(not text or text != " ".join(text.split()) for text in strings_of(q)))
    assert not untidy, f"empty or with stray whitespace: {untidy}"


def test_text_is_nfc_normalised_and_printable() -> None:
    untidy = keys_where(
        lambda q: any(not unicodedata.is_normalized("NFC", text) or not text.isprintable() for text in strings_of(q))
    )
    assert not untidy, f"not NFC or with control characters: {untidy}"


def test_a_question_asks_or_is_a_sentence_to_complete() -> None:
    strange = keys_where(lambda q: not q["text"].endswith(("?", "…", ":")))
    assert not strange, f"text ends neither with a question mark nor open: {strange}"


def test_an_explanation_is_a_sentence() -> None:
    strange = keys_where(lambda q: not q["explanation"].endswith("."))
    assert not strange, f"explanation without a full stop: {strange}"


def test_no_option_refers_to_the_other_options() -> None:
    lazy = keys_where(
        lambda q: any(re.search(r"\b(all|none|both|neither) of\b", option.casefold()) for option in q["options"])
    )
    assert not lazy, f"options about other options: {lazy}"


def test_a_question_does_not_give_its_answer_away() -> None:
    revealing = keys_where(lambda q: f" {normalised(q['answer'])} " in f" {normalised(q['text'])} ")
    assert not revealing, f"answer stands in the text: {revealing}"


def test_no_question_text_is_used_twice() -> None:
    keys_by_text: dict[str, list[str]] = {}
    for question in QUESTIONS:
        keys_by_text.setdefault(normalised(question["text"]), []).append(question["key"])
    repeated = [keys for keys in keys_by_text.values() if len(keys) > 1]
    assert not repeated, f"same text: {repeated}"


def test_no_question_is_asked_again_in_other_words() -> None:
    keys_of_pairs = [
        (one["key"], other["key"])
        for one, other in combinations(QUESTIONS, 2)
        if normalised(one["answer"]) == normalised(other["answer"]) and similarity(one["text"], other["text"]) >= 0.85
    ]
    assert not keys_of_pairs, f"nearly the same question with the same answer: {keys_of_pairs}"


def test_the_right_option_stands_anywhere() -> None:
    shares = position_shares(QUESTIONS)
    assert all(0.20 <= part <= 0.30 for part in shares), f"shares of the four positions: {shares}"


@each_file
def test_the_right_option_stands_anywhere_within_a_category(slug: str) -> None:
    shares = position_shares(FILES[slug]["question"])
    assert all(0.10 <= part <= 0.40 for part in shares), f"{slug}: shares of the four positions: {shares}"


@each_file
def test_the_right_option_does_not_stay_in_one_place(slug: str) -> None:
    places = [position(question) for question in FILES[slug]["question"]]
    assert longest_run(places) <= 3, f"{slug}: {places}"


def test_the_position_of_the_right_option_cannot_be_told_from_the_one_before() -> None:
    steps = Counter(
        (position(after) - position(before)) % 4
        for content in FILES.values()
        for before, after in pairwise(content["question"])
    )
    assert max(steps.values()) / steps.total() <= 0.40, f"steps between neighbours: {dict(steps)}"


@pytest.mark.parametrize("period", range(2, 9))
def test_the_positions_of_the_right_option_follow_no_cycle(period: int) -> None:
    repeats = [
        position(before) == position(after)
        for content in FILES.values()
        for before, after in zip(content["question"], content["question"][period:], strict=False)
    ]
    assert sum(repeats) / len(repeats) <= 0.40, f"positions repeat every {period} questions"


def test_the_right_option_is_not_told_by_its_length() -> None:
    longest = share(answer_is_longest)
    assert 0.15 <= longest <= 0.35, f"right option is the longest in {longest:.0%}: {keys_where(answer_is_longest)}"
    shortest = share(answer_is_shortest)
    assert 0.10 <= shortest <= 0.35, f"right option is the shortest in {shortest:.0%}: {keys_where(answer_is_shortest)}"


@each_file
def test_the_right_option_is_not_told_by_its_length_within_a_category(slug: str) -> None:
    questions = FILES[slug]["question"]
    assert share(answer_is_longest, questions) <= 0.40, keys_where(answer_is_longest, questions)
    assert share(answer_is_shortest, questions) <= 0.40, keys_where(answer_is_shortest, questions)
