"""What holds for every template of the site."""

import re
from pathlib import Path

import lucide
import pytest
from django.template.loader import get_template

from momentum import web

WEB = Path(web.__file__).parent
TEMPLATES = sorted(WEB.glob("*/templates/**/*.html"))
MAILS = {"mail/design.html"}
"""What mail programs show: they know no style sheets of a site's, and no policy of it."""


def name(path: Path) -> str:
    return path.relative_to(WEB).as_posix().split("/templates/")[1]


PAGES = [path for path in TEMPLATES if name(path) not in MAILS]


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_it_compiles(path: Path) -> None:
    get_template(name(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_its_icons_exist(path: Path) -> None:
    for icon in re.findall(r'{% lucide "([^"]+)"', path.read_text(encoding="utf-8")):
        lucide._render_icon(icon, 20)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_it_has_nothing_inline_that_the_content_security_policy_forbids(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_it_asks_nobody_else_for_anything(path: Path) -> None:
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', path.read_text(encoding="utf-8"))


def test_styles_ask_nobody_else_for_anything() -> None:
    for path in WEB.glob("*/static/**/*.css"):
        assert not re.search(r"@import|https?://", path.read_text(encoding="utf-8"))


def test_the_page_for_broken_pages_needs_no_context() -> None:
    assert "</html>" in get_template("500.html").render()
