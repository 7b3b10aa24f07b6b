"""What is said once everything is ready."""

from dataclasses import replace
from pathlib import Path

import pytest

from momentum.environment import Environment
from momentum.wiring import greeting


@pytest.fixture(autouse=True)
def lan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(greeting, "lan_addresses", lambda: ("192.168.1.20", "10.0.0.3"))


def test_it_tells_the_addresses_the_bots_and_where_data_and_mails_are(environment: Environment) -> None:
    text = greeting.greeting(replace(environment, bind_host="0.0.0.0", web_port=3000))
    assert "http://localhost:3000\n" in text
    assert "http://192.168.1.20:3000\n" in text
    assert "bots --pin PIN -n 5" in text
    assert str(environment.data_dir) in text
    assert "this machine only at http://localhost:3000/dev/mail/" in text


def test_no_phone_address_is_told_where_no_phone_could_reach_it(environment: Environment) -> None:
    assert "192.168.1.20" not in greeting.greeting(replace(environment, bind_host="127.0.0.1"))


def test_the_public_address_is_told_instead_where_there_is_one(environment: Environment) -> None:
    text = greeting.greeting(replace(environment, bind_host="0.0.0.0", public_url="https://quiz.acme.org"))
    assert "https://quiz.acme.org" in text
    assert "192.168.1.20" not in text


def test_mails_that_are_sent_are_not_said_to_be_kept(environment: Environment) -> None:
    text = greeting.greeting(replace(environment, email_url="smtps://quiz:tiger@mail.acme.org"))
    assert "EMAIL_URL" in text
    assert "tiger" not in text
    assert "/dev/mail/" not in text


def test_the_command_is_told_as_it_can_be_called_from_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.prefix", str(tmp_path / ".venv"))
    monkeypatch.chdir(tmp_path)
    assert greeting.command() == ".venv/bin/momentum"
    monkeypatch.setattr("shutil.which", lambda _: str(tmp_path / ".venv/bin/momentum"))
    assert greeting.command() == "momentum"
