"""PostgreSQL's own programs for saving and restoring a database."""

import os
import shutil
import subprocess
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from momentum.wiring.refusal import Refusal


def run_program(name: str, url: str, *arguments: str) -> None:
    """Run pg_dump or pg_restore on the database at `url`; the password is not among its arguments. Raises Refusal."""
    program = shutil.which(name)
    if program is None:
        raise Refusal(
            f"{name} is not on this machine: install PostgreSQL's client programs (Debian: postgresql-client), "
            "of the server's version or newer."
        )
    parts: dict[str, Any] = conninfo_to_dict(url)
    secret = {"PGPASSWORD": str(parts.pop("password"))} if "password" in parts else {}
    done = subprocess.run(
        [program, *arguments, "--dbname", make_conninfo(**parts)],
        env=os.environ | secret,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        said = " ".join(done.stderr.split()) or f"exit code {done.returncode}"
        raise Refusal(f"{name} did not succeed: {said[:500]}")
