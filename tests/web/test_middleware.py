from dataclasses import replace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from momentum.web.accounts.models import User
from momentum.web.addresses import client_network
from momentum.web.middleware import TrustedProxies

from .cast import PASSWORD


def seen(settings: Settings, trusted: tuple[str, ...], peer: str, **headers: str) -> tuple[str, bool]:
    """The caller's address, and whether the request counts as secure, as views see them."""
    settings.MOMENTUM = replace(settings.MOMENTUM, trusted_proxies=trusted)
    found: list[tuple[str, bool]] = []

    def view(request: HttpRequest) -> HttpResponse:
        found.append((request.META["REMOTE_ADDR"], request.is_secure()))
        return HttpResponse()

    TrustedProxies(view)(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers))
    return found[0]


def test_nobody_is_believed_by_default(settings: Settings) -> None:
    forged = {"X-Forwarded-For": "198.51.100.1", "X-Forwarded-Proto": "https"}
    assert seen(settings, (), "203.0.113.9", **forged) == ("203.0.113.9", False)
    assert seen(settings, ("10.0.0.0/8",), "203.0.113.9", **forged) == ("203.0.113.9", False)


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("1.2.3.4, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
        ("10.0.0.7", "10.0.0.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("nonsense", "10.0.0.1"),
        ("198.51.100.1, nonsense", "10.0.0.1"),
        ("", "10.0.0.1"),
        ("9" * 10_000, "10.0.0.1"),
    ],
)
def test_a_trusted_proxy_tells_the_caller_nearest_to_it(settings: Settings, forwarded: str, address: str) -> None:
    assert seen(settings, ("10.0.0.0/8",), "10.0.0.1", **{"X-Forwarded-For": forwarded})[0] == address


def test_a_trusted_proxy_tells_the_scheme(settings: Settings) -> None:
    assert seen(settings, ("10.0.0.1/32",), "10.0.0.1", **{"X-Forwarded-Proto": "https"})[1]
    assert not seen(settings, ("10.0.0.1/32",), "10.0.0.1", **{"X-Forwarded-Proto": "http"})[1]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("unix:", "0.0.0.0"),
        ("", "0.0.0.0"),
    ],
)
def test_limits_count_by_address_or_by_an_ipv6_subscriber(address: str, network: str) -> None:
    assert client_network(RequestFactory().get("/", REMOTE_ADDR=address)) == network


def test_pages_of_the_allowed_origins_may_post_forms(bob: User, settings: Settings) -> None:
    assert list(settings.MOMENTUM.allowed_origins) == settings.CSRF_TRUSTED_ORIGINS
    settings.CSRF_TRUSTED_ORIGINS = ["https://www.quiz.example.org"]
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    form = {"login": "Bob", "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    for origin, status in (("https://www.quiz.example.org", 302), ("https://evil.example", 403)):
        assert client.post("/accounts/login/", form, headers={"Origin": origin}).status_code == status


PAGES = ["/", "/join/999999", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/no-such-page"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_guarded_by_its_headers(anyone: Client, path: str) -> None:
    answer = anyone.get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_script_or_style_in_it(anyone: Client, path: str) -> None:
    body = anyone.get(path).content.decode()
    assert "<style" not in body
    assert " style=" not in body
    assert " onclick=" not in body
    for script in body.split("<script")[1:]:
        assert "src=" in script.split(">")[0] or "application/json" in script.split(">")[0]
    assert "https://" not in body


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "a b"])
def test_unknown_hosts_are_refused(anyone: Client, host: str) -> None:
    assert anyone.get("/accounts/password/reset/", headers={"host": host}).status_code == 400


def test_static_files_are_kept_for_good_under_their_digest(anyone: Client, settings: Settings) -> None:
    assert settings.STATIC_URL.startswith("/static/")
    assert len(settings.STATIC_URL.split("/")[2]) == 12
    answer = anyone.get(f"{settings.STATIC_URL}django_htmx/htmx-2.min.js")
    assert answer.status_code == 200
    assert "immutable" in answer["Cache-Control"]
    answer.close()


def test_a_favicon_is_at_the_root(anyone: Client) -> None:
    answer = anyone.get("/favicon.ico")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("image/")
    answer.close()
