"""Names: what is refused, when two are the same, and how a taken one gets a number."""

import unicodedata

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from momentum.game import names

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
ASTRONAUT = "\U0001f9d1\U0001f3fd\u200d\U0001f680"
RAINBOW_FLAG = "\U0001f3f3\ufe0f\u200d\U0001f308"
RED_HAIR = "\U0001f468\u200d\U0001f9b0"
HEART = "\u2764\ufe0f"
KEYCAP = "1\ufe0f\u20e3"
FLAG = "\U0001f1e9\U0001f1ea"

EMOJI = (FAMILY, ASTRONAUT, RAINBOW_FLAG, RED_HAIR, HEART, KEYCAP, FLAG)
LETTERS = "aZ9 -'_.#ßİıſŠ\ufb01\u01c4\u0345\u0301\u0327\u0489\u1e9e\u2126\uff22\u212b\u00a8\u037a\u0e33\u0e31\u0d4e"
INVISIBLE = "\u3000\u00a0\u200d\u200b\ufe0f\u3164\u2800\u202e\uac00\u1100\u1161\u0600"
HARD_CHARACTERS = st.sampled_from([*LETTERS, *INVISIBLE, *EMOJI])
TYPED = st.lists(HARD_CHARACTERS, max_size=30).map("".join) | st.text(max_size=40)


def is_clean(name: str) -> bool:
    try:
        return names.clean(name) == name
    except names.NameRefused:
        return False


@pytest.mark.parametrize(
    "name",
    ["Bob", "b", "Ana-Marija", "O'Neil", "李雷", "محمد", "नरेन्द्र", "Nguyễn Thị Mệnh", "ที่รัก", "7", "x" * 24, *EMOJI],
)
def test_names_of_people_and_emoji_stay_as_they_are(name: str) -> None:
    assert names.clean(name) == name


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="nothing"),
        pytest.param("   ", id="spaces"),
        pytest.param("--", id="only punctuation"),
        pytest.param("x" * 25, id="too long"),
        pytest.param(FAMILY * 4, id="too many bytes"),
        pytest.param("a\x00b", id="NUL"),
        pytest.param("a\x1b[31m", id="escape"),
        pytest.param("a\nb", id="line feed"),
        pytest.param("a\u2028b", id="line separator"),
        pytest.param("\u202ebob", id="right-to-left override"),
        pytest.param("bob\u2069", id="pop directional isolate"),
        pytest.param("bob\u200f", id="right-to-left mark"),
        pytest.param("bob\u200b", id="zero-width space"),
        pytest.param("bo\u200cb", id="zero-width non-joiner"),
        pytest.param("bo\u200db", id="zero-width joiner between letters"),
        pytest.param("bob\u200d", id="zero-width joiner at the end"),
        pytest.param("e\u0301\u200d\u2764", id="zero-width joiner after a letter"),
        pytest.param("bob\ufeff", id="byte order mark"),
        pytest.param("bo\u00adb", id="soft hyphen"),
        pytest.param("bob\u3164", id="Hangul filler"),
        pytest.param("\u3164", id="only a Hangul filler"),
        pytest.param("bob\uffa0", id="half-width Hangul filler"),
        pytest.param("bob\u115f", id="Hangul choseong filler"),
        pytest.param("bo\u034fb", id="combining grapheme joiner"),
        pytest.param("bob\ufe0f", id="variation selector on a letter"),
        pytest.param("bob\U000e0100", id="variation selector of the supplement"),
        pytest.param("bob\u180b", id="Mongolian variation selector"),
        pytest.param("bob\U000e0041", id="tag"),
        pytest.param("\u2800", id="blank braille"),
        pytest.param("bob\u2800", id="blank braille after letters"),
        pytest.param("bob\ue000", id="private use"),
        pytest.param("bob\ud800", id="lone surrogate"),
        pytest.param("b\u0301\u0302\u0303ob", id="three marks on a letter"),
        pytest.param("bob" + "\u0488" * 20, id="glitch name"),
        pytest.param("\u1ec7\u0301", id="a third mark on a letter that has two"),
    ],
)
def test_invisible_stacked_and_overlong_names_are_refused(name: str) -> None:
    with pytest.raises(names.NameRefused, match=r"\.$"):
        names.clean(name)


