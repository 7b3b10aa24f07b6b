"""A mail that says what its sender wants it to say: heading, paragraphs, one link."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from momentum.web.mail.content import Content, Link, one_line
from momentum.web.mail.drafts import Addressee, Draft
from momentum.web.mail.models import Category


def notice(*, organiser: str, heading: str, paragraphs: Sequence[str], link: tuple[str, str] | None = None) -> Draft:
    """`link`: label and address."""

    def content(to: Addressee) -> Content:
        name = one_line(to.name)
        return Content(
            subject=one_line(heading),
            heading=one_line(heading),
            greeting=_("Hello %(name)s,") % {"name": name} if name else _("Hello,"),
            paragraphs=tuple(one_line(each) for each in paragraphs),
            action=Link(one_line(link[0]), link[1]) if link else None,
        )

    return Draft(kind="notice", category=Category.INVITATIONS, organiser=organiser, content=content)
