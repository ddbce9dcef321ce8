"""Follows the simulator's clock from a bot's side: sets the bot's clock, and tells when its due work is done.

Counterpart: `clock.py` moves only as far as the next moment that its followers named, and waits for them there.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import httpx
import structlog

log = structlog.get_logger(__name__)

PAUSE = 0.5  # seconds after a failure
LONG_POLL = 40.0  # seconds; the simulator answers after 25 at the latest


class Settable(Protocol):
    """A clock that can be set."""

    def set(self, now: datetime) -> None:
        """Make `now` the current instant."""


@dataclass(slots=True)
class ClockFollower:
    """One follower; `settle` does everything due and returns the next due moment, or None."""

    url: str
    name: str
    clock: Settable
    settle: Callable[[], Awaitable[datetime | None]]
    upcoming: Callable[[], datetime | None]
    on_move: Callable[[], None] = lambda: None
    _version: int = -1  # what the clock was last set to
    _done: int = -1  # up to which version everything due has been done; the simulator waits for this one
    _named: datetime | None = None
    _told: bool = False
    _reported: int = -1
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def introduce(self) -> None:
        """Take over the simulator's time; raises httpx.HTTPError when it cannot be reached."""
        async with self._client() as client:
            self._take((await client.get("/sim/clock")).raise_for_status().json())

    def changed(self) -> None:
        """Something was stored: the next due moment may be another one."""
        self._changed.set()

    async def run(self) -> None:
        """Follow for ever."""
        self.changed()  # what was due before the start is not known to the simulator yet
        async with self._client() as client, asyncio.TaskGroup() as group:
            group.create_task(self._tell(client))
            while True:
                try:
                    await self._follow(client)
                except (httpx.HTTPError, ValueError, KeyError) as error:
                    log.warning("simulator_clock_unreachable", why=type(error).__name__)
                    await asyncio.sleep(PAUSE)

    async def _follow(self, client: httpx.AsyncClient) -> None:
        # The moment taken over at the start comes first: a jump may be waiting for the process that was here before.
        if self._reported == self._version:
            query = {"version": str(self._version), "name": self.name}
            answer = (await client.get("/sim/clock/follow", params=query)).raise_for_status().json()
            if int(answer["version"]) == self._version:
                return
            self._take(answer)
            self.on_move()
        version = self._version
        moment = await self.settle()
        self._done = version
        await self._settled(client, moment)
        self._reported = version
        self.changed()  # `_tell` may have named a moment in between that has passed since

    async def _tell(self, client: httpx.AsyncClient) -> None:
        """Name the next due moment whenever it has become another one."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            moment = self.upcoming()
            if moment == self._named and self._told:
                continue
            try:
                await self._settled(client, moment)
                self._told = True
            except httpx.HTTPError:
                await asyncio.sleep(PAUSE)
                self._changed.set()

    async def _settled(self, client: httpx.AsyncClient, moment: datetime | None) -> None:
        named = None if moment is None else moment.isoformat()
        # `_tell` may come in the middle of a jump: only what was settled may be reported as such.
        report = {"name": self.name, "version": self._done, "next": named}
        (await client.post("/sim/clock/settled", json=report)).raise_for_status()
        self._named = moment

    def _client(self) -> httpx.AsyncClient:
        # A simulator speaks plain HTTP on this computer; reading certificates for it would delay every start.
        return httpx.AsyncClient(base_url=self.url, timeout=LONG_POLL, trust_env=False, verify=False)  # noqa: S501

    def _take(self, answer: dict[str, Any]) -> None:
        self.clock.set(datetime.fromisoformat(answer["now"]))
        self._version = int(answer["version"])
