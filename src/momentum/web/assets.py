"""The address of static files: one digest over all that the site ships."""

import hashlib
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("django-htmx", "django-ninja", "django")


def digest(web: Path) -> str:
    """Twelve hex digits that change whenever a file of ours, or a package that ships files, changes."""
    seen = hashlib.sha256()
    for path in sorted(web.glob("*/static/**/*")):
        if path.is_file():
            seen.update(path.relative_to(web).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for package in PACKAGES:
        seen.update(f"{package} {version(package)}".encode())
    return seen.hexdigest()[:12]
