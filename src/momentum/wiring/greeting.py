"""What `momentum serve` says once everything is ready."""

import os
import shutil
import sys
from pathlib import Path

from momentum.environment import Environment
from momentum.environment.addresses import lan_addresses


def greeting(environment: Environment) -> str:
    """The addresses, how to try it alone, and where everything is kept."""
    lines = [f"  on this machine    http://localhost:{environment.web_port}"]
    if environment.public_url:
        lines.append(f"  for everybody      {environment.public_url}")
    elif environment.bind_host == "0.0.0.0":
        lines += [f"  on phones nearby   http://{address}:{environment.web_port}" for address in lan_addresses()[:1]]
    lines += [
        f"  to try it alone    {command()} bots --pin PIN -n 5",
        f"  all data           {environment.data_dir}",
        f"  mails              {_mails(environment)}",
        "  to stop            Ctrl-C",
    ]
    return "\n".join(["", "Momentum is ready.", *lines, ""])


def command() -> str:
    """How this installation's `momentum` is called from here."""
    installed = Path(sys.prefix) / "bin" / "momentum"
    if shutil.which("momentum") == str(installed):
        return "momentum"
    return os.path.relpath(installed) if installed.is_relative_to(Path.cwd()) else str(installed)


def _mails(environment: Environment) -> str:
    if environment.email_url:
        return "sent by the server in EMAIL_URL"
    if environment.mode == "production":
        return f"kept in {environment.data_dir / 'mails'}, since EMAIL_URL is not set"
    return f"kept, and shown to this machine only at http://localhost:{environment.web_port}/dev/mail/"
