"""The one design of all mails."""

from momentum.web.mail.content import Content, one_line


def text(content: Content) -> str:
    """All that the mail says, for programs that show no HTML."""
    blocks = [
        content.greeting,
        *content.paragraphs,
        _quote(content),
        "\n".join(f"{fact.label}: {one_line(fact.value)}" for fact in content.facts),
        f"{content.action.label}:\n{content.action.url}" if content.action else "",
        *content.closing,
        _footer(content),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _quote(content: Content) -> str:
    lines = [f"> {line}".rstrip() for line in content.quote.splitlines()]
    return "\n".join([f"{content.quoted}:", *lines]) if lines else ""


def _footer(content: Content) -> str:
    link = f"{content.preferences.label}: {content.preferences.url}" if content.preferences else ""
    lines = [line for line in (content.reason, link) if line]
    return "\n".join(["-- ", *lines]) if lines else ""
