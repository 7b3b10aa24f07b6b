"""What a game of a contest is made of: its settings and its questions as they are now, in the words of realtime."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from momentum.game.settings import Host, Settings
from momentum.protocol.internal import OpenGame, SourceQuestion
from momentum.web.contests.models import Contest
from momentum.web.questions import queries as bank
from momentum.web.questions.models import Question

COUNTDOWN_MS = 3_000


def opening(contest: Contest, game_id: UUID) -> OpenGame:
    """The game `game_id` of `contest`, its questions drawn by that id. Raises TooFewQuestions."""
    slugs = tuple(contest.categories.values_list("slug", flat=True))
    questions = bank.draw(contest.difficulty, slugs, contest.question_count, str(game_id), owner_id=contest.owner_id)
    return OpenGame(
        contest_id=str(game_id),
        source_contest_id=str(contest.pk),
        name=contest.name,
        hosts=(Host(str(contest.owner_id), contest.owner.username),),
        access="accounts" if contest.access == "accounts" else "anyone",
        settings=_settings(contest),
        questions=tuple(_frozen(questions)),
    )


def encoded_opening(contest: Contest, game_id: UUID) -> str:
    """The same as JSON."""
    return msgspec.json.encode(opening(contest, game_id)).decode()


def _settings(contest: Contest) -> Settings:
    return Settings(
        pace="race" if contest.pace == "race" else "everyone",
        timer_ms=1000 * contest.question_timer_s,
        intermission_ms=None if contest.intermission_s is None else 1000 * contest.intermission_s,
        # A caller of the API drives its own screens, which know of no countdown.
        countdown_ms=0 if contest.private else COUNTDOWN_MS,
        max_players=contest.max_players,
        host_plays=contest.host_plays,
        reveal="immediate" if contest.reveal == "immediate" else "at_close",
        late_join=contest.late_join,
    )


def _frozen(questions: Iterable[Question]) -> Iterable[SourceQuestion]:
    for question in questions:
        yield SourceQuestion(
            bank_id=str(question.pk),
            category=question.category.name,
            difficulty=question.difficulty,
            text=question.text,
            options=tuple(question.options),
            answer=question.options[question.answer],
            explanation=question.explanation,
        )
