"""The `.env` file: NAME=value lines, `#` comments, optional quotes. Nothing is expanded."""

import re
from pathlib import Path

from momentum.environment.errors import SettingsError

LINE = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?P<value>.*)")
QUOTED = re.compile(r"""(?P<quote>["'])(?P<text>.*)(?P=quote)\s*(?:#.*)?""")


def read(path: Path) -> dict[str, str]:
    """The settings in the file at `path`; raises SettingsError, which names the line but not what stands in it."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} cannot be read ({type(error).__name__}): check the file and its rights."
        ) from error
    return dict(_entries(path, text))


def _entries(path: Path, text: str) -> list[tuple[str, str]]:
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), start=1))
    return [_entry(path, number, line) for number, line in lines if line and not line.startswith("#")]


def _entry(path: Path, number: int, line: str) -> tuple[str, str]:
    if not (match := LINE.fullmatch(line)):
        raise SettingsError(f"Line {number} of {path} is no setting: write NAME=value, or start the line with #.")
    value = match["value"]
    if value[:1] in ("'", '"'):
        if not (quoted := QUOTED.fullmatch(value)):
            raise SettingsError(f"Line {number} of {path} opens a quote and does not close it: add the closing quote.")
        return match["name"], quoted["text"]
    return match["name"], re.sub(r"(^|\s)#.*", "", value).strip()
