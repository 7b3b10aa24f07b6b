"""The house is as its plan says: tests mirror the code, packages say what they are, modules stay small."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "momentum"
TESTS = ROOT / "tests"
PACKAGES = sorted(path.parent for path in SOURCE.rglob("__init__.py"))
NOT_MIRRORED = {"chaos", "e2e", "simulation"}
LONGEST_MODULE = 400


def is_generated(path: Path) -> bool:
    return "migrations" in path.parts


def test_every_folder_of_tests_mirrors_a_folder_of_the_code() -> None:
    folders = {path.parent.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}
    strangers = [
        str(folder)
        for folder in folders
        if folder.parts
        and folder.parts[0] not in NOT_MIRRORED
        and not (SOURCE / folder).is_dir()
        and not (ROOT / folder).is_dir()
    ]
    assert strangers == []


def test_every_test_has_a_name_of_its_own_in_its_file() -> None:
    for path in TESTS.rglob("test_*.py"):
        names = [
            node.name
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        assert len(names) == len(set(names)), path


@pytest.mark.parametrize("package", [path for path in PACKAGES if not is_generated(path)], ids=str)
def test_a_package_says_what_it_is(package: Path) -> None:
    if package.name in ("management", "commands"):  # Django wants these folders; they are nobody's idea
        return
    docstring = ast.get_docstring(ast.parse((package / "__init__.py").read_text()))
    assert docstring, f"{package.relative_to(ROOT)}/__init__.py has no docstring"
    assert len(docstring.splitlines()) <= 5


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = [path for path in SOURCE.rglob("*.py") if path.stem in ("utils", "helpers", "misc", "common", "signals")]
    assert drawers == []


def test_no_module_is_too_long_to_read() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCE.rglob("*.py")
        if not is_generated(path) and (lines := len(path.read_text().splitlines())) > LONGEST_MODULE
    }
    assert long == {}


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    words = ("pytest.skip(", "mark.skip", "mark.xfail", "importorskip")
    found = [
        path
        for path in TESTS.rglob("*.py")
        if path != Path(__file__) and any(word in path.read_text() for word in words)
    ]
    assert found == []
