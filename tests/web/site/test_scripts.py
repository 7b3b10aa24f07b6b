"""What the page's scripts must agree on with the rest: close codes, messages, texts."""

import re
from pathlib import Path

from django.template.loader import get_template

from momentum.protocol.close_codes import CloseCode
from momentum.protocol.to_client import MESSAGES
from momentum.web import site

SCRIPTS = Path(site.__file__).parent / "static" / "momentum" / "js"
GAME = SCRIPTS / "game"


def source(name: str) -> str:
    return (GAME / name).read_text(encoding="utf-8")


def game_sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in GAME.rglob("*.js"))


def test_scripts_come_back_after_the_close_codes_that_say_so() -> None:
    found = re.search(r"FINAL = new Set\(\[(.*?)\]\)", source("closing.js"), re.DOTALL)
    assert found is not None
    assert {int(code) for code in found[1].split(",") if code.strip()} == {
        close.code for close in CloseCode if not close.come_back
    }


def test_every_message_of_the_protocol_is_heard() -> None:
    heard = set(re.findall(r'^  \["([A-Z_]+)",', source("state.js"), re.MULTILINE))
    of_the_connection = set(re.findall(r'message.type === "([A-Z_]+)"', source("connection.js")))
    assert heard | of_the_connection == {message.type for message in MESSAGES} | {"CHOOSE"}


def test_every_text_that_scripts_say_stands_in_the_template() -> None:
    offered = set(re.findall(r'data-key="([^"]+)"', get_template("play/strings.html").render({})))
    scripts = game_sources()
    for key in re.findall(r'texts\.say\(\s*"([^"]+)"', scripts):
        assert key in offered
    for key in re.findall(r'texts\.count\(\s*"([^"]+)"', scripts):
        assert {f"{key}.one", f"{key}.other"} <= offered
    for text in re.findall(r'text: "([^"]+)", offer', scripts):
        assert {f"ended.{text}", f"ended.{text}-detail"} <= offered


def test_no_text_is_offered_that_no_script_says() -> None:
    offered = re.findall(r'data-key="([^"]+)"', get_template("play/strings.html").render({}))
    scripts = game_sources()
    built = ("ended.", "pause.", "error.")
    unused = [
        key
        for key in offered
        if not key.startswith(built) and f'"{key.removesuffix(".one").removesuffix(".other")}"' not in scripts
    ]
    assert unused == []


def test_data_becomes_text_and_never_markup() -> None:
    for path in SCRIPTS.rglob("*.js"):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", path.read_text(encoding="utf-8")
        )


def test_the_game_needs_nothing_that_browsers_keep_for_secure_contexts() -> None:
    for path in SCRIPTS.rglob("*.js"):
        assert not re.search(r"crypto\.(randomUUID|subtle)|serviceWorker|wakeLock", path.read_text(encoding="utf-8"))
