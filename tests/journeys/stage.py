"""A simulator with the real bot beside it, in one event loop; tests act and look through `/sim/*` alone.

The simulated clock starts on Monday, 23 November 2026 at 09.00 WIB, whatever the day is outside, and runs with real
time; `move` sets it forward. Everything that a person does returns only when all that follows from it has been sent.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from pydantic import SecretStr

from sopbot.app import Bot, building_bot
from sopbot.definitions.catalogue import load_all
from sopbot.settings import ROOT, Settings
from sopbot.simulation import training_people
from sopbot.simulator.server import Simulator
from sopbot.simulator.world import Person
from sopbot.store import trail, verification
from sopbot.store.database import upgrade
from sopbot.store.verification import Finding

# httpcore looks for this package at every step of every request and finds nothing: a fifth of all the time here.
sys.modules.setdefault("sniffio", None)

Json = dict[str, Any]
WIB = ZoneInfo("Asia/Jakarta")
BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=WIB)
PATIENCE = 60.0  # seconds of real time until something that must happen is given up
SHOWS = ("sendMessage", "editMessageText")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message that the bot sent or changed, as the person sees it afterwards."""

    person: int
    message: Json
    new: bool

    @property
    def text(self) -> str:
        """The text without markup."""
        return str(self.message["text"])

    @property
    def labels(self) -> list[str]:
        """What stands on the buttons."""
        return [button["text"] for row in self.message["buttons"] for button in row]


@dataclass(slots=True, kw_only=True)
class Stage:
    """What a test is given."""

    simulator: Simulator
    client: httpx.AsyncClient
    settings: Settings
    bot: Bot
    running: "asyncio.Task[None]"
    _journal: int = 0
    _leave: list[Any] = field(default_factory=list)

    # ------------------------------------------------------------------------------------------------- acting

    async def say(self, person: int, text: str, **more: Any) -> list[Shown]:
        """Send a text and return everything that the bot then showed, to whomever."""
        return await self.post(person, text=text, **more)

    async def post(self, person: int, **content: Any) -> list[Shown]:
        """Send a message of any kind."""
        await self.call("POST", f"/people/{person}/messages", content)
        return await self.settled()

    async def tap(self, person: int, message: Json, label: str) -> tuple[Json, list[Shown]]:
        """Press a button by its label; return the answer to the tap and what was shown."""
        found = [button for row in message["buttons"] for button in row if button["text"] == label]
        assert len(found) == 1, (label, message["buttons"])
        return await self.force(person, message["message_id"], found[0]["data"], force=False)

    async def force(self, person: int, message_id: int, data: str, *, force: bool = True) -> tuple[Json, list[Shown]]:
        """Press data on a message whether or not it has such a button."""
        body = {"message_id": message_id, "data": data, "force": force}
        answer = await self.call("POST", f"/people/{person}/taps", body)
        return answer, await self.move(timedelta())  # answered means fetched; what follows is waited for

    async def move(self, to: datetime | timedelta) -> list[Shown]:
        """Move the clock to an instant, or on by some time, and return what was shown meanwhile."""
        body = {"advance": to.total_seconds()} if isinstance(to, timedelta) else {"to": to.isoformat()}
        await self.call("POST", "/clock", body)
        return await self.shown()

    # ------------------------------------------------------------------------------------------------ looking

    async def settled(self) -> list[Shown]:
        """Wait until the bot has fetched every update, handled it and sent what follows; return what was shown."""
        async with asyncio.timeout(PATIENCE):
            while await self.call("GET", "/updates"):
                if self.running.done():  # a bot that died fetches nothing: say why instead of waiting
                    await self.running
                await asyncio.sleep(0.002)
        await self.call("POST", "/clock", {"advance": 0})
        return await self.shown()

    async def shown(self) -> list[Shown]:
        """Return what was sent or changed since the last look, each message once, as it is now."""
        entries = await self.call("GET", f"/journal?since={self._journal}")
        found: dict[tuple[int, int], bool] = {}
        for entry in entries:
            self._journal = entry["seq"]
            if entry["method"] not in SHOWS or not entry["accepted"]:
                continue
            person = int(entry["parameters"]["chat_id"])
            new = entry["method"] == SHOWS[0]
            ids = entry["message_ids"] if new else [int(entry["parameters"]["message_id"])]
            for message_id in ids:
                found[person, message_id] = found.get((person, message_id), False) or new
        return [
            Shown(person=person, message=await self.message(person, message_id), new=new)
            for (person, message_id), new in found.items()
            if person > 0
        ]

    async def messages(self, person: int) -> list[Json]:
        """Return a person's chat with the bot, oldest first."""
        found: list[Json] = await self.call("GET", f"/people/{person}/messages")
        return found

    async def message(self, person: int, message_id: int) -> Json:
        """Return one message as it is now."""
        found: Json = await self.call("GET", f"/people/{person}/messages/{message_id}")
        return found

    async def now(self) -> datetime:
        """Return the simulated moment."""
        return datetime.fromisoformat((await self.call("GET", "/clock"))["now"])

    async def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Call `/sim`; a refusal fails the test."""
        response = await self.client.request(method, f"/sim{path}", json=body)
        assert response.is_success, response.text
        return response.json()

    # ------------------------------------------------------------------------------------------------- record

    def trail(self, instance: int) -> list[Json]:
        """Return the exported trail of one instance, in order."""
        with self.bot.services.database.read() as conn:
            return list(trail.export(conn, instance=instance))

    def faults_of_the_trail(self) -> list[Finding]:
        """Return what `sopbot trail verify` would say."""
        with self.bot.services.database.read() as conn:
            return verification.verify(conn)

    async def restart(self) -> None:
        """Stop the bot and start another one on the same data, as after a reboot."""
        await self._stop_bot()
        await self._start_bot()

    async def _start_bot(self) -> None:
        context = building_bot(self.settings)
        self.bot = await context.__aenter__()
        self._leave.append(context)
        self.running = asyncio.create_task(self.bot.run())

    async def _stop_bot(self) -> None:
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)
        await self._leave.pop().__aexit__(None, None, None)


@cache
def empty_database() -> bytes:
    """Return a database with the schema and nothing in it; migrating anew would be a third of every start."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "sopbot.db")
        upgrade(f"sqlite:///{path}")
        return path.read_bytes()


