"""Mails over REST: for organisers' own programs, in our templates only, with links to this site only."""

import uuid

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from momentum.web import addresses
from momentum.web.accounts.models import User
from momentum.web.api import auth
from momentum.web.api.auth import accounts
from momentum.web.api.schemas import Problem
from momentum.web.api_keys.scopes import Scope
from momentum.web.mail import allowance, contest_drafts, drafts, notices, schemas, verdicts
from momentum.web.mail.contest_texts import Occasion
from momentum.web.mail.drafts import Addressee, Draft
from momentum.web.mail.verdicts import Judged, Verdict
from momentum.web.refusals import Refusal

router = Router(tags=["email"], by_alias=True)
SEND = accounts(Scope.EMAIL_SEND)


class ForeignLink(Refusal):
    error = "foreign_link"
    status = 422

    def __str__(self) -> str:
        return _("Links in mails lead to this site only: begin them with %(site)s/.") % {"site": self.args[0]}


@router.post(
    "/email/preview",
    auth=SEND,
    response={200: schemas.PreviewAnswer, 401: Problem, 422: Problem},
    summary="See a mail without sending it",
)
def preview_email(request: HttpRequest, payload: schemas.Body) -> schemas.PreviewAnswer:
    site_url = addresses.site_url(request)
    draft = _draft(payload, auth.caller_account(request), site_url)
    seen = drafts.preview(draft, _addressees(payload)[0], site_url=site_url)
    judged = _judge(payload, draft)
    return schemas.PreviewAnswer(verdicts=_answers(judged), subject=seen.subject, text=seen.text, html=seen.html)


@router.post(
    "/email/send",
    auth=SEND,
    response={200: schemas.SentAnswer, 401: Problem, 422: Problem, 429: Problem},
    summary="Send a mail to each of these addresses",
)
def send_email(request: HttpRequest, payload: schemas.Body) -> schemas.SentAnswer:
    """All that may go are in the queue when the answer comes; where the day's allowance would not do, none is."""
    user, site_url = auth.caller_account(request), addresses.site_url(request)
    draft = _draft(payload, user, site_url)
    judged = _judge(payload, draft)
    with transaction.atomic():
        allowance.demand(user, sum(each.verdict is Verdict.OK for each in judged))
        for to, each in zip(_addressees(payload), judged, strict=True):
            if each.verdict is Verdict.OK:
                drafts.post(draft, to, asked_by=user, site_url=site_url)
    return schemas.SentAnswer(verdicts=_answers(judged))


def _draft(payload: schemas.Body, user: User, site_url: str) -> Draft:
    """Raises ForeignLink."""
    match payload:
        case schemas.NoticeBody(data=data):
            link = (data.link.label, _own(data.link.url, site_url)) if data.link else None
            return notices.notice(
                organiser=user.username, heading=data.heading, paragraphs=data.paragraphs, link=link
            )  # fmt: skip
        case schemas.InvitationBody(data=data):
            url = _own(data.url, site_url)
            return contest_drafts.invitation(_about(data, user), url=url, message=data.message, again=data.again)
        case schemas.ReminderBody(data=data):
            return contest_drafts.reminder(_about(data, user), url=_own(data.url, site_url), hours=data.hours)
        case schemas.ChangedBody(data=data):
            return contest_drafts.changed(_about(data, user), url=_own(data.url, site_url))
        case schemas.CancelledBody(data=data):
            return contest_drafts.cancelled(_about(data, user))
        case schemas.ResultsBody(data=data):
            return contest_drafts.results(_about(data, user), url=_own(data.url, site_url))


def _about(data: schemas.ContestData, user: User) -> Occasion:
    """The event's id is made of the caller's too: nobody changes or cancels events of others."""
    return Occasion(
        contest_id=uuid.uuid5(user.pk, str(data.contest_id)),
        name=data.name,
        organiser=user.username,
        contest_type=data.contest_type,
        opens_at=data.opens_at,
        closes_at=data.closes_at,
        sequence=data.sequence,
        time_zone=data.time_zone,
    )


def _own(url: str, site_url: str) -> str:
    if not url.startswith(f"{site_url}/"):
        raise ForeignLink(site_url)
    return url


def _addressees(payload: schemas.Body) -> list[Addressee]:
    return [Addressee(address=each.address, name=each.name, language=payload.language) for each in payload.to]


def _judge(payload: schemas.Body, draft: Draft) -> list[Judged]:
    return verdicts.judge([each.address for each in payload.to], draft.category)


def _answers(judged: list[Judged]) -> list[schemas.VerdictAnswer]:
    return [
        schemas.VerdictAnswer(address=each.address, verdict=each.verdict.value, message=each.message) for each in judged
    ]
