"""The running bot: its loops as tasks of one group, its ticks, and what it does before the first of them.

Nothing is detached; what fails for good ends the process. Counterpart: `sopbot/app.py` wires it.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram.error import TelegramError

from sopbot.chat.messenger import TelegramMessenger
from sopbot.chat.poller import Poller
from sopbot.chat.texts import COMMANDS, commands_for
from sopbot.chat.webhook import Webhook
from sopbot.definitions.catalogue import Catalogue as Definitions
from sopbot.services.delivery import Delivery
from sopbot.services.enrolment import Enrolment
from sopbot.services.execute import Execution
from sopbot.services.intake import Intake
from sopbot.services.offices import Offices, officer_of
from sopbot.services.outages import Outages
from sopbot.services.ports import Clock, DeliveryFailed
from sopbot.services.presenting import Presenting
from sopbot.services.queries import Queries
from sopbot.services.reminding import Reminding
from sopbot.simulator.follower import ClockFollower
from sopbot.store import anchors, instances, outbox_pace, people, trail
from sopbot.store.database import Database

SWEEP_SECONDS: Final = 5
HEARTBEAT_SECONDS: Final = 10
PATIENCE_SECONDS: Final = 10
HANDLING_SECONDS: Final = 5  # to finish what was received, once the bot is told to stop
SENDING_SECONDS: Final = 4  # and what is being sent: together below the ten seconds after which systems kill
CLOCK_TOLERANCE: Final = timedelta(minutes=5)

log = structlog.get_logger(__name__)


class ClockBehind(Exception):
    """The machine's clock is behind the last record of the trail: set it right, then start again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The services on one database, without any network: what the command line needs too."""

    database: Database
    definitions: Definitions
    offices: Offices
    clock: Clock
    presenting: Presenting
    execution: Execution
    enrolment: Enrolment
    queries: Queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """A bot, wired but not yet running."""

    services: Services
    messenger: TelegramMessenger
    poller: Poller
    webhook: Webhook | None  # instead of the poller
    intake: Intake
    delivery: Delivery
    reminding: Reminding
    outages: Outages
    follower: ClockFollower | None
    heartbeat: Path
    anchors: Path

    async def settle(self) -> datetime | None:
        """Do everything that is due now and return the next due moment."""
        clock = self.services.clock
        await self.intake.settled()
        while await self.reminding.sweep(clock.now()) or await self.delivery.drain():
            pass
        return self.upcoming()

    def upcoming(self) -> datetime | None:
        """Return the earliest moment at which something will be due."""
        return next_moment(self.services.database)

    async def run(self, stop: asyncio.Event | None = None) -> None:
        """Run until `stop` is set or the task cancelled; raises what ends the bot for good.

        Told to stop, it takes nothing more in, and finishes what it has begun.
        """
        self._require_time()
        await self.delivery.recover()
        await self.outages.after_start()
        scheduler = self._scheduler()
        scheduler.start()
        try:
            async with asyncio.TaskGroup() as group:
                sources = [group.create_task(self._introduce())]
                intake = group.create_task(self.intake.run())
                delivery = group.create_task(self.delivery.run())
                if self.webhook is None:
                    sources.append(group.create_task(self.poller.run()))
                else:
                    self.webhook.listen()
                if self.follower is not None:
                    sources.append(group.create_task(self.follower.run()))
                log.info("running")
                await (stop or asyncio.Event()).wait()
                log.info("stopping")
                for source in sources:
                    source.cancel()
                await self._finish(intake, delivery)
        finally:
            scheduler.shutdown(wait=False)
            if self.webhook is not None:
                await self.webhook.stop()
            self.heartbeat.unlink(missing_ok=True)

    async def _finish(self, intake: asyncio.Task[None], delivery: asyncio.Task[None]) -> None:
        """Answer what was received, send what was claimed; what takes too long is found again at the next start."""
        if self.webhook is not None:
            await self.webhook.stop()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.intake.settled(), HANDLING_SECONDS)
        intake.cancel()
        self.delivery.stop()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(delivery, SENDING_SECONDS)

    def _require_time(self) -> None:
        """A clock that lies before the last record would put the trail out of order."""
        with self.services.database.read() as conn:
            last = max(
                (head for office in self.services.offices.definitions if (head := trail.last_at(conn, office))),
                default=None,
            )
        if last is not None and self.services.clock.now() < last - CLOCK_TOLERANCE:
            raise ClockBehind

    def _scheduler(self) -> AsyncIOScheduler:
        """APScheduler only ticks: it holds no business data, and a tick that is late is made up for."""
        options = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=options)
        scheduler.add_job(self._sweep, "interval", seconds=SWEEP_SECONDS, id="sweep")
        at_once = datetime.now(UTC)
        scheduler.add_job(self._beat, "interval", seconds=HEARTBEAT_SECONDS, id="heartbeat", next_run_time=at_once)
        scheduler.add_job(self.intake.prune, "interval", hours=24, id="prune")
        scheduler.add_job(self._anchor, "interval", hours=24, id="anchor", next_run_time=at_once)
        return scheduler

    async def _anchor(self) -> None:
        """Note daily, outside the database, where every office's chain ends: `trail verify --anchor` looks there."""
        try:
            with self.services.database.read() as conn:
                anchors.write_anchor(conn, self.anchors)
        except OSError:
            log.exception("anchor_not_written")

    async def _sweep(self) -> None:
        try:
            await self.reminding.sweep(self.services.clock.now())
        except Exception:
            log.exception("sweep_failed")

    async def _beat(self) -> None:
        """Leave a sign of life for `sopbot doctor`, and remember when Telegram was last reached."""
        self.heartbeat.write_text(datetime.now(UTC).isoformat(), encoding="ascii")
        reached = self.poller.last_success if self.webhook is None else self.webhook.last_success
        if reached is not None:
            await self.outages.polled(reached)

    async def _introduce(self) -> None:
        """Say how updates are to come, and set the command menus: for everybody, and for the overseers."""
        await self._patiently(self._choose_delivery)
        menus = {None: COMMANDS, **self._overseers_menus()}
        for chat_id, commands in menus.items():
            with contextlib.suppress(DeliveryFailed):  # somebody who has not written to the bot yet
                await self.messenger.set_commands(commands, chat_id)

    async def _choose_delivery(self) -> None:
        if self.webhook is None:
            await self.messenger.bot.delete_webhook()
        else:
            await self.webhook.announce(self.messenger.bot)

    async def _patiently(self, call: Callable[[], Awaitable[None]]) -> None:
        """Repeat a call until Telegram can be reached."""
        while True:
            try:
                return await call()
            except TelegramError as error:
                log.warning("telegram_unreachable", why=type(error).__name__)
                await asyncio.sleep(PATIENCE_SECONDS)

    def _overseers_menus(self) -> dict[int | None, dict[str, str]]:
        with self.services.database.read() as conn:
            rows = [row for office in self.services.definitions.offices for row in people.of_office(conn, office)]
        return {
            row.telegram_id: dict(commands_for(officer_of(row)))
            for row in rows
            if row.telegram_id is not None and row.active and commands_for(officer_of(row)) != COMMANDS
        }


def next_moment(database: Database) -> datetime | None:
    """Return the earliest moment at which a reminder rings or a message may leave."""
    with database.read() as conn:
        moments = (instances.next_moment(conn), outbox_pace.next_moment(conn))
    return min((moment for moment in moments if moment is not None), default=None)
