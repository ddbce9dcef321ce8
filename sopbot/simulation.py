"""The simulator with the bot beside it: what `sopbot simulate` runs.

The page is served before the bot is even imported, so that it opens at once; what a person writes meanwhile waits
as it would at Telegram. Counterparts: `sopbot/app.py` builds the bot, `sopbot/simulator/` is the local Telegram.
"""

import asyncio
import importlib
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from sopbot.definitions.catalogue import Catalogue as Definitions
from sopbot.definitions.catalogue import load_all
from sopbot.logs import configure_logging, secrets_of
from sopbot.settings import Settings
from sopbot.simulator.server import DEFAULT_TOKEN, Simulator
from sopbot.simulator.world import Person


def training_people(definitions: Definitions, offices: list[str]) -> list[Person]:
    """Return the made-up officers of some offices as people of the simulator."""
    return [
        Person(id=one.telegram_id, name=one.name, username=one.username, roles=list(one.roles), office=one.office)
        for slug in offices or list(definitions.offices)
        for one in definitions.training.get(slug, ())
    ]


def forget_simulation(data: Path) -> None:
    """Delete the simulated bot's database."""
    for name in ("sopbot.db", "sopbot.db-wal", "sopbot.db-shm"):
        (data / name).unlink(missing_ok=True)


async def simulate(
    settings: Settings,
    *,
    port: int,
    offices: list[str],
    fresh: bool,
    with_bot: bool,
    ready: Callable[[str], None],
    stop: asyncio.Event,
) -> None:
    """Run the simulator until `stop` is set, and beside it the bot unless `with_bot` is False.

    Calls `ready` with the page's address.
    """
    configure_logging(settings.log, secrets_of(settings))
    if fresh:
        forget_simulation(settings.data)
    settings.prepare_data()
    simulator = Simulator(data=settings.data / "telegram", port=port, fresh=fresh)
    try:
        simulator.enrol(training_people(load_all(settings.definitions), offices))
        await simulator.start()
        if not with_bot:
            ready(simulator.url)
            await stop.wait()
            return
        own = {"token": SecretStr(DEFAULT_TOKEN), "telegram_api_url": simulator.url, "sim_clock_url": simulator.url}
        beside = settings.model_copy(update={**own, "limit_overall": 0, "limit_chat": 0, "limit_group": 0})
        simulator.clock.expect_follower()
        ready(simulator.url)
        composition = await asyncio.to_thread(importlib.import_module, "sopbot.app")
        async with composition.building_bot(beside) as bot:
            await bot.run(stop)
    finally:
        await simulator.stop()
