"""One line of JSON per log entry on standard error; secrets and personal data are cut out before anything is written."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

from towerdesk.lib.redact import mask

SECRET = re.compile(
    r"(td_[0-9a-f]{8}_)[\w-]+|(://[^:/\s]+:)[^@\s]+(?=@)|((?:password|secret|token|api_key)[\"']?[=:]\s*[\"']?)[^\s\"',}]+",
    re.I,
)


def hide_secrets(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in entry.items():
        if isinstance(value, str):
            entry[name] = SECRET.sub(lambda found: f"{found.group(1) or found.group(2) or found.group(3)}…", value)
    return entry


def hide_personal(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Card and account numbers, addresses, telephone numbers: a log is read by more people than a ticket."""
    for name, value in entry.items():
        if isinstance(value, str) and name not in ("timestamp", "level"):
            entry[name] = mask(value)
    return entry


def configure(*, debug: bool) -> None:
    """Route the standard library's logging and structlog through the same processors."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_secrets,
        hide_personal,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if debug else logging.WARNING)
    for chatty in ("asyncio", "django.db.backends", "urllib3", "httpx", "httpx2", "httpcore", "mail.log"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
