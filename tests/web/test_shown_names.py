import inspect

import pytest
from django.utils import translation

from momentum.game import names
from momentum.web import shown_names


@pytest.mark.parametrize("name", ["evil\u202e", "a\u0301\u0301\u0301", "", "a" * 25, "..."])
def test_translators_find_every_sentence_about_a_name(name: str) -> None:
    with pytest.raises(names.NameRefused) as refused:
        shown_names.clean(name)
    assert str(refused.value) in shown_names.SENTENCES


def test_no_sentence_is_forgotten_and_none_is_left_over() -> None:
    assert inspect.getsource(names).count("raise NameRefused(") == len(shown_names.SENTENCES)


def test_a_refusal_is_told_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown_names, "gettext", lambda sentence: f"[{translation.get_language()}] {sentence}")
    with translation.override("de"), pytest.raises(names.NameRefused, match=r"\[de\] A name has 1 to 24"):
        shown_names.clean("")


def test_a_name_is_cleaned_as_the_rules_say() -> None:
    assert shown_names.clean("  Zo\u0065\u0301   B ") == names.clean("  Zo\u0065\u0301   B ")
