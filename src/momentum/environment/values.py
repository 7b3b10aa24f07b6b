"""From the text of one variable to a typed value. What is wrong raises SettingsError, which says what to do."""

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from momentum.environment.database_url import checked_database_url
from momentum.environment.errors import SettingsError
from momentum.environment.table import SETTINGS

OTHER_NAMES = {setting.name: setting.other_names for setting in SETTINGS}
HOST_NAME = re.compile(r"\*|\.?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\]", re.I)


class Values:
    """The variables of one process. An empty variable counts as unset."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def text(self, name: str) -> str | None:
        """The value of `name`, or of one of its other names; they must agree."""
        names = (name, *OTHER_NAMES[name])
        given = {each: value for each in names if (value := self._variables.get(each, "").strip())}
        if len(set(given.values())) > 1:
            raise SettingsError(f"{' and '.join(given)} differ: set them to the same value, or only {name}.")
        return next(iter(given.values()), None)

    def one_of(self, name: str, *allowed: str) -> str:
        """One of the `allowed` words; the first is the default."""
        value = self.text(name) or allowed[0]
        if value not in allowed:
            raise SettingsError(f"{name} is neither {' nor '.join(allowed)}: choose one of them.")
        return value

    def number(self, name: str, default: int, *, most: int = 10_000_000) -> int:
        """A whole number from 1 to `most`."""
        value = self.text(name) or str(default)
        if not (value.isascii() and value.isdigit() and len(value) < 12 and 1 <= int(value) <= most):
            raise SettingsError(
                f"{name} is not a whole number from 1 to {most}: change it, or remove it for {default}."
            )
        return int(value)

    def port(self, name: str, default: int) -> int:
        return self.number(name, default, most=65535)

    def words(self, name: str) -> tuple[str, ...]:
        """A list separated by commas."""
        return tuple(word for part in (self.text(name) or "").split(",") if (word := part.strip()))

    def not_yet(self, name: str, what: str) -> None:
        """Refuse a setting of a part that this version has not: to start as if it were not set would deceive."""
        if self.text(name) is not None:
            raise SettingsError(f"{name} is set, but {what} is not yet in this version: remove {name}.")

    def url(self, name: str, *schemes: str) -> str | None:
        """An address with one of the `schemes`, without a slash at its end."""
        value = self.text(name)
        return None if value is None else checked_url(name, value, schemes)

    def database_url(self, name: str) -> str | None:
        """The address of a PostgreSQL database."""
        value = self.text(name)
        return None if value is None else checked_database_url(name, value)

    def origin(self, name: str) -> str | None:
        """scheme://host[:port] of a site, without a path."""
        value = self.text(name)
        return None if value is None else checked_origin(name, value)

    def origins(self, name: str) -> tuple[str, ...]:
        return tuple(checked_origin(name, word) for word in self.words(name))

    def hosts(self, name: str) -> tuple[str, ...]:
        """Host names without port, in lower case; a leading dot means all names below."""
        hosts = self.words(name)
        if wrong := [host for host in hosts if not HOST_NAME.fullmatch(host)]:
            raise SettingsError(f"{name} has {wrong[0]!r}: write host names without http:// and without a port.")
        return tuple(host.lower() for host in hosts)

    def networks(self, name: str) -> tuple[str, ...]:
        """Networks in their normal form, such as 10.0.0.0/8 or 127.0.0.1/32."""
        return tuple(_network(name, word) for word in self.words(name))

    def host_and_port(self, name: str) -> str | None:
        value = self.text(name)
        if value is not None and not re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+):\d{1,5}", value):
            raise SettingsError(f"{name} is not an address like 127.0.0.1:9090: write host:port.")
        return value


def checked_url(name: str, value: str, schemes: tuple[str, ...]) -> str:
    forms = " or ".join(f"{scheme}://" for scheme in schemes)
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and (parts.hostname or parts.scheme == "unix") and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(f"{name} is not an address that starts with {forms} and names a host: correct it.")
    return value.rstrip("/")


def checked_origin(name: str, value: str) -> str:
    url = checked_url(name, value, ("http", "https"))
    if url.count("/") > 2 or "?" in url or "#" in url or "@" in url:
        raise SettingsError(f"{name} is more than scheme, host and port: write it like https://quiz.example.org.")
    return url.lower() if url.isascii() else _with_host_in_ascii(name, url)


def _with_host_in_ascii(name: str, origin: str) -> str:
    """As browsers send it, and as headers can have it."""
    scheme, _, rest = origin.partition("://")
    host, colon, port = rest.partition(":")
    try:
        return f"{scheme}://{host.encode('idna').decode('ascii')}{colon}{port}".lower()
    except UnicodeError as error:
        raise SettingsError(f"{name} has no host name that can be looked up: check how it is written.") from error


def _network(name: str, word: str) -> str:
    try:
        return str(ipaddress.ip_network(word, strict=False))
    except ValueError:
        raise SettingsError(f"{name} has {word!r}, which is no address or network: write it like 10.0.0.0/8.") from None
