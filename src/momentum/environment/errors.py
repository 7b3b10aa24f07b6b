"""What is said about a setting that cannot be used."""


class SettingsError(Exception):
    """A setting is missing or wrong. The message is one or two sentences that say what to do; it shows no secret."""
