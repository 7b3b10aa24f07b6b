"""Logs: no token, and JSON in production."""

import base64
import json
import secrets
import subprocess
import sys
from pathlib import Path

from momentum.protocol.tickets import Keys, mint_internal
from momentum.wiring.logs import without_secrets

PROGRAM = """
import logging, os, structlog
from momentum.environment import Environment
from momentum.wiring.logs import set_up_logs
set_up_logs(Environment.read(os.environ))
structlog.get_logger("momentum.test").info("game_taken", game="g1", epoch=2)
logging.getLogger("some.library").warning("odd thing %s", 1)
"""


def test_tokens_are_cut_out_of_every_text() -> None:
    token = mint_internal(Keys([secrets.token_urlsafe(48)]), at=1_800_000_000)
    event = without_secrets(
        None, "info", {"event": f"GET /ws/contests/1?token={token}&x=1", "header": f"Bearer {token}"}
    )
    assert event == {"event": "GET /ws/contests/1?[token]&x=1", "header": "[token]"}


def test_keys_and_webhook_secrets_are_cut_out_of_every_text() -> None:
    key, secret = f"mk_{secrets.token_urlsafe(32)}", "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    event = without_secrets(None, "info", {"event": f"a call with {key}, signed with {secret}."})
    assert event == {"event": "a call with [token], signed with [token]."}


def test_in_production_every_line_is_json(tmp_path: Path) -> None:
    environ = {
        "PYTHONPATH": ":".join(sys.path),
        "MOMENTUM_ENV": "production",
        "MOMENTUM_DATA_DIR": str(tmp_path),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "JWT_SECRET": secrets.token_urlsafe(48),
        "PUBLIC_URL": "https://quiz.example.org",
        "ALLOWED_HOSTS": "quiz.example.org",
    }
    written = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environ, cwd=tmp_path, capture_output=True, text=True, check=True
    ).stderr
    ours, theirs = (json.loads(line) for line in written.splitlines())
    assert (ours["event"], ours["game"], ours["level"]) == ("game_taken", "g1", "info")
    assert theirs["event"] == "odd thing 1"


def test_addresses_are_cut_out_of_every_text() -> None:
    detail = "Key (email)=(Zoë.o'brien+quiz@mail.example.org) exists; postgresql://quiz@db:5432 and a@b stay."
    event = without_secrets(None, "info", {"event": detail, "exception": "<bob@example.org>"})
    assert event == {
        "event": "Key (email)=([address]) exists; postgresql://quiz@db:5432 and a@b stay.",
        "exception": "<[address]>",
    }
