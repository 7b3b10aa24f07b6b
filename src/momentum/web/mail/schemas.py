"""The bodies of the calls that send mails. A template and its data come in; words and looks are ours."""

from datetime import datetime
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field, model_validator

from momentum.web.api.schemas import Answer, Request
from momentum.web.contests import fields
from momentum.web.mail.content import one_line

MOST_ADDRESSEES = 100


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(_("Name a time zone, such as Europe/Berlin."))
    return name


def _visible(words: str) -> str:
    if not one_line(words):
        raise ValueError(_("Write something that can be read."))
    return words


Words = Annotated[str, AfterValidator(_visible)]
Url = Annotated[str, Field(max_length=500, pattern=r"^https?://[!-~]+$", description="On this site.")]
Zone = Annotated[str, Field(max_length=64), AfterValidator(_zone)]


def _in_our_time(instant: datetime) -> datetime:
    if not 2000 <= instant.year <= 2100:
        raise ValueError(_("Choose a date in this century."))
    return instant


Instant = Annotated[fields.Instant, AfterValidator(_in_our_time)]


class AddresseeBody(Request):
    address: str = Field(max_length=320)
    name: str = Field(default="", max_length=100)


class ContestData(Request):
    """What mails say of a contest; the organiser is you. `contestId`: yours to choose. Mails with the same one are
    about the same event of a calendar; a higher `sequence` changes it."""

    contest_id: fields.Id
    name: fields.Title
    contest_type: fields.ContestKind = "quick_fire"
    opens_at: Instant | None = None
    closes_at: Instant | None = None
    time_zone: Zone = "UTC"
    sequence: int = Field(default=0, ge=0, le=1_000_000)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValueError(_("A contest closes after it has opened."))
        return self


class LinkedContestData(ContestData):
    url: Url


class InvitationData(LinkedContestData):
    message: str = Field(default="", max_length=1_000)
    again: bool = False


class ReminderData(LinkedContestData):
    hours: int = Field(ge=1, le=168)


class LinkBody(Request):
    label: Words = Field(max_length=60)
    url: Url


class NoticeData(Request):
    heading: Words = Field(max_length=100)
    paragraphs: list[Annotated[Words, Field(max_length=1_000)]] = Field(min_length=1, max_length=10)
    link: LinkBody | None = None


class MailBody(Request):
    """`language`: counts for those who have never chosen one."""

    to: list[AddresseeBody] = Field(min_length=1, max_length=MOST_ADDRESSEES)
    language: str = Field(default="", max_length=20)


class InvitationBody(MailBody):
    template: Literal["invitation"]
    data: InvitationData


class ReminderBody(MailBody):
    template: Literal["reminder"]
    data: ReminderData


class ChangedBody(MailBody):
    template: Literal["changed"]
    data: LinkedContestData


class CancelledBody(MailBody):
    template: Literal["cancelled"]
    data: ContestData


class ResultsBody(MailBody):
    template: Literal["results"]
    data: LinkedContestData


class NoticeBody(MailBody):
    template: Literal["notice"]
    data: NoticeData


Body = Annotated[
    InvitationBody | ReminderBody | ChangedBody | CancelledBody | ResultsBody | NoticeBody,
    Field(discriminator="template"),
]


class VerdictAnswer(Answer):
    """`ok`: it goes out, or would. `message`: why not, if not."""

    address: str
    verdict: Literal["ok", "duplicate", "malformed", "unsubscribed"]
    message: str


class SentAnswer(Answer):
    verdicts: list[VerdictAnswer]


class PreviewAnswer(SentAnswer):
    """As the first addressee would get it. The link to the preferences is not a real one."""

    subject: str
    text: str
    html: str
