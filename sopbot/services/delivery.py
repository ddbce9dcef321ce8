"""The only way out unprompted: claims outbox rows, shows them through the messenger, records what became of it.

A claim is committed before the send and re-checks that the message is still true; a failure is judged by its
cause; one that may have been delivered is repeated once at most, marked as such. Counterpart: `ports.py`.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, assert_never

import structlog
from sqlalchemy import Connection

from sopbot.services import reachability
from sopbot.services.ports import Clock, DeliveryFailed, Failure, Messenger
from sopbot.services.reminding import SUMMARISED
from sopbot.services.rendering import Rendering, Stale, ToShow
from sopbot.store import cards, outbox, outbox_pace
from sopbot.store.database import Database
from sopbot.store.failures import StoreUnavailable
from sopbot.store.outbox import Claimed

ABREAST: Final = 16  # messages under way at once
LOOK_AGAIN: Final = 0.25  # seconds; what arrives while something is under way waits no longer
UNCERTAIN_WAIT: Final = timedelta(seconds=60)
HELD_WITHOUT_WORD: Final = timedelta(seconds=5)  # a 429 that does not say how long
MOST_ATTEMPTS: Final = 30

log = structlog.get_logger(__name__)


class _EditFailed(DeliveryFailed):
    """An edit failed; it is absolute, so that repeating it shows nothing twice."""


@dataclass(slots=True)
class Delivery:
    """Sends what waits in the outbox, many chats side by side, each chat in order."""

    database: Database
    rendering: Rendering
    messenger: Messenger
    clock: Clock
    boot: str
    may_send: Callable[[int, bool], timedelta]  # how long the limiter wants a chat to wait; (chat, edit)
    on_drained: Callable[[], None] = lambda: None
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    _stopping: bool = False

    def wake(self) -> None:
        """Look into the outbox now; callable from the event loop's thread."""
        self._wake.set()

    def stop(self) -> None:
        """Claim nothing more; `run` returns once what was claimed is sent and recorded."""
        self._stopping = True
        self._wake.set()

    async def recover(self) -> int:
        """Take over what a dead process had claimed: it may have been sent."""
        at = self.clock.now()
        return await self.database.writer.run(lambda conn: outbox.orphans(conn, self.boot, at))

    async def run(self) -> None:
        """Deliver until `stop`, woken by `wake` and at least twice a second."""
        while not self._stopping:
            self._wake.clear()
            if await self.drain():
                self.on_drained()
            else:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), timeout=0.5)

    async def drain(self) -> int:
        """Deliver until nothing that is due now is left; return how many rows were worked on."""
        total = 0
        # Whoever waits for `_busy` learns that the others' rows are out, too.
        async with self._busy, asyncio.TaskGroup() as group:
            under_way: set[asyncio.Task[None]] = set()
            while True:
                claimed = await self._claim(ABREAST - len(under_way))
                total += len(claimed)
                under_way |= {group.create_task(self._deliver(row)) for row in claimed}
                if not under_way:
                    return total
                # A chat that hangs must not hold up the others: look for more as soon as one is through.
                _, under_way = await asyncio.wait(under_way, timeout=LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED)

    async def _claim(self, most: int) -> list[Claimed]:
        if not most or self._stopping:
            return []
        at = self.clock.now()
        try:
            return await self.database.writer.run(lambda conn: outbox.claim(conn, at, self.boot, most))
        except StoreUnavailable:  # what is under way goes on
            log.exception("outbox_unavailable")
            await self.pause(1.0)
            return []

    async def _deliver(self, row: Claimed) -> None:
        try:
            found = await self._prepare(row)
        except Exception as error:
            # A message that cannot be made must not stop the others; what is wrong may be put right meanwhile.
            log.exception("message_not_made", outbox=row.id, kind=row.kind)
            what = type(error).__name__
            await self._record(lambda conn: self._later(conn, row, what))
            return
        if found is None:
            return
        try:
            message_id = await self._send(row, found)
        except DeliveryFailed as failed:
            await self._failed(row, failed)
        except Exception as error:
            # The messenger promises to judge every error; of one that it let through nobody knows what was sent.
            log.exception("messenger_failed", outbox=row.id, kind=row.kind)
            await self._failed(row, DeliveryFailed(Failure.UNCERTAIN, type(error).__name__))
        else:
            await self._record(lambda conn: self._sent(conn, row, found, message_id))

    async def _prepare(self, row: Claimed) -> ToShow | None:
        """Return what is now to be shown, or None when the row has been settled without a message."""
        if row.kind == SUMMARISED:
            await self._skip(row, "dirangkum pengingat berikutnya")
            return None
        with self.database.read() as conn:
            found = self.rendering.of(conn, row, self.clock.now())
        if isinstance(found, Stale):
            await self._skip(row, found.why)
            return None
        wait = self.may_send(found.chat_id, found.message_id is not None)
        if wait:
            not_before = self.clock.now() + wait
            await self._record(lambda conn: outbox.postpone(conn, row.id, not_before))
            return None
        return found

    async def _send(self, row: Claimed, found: ToShow) -> int:
        if found.message_id is not None:
            try:
                await self.messenger.edit(found.chat_id, found.message_id, found.view)
            except DeliveryFailed as failed:
                if failed.failure is not Failure.GONE or found.only_edit:
                    raise _EditFailed(failed.failure, str(failed), failed.retry_after) from failed
            else:
                return found.message_id
        return await self.messenger.send(found.chat_id, found.view, repeated=row.uncertain > 0)

    def _sent(self, conn: Connection, row: Claimed, found: ToShow, message_id: int) -> None:
        at = self.clock.now()
        outbox.sent(conn, row.id, at, message_id)
        if found.token is not None:
            cards.shown(conn, found.token, message_id, found.revision)
        if row.recipient is not None:
            reachability.regained(conn, row.recipient)

    async def _skip(self, row: Claimed, why: str) -> None:
        await self._record(lambda conn: outbox.skip(conn, row.id, why, self.clock.now()))

    async def _failed(self, row: Claimed, failed: DeliveryFailed) -> None:
        log.warning("not_delivered", outbox=row.id, kind=row.kind, failure=failed.failure, detail=str(failed))
        await self._record(lambda conn: self._judge(conn, row, failed))

    def _judge(self, conn: Connection, row: Claimed, failed: DeliveryFailed) -> None:
        at, detail = self.clock.now(), str(failed)
        editing = isinstance(failed, _EditFailed)
        match failed.failure:
            case Failure.HELD:
                until = at + (failed.retry_after or HELD_WITHOUT_WORD)
                outbox_pace.hold_chat(conn, row.chat_id or 0, until)
                outbox.retry(conn, row.id, until, detail)
            case Failure.NOT_SENT | Failure.UNAUTHORISED:
                if editing:
                    self._later(conn, row, detail)
                else:
                    outbox.retry(conn, row.id, at + _backoff(row.attempts), detail)
            case Failure.UNREACHABLE:
                outbox.fail(conn, row.id, detail, at)
                if row.recipient is not None:
                    office = self.rendering.presenting.offices.now(conn, row.office)
                    reachability.lost(conn, office, row.recipient, at)
            case Failure.GONE | Failure.REFUSED:
                outbox.fail(conn, row.id, detail, at)
            case Failure.UNCERTAIN:
                if editing:
                    self._later(conn, row, detail)
                else:
                    outbox.uncertain(conn, row.id, at + UNCERTAIN_WAIT if _repeated(row) else None, detail)
            case _:
                assert_never(failed.failure)

    def _later(self, conn: Connection, row: Claimed, why: str) -> None:
        """Try again after a while, but not for ever."""
        at = self.clock.now()
        if row.attempts < MOST_ATTEMPTS:
            outbox.retry(conn, row.id, at + _backoff(row.attempts), why)
        else:
            outbox.fail(conn, row.id, why, at)

    async def _record(self, job: Callable[[Connection], object]) -> None:
        """Note what became of a message, however long it takes: what was sent must not go out again."""
        while True:
            try:
                await self.database.writer.run(job)
            except StoreUnavailable:
                log.error("outbox_unavailable")  # noqa: TRY400 a full disk must not be filled with tracebacks
                await self.pause(1.0)
            else:
                return


def _backoff(attempts: int) -> timedelta:
    return timedelta(seconds=min(60, 2 ** min(attempts, 6)))


def _repeated(row: Claimed) -> bool:
    """Once more for what nothing else would cover; then its fate is recorded as unknown."""
    return row.repeatable and not row.uncertain
