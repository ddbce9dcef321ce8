"""The simulator's clock: real time plus a durable offset, and the followers that must keep pace with its jumps.

Its counterpart is `sim_clock.py`, which speaks the protocol over HTTP.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sopbot.simulator.errors import SimError
from sopbot.simulator.ledger import Ledger

FOLLOWER_LIFETIME = 30.0
STEP_PATIENCE = 30.0
FOLLOW_LIMIT = 25.0


def wall_time() -> datetime:
    """Reads the machine's clock, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True, kw_only=True)
class Follower:
    """A program that wants to finish its due work before the clock moves on; `seen` is on the monotonic clock."""

    seen: float
    version: int = -1
    next: datetime | None = None
    waiting: int = 0


class SimulatorClock:
    """Tells the simulated time and moves it forward, from one moment that a follower waits for to the next."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        wall: Callable[[], datetime] = wall_time,
        on_change: Callable[[], None] = lambda: None,
        patience: float = STEP_PATIENCE,
    ) -> None:
        """Continues from the offset in the ledger; `patience` is the longest wait in seconds for one step."""
        self._ledger = ledger
        self._wall = wall
        self._on_change = on_change
        self._patience = patience
        self._changed = asyncio.Condition()
        self._moving = asyncio.Lock()
        self._followers: dict[str, Follower] = {}
        self._closed = False
        self._awaited = False  # a follower that is about to introduce itself
        saved = dict(ledger.load("clock"))
        self._offset = timedelta(seconds=saved.get("offset", 0))
        self.version = int(saved.get("version", 0))

    def now(self) -> datetime:
        """Returns the simulated moment, aware, in UTC."""
        return self._wall() + self._offset

    def next(self) -> datetime | None:
        """Returns the earliest moment at which a live follower has something due."""
        return min((follower.next for follower in self._live().values() if follower.next), default=None)

    def describe(self) -> dict[str, object]:
        """Gives `{now, version, next}` with ISO 8601 texts."""
        upcoming = self.next()
        return {
            "now": self.now().isoformat(),
            "version": self.version,
            "next": upcoming.isoformat() if upcoming else None,
        }

    def expect_follower(self) -> None:
        """Lets the first move wait for a follower that is still starting, so that it misses nothing."""
        self._awaited = True

    async def move_to(self, target: datetime) -> None:
        """Moves forward to `target` step by step; 409 if it lies in the past."""
        async with self._moving:
            await self._introduced()
            await self._move(target)

    async def advance(self, seconds: float) -> None:
        """Moves forward by `seconds`; 409 if negative."""
        async with self._moving:
            await self._introduced()
            await self._move(self.now() + timedelta(seconds=seconds), early=seconds < 0)

    async def _move(self, target: datetime, *, early: bool | None = None) -> None:
        if target < self.now() if early is None else early:
            raise SimError(409, f"the clock already shows {self.now().isoformat()} and can't go backwards")
        overdue: datetime | None = None
        while not self._closed:
            now = self.now()
            moment = self._stop_before(target, overdue)
            if moment is not None and moment <= now:
                overdue = moment  # due in the instant that is shown: one step without moving, then on
            await self._step(max(target if moment is None else moment, now))
            if moment is None:
                return

    async def _introduced(self) -> None:
        """Waits for the expected follower's first report, once, at most as long as for a step."""
        if not self._awaited:
            return
        self._awaited = False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._patience), self._changed:
                await self._changed.wait_for(lambda: self._closed or bool(self._followers))

    async def follow(self, name: str, version: int, limit: float = FOLLOW_LIMIT) -> None:
        """Returns once the clock's version exceeds `version`, or after `limit` seconds."""
        follower = self._followers.setdefault(name, Follower(seen=time.monotonic()))
        follower.seen = time.monotonic()
        follower.waiting += 1
        try:
            async with asyncio.timeout(limit), self._changed:
                await self._changed.wait_for(lambda: self._closed or self.version > version)
        except TimeoutError:
            pass
        finally:
            follower.waiting -= 1
            follower.seen = time.monotonic()

    async def settle(self, name: str, version: int, upcoming: datetime | None) -> None:
        """Notes that a follower has sent all work due at `version`, and when its next is due."""
        follower = self._followers.setdefault(name, Follower(seen=time.monotonic()))
        follower.seen = time.monotonic()
        before = self.next()
        follower.version = max(follower.version, version)
        follower.next = upcoming
        async with self._changed:
            self._changed.notify_all()
        if self.next() != before:
            self._on_change()

    async def close(self) -> None:
        """Ends every wait."""
        self._closed = True
        async with self._changed:
            self._changed.notify_all()

    def _stop_before(self, target: datetime, overdue: datetime | None) -> datetime | None:
        """Finds the next moment to stop at before `target`: past ones only once, or nothing would ever move."""
        moments = [f.next for f in self._live().values() if f.next is not None and f.next < target]
        return min((m for m in moments if overdue is None or m > overdue), default=None)

    async def _step(self, moment: datetime) -> None:
        """Shows `moment`, then waits until every live follower has settled it."""
        self._offset = moment - self._wall()
        self.version += 1
        self._ledger.put("clock", "offset", self._offset.total_seconds())
        self._ledger.put("clock", "version", self.version)
        self._ledger.commit()
        self._on_change()
        try:
            async with asyncio.timeout(self._patience), self._changed:
                self._changed.notify_all()
                await self._changed.wait_for(
                    lambda: self._closed or all(f.version >= self.version for f in self._live().values()),
                )
        except TimeoutError:
            pass

    def _live(self) -> dict[str, Follower]:
        horizon = time.monotonic() - FOLLOWER_LIFETIME
        return {name: f for name, f in self._followers.items() if f.waiting or f.seen >= horizon}
