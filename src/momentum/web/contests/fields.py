"""The fields of contests in bodies of calls: their types, and their names in `ContestSettings`."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from momentum.game.settings import INTERMISSION_S, MAX_PLAYERS, MAX_QUESTIONS, TIMER_S
from momentum.web.contests import titles


def _text(value: object) -> object:
    if value is not None and not isinstance(value, str):
        raise ValueError(_("Write the instant as text, such as 2030-01-31T18:00:00Z."))
    return value


Id = Annotated[UUID, Field(strict=False)]
Slug = Annotated[str, Field(pattern=r"^[-\w]{1,50}$")]
Title = Annotated[str, AfterValidator(titles.clean)]
ContestKind = Literal["quick_fire", "standard", "marathon"]
Difficulty = Literal["easy", "medium", "hard", "mixed"]
QuestionCount = Annotated[int, Field(ge=1, le=MAX_QUESTIONS)]
Pace = Literal["everyone", "race"]
Seats = Annotated[int, Field(ge=1, le=MAX_PLAYERS)]
Intermission = Annotated[int, Field(ge=INTERMISSION_S[0], le=INTERMISSION_S[1])] | Literal["host"]
Timer = Annotated[int, Field(ge=TIMER_S[0], le=TIMER_S[1])]
Reveal = Literal["at_close", "immediate"]
Access = Literal["anyone", "accounts"]
Instant = Annotated[AwareDatetime, BeforeValidator(_text), Field(strict=False)]


def in_settings_terms(fields: dict[str, Any]) -> dict[str, Any]:
    """A body's fields under the names of ContestSettings."""
    if "intermission" in fields:
        intermission = fields.pop("intermission")
        fields["intermission_s"] = None if intermission == "host" else intermission
    if "question_timer" in fields:
        fields["question_timer_s"] = fields.pop("question_timer")
    return fields
