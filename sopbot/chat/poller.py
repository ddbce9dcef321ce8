"""Fetches updates as raw bytes and acknowledges them only after they are committed to the inbox.

The library's own polling acknowledges first and goes deaf after one odd answer; this one keeps asking and says
loudly what is wrong. Counterpart: `sopbot/services/intake.py`.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

import structlog
from telegram.error import TelegramError
from telegram.request import BaseRequest

from sopbot.services.ports import Clock
from sopbot.store.failures import StoreUnavailable
from sopbot.store.inbox import RawUpdate

LONG_POLL: Final = 25  # seconds that Telegram may hold the request
ALLOWED: Final = ("message", "callback_query", "my_chat_member")
_ALLOWED: Final = quote(json.dumps(list(ALLOWED), separators=(",", ":")))
GAP: Final = timedelta(seconds=120)  # Telegram forgets taps that nobody fetched for about 150 s
IDLE: Final = timedelta(days=6)  # after a week without updates Telegram numbers them anew
LARGEST_NUMBER: Final = 2**63
FIRST_LIMIT: Final = 5  # refusals of a token that has never been accepted: most likely it is mistyped
REJECTED_LIMIT: Final = 20  # refusals of the token in a row before the process gives up
_OK: Final = 200
_UNAUTHORISED: Final = (401, 404)
_CONFLICT: Final = 409

log = structlog.get_logger(__name__)


class TokenRefused(Exception):
    """Telegram does not accept the bot's token."""


class _PollFailed(Exception):
    """A request brought no updates and no word that there are none; the message says why, without the token."""


@dataclass(slots=True)
class Poller:
    """Asks for updates until it is cancelled."""

    request: BaseRequest
    url: str  # …/bot<token>/getUpdates: never logged
    clock: Clock
    receive: Callable[[Sequence[RawUpdate]], Awaitable[int]]
    on_gap: Callable[[timedelta], Awaitable[None]]
    long_poll: int = LONG_POLL
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    _offset: int = 0
    _failures: int = 0
    _refused: int = 0
    _reached: bool = False
    _last_update: datetime | None = None
    last_success: datetime | None = None

    async def run(self) -> None:
        """Poll for ever; raises `TokenRefused` after twenty refusals in a row, or five at the start."""
        while True:
            try:
                updates = await self._fetch()
            except _PollFailed as failed:
                self._failures += 1
                log.warning("polling_failed", why=str(failed), in_a_row=self._failures)
                await self.pause(min(30.0, 0.5 * 2 ** min(self._failures, 6)))
                continue
            self._failures = self._refused = 0
            self._reached = True
            await self._noticed()
            if not updates:
                continue
            try:
                await self.receive(updates)
            except StoreUnavailable:
                log.exception("inbox_unavailable")  # not acknowledged: Telegram keeps the updates
                await self.pause(1.0)
                continue
            self._offset = max(update.update_id for update in updates) + 1
            self._last_update = self.clock.now()

    def forgive_gap(self) -> None:
        """The clock was moved on purpose: what looks like a gap is none."""
        self.last_success = None

    async def _noticed(self) -> None:
        """After a gap in polling, taps may have been lost: say so."""
        now = self.clock.now()
        before, self.last_success = self.last_success, now
        if before is not None and now - before > GAP + timedelta(seconds=self.long_poll):
            try:
                await self.on_gap(now - before)
            except StoreUnavailable:
                log.exception("gap_not_noted")
                self.last_success = before  # the next answer says it again
        if self._last_update is not None and now - self._last_update > IDLE:
            self._offset = 0  # Telegram may begin again at any number; what comes twice is known by its hash

    async def _fetch(self) -> list[RawUpdate]:
        """Return the updates of one request; raises `_PollFailed` when there was no answer of getUpdates."""
        try:
            code, body = await self.request.do_request(
                f"{self.url}?timeout={self.long_poll}&offset={self._offset}&limit=100&allowed_updates={_ALLOWED}",
                "GET",
                read_timeout=self.long_poll + 10.0,
                write_timeout=10.0,
                connect_timeout=10.0,
                pool_timeout=10.0,
            )
        except TelegramError as error:
            raise _PollFailed(type(error.__cause__ or error).__name__) from error
        if code == _OK:
            try:
                return split_updates(body)
            except (ValueError, RecursionError) as error:
                raise _PollFailed("an answer that cannot be read") from error
        if code in _UNAUTHORISED:
            self._refused += 1
            if self._refused >= (REJECTED_LIMIT if self._reached else FIRST_LIMIT):
                raise TokenRefused
        if code == _CONFLICT:
            log.error("another_poller", hint="another process fetches the updates of the same bot")
        raise _PollFailed(f"status {code}")


def split_updates(body: bytes) -> list[RawUpdate]:
    """Cut an answer of getUpdates into its updates, each with its own bytes; raises ValueError if it is none."""
    text = body.decode("utf-8")
    answer = json.loads(text)
    if not isinstance(answer, dict) or answer.get("ok") is not True or not isinstance(answer.get("result"), list):
        raise ValueError("not an answer of getUpdates")
    decoder = json.JSONDecoder()
    start = text.index("[", _value_of(text, "result")) + 1
    updates = []
    for _ in answer["result"]:
        start = _past(text, start, ",")
        update, end = decoder.raw_decode(text, start)
        number = update.get("update_id") if isinstance(update, dict) else None
        # No `true` either. What has no number cannot be acknowledged, nor may it stop the others.
        if type(number) is int and 0 <= number < LARGEST_NUMBER:
            updates.append(RawUpdate(update_id=number, raw=text[start:end].encode()))
        start = end
    if answer["result"] and not updates:
        raise ValueError("no update has a number")  # asked again at once, it would come again at once
    return updates


def _value_of(text: str, wanted: str) -> int:
    """Return where the value of a key of the outermost object begins; `text` is known to be JSON and to have it."""
    decoder = json.JSONDecoder()
    at, found = text.index("{") + 1, -1
    while text[at := _past(text, at, ",")] != "}":
        key, at = decoder.raw_decode(text, at)
        at = _past(text, at, ":")
        if key == wanted:
            found = at  # as json.loads does, take the last one
        _, at = decoder.raw_decode(text, at)
    return found


def _past(text: str, at: int, sign: str) -> int:
    while text[at] in f"{sign} \t\r\n":
        at += 1
    return at
