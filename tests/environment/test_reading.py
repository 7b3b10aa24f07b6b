"""`Environment.read`: what each variable becomes, and what is refused with which advice."""

from collections.abc import Callable
from pathlib import Path

import pytest

from momentum.environment import Environment, Limits, SettingsError

JWT = "5b1f0c2de98a4473b6c1d80e7fa92b35"
KEY = "c07d4e19a2f8435e91b6ad30f7c5e268"

Read = Callable[..., Environment]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_with(**variables: str) -> Environment:
        return Environment.read(
            {"MOMENTUM_DATA_DIR": str(tmp_path / "data"), "MOMENTUM_ENV_FILE": ""} | variables,
        )

    return read_with


@pytest.fixture
def read_in_production(read: Read) -> Read:
    def read_with(**variables: str) -> Environment:
        good = {"JWT_SECRET": JWT, "SECRET_KEY": KEY, "PUBLIC_URL": "https://quiz.acme.org"}
        return read(**({"MOMENTUM_ENV": "production"} | good | variables))

    return read_with


def test_nothing_set_is_a_working_development_environment(read: Read, tmp_path: Path) -> None:
    environment = read()
    assert environment.mode == "development"
    assert environment.data_dir == tmp_path / "data"
    assert environment.data_dir.is_dir()
    assert (environment.web_port, environment.realtime_port) == (3000, 8080)
    assert environment.realtime_service_url == "http://127.0.0.1:8080"
    assert environment.database_url is None
    assert environment.limits == Limits()


def test_an_empty_variable_counts_as_unset(read: Read) -> None:
    assert read(WEB_PORT="", DATABASE_URL=" ").web_port == 3000


def test_the_realtime_service_is_called_at_the_port_that_is_set(read: Read) -> None:
    assert read(REALTIME_PORT="8181").realtime_service_url == "http://127.0.0.1:8181"


def test_the_other_names_of_the_users_document_are_read(read: Read) -> None:
    environment = read(
        NEXT_PUBLIC_WEBSOCKET_URL="wss://quiz.acme.org/",
        GO_WEBSOCKET_SERVICE_URL="http://10.0.0.5:8080",
        QUIZ_JWT_SECRET=JWT,
    )
    assert environment.websocket_url == "wss://quiz.acme.org"
    assert environment.realtime_service_url == "http://10.0.0.5:8080"
    assert environment.jwt_secrets == (JWT,)


def test_two_names_of_one_secret_must_agree(read: Read) -> None:
    assert read(JWT_SECRET=JWT, QUIZ_JWT_SECRET=JWT).jwt_secrets == (JWT,)
    with pytest.raises(SettingsError, match="JWT_SECRET and QUIZ_JWT_SECRET differ"):
        read(JWT_SECRET=JWT, QUIZ_JWT_SECRET=KEY)


def test_the_previous_secret_is_accepted_second(read: Read) -> None:
    assert read(JWT_SECRET=JWT, JWT_SECRET_PREVIOUS=KEY).jwt_secrets == (JWT, KEY)


def test_development_admits_localhost_and_the_public_address(read: Read) -> None:
    environment = read(PUBLIC_URL="https://quiz.acme.org", WEB_PORT="3100")
    assert {"quiz.acme.org", "localhost", "127.0.0.1", "[::1]"} <= set(environment.allowed_hosts)
    assert {"https://quiz.acme.org", "http://localhost:3100"} <= set(environment.allowed_origins)


