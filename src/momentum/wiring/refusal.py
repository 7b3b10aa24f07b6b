"""What is said when a command cannot go on."""


class Refusal(Exception):
    """The command cannot go on. The message is one or two sentences that say what to do."""
