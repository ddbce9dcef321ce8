"""Takes updates that Telegram delivers by itself, where the operator prefers that to polling.

Like the poller it answers only after the commit; what it is sent without the secret is refused unread.
Counterparts: `poller.py`, `sopbot/services/intake.py`.
"""

import hmac
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from telegram import Bot
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from sopbot.chat.poller import ALLOWED
from sopbot.services.ports import Clock
from sopbot.store.failures import StoreUnavailable
from sopbot.store.inbox import RawUpdate

LARGEST_BODY: Final = 1024 * 1024  # bytes
HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
_Receive = Callable[[Sequence[RawUpdate]], Awaitable[int]]

log = structlog.get_logger(__name__)


class _Handler(RequestHandler):
    """One update a request."""

    def initialize(self, webhook: "Webhook") -> None:
        """Know whom to hand the updates to."""
        self._webhook = webhook

    def prepare(self) -> None:
        """Compare the secret in constant time before anything is read into it."""
        given = self.request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), self._webhook.secret.encode()):
            log.warning("webhook_refused", remote=self.request.remote_ip)
            self.set_status(403)
            self.finish()

    async def post(self) -> None:
        """Commit the update, then say so; 503 makes Telegram try again."""
        try:
            update_id = json.loads(self.request.body)["update_id"]
        except (ValueError, KeyError, TypeError, RecursionError):
            self.set_status(400)
            return
        if type(update_id) is not int:  # `true` is an int, too
            self.set_status(400)
            return
        try:
            await self._webhook.take(RawUpdate(update_id=update_id, raw=self.request.body))
        except StoreUnavailable:
            log.exception("inbox_unavailable")
            self.set_status(503)

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401 Tornado's signature
        """Answer without a page."""
        del kwargs
        self.set_status(status_code)
        self.finish()


class Webhook:
    """Listens on a port for the updates of one bot."""

    def __init__(self, *, url: str, secret: str, port: int, clock: Clock, receive: _Receive) -> None:
        """Prepare to listen; nothing is opened before `start`."""
        self.url = url
        self.secret = secret
        self.last_success: datetime | None = None
        self._clock = clock
        self._receive = receive
        self._port = port
        path = urlsplit(url).path or "/"
        self._server = HTTPServer(
            Application([(path, _Handler, {"webhook": self})]), max_body_size=LARGEST_BODY, max_buffer_size=LARGEST_BODY
        )

    def listen(self, address: str = "0.0.0.0") -> None:  # noqa: S104 Telegram calls from outside, through a proxy
        """Open the port; raises OSError when it is taken."""
        self._server.listen(self._port, address=address)

    async def announce(self, bot: Bot) -> None:
        """Tell Telegram where to deliver; raises telegram.error.TelegramError."""
        await bot.set_webhook(self.url, secret_token=self.secret, allowed_updates=ALLOWED)

    async def take(self, update: RawUpdate) -> None:
        """Commit one update."""
        await self._receive([update])
        self.last_success = self._clock.now()

    async def stop(self) -> None:
        """Close the port and wait for the requests under way."""
        self._server.stop()
        await self._server.close_all_connections()
