"""What mails about contests say. Pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from momentum.web.mail.content import Content, Fact, Link, lines, one_line
from momentum.web.mail.moments import written_out

LIVE = "quick_fire"
MARATHON = "marathon"


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """What mails say about a contest. `contest_type`: a value of ContestType. `opens_at`: of a live one, when it is
    planned. `sequence`: how often its event has changed. `time_zone`: the organiser's, by its IANA name."""

    contest_id: UUID
    name: str
    organiser: str
    contest_type: str
    opens_at: datetime | None
    closes_at: datetime | None
    sequence: int
    time_zone: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", one_line(self.name))
        object.__setattr__(self, "organiser", one_line(self.organiser))


def invitation(about: Occasion, *, name: str, url: str, message: str, again: bool) -> Content:
    subject = _("%(organiser)s invites you to “%(contest)s”") % _names(about)
    return Content(
        subject=_("Reminder: %(subject)s") % {"subject": subject} if again else subject,
        heading=_("You are invited to “%(contest)s”") % _names(about),
        greeting=_greeting(name),
        paragraphs=(_what_it_is(about),),
        quote=lines(message),
        quoted=about.organiser,
        facts=_facts(about),
        action=Link(_("Open the invitation"), url),
        closing=(_("This link is your seat: whoever opens it can take it, so keep it to yourself."),),
    )


def reminder(about: Occasion, *, name: str, url: str, hours: int) -> Content:
    values = {**_names(about), "n": hours}
    if hours == 24:
        subject = _("Tomorrow: “%(contest)s”") % values
        begins = _("“%(contest)s” by %(organiser)s begins in a day.") % values
    else:
        subject = ngettext("“%(contest)s” begins in an hour", "“%(contest)s” begins in %(n)d hours", hours) % values
        begins = (
            ngettext(
                "“%(contest)s” by %(organiser)s begins in an hour.",
                "“%(contest)s” by %(organiser)s begins in %(n)d hours.",
                hours,
            )
            % values
        )
    return Content(
        subject=subject,
        heading=subject,
        greeting=_greeting(name),
        paragraphs=(begins,),
        facts=_facts(about),
        action=Link(_("Go to the contest"), url),
    )


def changed(about: Occasion, *, name: str, url: str) -> Content:
    what = _("%(organiser)s has changed this contest. This holds now:") % _names(about)
    return Content(
        subject=_("Changed: “%(contest)s”") % _names(about),
        heading=_("“%(contest)s” has changed") % _names(about),
        greeting=_greeting(name),
        paragraphs=(what,),
        facts=_facts(about),
        action=Link(_("Go to the contest"), url),
    )


def cancelled(about: Occasion, *, name: str) -> Content:
    return Content(
        subject=_("Cancelled: “%(contest)s”") % _names(about),
        heading=_("“%(contest)s” is cancelled") % _names(about),
        greeting=_greeting(name),
        paragraphs=(_("%(organiser)s has cancelled it. It does not take place as it was planned:") % _names(about),),
        facts=_facts(about),
        closing=(_("There is nothing for you to do."),),
    )


def results(about: Occasion, *, name: str, url: str) -> Content:
    return Content(
        subject=_("The results of “%(contest)s”") % _names(about),
        heading=_("“%(contest)s” is over") % _names(about),
        greeting=_greeting(name),
        paragraphs=(
            _("The contest of %(organiser)s is over. See who came first, and how everybody did.") % _names(about),
        ),
        action=Link(_("See the results"), url),
    )


def _names(about: Occasion) -> dict[str, str]:
    return {"contest": about.name, "organiser": about.organiser}


def _greeting(name: str) -> str:
    return _("Hello %(name)s,") % {"name": one_line(name)} if one_line(name) else _("Hello,")


def _what_it_is(about: Occasion) -> str:
    if about.contest_type == LIVE:
        return _(
            "%(organiser)s invites you to a live quiz. All play at the same time, each on a phone or a computer. "
            "You need no app."
        ) % _names(about)
    if about.contest_type == MARATHON:
        return _(
            "%(organiser)s invites you to a quiz marathon. The questions get harder, three mistakes end a run, and you "
            "play alone, whenever it suits you while the marathon is open."
        ) % _names(about)
    return _(
        "%(organiser)s invites you to a quiz. You play alone, whenever it suits you while the contest is open. "
        "Everybody gets the same questions."
    ) % _names(about)


def _facts(about: Occasion) -> tuple[Fact, ...]:
    begins = _("Begins") if about.contest_type == LIVE else _("Opens")
    return (
        Fact(_("Contest"), about.name),
        Fact(_("Organiser"), about.organiser),
        *([Fact(begins, written_out(about.opens_at, about.time_zone))] if about.opens_at else []),
        *([Fact(_("Closes"), written_out(about.closes_at, about.time_zone))] if about.closes_at else []),
    )
