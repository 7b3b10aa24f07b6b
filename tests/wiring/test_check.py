"""`momentum check`: each thing that may be wrong, and what is said about it."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from momentum.environment import Environment
from momentum.protocol.tickets import Keys
from momentum.wiring import check, probe
from momentum.wiring.check import Finding
from momentum.wiring.probe import Answer


def only(findings: Iterator[Finding]) -> Finding:
    [finding] = findings
    return finding


@pytest.fixture
def realtime(monkeypatch: pytest.MonkeyPatch) -> "type[Realtime]":
    monkeypatch.setattr(probe, "ask", lambda *_, **__: Realtime.answer)
    Realtime.answer = None
    return Realtime


class Realtime:
    """What realtime answers."""

    answer: Answer | None


def test_services_with_one_key_are_fine(environment: Environment, realtime: type[Realtime]) -> None:
    realtime.answer = Answer(200, {"key_fingerprint": Keys(environment.jwt_secrets).fingerprint})
    assert only(check.realtime(environment)).fine


def test_services_with_different_keys_are_told_to_share_one(environment: Environment, realtime: type[Realtime]) -> None:
    realtime.answer = Answer(200, {"key_fingerprint": Keys(("another secret of 32 bytes or more",)).fingerprint})
    finding = only(check.realtime(environment))
    assert not finding.fine
    assert "set JWT_SECRET (or QUIZ_JWT_SECRET) to the same value for both" in finding.sentence


def test_a_realtime_that_does_not_answer_is_named_not_blamed(
    environment: Environment, realtime: type[Realtime]
) -> None:
    finding = only(check.realtime(environment))
    assert finding.fine
    assert environment.realtime_service_url in finding.sentence


def test_services_that_do_not_run_and_free_ports_are_fine(environment: Environment) -> None:
    assert all(finding.fine for finding in check.ports(environment))


def test_a_port_that_another_program_has_is_named(environment: Environment) -> None:
    with socket.create_server(("127.0.0.1", environment.web_port), backlog=0):
        site, _ = check.ports(replace(environment, bind_host="127.0.0.1"))
    assert not site.fine
    assert f"Port {environment.web_port} is taken" in site.sentence
    assert "WEB_PORT" in site.sentence


def test_a_misspelt_setting_is_found_and_the_right_one_offered(environment: Environment, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("WEBPORT=3001\nPOSTGRES_PASSWORD=tiger\nWEB_PORT=3000\n")
    findings = {finding.sentence: finding.fine for finding in check.settings(environment, tmp_path / ".env")}
    misspelt = next(sentence for sentence in findings if "WEBPORT" in sentence)
    assert "did you mean WEB_PORT?" in misspelt
    assert not findings[misspelt]
    foreign = next(sentence for sentence in findings if "POSTGRES_PASSWORD" in sentence)
    assert findings[foreign], "another program's variable is no fault"
    assert not any("tiger" in sentence for sentence in findings)


def test_production_without_a_mail_server_is_told(environment: Environment, tmp_path: Path) -> None:
    *_, finding = check.settings(replace(environment, mode="production"), tmp_path / ".env")
    assert not finding.fine
    assert "set EMAIL_URL" in finding.sentence


@pytest.mark.django_db(databases="__all__")
def test_a_database_that_fits_is_fine() -> None:
    assert only(check.database()).fine


@pytest.mark.django_db(databases="__all__")
def test_a_database_that_does_not_fit_is_told_with_the_remedy() -> None:
    MigrationRecorder(connections["default"]).record_unapplied("sessions", "0001_initial")
    finding = only(check.database())
    assert not finding.fine
    assert "run momentum migrate" in finding.sentence


@pytest.mark.parametrize(("free", "fine"), [(500_000_000, True), (499_000_000, False)])
def test_a_disk_that_is_nearly_full_is_told(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, free: int, fine: bool
) -> None:
    monkeypatch.setattr(check, "free_bytes", lambda _: free)
    finding = only(check.disk(environment))
    assert finding.fine == fine
    assert ("has only 499 MB free" in finding.sentence) == (not fine)
    assert ("free some space" in finding.sentence) == (not fine)


def test_the_disk_of_a_database_server_is_not_ours_to_look_at(environment: Environment) -> None:
    assert list(check.disk(replace(environment, database_url="postgresql:///momentum"))) == []


@pytest.mark.django_db(databases="__all__")
def test_everything_is_said_and_the_exit_code_tells_whether_something_is_to_be_done(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOMENTUM_ENV_FILE", "")
    said: list[str] = []
    assert check.run(environment, said.append) == 0
    assert all(line.startswith("ok ") for line in said)
    MigrationRecorder(connections["default"]).record_applied("accounts", "9999_from_the_future")
    assert check.run(environment, said.append) == 1
    assert any(line.startswith("TO DO") for line in said)
