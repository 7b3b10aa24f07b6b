"""Make `.venv` with the locked dependencies and with Momentum itself. Needs nothing but Python 3.11.

    python scripts/set_up.py runtime|test

Does nothing when all is in place: a stamp in `.venv` tells which locks it was made from. `test` is a superset of
`runtime`, so one environment serves both. Momentum itself is put in place by a path file and a launcher rather than by
a build: no build tool has to be installed or downloaded, it takes no time, and edits take effect at once.
"""

import fcntl
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "momentum-stamp.json"
REQUIREMENTS = ROOT / "requirements"
QUIET = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "UV_SYSTEM_CERTS": "1",  # the machine's certificates, as pip and every other program use them
    "UV_NO_PROGRESS": "1",
}


class SetUpError(Exception):
    """Set-up cannot go on; the message says what to do."""


def main(arguments: list[str]) -> int:
    if arguments not in (["runtime"], ["test"]):
        print("usage: set_up.py runtime|test", file=sys.stderr)
        return 2
    try:
        # Locked on a file that is always there, so that two set-ups started together do the work once.
        with (ROOT / "pyproject.toml").open("rb") as mutex:
            fcntl.flock(mutex, fcntl.LOCK_EX)
            set_up(arguments[0])
    except SetUpError as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 1
    return 0


def set_up(wanted: str) -> None:
    if is_in_place(wanted):
        return
    print(f"set-up: installing what Momentum needs ({wanted}) into .venv", file=sys.stderr)
    STAMP.unlink(missing_ok=True)
    make_environment()
    install(REQUIREMENTS / f"{wanted}.txt")
    link_momentum()
    contained = ("runtime", "test") if wanted == "test" else ("runtime",)
    STAMP.write_text(json.dumps({name: stamp(name) for name in contained}))


def stamp(name: str) -> str:
    """What an environment made from that lock, here, by this Python, is known by."""
    facts = [str(ROOT), "{}.{}".format(*python_version())]
    files = [REQUIREMENTS / "bootstrap.txt", REQUIREMENTS / f"{name}.txt", Path(__file__)]
    return hashlib.sha256(
        b"\0".join([*(fact.encode() for fact in facts), *(path.read_bytes() for path in files)])
    ).hexdigest()


def python_version() -> tuple[int, int]:
    """The version of the environment's Python, without a call where that is who runs this script."""
    if Path(sys.prefix) == VENV:
        return sys.version_info[:2]
    told = subprocess.run(
        [PYTHON, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=True
    )
    major, minor = told.stdout.split()
    return int(major), int(minor)


def is_in_place(wanted: str) -> bool:
    try:
        return bool(json.loads(STAMP.read_text()).get(wanted) == stamp(wanted))
    except (OSError, ValueError, subprocess.CalledProcessError):
        return False


def make_environment() -> None:
    """A virtual environment with a Python that works, made anew unless there is one."""
    if succeeds([PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    # Debian splits ensurepip off: without it an environment can still be made, only without its own pip.
    if not (
        succeeds([sys.executable, "-m", "venv", VENV])
        or succeeds([sys.executable, "-m", "venv", "--clear", "--without-pip", VENV])
    ):
        raise SetUpError(no_pip())


def install(lock: Path) -> None:
    """Exactly what `lock` lists, each file checked against its hash; by uv, or by pip where uv cannot work."""
    pip = pip_of_environment()
    bootstrap = REQUIREMENTS / "bootstrap.txt"
    if pip:
        succeeds([*pip, "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r", bootstrap], show=True)
    uv = next(
        (each for each in (str(VENV / "bin" / "uv"), shutil.which("uv")) if each and succeeds([each, "--version"])),
        None,
    )
    if uv and succeeds(
        [uv, "pip", "sync", "--quiet", "--python", PYTHON, "--require-hashes", bootstrap, lock], show=True
    ):
        return
    if not pip:
        raise SetUpError(no_pip())
    print("set-up: uv could not do it, so pip does, which takes longer", file=sys.stderr)
    if not succeeds([*pip, "install", "--quiet", "--require-hashes", "-r", lock], show=True):
        raise SetUpError(
            "the packages could not be installed; the lines above say why. Is there a network? Then try again."
        )


def pip_of_environment() -> list[str | Path] | None:
    """The command of a pip that installs into the environment: its own, or that of the Python that runs this script."""
    own: list[str | Path] = [PYTHON, "-m", "pip"]
    borrowed: list[str | Path] = [getattr(sys, "_base_executable", sys.executable), "-m", "pip", "--python", PYTHON]
    return next((pip for pip in (own, borrowed) if succeeds([*pip, "--version"])), None)


def no_pip() -> str:
    version = "{}.{}".format(*sys.version_info[:2])
    return (
        f"{sys.executable} has neither ensurepip nor pip, so nothing can be installed. On Debian and Ubuntu: "
        f"apt install python{version}-venv. Then start this again."
    )


def link_momentum() -> None:
    """Put src/ on the environment's path, and a `momentum` command into its bin/."""
    packages = VENV / "lib" / "python{}.{}".format(*python_version()) / "site-packages"
    (packages / "momentum.pth").write_text(f"{ROOT / 'src'}\n")
    launcher = VENV / "bin" / "momentum"
    # -P keeps the working directory off the path: a stray json.py there is not ours.
    launcher.write_text(f'#!/bin/sh\nexec {shlex.quote(str(PYTHON))} -P -m momentum "$@"\n')
    launcher.chmod(0o755)


def succeeds(command: list[str | Path], *, show: bool = False) -> bool:
    """Run a command; its output is shown only if asked for and the command failed."""
    try:
        done = subprocess.run(
            command, env=os.environ | QUIET, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except OSError:
        return False
    if show and done.returncode != 0:
        sys.stderr.write(done.stdout.decode(errors="replace"))
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
