"""The fields of contests in bodies of calls: their types, and their names in `ContestSettings`."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from momentum.game.settings import INTERMISSION_S, MAX_PLAYERS, MAX_QUESTIONS, TIMER_S
from momentum.web.contests import dates, titles
from momentum.web.contests.models import MAX_FREEZE_MIN, MAX_RUNS, TOTAL_TIME_S


def _text(value: object) -> object:
    if value is not None and not isinstance(value, str):
        raise ValueError(_("Write the instant as text, such as 2030-01-31T18:00:00Z."))
    return value


def _usable(value: datetime) -> datetime:
    if not dates.is_usable(value):
        raise ValueError(dates.UNUSABLE % {"first": dates.FIRST_YEAR, "last": dates.LAST_YEAR})
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
Timing = Literal["question", "whole", "both"]
TotalTime = Annotated[int, Field(ge=TOTAL_TIME_S[0], le=TOTAL_TIME_S[1], description="Seconds.")]
ResultsShown = Literal["at_once", "after_closing"]
Scoreboard = Literal["visible", "frozen", "hidden"]
FreezeMinutes = Annotated[int, Field(ge=1, le=MAX_FREEZE_MIN)]
Entry = Literal["link", "pin", "list", "invited"]
Runs = Annotated[int, Field(ge=1, le=MAX_RUNS)]
Instant = Annotated[AwareDatetime, BeforeValidator(_text), AfterValidator(_usable), Field(strict=False)]

RENAMED = {"question_timer": "question_timer_s", "total_time": "total_time_s", "freeze_minutes": "freeze_min"}


def in_settings_terms(fields: dict[str, Any]) -> dict[str, Any]:
    """A body's fields under the names of ContestSettings."""
    if "intermission" in fields:
        intermission = fields.pop("intermission")
        fields["intermission_s"] = None if intermission == "host" else intermission
    for name, in_settings in RENAMED.items():
        if name in fields:
            fields[in_settings] = fields.pop(name)
    return fields
