from dataclasses import replace

import pytest
from pytest_django import Settings

from momentum.environment.reading import EmailOAuth
from momentum.web.mail.provider import Provider, provider


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", Provider("mail.example.org", 25, "none")),
        (
            "smtp+tls://me%40gmail.com:app%20word@smtp.gmail.com:587",
            Provider("smtp.gmail.com", 587, "starttls", "me@gmail.com", "app word"),
        ),
        ("smtps://me:word@mail.example.org", Provider("mail.example.org", 465, "tls", "me", "word")),
    ],
)
def test_a_mail_url_says_how_to_reach_the_server(url: str, expected: Provider, settings: Settings) -> None:
    assert provider(replace(settings.MOMENTUM, email_url=url)) == expected


def test_without_a_url_there_is_none(settings: Settings) -> None:
    assert provider(replace(settings.MOMENTUM, email_url=None)) is None


def test_no_secret_stands_in_its_repr(settings: Settings) -> None:
    oauth = EmailOAuth(token_url="https://t.example/", client_id="id", client_secret="geheim", refresh_token="geheim2")
    found = provider(replace(settings.MOMENTUM, email_url="smtp+tls://me:geheim3@m.example", email_oauth=oauth))
    assert found
    assert found.oauth
    assert "geheim" not in repr(found)
    assert "geheim" not in repr(replace(settings.MOMENTUM, email_oauth=oauth))
