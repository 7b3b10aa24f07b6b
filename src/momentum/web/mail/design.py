"""The one design of all mails, as text and as HTML. Call it in the reader's language."""

from django.template.loader import render_to_string

from momentum.web.mail.content import Content

SIGNATURE = "-- "
"""Mail programs show what follows it as less important (RFC 3676)."""


def text(content: Content) -> str:
    """All that the mail says, for programs that show no HTML. Lines are not broken: phones do that better."""
    blocks = [
        content.heading,
        content.greeting,
        *content.paragraphs,
        _quote(content),
        "\n".join(f"{fact.label}: {fact.value}" for fact in content.facts),
        f"{content.action.label}:\n{content.action.url}" if content.action else "",
        *content.closing,
        _footer(content),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def html(content: Content) -> str:
    """The same with its looks: tables and styles at each element, because many programs know nothing else. Nothing is
    loaded from anywhere."""
    return render_to_string("mail/design.html", {"content": content})


def _quote(content: Content) -> str:
    lines = [f"> {line}".rstrip() for line in content.quote.splitlines()]
    return "\n".join([f"{content.quoted}:", *lines]) if lines else ""


def _footer(content: Content) -> str:
    link = f"{content.preferences.label}: {content.preferences.url}" if content.preferences else ""
    lines = [line for line in (content.reason, link) if line]
    return "\n".join([SIGNATURE, *lines]) if lines else ""
