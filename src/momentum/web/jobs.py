"""What the worker does by the clock, beside the tasks that the site hands it."""

from collections.abc import Callable
from dataclasses import dataclass

from axes.models import AccessAttempt, AccessFailureLog
from django.core.management import call_command
from django.utils import timezone

from momentum.web.accounts.login_limits import COOL_OFF
from momentum.web.api_keys.actions import forget_old_keys
from momentum.web.api_keys.misses import forget_old as forget_key_misses
from momentum.web.attempts import schedule
from momentum.web.invitations import announcements, posting
from momentum.web.invitations.actions import forget_old as forget_old_invitations
from momentum.web.leaderboards import projection, ratings
from momentum.web.mail.outbox import forget_old as forget_old_mails
from momentum.web.mail.recipients import forget_old as forget_old_recipients
from momentum.web.own_data.deletion import rename_in_results
from momentum.web.play import actions, misses, pins
from momentum.web.webhooks.actions import forget_old as forget_old_webhook_messages

MINUTE = 60
DAY = 24 * 60 * MINUTE


@dataclass(frozen=True)
class Job:
    """`run` every `every_s` seconds. Running one twice, or twice at once, does no harm."""

    name: str
    every_s: int
    run: Callable[[], object]


def clear_expired_sessions() -> None:
    call_command("clearsessions")


def prune_task_results() -> None:
    """A day is enough to look into a failure."""
    call_command("prune_db_task_results", min_age_days=1, queue_name="*", verbosity=0)


def forget_failed_logins() -> int:
    """Failures that no limit looks at any more, and with them what people typed. Returns how many."""
    before = timezone.now() - 2 * COOL_OFF
    return sum(
        int(model.objects.filter(attempt_time__lt=before).delete()[0]) for model in (AccessAttempt, AccessFailureLog)
    )


def count_results() -> None:
    """What has finished, into the leaderboards and then the ratings."""
    projection.project()
    ratings.rate_games()


JOBS: tuple[Job, ...] = (
    Job("open_contests", MINUTE, schedule.open_due),
    Job("close_contests", MINUTE, schedule.close_due),
    Job("end_attempts", MINUTE, schedule.end_attempts),
    Job("end_games_of_deleted_hosts", MINUTE, actions.end_games_of_deleted_hosts),
    Job("retire_pins", MINUTE, pins.retire_ended),
    Job("count_results", 15, count_results),
    Job("rename_the_deleted", 60 * MINUTE, rename_in_results),
    Job("announce", MINUTE, announcements.announce),
    Job("post_invitations", MINUTE, posting.post_all),
    Job("forget_pin_misses", 60 * MINUTE, misses.forget_old),
    Job("forget_failed_logins", 60 * MINUTE, forget_failed_logins),
    Job("forget_key_misses", 60 * MINUTE, forget_key_misses),
    Job("forget_old_keys", DAY, forget_old_keys),
    Job("forget_old_webhook_messages", DAY, forget_old_webhook_messages),
    Job("forget_old_invitations", DAY, forget_old_invitations),
    Job("forget_old_mails", DAY, forget_old_mails),
    Job("forget_old_recipients", DAY, forget_old_recipients),
    Job("clear_sessions", DAY, clear_expired_sessions),
    Job("prune_task_results", DAY, prune_task_results),
)