@cache
def officers(*offices: str) -> list[Person]:
    """Return the simulator's people; reading all definitions for them would be another third."""
    return training_people(load_all(ROOT / "sop_definitions"), list(offices))


@asynccontextmanager
async def playing(data: Path, offices: list[str]) -> AsyncIterator[Stage]:
    """Start the simulator with the officers of some offices, and the bot; stop both afterwards."""
    began = time.monotonic()
    simulator = Simulator(
        data=data / "telegram",
        wall=lambda: BEGIN.astimezone(UTC) + timedelta(seconds=time.monotonic() - began),
    )
    simulator.enrol([replace(person) for person in officers(*offices)])
    await simulator.start()
    (data / "sopbot.db").write_bytes(empty_database())
    url = simulator.url
    settings = Settings(
        token=SecretStr(simulator.token),
        telegram_api_url=url,
        sim_clock_url=url,
        data=data,
        database_url=f"sqlite:///{data}/sopbot.db",
        limit_overall=0,
        limit_chat=0,
        limit_group=0,
    )
    # It speaks plain HTTP; reading certificates would take longer than everything else here.
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False, verify=False) as client:  # noqa: S501
        idle = asyncio.create_task(asyncio.sleep(0))
        stage = Stage(simulator=simulator, client=client, settings=settings, bot=None, running=idle)
        await stage._start_bot()
        try:
            await stage.settled()
            yield stage
            assert not stage.running.done()
        finally:
            await stage._stop_bot()
            await simulator.stop()
