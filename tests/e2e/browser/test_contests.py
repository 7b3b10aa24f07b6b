"""Whole contests that everybody plays alone."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from playwright.sync_api import expect

from .accessibility import Audit
from .contests import AttemptScreen, Key, end, lobby_path, set_up
from .people import LAPTOP, PHONE, Crowd, Person

STILL = replace(LAPTOP, still=True)


def test_a_whole_standard_contest(people: Crowd) -> None:
    alice, bob, gina = people.organiser("Alice"), people.organiser("Bob"), people.new("Gina", PHONE)
    contest = set_up(alice)
    key = Key(alice, contest)
    answers_by_keyboard(bob, contest, key)
    answers_on_a_phone_that_reloads(gina, contest, key)

    alice.open(lobby_path(contest))
    expect(alice.page.get_by_role("row").filter(has_text="Gina")).to_contain_text("finished")
    end(alice, contest)
    alice.page.locator("summary", has_text=re.compile(r"Void\s*1$")).click()
    alice.button("Void this question").click()
    alice.sees("The question counts for nobody now.")

    bob.open(lobby_path(contest))
    bob.reads("Closed")
    bob.sees("The organiser has voided question 1")
    bob.sees("You came in at place 1")
    bob.link("Your answers and the right ones").click()
    bob.reads("Question by question")
    expect(bob.page.locator(".review .correct")).to_have_count(3)
    gina.open(lobby_path(contest))
    gina.sees("You came in at place 2")


def answers_by_keyboard(bob: Person, contest: str, key: Key) -> None:
    """All rightly."""
    bob.open(lobby_path(contest))
    bob.reads("Open now")
    bob.button("Start").click()
    screen = AttemptScreen(bob)
    for number in (1, 2, 3):
        screen.is_at_question(number)
        screen.page.keyboard.press(str(1 + screen.options.index(key.right(screen))))
    screen.is_in("finished")
    bob.sees("Results come when the contest has closed")


def answers_on_a_phone_that_reloads(gina: Person, contest: str, key: Key) -> None:
    """The second question wrongly, after a reload, with a second tab that is too late for it."""
    gina.open(lobby_path(contest))
    gina.page.get_by_label("Your name in the contest").fill("Gina")
    gina.button("Start").click()
    phone = AttemptScreen(gina)
    phone.is_at_question(1)
    phone.tile(key.right(phone)).click()
    phone.is_at_question(2)
    options, left = phone.options, phone.seconds_left
    gina.page.wait_for_timeout(1500)
    gina.page.reload()
    phone.is_at_question(2)
    assert phone.options == options
    assert phone.seconds_left < left
    other_tab = AttemptScreen(gina, gina.context.new_page())
    other_tab.page.goto(gina.page.url)
    other_tab.is_at_question(2)
    phone.tile(key.wrong(phone)).click()
    phone.is_at_question(3)
    other_tab.tiles.first.click()
    other_tab.is_at_question(3)
    phone.tile(key.right(phone)).click()
    phone.is_in("finished")


def test_a_whole_marathon_run(people: Crowd) -> None:
    alice, bob = people.organiser("Alice"), people.organiser("Bob")
    contest = set_up(alice, "marathon", name="The long night", categories=["history"])
    key = Key(alice, contest)
    bob.open(lobby_path(contest))
    bob.button("Start a run").click()
    screen = AttemptScreen(bob)
    for number in (1, 2, 3):
        screen.is_at_question(number)
        screen.tile(key.right(screen)).click()
        bob.reads("Right!")
        screen.go_on()
    bob.sees(re.compile("3 in a row: .1.3"))
    for lives in (2, 1, 0):
        screen.is_in("question")
        screen.tile(key.wrong(screen)).click()
        bob.reads("Not this time" if lives else "All lives are spent")
        expect(bob.page.locator(".life.lost")).to_have_count(3 - lives)
        if lives:
            screen.go_on()
    screen.is_in("finished")
    bob.link("Board and another run").click()
    bob.reads("Your runs")
    expect(bob.page.locator(".board .own")).to_have_count(1)
    bob.button("Start a run").click()
    screen.is_at_question(1)


def test_the_clock_ends_a_question_by_itself(people: Crowd) -> None:
    alice, bob = people.organiser("Alice"), people.organiser("Bob")
    contest = set_up(alice, questionTimer=5)
    bob.open(lobby_path(contest))
    bob.button("Start").click()
    screen = AttemptScreen(bob)
    screen.is_at_question(1)
    bob.reads("Time is up")
    screen.go_on()
    screen.is_at_question(2)


def test_times_are_right_in_every_zone_over_a_change_and_with_a_wrong_clock(people: Crowd) -> None:
    alice = people.organiser("Alice")
    in_berlin, in_auckland = (
        people.new(name, replace(LAPTOP, zone=zone))
        for name, zone in (("Bob", "Europe/Berlin"), ("Carol", "Pacific/Auckland"))
    )
    contest = set_up(alice, expected="scheduled", opensAt="2035-03-24T12:00:00Z", closesAt="2035-03-25T12:00:00Z")
    for person, times in (
        (in_berlin, ("Mar 24, 2035, 1:00 PM", "Mar 25, 2035, 2:00 PM")),
        (in_auckland, ("Mar 25, 2035, 1:00 AM", "Mar 26, 2035, 1:00 AM")),
    ):
        person.page.clock.set_system_time(datetime(2001, 1, 1, tzinfo=UTC))
        person.open(lobby_path(contest))
        expect(person.page.locator(".window time")).to_have_text(times)
        left = datetime(2035, 3, 24, 12, tzinfo=UTC) - datetime.now(UTC)
        expect(person.page.locator(".countdown-line")).to_have_text(re.compile(rf"^{left.days} d"))
    now = set_up(alice)
    in_auckland.open(lobby_path(now))
    in_auckland.page.get_by_label("Your name in the contest").fill("Carol")
    in_auckland.button("Start").click()
    screen = AttemptScreen(in_auckland)
    screen.is_at_question(1)
    assert 5 < screen.seconds_left <= 15


def test_an_organiser_sets_dates_in_their_own_zone(people: Crowd) -> None:
    alice = people.organiser("Alice", replace(LAPTOP, zone="America/New_York"))
    alice.open("/dashboard/contest/new")
    alice.page.get_by_label("Name", exact=True).fill("Autumn exam")
    alice.page.locator("[name=contest_type][value=standard]").check()
    alice.page.locator("[name=opens_at]").fill("2035-11-03T09:30")
    alice.page.locator("[name=closes_at]").fill("2035-11-04T09:30")
    alice.button("Save and open the lobby").click()
    alice.reads("Autumn exam")
    times = alice.page.locator(".window time")
    expect(times).to_have_text(["Nov 3, 2035, 9:30 AM", "Nov 4, 2035, 9:30 AM"])
    assert [time.get_attribute("datetime") for time in times.all()] == [
        "2035-11-03T13:30:00+00:00", "2035-11-04T14:30:00+00:00",
    ]  # fmt: skip
    alice.link("Edit").click()
    expect(alice.page.locator("[name=closes_at]")).to_have_value("2035-11-04T09:30")


def test_what_is_lost_on_the_way_is_sent_again(people: Crowd) -> None:
    alice, bob = people.organiser("Alice"), people.organiser("Bob")
    contest = set_up(alice)
    bob.open(lobby_path(contest))
    bob.button("Start").click()
    screen = AttemptScreen(bob)
    screen.is_at_question(1)
    bob.watch.expect("ERR_INTERNET_DISCONNECTED", "htmx")
    bob.context.set_offline(True)
    screen.tiles.first.click()
    bob.sees("Connection lost")
    bob.context.set_offline(False)
    screen.is_at_question(2)


def test_the_organiser_sees_how_it_goes_without_reloading(people: Crowd) -> None:
    alice, bob = people.organiser("Alice"), people.organiser("Bob")
    contest = set_up(alice)
    alice.open(lobby_path(contest))
    alice.sees("Nobody is in yet.")
    bob.open(lobby_path(contest))
    bob.button("Start").click()
    row = alice.page.get_by_role("row").filter(has_text=bob.name)
    expect(row).to_contain_text("question 1 of 3")
    row.locator("summary").click()
    alice.button("50 % more time").click()
    expect(alice.page.get_by_role("row").filter(has_text=bob.name)).to_contain_text("+50 % time")


def test_a_players_pages_pass_axe(people: Crowd) -> None:
    alice, bob = people.organiser("Alice"), people.organiser("Bob", STILL)
    audit = Audit()
    contest = set_up(alice, timing="both", resultsShown="at_once", questionTimer=300, questionCount=1)
    bob.open(lobby_path(contest))
    audit.look(bob, "the lobby")
    bob.button("Start").click()
    screen = AttemptScreen(bob)
    screen.is_at_question(1)
    audit.look(bob, "a question")
    screen.tiles.first.click()
    screen.is_in("finished")
    audit.look(bob, "a finished attempt")
    end(alice, contest)
    bob.open(lobby_path(contest))
    bob.link("Your answers and the right ones").click()
    bob.reads("Question by question")
    audit.look(bob, "the review")
    assert audit.passes()


def test_the_organisers_pages_pass_axe(people: Crowd) -> None:
    alice, bob = people.organiser("Alice", STILL), people.organiser("Bob")
    audit = Audit()
    contest = set_up(alice)
    bob.open(lobby_path(contest))
    bob.button("Start").click()
    alice.open(lobby_path(contest))
    audit.look(alice, "the organiser's page")
    end(alice, contest)
    audit.look(alice, "the organiser's page of a closed contest")
    alice.open("/dashboard/contest/new")
    alice.page.locator("[name=contest_type][value=standard]").check()
    audit.look(alice, "the form of a standard contest")
    assert audit.passes()


def test_a_device_that_slept_asks_for_the_time_that_is_left(people: Crowd) -> None:
    """Its monotonic clock stood still meanwhile: the page would show more time than there is."""
    alice, bob = people.organiser("Alice"), people.organiser("Bob")
    contest = set_up(alice)
    later = set_up(alice, expected="scheduled", opensAt="2035-03-24T12:00:00Z", closesAt="2035-03-25T12:00:00Z")
    bob.open(lobby_path(later))
    with bob.page.expect_navigation():
        sleeps(bob)
    bob.open(lobby_path(contest))
    bob.button("Start").click()
    screen = AttemptScreen(bob)
    screen.is_at_question(1)
    with bob.page.expect_response("**/attempt/*"):
        sleeps(bob)
    screen.is_at_question(1)


def sleeps(person: Person) -> None:
    """Its wall clock goes on a minute, its other clock does not."""
    person.page.evaluate("() => { const now = Date.now; Date.now = () => now() + 60_000; }")
