"""`/sim/clock`, `/sim/events`, `/sim/journal`, `/sim/faults`, `/sim/updates`: the controls of the simulated world."""

import asyncio
from datetime import datetime
from typing import Any

from tornado.iostream import StreamClosedError

from sopbot.simulator.clock import FOLLOW_LIMIT, SimulatorClock
from sopbot.simulator.errors import SimError
from sopbot.simulator.events import EventHub
from sopbot.simulator.faults import Faults
from sopbot.simulator.ledger import compact
from sopbot.simulator.sim_http import TelegramHandler

Json = dict[str, Any]
HEARTBEAT = 15.0
JOURNAL_PAGE = 10_000
POISON: Json = {"message": {"message_id": "not a number", "date": "not a date", "chat": 0, "text": "poison"}}


class ClockPart(TelegramHandler):
    """A call that touches the clock."""

    @property
    def clock(self) -> SimulatorClock:
        """The clock."""
        return self.telegram.world.clock


class ClockHandler(ClockPart):
    """`/sim/clock`."""

    def get(self) -> None:
        """Tells the time."""
        self.reply(self.clock.describe())

    async def post(self) -> None:
        """Moves the clock forward and answers when the work then due has been sent."""
        given = self.body()
        if isinstance(given.get("advance"), (int, float)) and not isinstance(given["advance"], bool):
            await self.clock.advance(given["advance"])
        elif isinstance(given.get("to"), str):
            await self.clock.move_to(moment(given["to"]))
        else:
            raise SimError(400, 'give {"advance": seconds} or {"to": ISO 8601 with offset}')
        self.reply(self.clock.describe())


class FollowHandler(ClockPart):
    """`/sim/clock/follow`."""

    async def get(self) -> None:
        """Waits for the clock to jump."""
        name = self.get_query_argument("name", "follower")
        await self.clock.follow(name, self.number("version", -1), FOLLOW_LIMIT)
        self.reply({"now": self.clock.now().isoformat(), "version": self.clock.version})


class SettledHandler(ClockPart):
    """`/sim/clock/settled`."""

    async def post(self) -> None:
        """Notes that a follower has finished what was due."""
        given = self.body()
        upcoming = given.get("next")
        if not isinstance(given.get("version"), int):
            raise SimError(400, "version must be a number")
        await self.clock.settle(
            str(given.get("name", "follower")), given["version"], moment(upcoming) if upcoming else None
        )
        self.reply(self.clock.describe())


def moment(text: object) -> datetime:
    """Reads an ISO 8601 moment with an offset; SimError 400."""
    try:
        value = datetime.fromisoformat(str(text))
    except ValueError:
        value = None
    if value is None or value.tzinfo is None:
        raise SimError(400, f"not a moment in ISO 8601 with an offset: {text}")
    return value


class EventsHandler(TelegramHandler):
    """`/sim/events`."""

    gone: asyncio.Event

    def initialize(self) -> None:
        """Makes the event that tells when the page has gone."""
        self.gone = asyncio.Event()

    def on_connection_close(self) -> None:
        """Notes that the page has gone."""
        self.gone.set()

    async def get(self) -> None:
        """Streams events until the page goes or the simulator stops."""
        hub: EventHub = self.settings["hub"]
        queue = hub.listen()
        self.set_header("Content-Type", "text/event-stream")
        try:
            self.write(": connected\n\n")
            await self.flush()
            while not self.gone.is_set():
                try:
                    event = await asyncio.wait_for(queue.get(), HEARTBEAT)
                except TimeoutError:
                    self.write(": still here\n\n")
                else:
                    if event is None:
                        return
                    self.write(f"data: {compact(event)}\n\n")
                await self.flush()
        except StreamClosedError:
            return
        finally:
            hub.leave(queue)


class JournalHandler(TelegramHandler):
    """`/sim/journal`."""

    def get(self) -> None:
        """Lists Bot API calls after `since`."""
        limit = min(self.number("limit", JOURNAL_PAGE), JOURNAL_PAGE)
        self.reply(self.telegram.world.ledger.entries(self.number("since", 0), limit))


class FaultsHandler(TelegramHandler):
    """`/sim/faults`."""

    @property
    def faults(self) -> Faults:
        """The faults still to come."""
        faults: Faults = self.settings["faults"]
        return faults

    def get(self) -> None:
        """Lists the faults still to come."""
        self.reply(self.faults.waiting)

    def post(self) -> None:
        """Adds a fault; `poison` and `refuse` take effect at once."""
        given = self.body()
        if given.get("kind") == "poison":
            for _ in range(int(self.given_number(given, "times", 1))):
                self.telegram.updates.inject(dict(POISON))
            fault: Json = {"kind": "poison"}
        elif given.get("kind") == "refuse":
            seconds = self.given_number(given, "seconds", 1)
            self.settings["refuse"](seconds)
            fault = {"kind": "refuse", "seconds": seconds}
        else:
            fault = self.faults.add(given)
        self.telegram.world.commit()
        self.reply(fault, 201)

    def delete(self) -> None:
        """Removes all faults."""
        self.faults.clear()
        self.telegram.world.commit()
        self.reply([])


class UpdatesHandler(TelegramHandler):
    """`/sim/updates`."""

    def get(self) -> None:
        """Lists the updates that the bot has not acknowledged."""
        self.reply([entry["raw"] for entry in self.telegram.updates.pending])

    def post(self) -> None:
        """Queues `raw` exactly as given, or chooses the next update's id (`next_update_id`)."""
        given = self.body()
        if isinstance(given.get("next_update_id"), int):
            self.telegram.updates.renumber(given["next_update_id"])
        elif isinstance(given.get("raw"), dict):
            self.telegram.updates.inject(given["raw"])
        else:
            raise SimError(400, 'give {"raw": an update} or {"next_update_id": number}')
        self.telegram.world.commit()
        self.reply({"pending": len(self.telegram.updates.pending)}, 201)
