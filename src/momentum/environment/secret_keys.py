"""Secrets: made once in a development data directory, and required to be good ones in production."""

import os
import re
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from momentum.environment.errors import SettingsError

MINIMUM_BYTES = 32
HOW = 'Set it to the output of "openssl rand -hex 32".'
EXAMPLES = re.compile(
    r"change.?(me|this|in.?prod)|your[-_ ]|example|replace.?me|random.char|openssl"
    r"|insecure|default|password|momentum-contest",
    re.IGNORECASE,
)


def refuse_weak(name: str, value: str) -> None:
    """Raise SettingsError unless `value` may guard a production system."""
    if len(value.encode()) < MINIMUM_BYTES:
        raise SettingsError(f"{name} is shorter than {MINIMUM_BYTES} bytes. {HOW}")
    if EXAMPLES.search(value) or len(set(value)) < 8:
        raise SettingsError(f"{name} is a value from an example, which anybody can know. {HOW}")


def made_once(data_dir: Path, name: str) -> str:
    """The secret kept at `<data_dir>/secrets/<name>` (mode 0600); made when it is not there, by whoever comes first."""
    folder = data_dir / "secrets"
    path = folder / name.lower()
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if not path.exists():
            _make(path)
        value = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The secret in {path} cannot be made or read: check the rights of {data_dir}.") from error
    if len(value) < MINIMUM_BYTES:
        raise SettingsError(f"The secret in {path} is damaged: delete that file, and a new one is made.")
    return value


def _make(path: Path) -> None:
    # Written aside and linked into place: two processes that start together agree on one secret,
    # and nobody reads half of it. mkstemp opens with O_EXCL and mode 0600.
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=".making-")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(MINIMUM_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        os.unlink(aside)
