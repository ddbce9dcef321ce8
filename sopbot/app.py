"""The composition root: the only place that builds adapters and wires them.

Counterparts: `sopbot/bot.py` runs what is wired here, `sopbot/cli/` calls it.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Final

import structlog
from telegram import Bot as TelegramBot

from handlers.desk import Desk
from handlers.dispatch import dispatch
from sopbot.bot import Bot, Services
from sopbot.chat.limiter import Limiter
from sopbot.chat.messenger import TelegramMessenger
from sopbot.chat.poller import Poller
from sopbot.chat.transport import WatchedRequest
from sopbot.chat.webhook import Webhook
from sopbot.clock import OffsetClock, SystemClock
from sopbot.definitions.catalogue import load_all
from sopbot.logs import configure_logging, secrets_of
from sopbot.services.acting import Acting
from sopbot.services.asking import Asking
from sopbot.services.catalogue import Catalogue, publish
from sopbot.services.delivery import Delivery
from sopbot.services.denials import Denials
from sopbot.services.enrolment import Enrolment
from sopbot.services.execute import Execution
from sopbot.services.intake import Intake, Received
from sopbot.services.offices import Offices
from sopbot.services.outages import Outages
from sopbot.services.ports import Clock
from sopbot.services.presenting import Presenting
from sopbot.services.queries import Queries
from sopbot.services.reminding import Reminding
from sopbot.services.rendering import Rendering
from sopbot.settings import Settings
from sopbot.simulator.follower import ClockFollower
from sopbot.store.database import open_database, upgrade

HEARTBEAT_FILE: Final = "heartbeat"
ANCHORS_FILE: Final = "anchors.jsonl"

log = structlog.get_logger(__name__)


class NoToken(Exception):
    """No token is set: put SOPBOT_TOKEN into .env, or try `sopbot simulate`."""


def open_services(settings: Settings, clock: Clock, *, on_commit: Callable[[], None] = lambda: None) -> Services:
    """Open the database and build the services; raises `DatabaseRefused` or `DefinitionErrors`."""
    definitions = load_all(settings.definitions)
    for problem in definitions.problems:
        log.warning("definition_left_out", problem=str(problem))
    database = open_database(settings.database_url)
    offices = Offices(definitions.offices)
    catalogue = Catalogue()
    presenting = Presenting(catalogue, offices)
    execution = Execution(database.writer, catalogue, offices, clock, on_commit)
    enrolment = Enrolment(database.writer, offices, clock)
    return Services(
        database=database,
        definitions=definitions,
        offices=offices,
        clock=clock,
        presenting=presenting,
        execution=execution,
        enrolment=enrolment,
        queries=Queries(database, enrolment, presenting),
    )


@asynccontextmanager
async def building_bot(settings: Settings) -> AsyncIterator[Bot]:
    """Build a bot on the settings; close everything afterwards."""
    if settings.token is None:
        raise NoToken
    settings.prepare_data()
    upgrade(settings.database_url)
    clock = SystemClock() if settings.sim_clock_url is None else OffsetClock()
    wakers: list[Callable[[], None]] = []

    def committed() -> None:
        for wake in wakers:
            wake()

    services = open_services(settings, clock, on_commit=committed)
    try:
        documents = list(services.definitions.documents.values())
        await services.database.writer.run(lambda conn: publish(conn, documents, clock))
        request = WatchedRequest()
        polling = WatchedRequest(connections=2)
        token = settings.token.get_secret_value()
        telegram = TelegramBot(
            token,
            base_url=f"{settings.telegram_api_url}/bot",
            base_file_url=f"{settings.telegram_api_url}/file/bot",
            request=request,
            get_updates_request=polling,
        )
        bot = _wire(settings, services, telegram, polling, token)
        wakers.append(bot.delivery.wake)
        if bot.follower is not None and isinstance(clock, OffsetClock):
            wakers.append(bot.follower.changed)
            bot.delivery.on_drained = bot.follower.changed
            await bot.follower.introduce()
            await _enrol_training(services)
        try:
            yield bot
        finally:
            await request.shutdown()
            await polling.shutdown()
    finally:
        services.database.close()


def _wire(settings: Settings, services: Services, telegram: TelegramBot, polling: WatchedRequest, token: str) -> Bot:
    clock, database = services.clock, services.database
    messenger = TelegramMessenger(telegram)
    limiter = Limiter(clock.now, settings.limit_overall, settings.limit_chat, settings.limit_group)
    desk = Desk(
        messenger=TelegramMessenger(telegram, limiter.wait),
        acting=Acting(database, services.execution, services.presenting),
        asking=Asking(database, clock),
        denials=Denials(database.writer, clock),
        enrolment=services.enrolment,
        execution=services.execution,
        offices=services.offices,
        queries=services.queries,
        now=clock.now,
    )

    async def handle(row: Received) -> None:
        await dispatch(desk, row)

    intake = Intake(database, clock, handle)
    rendering = Rendering(services.presenting)
    delivery = Delivery(database, rendering, messenger, clock, secrets.token_hex(8), limiter.wait)
    reminding = Reminding(database.writer, services.execution, services.presenting, services.execution.on_commit)
    outages = Outages(database, services.offices, clock)

    async def on_gap(gap: timedelta) -> None:
        await outages.noticed(gap)
        delivery.wake()

    webhook = None
    if settings.webhook_url is not None and settings.webhook_secret is not None:
        secret = settings.webhook_secret.get_secret_value()
        webhook = Webhook(
            url=settings.webhook_url, secret=secret, port=settings.port, clock=clock, receive=intake.receive
        )
    poller = Poller(polling, f"{settings.telegram_api_url}/bot{token}/getUpdates", clock, intake.receive, on_gap)
    bot = Bot(
        services=services,
        messenger=messenger,
        poller=poller,
        webhook=webhook,
        intake=intake,
        delivery=delivery,
        reminding=reminding,
        outages=outages,
        follower=None,
        heartbeat=settings.data / HEARTBEAT_FILE,
        anchors=settings.data / ANCHORS_FILE,
    )
    return bot if settings.sim_clock_url is None else _following(bot, settings.sim_clock_url, clock)


def _following(bot: Bot, url: str, clock: Clock) -> Bot:
    """Let the bot follow a simulator's clock; a jump there is no gap in polling."""
    if not isinstance(clock, OffsetClock):
        raise TypeError("Only a clock with an offset can follow another.")
    follower = ClockFollower(
        url=url,
        name="sopbot",  # the same after a restart: the clock waits half a minute for a follower that is gone
        clock=clock,
        settle=bot.settle,
        upcoming=bot.upcoming,
        on_move=bot.poller.forgive_gap,
    )
    return replace(bot, follower=follower)


async def _enrol_training(services: Services) -> None:
    for officers in services.definitions.training.values():
        await services.enrolment.enrol_training(officers)


async def run_bot(settings: Settings, stop: asyncio.Event) -> None:
    """Run the bot until `stop` is set."""
    configure_logging(settings.log, secrets_of(settings))
    async with building_bot(settings) as bot:
        await bot.run(stop)
