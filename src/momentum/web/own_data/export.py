"""All that is kept of a person, as plain values by section. No secret is among it, and no key before its time."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from axes.models import AccessFailureLog
from django.db.models import Q
from django.utils import timezone

from momentum.game import names
from momentum.web.accounts.models import User
from momentum.web.accounts.queries import addresses_of
from momentum.web.api_keys.models import ApiKey
from momentum.web.contests.actions import settings_of
from momentum.web.contests.models import Contest
from momentum.web.invitations.models import Invitation
from momentum.web.invitations.status import with_status
from momentum.web.leaderboards.models import Rating, Result
from momentum.web.leaderboards.queries import shares
from momentum.web.mail.compose import envelope_address
from momentum.web.mail.models import Mail, Recipient
from momentum.web.own_data import played
from momentum.web.questions.models import Question
from momentum.web.results.models import ShareLink
from momentum.web.webhooks.models import Delivery, Endpoint

FORMAT = 1
"""Rises when what stands in the file gets another meaning."""

Rows = list[dict[str, Any]]


def everything(user: User, now: datetime) -> dict[str, Any]:
    """Instants are ISO 8601, times are milliseconds, ids are those on every wire."""
    sections = {name: read(user) for name, read in SECTIONS.items()}
    attempts = played.attempts(str(user.pk), now)
    return {"format": FORMAT, "exported_at": now, "account": _account(user), **sections, "attempts": attempts}


def _account(user: User) -> dict[str, Any]:
    kept = ("id", "username", "email", "date_joined", "last_login")
    return {**{name: getattr(user, name) for name in kept}, "profile_shared": shares(user.pk)}


def _addresses(user: User) -> Rows:
    return list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary"))


def _sessions(user: User) -> Rows:
    return list(UserSession.objects.filter(user=user).values("ip", "user_agent", "created_at", "last_seen_at"))


def _failed_logins(user: User) -> Rows:
    typed = [names.key(name) for name in (user.username, *addresses_of(user))]
    failures = AccessFailureLog.objects.filter(username__in=typed)
    return list(failures.values("username", "ip_address", "user_agent", "path_info", "attempt_time"))


def _contests(user: User) -> Rows:
    """Those taken off the list too, as long as their results stay."""
    return [
        {
            "id": contest.pk,
            "status": contest.status,
            "created_at": contest.created_at,
            "deleted_at": contest.deleted_at,
            **asdict(settings_of(contest)),
        }
        for contest in Contest.objects.filter(owner=user).order_by("created_at", "pk")
    ]


def _invitations(user: User) -> Rows:
    """Those that the person sent. Links stand only in mails."""
    sent = with_status(Invitation.objects.filter(contest__owner=user), timezone.now()).order_by("created_at", "pk")
    kept = ("contest_id", "address", "name", "message", "language", "status", "created_at", "accepted_name")
    return list(sent.values(*kept))


def _invited(user: User) -> Rows:
    """Those that the person got or accepted; others' words in them are others'."""
    mine = Q(accepted_by=str(user.pk)) | Q(address__in=[envelope_address(one).lower() for one in addresses_of(user)])
    kept = ("contest_id", "address", "created_at", "opened_at", "accepted_at", "declined_at")
    return list(Invitation.objects.filter(mine).order_by("created_at", "pk").values(*kept))


def _questions(user: User) -> Rows:
    kept = ("id", "category__slug", "difficulty", "text", "options", "answer", "explanation", "archived")
    return list(Question.objects.filter(owner=user).order_by("pk").values(*kept))


def _results(user: User) -> Rows:
    """What counted where, with the best streak and the place."""
    kept = ("source_id", "contest_id", "ended_at", "rank", "score", "correct_count", "best_streak", "counts")
    return list(Result.objects.filter(player=str(user.pk)).order_by("ended_at", "pk").values(*kept))


def _ratings(user: User) -> Rows:
    kept = ("source_id", "ended_at", "mu", "sigma", "games")
    return list(Rating.objects.filter(player=str(user.pk)).order_by("ended_at", "source").values(*kept))


def _api_keys(user: User) -> Rows:
    kept = ("id", "name", "prefix", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")
    return list(ApiKey.objects.filter(owner=user).order_by("created_at").values(*kept))


def _webhooks(user: User) -> Rows:
    kept = ("id", "url", "events", "created_at", "failing_since", "paused_at", "paused_because")
    return list(Endpoint.objects.filter(owner=user).order_by("created_at").values(*kept))


def _webhook_messages(user: User) -> Rows:
    kept = ("endpoint_id", "event_type", "occasion", "status", "attempts", "created_at", "finished_at", "problem")
    return list(Delivery.objects.filter(endpoint__owner=user).order_by("created_at").values(*kept))


def _mails(user: User) -> Rows:
    """To the person, and those that the person asked for. What stands in them may let people in."""
    wanted = Q(asked_by=user) | Q(to__in=addresses_of(user))
    kept = ("kind", "to", "status", "created_at", "finished_at", "answer")
    return list(Mail.objects.filter(wanted).order_by("created_at").values(*kept))


def _mail_choices(user: User) -> Rows:
    kept = ("address", "language", "invitations", "reminders", "results", "mailed_at")
    return list(Recipient.objects.filter(address__in=addresses_of(user)).order_by("address").values(*kept))


def _share_links(user: User) -> Rows:
    kept = ("source_id", "contest_id", "created_at")
    return list(ShareLink.objects.filter(contest__owner=user).order_by("created_at").values(*kept))


SECTIONS: dict[str, Callable[[User], Rows]] = {
    "addresses": _addresses,
    "sessions": _sessions,
    "failed_logins": _failed_logins,
    "contests": _contests,
    "invitations": _invitations,
    "invited": _invited,
    "questions": _questions,
    "games": played.games,
    "results": _results,
    "ratings": _ratings,
    "api_keys": _api_keys,
    "webhooks": _webhooks,
    "webhook_messages": _webhook_messages,
    "mails": _mails,
    "mail_choices": _mail_choices,
    "share_links": _share_links,
}
