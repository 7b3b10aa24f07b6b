"""From the bank's questions to the game's own: new ids, options shuffled by the game's seed."""

from collections.abc import Sequence
from random import Random

from momentum.game.settings import Question
from momentum.protocol.internal import SourceQuestion


def frozen(questions: Sequence[SourceQuestion], seed: int) -> tuple[Question, ...]:
    """The game's copy. The same questions and seed give the same game."""
    random = Random(seed)
    return tuple(_frozen(question, random) for question in questions)


def _frozen(question: SourceQuestion, random: Random) -> Question:
    options = list(question.options)
    random.shuffle(options)
    return Question(
        id=f"{random.getrandbits(64):016x}",
        bank_id=question.bank_id,
        category=question.category,
        difficulty=question.difficulty,
        text=question.text,
        options=tuple(options),
        correct=options.index(question.answer),
        explanation=question.explanation,
    )