def test_development_admits_the_addresses_that_phones_use(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("momentum.environment.reading.lan_addresses", lambda: ("192.168.1.20",))
    environment = read()
    assert "192.168.1.20" in environment.allowed_hosts
    assert "http://192.168.1.20:3000" in environment.allowed_origins


def test_production_admits_only_what_is_named(read_in_production: Read) -> None:
    environment = read_in_production(ALLOWED_HOSTS="www.acme.org, .Quiz.acme.org")
    assert environment.allowed_hosts == ("quiz.acme.org", "www.acme.org", ".quiz.acme.org")
    assert environment.allowed_origins == ("https://quiz.acme.org", "https://www.acme.org")


def test_a_host_in_other_letters_is_known_as_browsers_send_it(read_in_production: Read) -> None:
    environment = read_in_production(PUBLIC_URL="https://Bücher.example:8443")
    assert environment.public_url == "https://xn--bcher-kva.example:8443"
    assert environment.allowed_hosts == ("xn--bcher-kva.example",)
    with pytest.raises(SettingsError, match="PUBLIC_URL"):
        read_in_production(PUBLIC_URL=f"https://{'ü' * 80}.example")


def test_named_origins_replace_the_derived_ones(read_in_production: Read) -> None:
    environment = read_in_production(ALLOWED_HOSTS="www.acme.org", ALLOWED_ORIGINS="http://kiosk.acme.org:81")
    assert environment.allowed_origins == ("https://quiz.acme.org", "http://kiosk.acme.org:81")


def test_networks_of_proxies_come_in_their_normal_form(read: Read) -> None:
    assert read(TRUSTED_PROXIES="10.1.2.3/8, ::1").trusted_proxies == ("10.0.0.0/8", "::1/128")


def test_limits_can_be_moved(read: Read) -> None:
    assert read(MAX_GAMES_PER_HOST="50").limits == Limits(max_games_per_host=50)


@pytest.mark.parametrize("name", ["JWT_SECRET", "SECRET_KEY"])
def test_production_refuses_to_start_without_a_secret(read_in_production: Read, name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is missing.*openssl rand"):
        read_in_production(**{name: ""})


def test_production_refuses_a_secret_that_only_the_data_directory_has(read: Read) -> None:
    read()
    with pytest.raises(SettingsError, match="JWT_SECRET is missing"):
        read(MOMENTUM_ENV="production", PUBLIC_URL="https://quiz.acme.org")


@pytest.mark.parametrize("name", ["JWT_SECRET", "JWT_SECRET_PREVIOUS", "SECRET_KEY"])
@pytest.mark.parametrize(
    "value",
    [
        "momentum-contest-jwt-secret-2024-change-in-production",
        "your-secret-key-with-more-than-32-bytes-in-it",
        "django-insecure-0123456789abcdefghijklmnop",
        "a" * 64,
        JWT[:31],
    ],
)
def test_production_refuses_short_and_published_secrets(read_in_production: Read, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as refusal:
        read_in_production(**{name: value})
    assert value not in str(refusal.value)


def test_one_secret_for_two_purposes_is_refused(read: Read) -> None:
    with pytest.raises(SettingsError, match="are the same"):
        read(JWT_SECRET=JWT, SECRET_KEY=JWT)


def test_production_needs_to_know_its_address(read_in_production: Read) -> None:
    with pytest.raises(SettingsError, match="set PUBLIC_URL"):
        read_in_production(PUBLIC_URL="")
    with pytest.raises(SettingsError, match="name the hosts"):
        read_in_production(ALLOWED_HOSTS="*")


@pytest.mark.parametrize(
    ("variables", "advice"),
    [
        ({"MOMENTUM_ENV": "prod"}, "MOMENTUM_ENV is neither development nor production"),
        ({"DURABILITY": "none"}, "DURABILITY is neither power nor process"),
        ({"WEB_PORT": "0"}, "WEB_PORT is not a whole number from 1 to 65535"),
        ({"WEB_PORT": "65536"}, "WEB_PORT"),
        ({"WEB_PORT": "\uff13000"}, "WEB_PORT"),
        ({"REALTIME_PORT": "3000"}, "WEB_PORT and REALTIME_PORT are both 3000"),
        ({"MAX_CONNECTIONS": "-1"}, "MAX_CONNECTIONS"),
        ({"PUBLIC_URL": "quiz.acme.org"}, "PUBLIC_URL is not an address that starts with http:// or https://"),
        ({"PUBLIC_URL": "https://quiz.acme.org/quiz"}, "PUBLIC_URL is more than scheme, host and port"),
        ({"PUBLIC_URL": "https://quiz.acme.org:99999"}, "PUBLIC_URL"),
        ({"ALLOWED_HOSTS": "http://quiz.acme.org"}, "without http://"),
        ({"ALLOWED_ORIGINS": "quiz.acme.org"}, "ALLOWED_ORIGINS"),
        ({"TRUSTED_PROXIES": "nginx"}, "no address or network"),
        ({"WEBSOCKET_URL": "https://quiz.acme.org"}, "starts with ws:// or wss://"),
        ({"METRICS_ADDR": "9090"}, "write host:port"),
        ({"DATABASE_URL": "mysql://localhost/momentum"}, "DATABASE_URL is no address of a PostgreSQL database: write"),
        ({"DATABASE_URL": "postgresql://localhost"}, "DATABASE_URL names no database"),
        ({"DATABASE_URL": "postgresql://me:pass%word@localhost/db"}, "DATABASE_URL cannot be read: .* %XX"),
        ({"DATABASE_URL": "postgresql://localhost/db?sslmod=on"}, "DATABASE_URL cannot be read"),
        ({"REDIS_URL": "redis://localhost:6379"}, "Redis is not yet in this version: remove REDIS_URL"),
        ({"EMAIL_URL": "gmail"}, "starts with smtp://"),
    ],
)
def test_a_bad_value_is_refused_with_advice(read: Read, variables: dict[str, str], advice: str) -> None:
    with pytest.raises(SettingsError, match=advice):
        read(**variables)


def test_a_data_directory_that_cannot_be_made_is_refused(read: Read, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="set MOMENTUM_DATA_DIR to a folder"):
        read(MOMENTUM_DATA_DIR=str(tmp_path / "file" / "data"))


def test_no_secret_is_shown_when_an_environment_is_printed(read: Read) -> None:
    environment = read(
        JWT_SECRET=JWT,
        SECRET_KEY=KEY,
        EMAIL_URL="smtps://quiz:tiger@mail.acme.org",
    )
    for secret in (JWT, KEY, "tiger"):
        assert secret not in repr(environment)


def test_the_env_file_of_the_working_directory_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("WEB_PORT=3300\nREALTIME_PORT=8800\n")
    monkeypatch.chdir(tmp_path)
    environment = Environment.read({"REALTIME_PORT": "8801", "WEB_PORT": ""})
    assert environment.web_port == 3300, "an empty variable does not hide the file's"
    assert environment.realtime_port == 8801, "a real variable wins over the file"
    assert environment.data_dir == tmp_path / "var"


def test_a_named_env_file_must_be_there(read: Read, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read(MOMENTUM_ENV_FILE=str(tmp_path / "missing"))


def test_webhooks_lead_anywhere_in_development_and_outside_in_production(read: Read, read_in_production: Read) -> None:
    assert read().webhook_targets == "any"
    assert read(WEBHOOK_TARGETS="public").webhook_targets == "public"
    assert read_in_production().webhook_targets == "public"
    assert read_in_production(WEBHOOK_TARGETS="any").webhook_targets == "any"
    with pytest.raises(SettingsError, match="WEBHOOK_TARGETS"):
        read(WEBHOOK_TARGETS="private")


OAUTH = {
    "EMAIL_URL": "smtp+tls://me%40gmail.com@smtp.gmail.com",
    "EMAIL_OAUTH_CLIENT_ID": "id",
    "EMAIL_OAUTH_CLIENT_SECRET": "secret",
    "EMAIL_OAUTH_REFRESH_TOKEN": "refresh",
}


def test_oauth_for_mails_needs_all_of_it_and_a_user(read: Read) -> None:
    assert read().email_oauth is None
    oauth = read(**OAUTH).email_oauth
    assert oauth
    assert (oauth.client_id, oauth.client_secret, oauth.refresh_token) == ("id", "secret", "refresh")
    assert oauth.token_url == "https://oauth2.googleapis.com/token"
    for name in OAUTH:
        with pytest.raises(SettingsError, match=name):
            read(**OAUTH | {name: ""})
    with pytest.raises(SettingsError, match="EMAIL_URL names no user"):
        read(**OAUTH | {"EMAIL_URL": "smtp+tls://smtp.gmail.com"})


@pytest.mark.parametrize("sender", ["quiz", "Quiz <quiz>", "Quiz <quiz@example.org>\nBcc: eve@example.org"])
def test_a_sender_that_is_none_is_refused(read: Read, sender: str) -> None:
    with pytest.raises(SettingsError, match="EMAIL_FROM"):
        read(EMAIL_FROM=sender)
