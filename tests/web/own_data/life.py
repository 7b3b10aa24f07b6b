"""What somebody leaves in every table that has to do with people."""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from django.test import Client
from django.utils import timezone

from momentum.web.accounts.models import User
from momentum.web.api_keys.actions import create_key
from momentum.web.attempts import actions as attempts
from momentum.web.attempts import schedule
from momentum.web.contests.actions import ContestSettings, create_contest
from momentum.web.contests.models import Contest
from momentum.web.invitations import seats
from momentum.web.invitations.models import Announcement
from momentum.web.leaderboards.actions import share_profile
from momentum.web.leaderboards.projection import project
from momentum.web.leaderboards.ratings import rate_games
from momentum.web.mail import outbox, recipients
from momentum.web.mail.models import Mail
from momentum.web.play import people
from momentum.web.questions.models import Category, Question
from momentum.web.results import sharing
from momentum.web.webhooks.actions import create_endpoint, send_test

from ..cast import PASSWORD
from ..invitations.cast import invite
from ..leaderboards.history import played

NAME, ADDRESS, OTHER_ADDRESS = "Zebedee", "zebedee@example.org", "zeb@example.net"


def live(host: User) -> User:
    """Somebody called NAME who has done everything that can be done here, also in contests of `host`."""
    user = User.objects.create_user(NAME, ADDRESS, PASSWORD)
    new = EmailAddress.objects.create(user=user, email=OTHER_ADDRESS)
    EmailAddress.objects.create(user=user, email=ADDRESS, primary=True, verified=True)
    EmailConfirmation.create(new)
    browser = Client(headers={"user-agent": f"{NAME}'s phone"})
    browser.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})
    Client(headers={"user-agent": f"{NAME}'s phone"}).post("/accounts/login/", {"login": NAME, "password": "wrong"})
    organise(user)
    play(user, host)
    share_profile(user, True)
    project()
    rate_games()
    create_key(user, f"{NAME}'s script", ["results:read"])
    send_test(create_endpoint(user, "https://zebedee.example/", ["game.over"]))
    for kind, to, sender in (("reset_password", ADDRESS, None), ("invitation", "guest@example.com", user)):
        outbox.post(kind, to, "Hello", f"for {NAME}", asked_by=sender)
    sent = outbox.post("confirm_address", OTHER_ADDRESS, "Hello", f"for {NAME}")
    Mail.objects.filter(pk=sent.pk).update(status="sent", finished_at=timezone.now(), answer=f"250 {OTHER_ADDRESS}")
    recipients.recipient(ADDRESS)
    return user


def organise(user: User) -> None:
    """Contests of all kinds: one that others played, one that nobody did, one that is open, one with a list."""
    category = Category.objects.get(slug="rivers")
    Question.objects.create(
        owner=user, category=category, difficulty="easy", text="Who?", options=list("abcd"), answer=0
    )
    live_one = create_contest(user, ContestSettings(name="Their game", question_count=1))
    guest = User.objects.create_user("Guest", "guest@example.net", PASSWORD)
    pin = played(live_one, [user, guest], seed=91)
    assert pin.game_id is not None
    sharing.make_link(pin.game_id, live_one)
    create_contest(user, ContestSettings(name="Never played", question_count=1))
    exam = alone(user, "Their exam", entry="list", allowed_people=["guest@example.net", "Guest"])
    attempts.start(exam, people.Person(str(guest.pk), "Guest", is_guest=False))
    invite(create_contest(user, ContestSettings(name="Their evening", question_count=1)), "guest@example.net")


def play(user: User, host: User) -> None:
    friday = create_contest(host, ContestSettings(name="Friday quiz", question_count=1))
    played(friday, [user, User.objects.get(username="Guest")], seed=92)
    exam = alone(host, "An exam", entry="list", allowed_people=[ADDRESS, NAME, "somebody@example.org"])
    attempt = attempts.start(exam, people.of_account(user))
    attempts.answer(attempt.pk, 1, 0)
    [invitation] = invite(friday, ADDRESS)
    seats.take(invitation, people.of_account(user))
    Announcement.objects.create(
        contest=friday, kind="reminder_day", occasion="1", address=ADDRESS, posted_at=timezone.now()
    )


def alone(owner: User, name: str, **settings: Any) -> Contest:
    now = timezone.now()
    exam = ContestSettings(
        name=name,
        contest_type="standard",
        question_count=2,
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(hours=1),
        **settings,
    )
    return create_contest(owner, exam)


def close(contest: Contest) -> None:
    Contest.objects.filter(pk=contest.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    schedule.close_due()
