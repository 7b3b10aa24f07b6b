"""What answers come to."""

from hypothesis import given
from hypothesis import strategies as st

from momentum.game.attempt import Answered
from momentum.game.tally import NOTHING, tally


@st.composite
def answers(draw: st.DrawFn) -> list[Answered]:
    kinds = draw(st.lists(st.sampled_from(("right", "wrong", "none")), max_size=30))
    return [
        Answered(
            at=position,
            position=position,
            choice=None if kind == "none" else 0,
            correct=kind == "right",
            points=draw(st.integers(500, 2000)) if kind == "right" else 0,
            t_ms=draw(st.integers(0, 15_000)),
            voided=draw(st.booleans()),
        )
        for position, kind in enumerate(kinds, start=1)
    ]


@given(answers())
def test_a_tally_is_what_counting_by_hand_gives(given_answers: list[Answered]) -> None:
    total = tally(given_answers)
    given_answers = [answer for answer in given_answers if not answer.voided]
    right = [answer for answer in given_answers if answer.correct]
    assert total.score == sum(answer.points for answer in right)
    assert (total.correct_count, total.correct_ms) == (len(right), sum(answer.t_ms for answer in right))
    assert total.answer_count == sum(answer.choice is not None for answer in given_answers)
    assert total.misses == len(given_answers) - len(right)
    runs = "".join("r" if answer.correct else " " for answer in given_answers)
    assert total.best_streak == max(map(len, runs.split(" ")))
    assert total.streak == len(runs.split(" ")[-1])


def test_nothing_comes_to_nothing() -> None:
    assert tally([]) == NOTHING
