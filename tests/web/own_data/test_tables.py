"""Every table of the site, and what becomes of a person in it. A new table is to be entered here, by who adds it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db.models import Field, Model
from pytest import FixtureRequest

from momentum.web.accounts.models import User
from momentum.web.own_data.deletion import delete_account, rename_in_results
from momentum.web.questions.models import Question

from .life import ADDRESS, NAME, OTHER_ADDRESS, live

GOES = {
    "account.EmailAddress", "account.EmailConfirmation", "api_keys.ApiKey", "attempts.AllowedPerson",
    "axes.AccessAttempt", "axes.AccessFailureLog", "leaderboards.Profile", "mail.Recipient", "questions.Question",
    "results.ShareLink", "sessions.Session", "usersessions.UserSession", "webhooks.Delivery", "webhooks.Endpoint",
    "invitations.Invitation", "invitations.InvitationToken", "invitations.Announcement",
}  # fmt: skip
"""No row that is the person's is left."""
STAYS = {
    "accounts.User", "attempts.Attempt", "attempts.AttemptAnswer", "attempts.Participant", "contests.Contest",
    "games.AnswerResult", "games.PlayerResult", "leaderboards.Rating", "leaderboards.Result", "leaderboards.Total",
    "mail.Mail",
}  # fmt: skip
"""Rows stay, for others need them, with no more of the person than the id."""
UNTIL_PRUNED = {
    "django_tasks_database.DBTaskResult", "games.JournalEntry", "games.GameSnapshot", "play.Pin", "play.PinMiss",
    "api_keys.KeyMiss",
}  # fmt: skip
"""Kept a set time, then gone, whoever it was about: tasks, the journal of a game, counts of misses; what a PIN has of
its game goes when that is over."""
INDIRECT = {
    "account.EmailConfirmation", "attempts.AttemptAnswer", "invitations.InvitationToken", "results.ShareLink",
    "webhooks.Delivery",
}  # fmt: skip
"""Tables whose rows say by another row whose they are."""
OF_NOBODY = {
    "attempts.FrozenQuestion", "auth.Group", "auth.Group_permissions", "auth.Permission",
    "axes.AccessAttemptExpiration", "contenttypes.ContentType", "contests.Contest_categories",
    "games.Game", "games.Node", "games.QuestionResult", "invitations.Announced", "leaderboards.Board",
    "leaderboards.Ledger", "leaderboards.Source", "leaderboards.Tally", "mail.Pace", "questions.Category",
    "questions.StarterBank",
}  # fmt: skip
NEVER_FILLED = {"accounts.User_groups", "accounts.User_user_permissions", "axes.AccessLog"}
REFERENCES = {
    "user", "user_id", "player", "owner", "asked_by", "username", "name_key", "email", "who", "to", "caller",
}  # fmt: skip
"""Names of columns that point at people."""


def labels() -> dict[str, type[Model]]:
    return {model._meta.label: model for model in apps.get_models(include_auto_created=True)}


def columns(model: type[Model]) -> list[Field[Any, Any]]:
    return list(model._meta.concrete_fields)


def points_at_people(model: type[Model]) -> bool:
    return any(field.related_model is User or field.name in REFERENCES for field in columns(model))


def texts(model: type[Model]) -> Iterator[str]:
    """Everything that stands in a table, row by row."""
    for row in model._default_manager.all():
        if isinstance(row, Session):
            yield json.dumps(row.get_decoded(), default=str)
        yield " ".join(str(getattr(row, field.attname)) for field in columns(model))


def rows_about(model: type[Model], *words: str) -> list[str]:
    return [text for text in texts(model) if any(word.casefold() in text.casefold() for word in words)]


@pytest.fixture
def person(alice: User, bank: list[Question], request: FixtureRequest) -> User:
    return live(alice)


def test_every_table_is_entered_once() -> None:
    assert sorted([*GOES, *STAYS, *UNTIL_PRUNED, *OF_NOBODY, *NEVER_FILLED]) == sorted(labels())


def test_every_table_that_points_at_people_is_entered_as_such() -> None:
    assert [label for label, model in labels().items() if points_at_people(model) and label in OF_NOBODY] == []


def test_a_whole_life_leaves_something_in_each_of_them(person: User) -> None:
    names = (str(person.pk), person.pk.hex, NAME, ADDRESS, OTHER_ADDRESS)
    tables = {label: labels()[label] for label in GOES | STAYS}
    assert not any(labels()[label]._default_manager.exists() for label in NEVER_FILLED)
    assert {label for label, model in tables.items() if not rows_about(model, *names)} <= INDIRECT
    assert [label for label in INDIRECT if not tables[label]._default_manager.exists()] == []


def test_afterwards_nothing_of_the_person_is_left_but_the_id(person: User) -> None:
    delete_account(person)
    rename_in_results()
    told = {label: rows_about(model, NAME, ADDRESS, OTHER_ADDRESS) for label, model in labels().items()}
    assert {label: rows for label, rows in told.items() if rows} == {}


def test_afterwards_no_row_of_the_persons_own_is_left(person: User) -> None:
    delete_account(person)
    left = {label: rows_about(labels()[label], str(person.pk), person.pk.hex) for label in GOES - INDIRECT}
    assert {label: rows for label, rows in left.items() if rows} == {}
    assert [label for label in GOES & INDIRECT if labels()[label]._default_manager.exists()] == []
