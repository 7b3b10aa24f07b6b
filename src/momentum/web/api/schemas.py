"""What bodies of calls have in common: camelCase names, exact types, no unknown fields."""

from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from ninja import Query, Schema
from ninja.parser import Parser
from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

Offset = Annotated[int, Query(ge=0, le=10**9)]
"""How many lines of a list to leave out."""


class Request(Schema):
    """A body that is sent to us: true is no 1, "1" is no 1, and what is not asked for is refused."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", strict=True)


class Answer(Schema):
    """A body that we send."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Problem(Answer):
    """Why a call was refused: a code for programs and a sentence that says what to do. `fields`: only of `invalid`."""

    error: str
    message: str
    fields: list[dict[str, str]] | None = None


class StrictJson(Parser):
    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The body as JSON. Browsers send this content type to other sites only after asking them, and we never agree:
        so no foreign page can post to a call that needs no CSRF token."""
        if request.content_type != "application/json":
            raise ValueError("not JSON")
        body: dict[str, Any] = msgspec.json.decode(request.body)
        return body
