"""Logging: one line an event, and no secret in any of them, whoever writes it.

The HTTP client names whole addresses, token included, at INFO; it is silenced below WARNING and, beyond that, every
line is searched for the secrets before it is written.
"""

import logging
import re
import sys
from collections.abc import Iterable

import structlog

from sopbot.settings import Settings

HIDDEN = "[rahasia]"
_TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}")


class _Redacting(logging.Formatter):
    """Formats, then hides every secret and everything that looks like a bot's token."""

    def __init__(self, inner: logging.Formatter, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without secrets."""
        return redacted(self._inner.format(record), self._secrets)


def redacted(line: str, secrets: Iterable[str]) -> str:
    """Return the line with secrets, and whatever looks like a token, hidden."""
    for secret in secrets:
        if secret:
            line = line.replace(secret, HIDDEN)
    return _TOKEN.sub(HIDDEN, line)


def configure_logging(level: str, secrets: Iterable[str]) -> None:
    """Send everything at or above `level` to stderr, one line an event."""
    shared = (
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    )
    inner = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(inner, tuple(secrets)))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in ("httpx", "httpcore", "telegram", "apscheduler", "tornado.access", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def secrets_of(settings: Settings) -> list[str]:
    """Return what must never stand in a log."""
    secret = (settings.token, settings.webhook_secret)
    return [one.get_secret_value() for one in secret if one is not None]
