"""The `.env` file: what a line may be, and that a mistake names its line but never its value."""

from pathlib import Path

import pytest

from momentum.environment import SettingsError, dotenv


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=plain", "plain"),
        ("NAME = spaced ", "spaced"),
        ("export NAME=exported", "exported"),
        ("NAME=", ""),
        ("NAME=   # nothing but a comment", ""),
        ("NAME=value # a comment", "value"),
        ("NAME=with#hash", "with#hash"),
        ("NAME='single # quotes'", "single # quotes"),
        ('NAME="double quotes"  # a comment', "double quotes"),
        ("NAME=a=b", "a=b"),
        ("NAME=$HOME", "$HOME"),
    ],
)
def test_a_line_gives_its_value(tmp_path: Path, line: str, value: str) -> None:
    (tmp_path / ".env").write_text(f"# a comment\n\n{line}\n")
    assert dotenv.read(tmp_path / ".env") == {"NAME": value}


@pytest.mark.parametrize("line", ["no equals sign", "1NAME=value", "NAME='hunter2", '="hunter2"', "-NAME=hunter2"])
def test_a_malformed_line_is_named_without_its_content(tmp_path: Path, line: str) -> None:
    (tmp_path / ".env").write_text(f"GOOD=1\n{line}\n")
    with pytest.raises(SettingsError, match="Line 2 of") as refusal:
        dotenv.read(tmp_path / ".env")
    assert "hunter2" not in str(refusal.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"NAME=\xff\xfe")
    with pytest.raises(SettingsError, match="cannot be read"):
        dotenv.read(tmp_path / ".env")
