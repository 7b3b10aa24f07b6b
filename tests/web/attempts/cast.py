"""How the people of these tests answer."""

from momentum.web.accounts.models import User
from momentum.web.attempts import actions, rules
from momentum.web.attempts.models import Attempt
from momentum.web.contests.models import Contest
from momentum.web.play import people
from momentum.web.play.people import Person

GUEST = Person("guest_" + "b" * 32, "Gina", is_guest=True)


def person(user: User | Person) -> Person:
    return user if isinstance(user, Person) else people.of_account(user)


def start(contest: Contest, user: User | Person) -> Attempt:
    return actions.start(contest, person(user))


def shown(attempt: Attempt, *, right: bool, position: int | None = None) -> int:
    """The place, from 0, of the right option or of a wrong one, as the attempt shows them."""
    position = position or attempt.asked
    order = rules.options_shown(attempt, position)
    key = order.index(rules.question_at(attempt, position).correct)
    return key if right else (key + 1) % len(order)


def answer(attempt: Attempt, *, right: bool) -> Attempt:
    """Answer the open question, having opened it where none is."""
    if attempt.opened_at is None:
        attempt, _ = actions.go_on(attempt.pk, attempt.asked)
    attempt, _ = actions.answer(attempt.pk, attempt.asked, shown(attempt, right=right))
    return attempt
