"""From what happens to what arrives."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from momentum.web.accounts.models import User
from momentum.web.contests.models import Contest
from momentum.web.own_data.deletion import delete_account
from momentum.web.play import pins
from momentum.web.webhooks import actions, delivering, events, signing
from momentum.web.webhooks.models import Delivery, Endpoint

from ..cast import end_game, open_pin
from ..receiver import Receiver

DAY = timedelta(days=1)


def work() -> int:
    """Deliver all that is due; returns how many attempts that took."""
    made = 0
    while taken := delivering.claim_due("here-0", 8):
        for delivery in taken:
            delivering.deliver(delivery)
        made += len(taken)
    return made


def test_a_game_that_is_over_is_told_once_and_signed(
    endpoint: Endpoint, receiver: Receiver, contest: Contest, bob: User
) -> None:
    pin = open_pin(contest)
    work()
    assert receiver.messages == []
    end_game(pin, bob, User.objects.create_user("Dora", "d@example.org", "x"))
    pins.retire(pin)
    pins.retire(pin)
    pins.retire_ended()
    assert work() == 1
    [message] = receiver.messages
    told = json.loads(message.body)
    assert told["type"] == "game.over"
    assert (told["data"]["contestId"], told["data"]["gameId"]) == (str(contest.pk), str(pin.game_id))
    assert (told["data"]["playerCount"], told["data"]["questionCount"]) == (2, 2)
    stamp = int(message.headers["webhook-timestamp"])
    expected = signing.signature(endpoint.secret, message.id, stamp, message.body.decode())
    assert message.headers["webhook-signature"] == expected
    for secret_of_the_game in (b"Bob", b"Dora", b"Question 1", pin.code.encode()):
        assert secret_of_the_game not in message.body
    assert Delivery.objects.get().status == "delivered"


def test_a_game_that_never_opened_is_not_told(endpoint: Endpoint, contest: Contest) -> None:
    pin = open_pin(contest)
    pins.retire(pin)
    assert not Delivery.objects.exists()


def test_a_closed_contest_is_told_once_per_closing(endpoint: Endpoint, receiver: Receiver, contest: Contest) -> None:
    first = timezone.now()
    for at in (first, first, first + DAY):
        actions.announce(events.contest_closed(contest, at), contest)
    work()
    assert [json.loads(message.body)["type"] for message in receiver.messages] == ["contest.closed"] * 2


def test_what_is_rolled_back_is_not_told(endpoint: Endpoint, contest: Contest) -> None:
    with transaction.atomic():
        actions.announce(events.contest_closed(contest, timezone.now()), contest)
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()


def test_only_the_owner_s_endpoints_that_want_it_are_told(alice: User, bob: User, contest: Contest) -> None:
    wanting = actions.create_endpoint(alice, "https://a.example/", ["contest.closed"])
    actions.create_endpoint(alice, "https://b.example/", ["game.over"])
    paused = actions.create_endpoint(alice, "https://c.example/", ["contest.closed"])
    actions.pause_endpoint(paused)
    actions.create_endpoint(bob, "https://d.example/", ["contest.closed"])
    actions.announce(events.contest_closed(contest, timezone.now()), contest)
    assert [delivery.endpoint for delivery in Delivery.objects.all()] == [wanting]


def test_a_failure_is_tried_again_later_and_later_under_the_same_id(endpoint: Endpoint, receiver: Receiver) -> None:
    receiver.status = 500
    with time_machine.travel(timezone.now(), tick=False) as clock:
        actions.send_test(endpoint)
        pauses = []
        while Delivery.objects.filter(status="pending").exists():
            assert work() == 1
            assert work() == 0
            delivery = Delivery.objects.get()
            pauses.append((delivery.due_at - timezone.now()).total_seconds())
            clock.move_to(delivery.due_at + timedelta(microseconds=1))
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.response_status) == ("failed", 500)
    assert "500" in delivery.problem
    assert 10 <= len(receiver.messages) <= 25
    assert len({message.id for message in receiver.messages}) == 1
    assert 5 <= pauses[0] <= 10
    assert max(pauses[:-1]) <= 4 * 3600
    assert timedelta(hours=19) < timezone.now() + DAY - delivery.created_at


def test_it_arrives_when_the_server_is_back(endpoint: Endpoint, receiver: Receiver) -> None:
    receiver.status = 503
    actions.send_test(endpoint)
    work()
    endpoint.refresh_from_db()
    assert endpoint.failing_since
    receiver.status = 200
    Delivery.objects.update(due_at=timezone.now())
    work()
    assert Delivery.objects.get().status == "delivered"
    assert Endpoint.objects.get().failing_since is None


def test_an_endpoint_that_fails_for_a_day_is_paused_and_goes_on_when_resumed(
    endpoint: Endpoint, receiver: Receiver
) -> None:
    receiver.status = 500
    actions.send_test(endpoint)
    Endpoint.objects.update(failing_since=timezone.now() - DAY)
    work()
    endpoint.refresh_from_db()
    assert endpoint.paused_because == "failing"
    Delivery.objects.update(due_at=timezone.now())
    assert work() == 0
    receiver.status = 200
    actions.resume_endpoint(endpoint)
    work()
    assert Delivery.objects.get().status == "delivered"


def test_a_server_that_wants_no_more_gets_no_more(endpoint: Endpoint, receiver: Receiver) -> None:
    receiver.status = 410
    actions.send_test(endpoint)
    work()
    endpoint.refresh_from_db()
    assert (endpoint.paused_because, Delivery.objects.get().status) == ("gone", "failed")


def test_each_attempt_belongs_to_one_worker(endpoint: Endpoint) -> None:
    actions.send_test(endpoint)
    first, second = Delivery.objects.get(), Delivery.objects.get()
    assert delivering._claim(first, "here-0")
    assert not delivering._claim(second, "here-0")
    assert delivering.claim_due("here-0", 8) == []


def test_what_a_killed_worker_left_is_sent_again_under_the_same_id(endpoint: Endpoint, receiver: Receiver) -> None:
    actions.send_test(endpoint)
    [left] = delivering.claim_due("here-0", 8)
    with time_machine.travel(timezone.now() + delivering.LEASE + timedelta(seconds=1)):
        assert work() == 1
    assert [message.id for message in receiver.messages] == [left.message_id]


def test_a_successor_sends_at_once_what_was_left_and_nothing_of_others(
    endpoint: Endpoint, alice: User, receiver: Receiver
) -> None:
    actions.send_test(endpoint)
    [left] = delivering.claim_due("killed", 8)
    actions.send_test(actions.create_endpoint(alice, "https://other.example/", ["game.over"]))
    delivering.claim_due("alive", 8)
    assert work() == 0
    assert delivering.take_back("killed") == 1
    assert work() == 1
    assert [message.id for message in receiver.messages] == [left.message_id]
    assert delivering.take_back("killed") == delivering.take_back("here-0") == 0


def test_what_waits_for_its_next_attempt_is_not_taken_back(endpoint: Endpoint, receiver: Receiver) -> None:
    receiver.status = 500
    actions.send_test(endpoint)
    work()
    assert delivering.take_back("here-0") == 0
    assert work() == 0


def test_an_outcome_that_comes_too_late_changes_nothing(endpoint: Endpoint, receiver: Receiver) -> None:
    actions.send_test(endpoint)
    [slow] = delivering.claim_due("here-0", 8)
    with time_machine.travel(timezone.now() + delivering.LEASE + timedelta(seconds=1)):
        [quick] = delivering.claim_due("here-0", 8)
        receiver.status = 500
        delivering.deliver(slow)
        assert Delivery.objects.get().problem == ""
        receiver.status = 204
        delivering.deliver(quick)
    assert Delivery.objects.get().status == "delivered"


def test_a_slow_endpoint_takes_one_place_only(endpoint: Endpoint, alice: User) -> None:
    other = actions.create_endpoint(alice, "https://other.example/", ["game.over"])
    for _ in range(3):
        actions.send_test(endpoint)
        actions.send_test(other)
    taken = delivering.claim_due("here-0", 8)
    assert {delivery.endpoint_id for delivery in taken} == {endpoint.pk, other.pk}
    assert len(taken) == 2
    assert delivering.claim_due("here-0", 8, [endpoint.pk, other.pk]) == []


def test_sent_again_it_has_the_same_id_and_body(endpoint: Endpoint, receiver: Receiver) -> None:
    actions.send_test(endpoint)
    work()
    actions.send_again(Delivery.objects.get())
    work()
    first, second = receiver.messages
    assert (first.id, first.body) == (second.id, second.body)


def test_in_production_nothing_is_sent_inside(endpoint: Endpoint, receiver: Receiver, settings: Settings) -> None:
    settings.MOMENTUM = replace(settings.MOMENTUM, webhook_targets="public")
    actions.send_test(endpoint)
    Endpoint.objects.update(url=receiver.url.replace("http:", "https:"))
    work()
    assert receiver.connections == 0
    assert "private" in Delivery.objects.get().problem


def test_nothing_of_a_deleted_account_is_sent_or_kept(endpoint: Endpoint, alice: User) -> None:
    actions.send_test(endpoint)
    delete_account(alice)
    assert delivering.claim_due("here-0", 8) == []
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize(("age", "left"), [(timedelta(days=29), 1), (timedelta(days=31), 0)])
def test_old_messages_are_forgotten(endpoint: Endpoint, age: timedelta, left: int) -> None:
    actions.send_test(endpoint)
    Delivery.objects.update(created_at=timezone.now() - age)
    actions.forget_old()
    assert Delivery.objects.count() == left
