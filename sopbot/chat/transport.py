"""The HTTP below python-telegram-bot, watched, so that a failure can be judged by its cause.

The library folds a lost connection, a 502 page and a full pool into a few classes; whether a message may have
arrived depends on which of them it was. Counterpart: `sopbot/services/delivery.py` acts on the judgement.
"""

import os
import ssl
from contextvars import ContextVar
from datetime import timedelta
from functools import cache
from typing import Any, Final

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from sopbot.services.ports import DeliveryFailed, Failure

# Without it the library warns at every 429 that `retry_after` is going to be a timedelta.
os.environ.setdefault("PTB_TIMEDELTA", "true")

READ_TIMEOUT: Final = 30.0  # seconds
_status: ContextVar[int | None] = ContextVar("status", default=None)

_MESSAGE_GONE: Final = ("message to edit not found", "message can't be edited", "message_id_invalid")
_CHAT_GONE: Final = ("chat not found", "user is deactivated", "user not found", "peer_id_invalid")
_SURELY_NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_DEFINITE: Final = frozenset({400, 401, 403, 404, 409, 429})


@cache
def _certificates() -> ssl.SSLContext:
    """Read the trusted certificates once for all pools: it takes 50 ms, a tenth of a start."""
    return httpx.create_ssl_context()


class WatchedRequest(HTTPXRequest):
    """HTTPXRequest that remembers which status the current call was answered with."""

    def __init__(self, *, connections: int = 32) -> None:
        """Open a pool of that many connections, with a read timeout of thirty seconds."""
        super().__init__(
            connection_pool_size=connections,
            read_timeout=READ_TIMEOUT,
            write_timeout=READ_TIMEOUT,
            connect_timeout=10.0,
            pool_timeout=30.0,
            httpx_kwargs={"verify": _certificates()},
        )

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 the library's signature
        """Do the request and note its status."""
        _status.set(None)
        code, payload = await super().do_request(*args, **kwargs)
        _status.set(code)
        return code, payload


def judged(error: Exception) -> DeliveryFailed:
    """Say what an error of a call means for the message that it carried; the detail holds no secret."""
    status = _status.get()
    detail = f"{type(error).__name__} {status or type(error.__cause__).__name__}"
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return DeliveryFailed(Failure.HELD, detail, wait if isinstance(wait, timedelta) else timedelta(seconds=wait))
    if isinstance(error, Forbidden | ChatMigrated):
        return DeliveryFailed(Failure.UNREACHABLE, detail)
    if isinstance(error, BadRequest):
        return _bad_request(error, detail)
    if isinstance(error, InvalidToken) or status in {401, 404}:
        return DeliveryFailed(Failure.UNAUTHORISED, detail)
    if status == 429:  # noqa: PLR2004 too many requests, without saying for how long
        return DeliveryFailed(Failure.HELD, detail)
    if status in _DEFINITE:
        return DeliveryFailed(Failure.NOT_SENT, detail)
    if status is None and isinstance(error, TelegramError) and isinstance(error.__cause__, _SURELY_NOT_SENT):
        return DeliveryFailed(Failure.NOT_SENT, detail)
    return DeliveryFailed(Failure.UNCERTAIN, detail)


def _bad_request(error: BadRequest, detail: str) -> DeliveryFailed:
    text = error.message.lower()
    if any(sign in text for sign in _MESSAGE_GONE):
        return DeliveryFailed(Failure.GONE, f"{detail}: {error.message}")
    if any(sign in text for sign in _CHAT_GONE):
        return DeliveryFailed(Failure.UNREACHABLE, f"{detail}: {error.message}")
    return DeliveryFailed(Failure.REFUSED, f"{detail}: {error.message}")


def not_modified(error: Exception) -> bool:
    """Tell an edit that changed nothing, which is a success."""
    return isinstance(error, BadRequest) and "message is not modified" in error.message.lower()


def unreadable_markup(error: Exception) -> bool:
    """Tell a refusal of the HTML, after which the text goes out plain."""
    return isinstance(error, BadRequest) and "can't parse entities" in error.message.lower()
