"""Updates from Telegram: committed to the inbox before they are acknowledged, handled in order for each chat.

Counterparts: `sopbot/chat/poller.py` fetches them, `handlers/` handles them. What cannot be handled is set aside
with its error and the next one proceeds.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from sopbot.services.ports import Clock
from sopbot.store import inbox
from sopbot.store.database import Database
from sopbot.store.failures import StoreUnavailable
from sopbot.store.inbox import InboxRow, RawUpdate

ABREAST: Final = 16  # chats handled side by side
KEPT: Final = timedelta(days=90)
LOOK_AGAIN: Final = 5  # seconds

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One update as it came: its bytes, their hash, and its place in the inbox."""

    inbox_id: int
    update_id: int
    update_hash: str  # hex
    raw: bytes


@dataclass(slots=True)
class Intake:
    """Receives raw updates and hands them on, chat by chat."""

    database: Database
    clock: Clock
    handle: Callable[[Received], Awaitable[None]]
    _chats: dict[int, asyncio.Queue[InboxRow]] = field(default_factory=dict)
    _taken: set[int] = field(default_factory=set)
    _seen: int = 0  # the highest number handed on
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _idle: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, updates: Sequence[RawUpdate]) -> int:
        """Commit updates to the inbox; after this they may be acknowledged. Returns how many were new."""
        at = self.clock.now()
        new = await self.database.writer.run(lambda conn: inbox.receive(conn, updates, at))
        if new:
            self._idle.clear()
            self._wake.set()
        return len(new)

    async def run(self) -> None:
        """Handle what is in the inbox, for ever; also what an earlier process left there."""
        limit = asyncio.Semaphore(ABREAST)
        async with asyncio.TaskGroup() as group:
            while True:
                self._wake.clear()
                # Behind what was seen already: one person's flood must not hide what the others send.
                with self.database.read() as conn:
                    rows = inbox.pending(conn, after=self._seen)
                for row in rows:
                    self._seen = row.id
                    self._taken.add(row.id)
                    chat = chat_of(row.raw)
                    queue = self._chats.get(chat)
                    if queue is None:
                        queue = self._chats[chat] = asyncio.Queue()
                        group.create_task(self._chat(chat, queue, limit))
                    queue.put_nowait(row)
                if not self._taken:
                    self._idle.set()
                if rows:
                    continue
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), timeout=LOOK_AGAIN)
                if not self._taken:
                    self._seen = 0  # what could not be recorded is still there

    async def settled(self) -> None:
        """Wait until everything received so far has been handled."""
        while True:
            await self._idle.wait()
            with self.database.read() as conn:
                if not inbox.pending(conn):
                    return
            self._idle.clear()
            self._wake.set()

    async def _chat(self, chat: int, queue: asyncio.Queue[InboxRow], limit: asyncio.Semaphore) -> None:
        """Handle one chat's updates in order, until there are none."""
        while not queue.empty():
            row = queue.get_nowait()
            async with limit:
                await self._one(row)
            self._taken.discard(row.id)
        del self._chats[chat]  # nothing is awaited since the queue was seen empty
        if not self._taken:
            self._idle.set()

    async def _one(self, row: InboxRow) -> None:
        received = Received(inbox_id=row.id, update_id=row.update_id, update_hash=row.hash_hex, raw=row.raw)
        try:
            await self.handle(received)
        except Exception as error:
            log.exception("update_set_aside", update_id=row.update_id)
            what = type(error).__name__
            await self._record(lambda conn: inbox.quarantine(conn, row.id, what, self.clock.now()))
        else:
            await self._record(lambda conn: inbox.finish(conn, row.id, self.clock.now()))

    async def _record(self, job: Callable[[Connection], object]) -> None:
        """Note what became of an update; while that cannot be stored it stays in the inbox and is handled again."""
        try:
            await self.database.writer.run(job)
        except StoreUnavailable:
            log.error("inbox_unavailable")  # noqa: TRY400 a full disk must not be filled with tracebacks
            await asyncio.sleep(1)

    async def prune(self) -> None:
        """Forget handled updates after ninety days; what was done with them stays in the trail."""
        before = self.clock.now() - KEPT
        await self.database.writer.run(lambda conn: inbox.prune(conn, before))


def chat_of(raw: bytes) -> int:
    """Return the chat (or the person) an update belongs to, 0 if it cannot be told."""
    try:
        update = json.loads(raw)
        for content in update.values():
            if isinstance(content, dict):
                holder = content.get("message") or content
                chat = holder.get("chat") or content.get("from") or {}
                return int(chat.get("id", 0))
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        pass
    return 0
