"""What a backup says about itself, in `manifest.json`: it is written last, so a folder that has one is whole."""

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from momentum import __version__
from momentum.environment import Environment
from momentum.wiring.refusal import Refusal

NAME = "manifest.json"
FORM = 1
Kind = Literal["sqlite", "postgresql"]


class SavedFile(msgspec.Struct, frozen=True):
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`form`: of the backup. `momentum`, `database`: versions, for people. `made_at`: ISO 8601, UTC."""

    form: int
    kind: Kind
    momentum: str
    database: str
    made_at: str
    files: dict[str, SavedFile]


def kind_of(environment: Environment) -> Kind:
    return "sqlite" if environment.database_url is None else "postgresql"


def write(folder: Path, kind: Kind, database: str) -> None:
    """Describe the files in `folder`, which are on the disk before their description is."""
    os.sync()
    manifest = Manifest(
        form=FORM,
        kind=kind,
        momentum=__version__,
        database=database,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        files={path.name: _saved(path) for path in sorted(folder.iterdir())},
    )
    (folder / NAME).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    os.sync()


def read(folder: Path) -> Manifest:
    """The manifest of a backup whose files are as they were saved. Raises Refusal."""
    try:
        manifest = msgspec.json.decode((folder / NAME).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError):
        raise Refusal(f"{folder} is no whole backup of Momentum: its {NAME} is not there or cannot be read.") from None
    if manifest.form != FORM:
        raise Refusal(f"{folder} was made by Momentum {manifest.momentum} in a form unknown here: update this code.")
    for name, saved in manifest.files.items():
        path = folder / name
        if Path(name).name != name or not path.is_file() or _saved(path) != saved:
            raise Refusal(f"{path} is damaged, or not there: take another backup.")
    return manifest


def _saved(path: Path) -> SavedFile:
    with path.open("rb") as file:
        return SavedFile(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