def test_spaces_outside_are_cut_off_and_inside_single() -> None:
    assert names.clean(" \u00a0Bob \u3000 B. ") == "Bob B."


def test_what_is_seen_as_one_character_counts_as_one() -> None:
    assert names.clean("e\u0301" * 24) == "é" * 24
    assert names.clean(FLAG * 12) == FLAG * 12
    with pytest.raises(names.NameRefused):
        names.clean("e\u0301" * 25)


@given(TYPED)
def test_a_clean_name_is_clean_and_short(typed: str) -> None:
    try:
        shown = names.clean(typed)
    except names.NameRefused:
        return
    assert names.clean(shown) == shown
    assert shown == shown.strip()
    assert 1 <= len(regex.findall(r"\X", shown)) <= names.MAX_GRAPHEMES
    assert len(shown.encode()) <= names.MAX_BYTES


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bob", "bOB"),
        ("Bob", "\uff22\uff4f\uff42"),
        ("Straße", "STRASSE"),
        ("José", "JOSE\u0301"),
        ("\ufb01n", "FIN"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("\u212bngström", "Ångström"),
        ("\u2764", HEART),
        ("\u1e9e", "ss"),
        ("\u0345\u03b1", "\u0399\u0391"),
    ],
)
def test_names_that_read_the_same_are_the_same(one: str, other: str) -> None:
    assert names.key(one) == names.key(other)


def test_different_names_differ() -> None:
    assert len({names.key(name) for name in ("Bob", "Bobb", "Bób", "B ob", "Bob 2", FAMILY, RED_HAIR)}) == 7


@given(TYPED)
@example("\u0345\u0301")
@example("\u1fc3\u0345")
def test_the_key_of_a_key_is_itself(typed: str) -> None:
    key = names.key(typed)
    assert names.key(key) == key


@given(TYPED)
def test_case_width_and_composition_never_make_a_name_another(typed: str) -> None:
    try:
        shown = names.clean(typed)
    except names.NameRefused:
        return
    same = (shown.casefold(), unicodedata.normalize("NFD", shown), unicodedata.normalize("NFKC", shown))
    assert {names.key(name) for name in same} == {names.key(shown)}


# Numbers for taken names


def test_a_free_name_stays() -> None:
    assert names.distinct("Bob", {"rob"}) == "Bob"


def test_a_taken_name_gets_the_first_number_that_is_free() -> None:
    assert names.distinct("Bob", {"bob"}) == "Bob 2"
    assert names.distinct("BOB", {"bob", "bob 2", "bob 3"}) == "BOB 4"


@pytest.mark.parametrize("name", ["x" * 24, FAMILY, FAMILY * 3, "\U0001f1e9\U0001f1ea" * 12, "é" * 24, "x" * 22 + " y"])
def test_a_long_name_is_cut_for_its_number(name: str) -> None:
    taken = {names.key(name)}
    for _ in range(11):
        distinct = names.distinct(name, taken)
        assert is_clean(distinct)
        assert names.key(distinct) not in taken
        taken.add(names.key(distinct))


def test_a_name_of_one_huge_character_gets_a_number_all_the_same() -> None:
    huge = "\u200d".join(["\U0001f468\U0001f3fd"] * 2 + ["\U0001f468\ufe0f"] * 2 + ["\U0001f468"] * 8)
    assert len(huge.encode()) > names.MAX_BYTES - 2
    assert is_clean(huge)
    assert is_clean(names.distinct(huge, {names.key(huge)}))


@given(st.lists(st.sampled_from(["Bob", "bob 2", "BOB 3", "x" * 24, "X" * 22 + " 2"]) | TYPED, max_size=20))
def test_everybody_gets_a_clean_name_of_their_own(typed: list[str]) -> None:
    taken: set[str] = set()
    for name in filter(is_clean, typed):
        distinct = names.distinct(name, taken)
        assert is_clean(distinct)
        assert names.key(distinct) not in taken
        taken.add(names.key(distinct))


class Counted(set[str]):
    asked = 0

    def __contains__(self, key: object) -> bool:
        self.asked += 1
        return super().__contains__(key)


def test_ten_thousand_of_one_name_do_not_search_ten_thousand_numbers() -> None:
    taken = Counted({"bob"} | {f"bob {n}" for n in range(2, 10_001)})
    assert names.distinct("Bob", taken) == "Bob 10001"
    assert taken.asked < 40
