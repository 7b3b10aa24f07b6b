"""Structured logs: lines to read in development, JSON lines in production, for our own events and for libraries'."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from momentum.environment import Environment

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+")
_SECRET = re.compile(r"(token=|Bearer )[\w.~+/=-]+|\b(mk|whsec)_[\w+/=-]{20,}|eyJ[\w-]+\.[\w-]+\.[\w-]+")

EventDict = MutableMapping[str, Any]


def set_up_logs(environment: Environment) -> None:
    """Write this process's logs to standard error."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[_without_meta, _renderer(environment)]
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("momentum").setLevel(logging.INFO)


def without_secrets(logger: Any, method: str, event: EventDict) -> EventDict:
    """Cut tokens and e-mail addresses out of whatever text carries one."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _ADDRESS.sub("[address]", _SECRET.sub("[token]", value))
    return event


def _without_meta(logger: Any, method: str, event: EventDict) -> EventDict:
    return structlog.stdlib.ProcessorFormatter.remove_processors_meta(logger, method, event)


def _renderer(environment: Environment) -> structlog.types.Processor:
    if environment.mode == "production":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
