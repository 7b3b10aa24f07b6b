"""Set-up: what it does, what it leaves alone, what it says. No package is installed here."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import set_up
from packaging.requirements import Requirement

REPOSITORY = Path(__file__).parent.parent.parent
LOCKS = ("bootstrap", "runtime", "test")


def locked(name: str) -> dict[str, str]:
    """Package to version."""
    text = (REPOSITORY / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,-]+\])?==(\S+)", text, re.MULTILINE))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A set-up that works on a folder of its own."""
    requirements = tmp_path / "requirements"
    requirements.mkdir()
    for name in LOCKS:
        (requirements / f"{name}.txt").write_text("")
    monkeypatch.setattr(set_up, "ROOT", tmp_path)
    monkeypatch.setattr(set_up, "REQUIREMENTS", requirements)
    monkeypatch.setattr(set_up, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(set_up, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(set_up, "STAMP", tmp_path / ".venv/momentum-stamp.json")
    return tmp_path


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_hashes_for_everything_and_no_address(name: str) -> None:
    text = (REPOSITORY / "requirements" / f"{name}.txt").read_text()
    assert "://" not in text
    assert "--index" not in text
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_test_set_contains_the_runtime_set_version_for_version() -> None:
    assert locked("runtime").items() <= locked("test").items()


def test_every_dependency_of_the_project_is_locked_within_its_bounds() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    for name, wanted in (
        ("runtime", project["project"]["dependencies"]),
        ("test", [*project["project"]["dependencies"], *project["dependency-groups"]["test"]]),
    ):
        versions = locked(name)
        requirements = [Requirement(text) for text in wanted]
        outside = [str(each) for each in requirements if versions.get(each.name, "") not in each.specifier]
        assert outside == [], "run make lock"


def test_nothing_is_done_when_all_is_in_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_up, "python_version", lambda: (3, 11))
    (folder / ".venv").mkdir()
    set_up.STAMP.write_text(json.dumps({"runtime": set_up.stamp("runtime")}))
    monkeypatch.setattr(set_up, "make_environment", lambda: pytest.fail("made anew"))
    set_up.set_up("runtime")


@pytest.mark.parametrize("name", ["bootstrap", "runtime"])
def test_a_changed_lock_is_installed(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(set_up, "python_version", lambda: (3, 11))
    (folder / ".venv").mkdir()
    set_up.STAMP.write_text(json.dumps({"runtime": set_up.stamp("runtime")}))
    (folder / "requirements" / f"{name}.txt").write_text("changed")
    assert not set_up.is_in_place("runtime")


def test_an_environment_for_tests_serves_too_but_not_the_other_way_round(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_up, "python_version", lambda: (3, 11))
    monkeypatch.setattr(set_up, "make_environment", lambda: (folder / ".venv").mkdir())
    for step in ("install", "link_momentum"):
        monkeypatch.setattr(set_up, step, lambda *_: None)
    set_up.set_up("runtime")
    assert set_up.is_in_place("runtime")
    assert not set_up.is_in_place("test")
    (folder / ".venv").rename(folder / "earlier")
    set_up.set_up("test")
    assert set_up.is_in_place("runtime")
    assert set_up.is_in_place("test")


def test_another_python_or_another_folder_means_a_new_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_up, "python_version", lambda: (3, 11))
    before = set_up.stamp("runtime")
    monkeypatch.setattr(set_up, "python_version", lambda: (3, 12))
    assert set_up.stamp("runtime") != before
    monkeypatch.setattr(set_up, "python_version", lambda: (3, 11))
    monkeypatch.setattr(set_up, "ROOT", folder / "moved")
    assert set_up.stamp("runtime") != before


def test_a_python_without_ensurepip_and_pip_is_told_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_up, "succeeds", lambda *_, **__: False)
    with pytest.raises(set_up.SetUpError, match=r"apt install python3\.\d+-venv"):
        set_up.make_environment()
    with pytest.raises(set_up.SetUpError, match=r"apt install python3\.\d+-venv"):
        set_up.install(folder / "requirements" / "runtime.txt")


def test_pip_installs_what_uv_cannot(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def pip_works(command: list[object], *, show: bool = False) -> bool:
        words = [str(word) for word in command]
        commands.append(words)
        return "pip" in words and "sync" not in words

    monkeypatch.setattr(set_up, "succeeds", pip_works)
    set_up.install(folder / "requirements" / "runtime.txt")
    assert commands[-1][1:4] == ["-m", "pip", "install"]
    assert "--require-hashes" in commands[-1]


def test_the_launcher_and_the_path_file_lead_to_the_source(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_up, "python_version", lambda: (3, 11))
    (folder / ".venv/bin").mkdir(parents=True)
    packages = folder / ".venv/lib/python3.11/site-packages"
    packages.mkdir(parents=True)
    (folder / ".venv/bin/python").write_text('#!/bin/sh\necho "$@"\n')
    (folder / ".venv/bin/python").chmod(0o755)
    set_up.link_momentum()
    assert (packages / "momentum.pth").read_text() == f"{folder / 'src'}\n"
    said = subprocess.run([folder / ".venv/bin/momentum", "a b"], capture_output=True, text=True).stdout
    assert said == "-P -m momentum a b\n"


def test_a_python_that_is_too_old_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "python3").write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2\nexit 1\n')
    (tmp_path / "python3").chmod(0o755)
    script = f". {REPOSITORY / 'scripts/find_python.sh'}"
    done = subprocess.run(
        ["/bin/sh", "-c", script], cwd=tmp_path, env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "needs Python 3.11 or newer, and this machine has Python 3.9.2" in done.stderr


def test_a_python_that_is_named_is_taken(tmp_path: Path) -> None:
    script = f". {REPOSITORY / 'scripts/find_python.sh'}; echo $python"
    environment = {"PATH": os.defpath, "PYTHON": sys.executable}
    done = subprocess.run(["/bin/sh", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.stdout == f"{sys.executable}\n"
