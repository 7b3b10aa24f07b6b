"""What the documents say about settings and commands is what the code does."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import reference

from momentum.environment import Environment, SettingsError, dotenv
from momentum.environment.secret_keys import refuse_weak
from momentum.environment.table import SETTINGS, Setting

ROOT = Path(__file__).parent.parent


class Recording(Mapping[str, str]):
    """An environment that remembers which variables were asked for."""

    def __init__(self, variables: dict[str, str]) -> None:
        self._variables = variables
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self._variables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)


@pytest.mark.parametrize("path", reference.PAGES, ids=lambda path: path.name)
def test_the_page_is_what_make_reference_writes(path: Path) -> None:
    assert path.read_text() == reference.PAGES[path](), "run make reference"


def test_every_setting_that_is_read_is_documented_and_the_other_way_round(tmp_path: Path) -> None:
    environ = Recording({"MOMENTUM_DATA_DIR": str(tmp_path), "MOMENTUM_ENV_FILE": ""})
    Environment.read(environ)
    assert environ.asked == {name for setting in SETTINGS for name in (setting.name, *setting.other_names)}


def test_the_example_file_holds_every_setting_that_a_file_may_hold(tmp_path: Path) -> None:
    uncommented = [
        line.removeprefix("#") for line in (ROOT / ".env.example").read_text().splitlines() if line[1:2] != " "
    ]
    (tmp_path / ".env").write_text("\n".join(line for line in uncommented if not line.startswith("#")))
    names = {setting.name for setting in SETTINGS} - reference.FROM_THE_ENVIRONMENT_ONLY
    assert dotenv.read(tmp_path / ".env").keys() == names


@pytest.mark.parametrize(
    "setting", [setting for setting in SETTINGS if setting.group == "Secrets"], ids=lambda each: each.name
)
def test_no_secret_of_the_example_file_would_be_accepted(setting: Setting) -> None:
    with pytest.raises(SettingsError):
        refuse_weak(setting.name, setting.example)


def test_the_page_on_reliability_names_every_test_of_a_fault_and_no_other() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs/explanation/reliability.md").read_text()))
    sources = [path.read_text() for path in (ROOT / "tests/chaos").glob("test_*.py")]
    there = {name for source in sources for name in re.findall(r"^def (test_\w+)", source, re.MULTILINE)}
    assert there - named == {"test_the_order_is_seen_to_be_wrong_where_commits_do_not_wait_for_the_disk"}
    assert named <= there
