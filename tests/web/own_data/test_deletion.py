"""What deleting an account does to others, and what they still see."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from momentum.web.accounts.models import User
from momentum.web.attempts.models import AllowedPerson, Attempt
from momentum.web.contests.models import Contest
from momentum.web.games.models import PlayerResult
from momentum.web.jobs import JOBS
from momentum.web.leaderboards.models import Total
from momentum.web.leaderboards.projection import project
from momentum.web.mail import recipients
from momentum.web.mail.models import Category, Mail, Recipient
from momentum.web.mail.pace import sent_today
from momentum.web.own_data.deletion import delete_account
from momentum.web.questions.models import Question

from ..cast import PASSWORD
from ..conftest import browser
from .life import ADDRESS, NAME, OTHER_ADDRESS, close, live


def test_players_keep_the_results_of_a_contest_whose_organiser_has_gone(alice: User, bank: list[Question]) -> None:
    person = live(alice)
    guest = browser(User.objects.get(username="Guest"))
    exam = Contest.objects.get(name="Their exam")
    delete_account(person)
    project()
    history = guest.get("/profile/").context["history"].rows
    assert {row.contest_name for row in history} == {"Their game", "Their exam", "Friday quiz"}
    for row in history:
        assert guest.get(row.results_url).context["page"].state == "over"
    exam.refresh_from_db()
    assert (exam.status, exam.deleted_at is None) == ("closed", False)
    assert Attempt.objects.get(contest=exam).finished_at is not None
    assert guest.get(f"/leaderboards/organiser/{person.pk}").context["page"].heading == "Contests of Former player"
    assert not Contest.objects.filter(name="Never played").exists()


def test_an_organiser_sees_a_former_player_everywhere(alice: User, bank: list[Question]) -> None:
    person = live(alice)
    exam = Contest.objects.get(name="An exam")
    delete_account(person)
    close(exam)
    project()
    as_alice = browser(alice)
    for path in (f"/dashboard/contest/{exam.pk}/lobby", f"/dashboard/contest/{exam.pk}/results", "/leaderboards/"):
        assert NAME not in as_alice.get(path).content.decode()
    rows = as_alice.get(f"/leaderboards/organiser/{alice.pk}").context["page"].board.rows
    assert "Former player" in {row.name for row in rows}


def test_who_has_gone_stands_on_no_board_of_the_site(alice: User, bank: list[Question]) -> None:
    person = live(alice)
    mine = Total.objects.filter(player=str(person.pk))
    assert mine.filter(board__scope="site").exists()
    delete_account(person)
    assert not mine.filter(board__scope="site").exists()
    assert mine.filter(board__scope=f"organiser:{alice.pk}").exists()
    assert browser(alice).get(f"/players/{person.pk}").status_code == 404


def test_who_takes_the_name_next_is_on_nobodys_list(alice: User, bank: list[Question]) -> None:
    person = live(alice)
    exam = Contest.objects.get(name="An exam")
    assert AllowedPerson.objects.filter(contest=exam).count() == 3
    delete_account(person)
    assert list(AllowedPerson.objects.values_list("who", flat=True)) == ["somebody@example.org"]
    heir = User.objects.create_user(NAME, "heir@example.org", PASSWORD)
    assert browser(heir).get(f"/dashboard/contest/{exam.pk}/lobby").status_code == 404


def test_no_mail_goes_out_any_more_and_the_days_count_stands(alice: User, bank: list[Question]) -> None:
    person = live(alice)
    before = sent_today()
    delete_account(person)
    assert not Mail.objects.filter(status="queued").exists()
    assert sent_today() == before == 1


def test_who_wants_no_mails_gets_none_afterwards_either(alice: User, bank: list[Question]) -> None:
    person = live(alice)
    Recipient.objects.create(address=OTHER_ADDRESS, invitations=False)
    delete_account(person)
    theirs = Recipient.objects.filter(address__in=[ADDRESS, OTHER_ADDRESS])
    assert list(theirs.values_list("address", flat=True)) == [OTHER_ADDRESS]
    assert not recipients.wants(OTHER_ADDRESS, Category.INVITATIONS)


def test_a_game_that_ends_later_loses_the_name_by_the_clock(alice: User, bank: list[Question]) -> None:
    person = live(alice)
    delete_account(person)
    late = PlayerResult.objects.filter(user_id=str(person.pk))
    late.update(username=NAME)
    next(job for job in JOBS if job.name == "rename_the_deleted").run()
    assert NAME not in set(late.values_list("username", flat=True))
    assert PlayerResult.objects.filter(username="Guest").exists()


def test_a_contest_that_opened_a_moment_ago_does_not_hold_the_account(bob: User, bank: list[Question]) -> None:
    now = timezone.now()
    contest = Contest.objects.create(
        owner=bob,
        name="Just open",
        contest_type="standard",
        status="open",
        opens_at=now + timedelta(seconds=1),
        closes_at=now + timedelta(hours=1),
    )
    Contest.objects.filter(pk=contest.pk).update(opens_at=timezone.now())
    delete_account(bob)
    assert not Contest.objects.filter(pk=contest.pk, deleted_at=None).exists()


def test_the_page_says_what_goes_and_offers_the_data_first(as_bob: Client) -> None:
    body = as_bob.get("/accounts/delete").content.decode()
    assert "cannot be undone" in body
    assert 'href="/accounts/data"' in body
