"""The mails about contests: one function each, which sends always. Ask `recipients.wants` first.

Each goes into the outbox in the caller's transaction. `url`: where its button leads. All raise BadAddress.
"""

from typing import Unpack

from momentum.web.mail import contest_drafts, drafts
from momentum.web.mail.contest_texts import Occasion
from momentum.web.mail.drafts import Addressee, Sending
from momentum.web.mail.models import Mail

__all__ = ["Addressee", "Occasion", "cancelled", "changed", "invitation", "reminder", "results"]


def invitation(
    to: Addressee, about: Occasion, *, url: str, message: str = "", again: bool = False, **sending: Unpack[Sending]
) -> Mail:
    """`message`: the organiser's own words. `again`: it is not the first one."""
    return drafts.post(contest_drafts.invitation(about, url=url, message=message, again=again), to, **sending)


def reminder(to: Addressee, about: Occasion, *, url: str, hours: int, **sending: Unpack[Sending]) -> Mail:
    """`hours`: until it begins."""
    return drafts.post(contest_drafts.reminder(about, url=url, hours=hours), to, **sending)


def changed(to: Addressee, about: Occasion, *, url: str, **sending: Unpack[Sending]) -> Mail:
    """The name or the dates are others; `about.sequence` is higher than in all mails before."""
    return drafts.post(contest_drafts.changed(about, url=url), to, **sending)


def cancelled(to: Addressee, about: Occasion, **sending: Unpack[Sending]) -> Mail:
    """`about` has the dates that no longer hold; `about.sequence` is higher than in all mails before."""
    return drafts.post(contest_drafts.cancelled(about), to, **sending)


def results(to: Addressee, about: Occasion, *, url: str, **sending: Unpack[Sending]) -> Mail:
    return drafts.post(contest_drafts.results(about, url=url), to, **sending)
