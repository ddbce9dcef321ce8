"""The simulator as a whole: wires its parts, listens on loopback and stops cleanly; `app.py` starts it."""

import asyncio
import shutil
import socket
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application, StaticFileHandler

from sopbot.simulator import bot_http, sim_control, sim_http
from sopbot.simulator.call import Telegram
from sopbot.simulator.clock import STEP_PATIENCE, SimulatorClock, wall_time
from sopbot.simulator.dispatch import Dispatcher
from sopbot.simulator.events import EventHub
from sopbot.simulator.faults import Faults
from sopbot.simulator.ledger import Ledger
from sopbot.simulator.taps import ANSWER_PATIENCE, Taps
from sopbot.simulator.updates import UpdateQueue
from sopbot.simulator.uploads import Files
from sopbot.simulator.web import MAX_UPLOAD, MULTIPART_SLACK, LoopbackHandler
from sopbot.simulator.webhook import WebhookDelivery
from sopbot.simulator.world import Person, World

Json = dict[str, Any]
PAGE = Path(__file__).parent / "page"
HOST = "127.0.0.1"
DEFAULT_TOKEN = "1234567890:SIMULATOR-0000000000000000000000000"  # noqa: S105 - opens nothing but this simulator
MAX_HEADERS = 64 * 1024


class PageHandler(LoopbackHandler, StaticFileHandler):
    """The chat page, to this machine only."""


class Simulator:
    """A local Telegram for one bot, on 127.0.0.1."""

    def __init__(
        self,
        *,
        data: Path,
        port: int = 0,
        token: str = DEFAULT_TOKEN,
        bot_username: str = "simulasi_bot",
        bot_name: str = "Bot Simulasi",
        fresh: bool = False,
        wall: Callable[[], datetime] = wall_time,
        tap_patience: float = ANSWER_PATIENCE,
        step_patience: float = STEP_PATIENCE,
        page: Path = PAGE,
    ) -> None:
        """Opens (or with `fresh` wipes) the state in `data`; port 0 takes any free one; patience in seconds."""
        if fresh and data.exists():
            wipe(data)
        self._ledger = Ledger(data / "simulator.sqlite3")
        self.clock = SimulatorClock(self._ledger, wall=wall, on_change=self._clock_changed, patience=step_patience)
        bot = {
            "id": int(token.split(":", 1)[0]),
            "is_bot": True,
            "first_name": bot_name,
            "username": bot_username,
        }
        self.world = World(self._ledger, self.clock, bot)
        self.faults = Faults(self._ledger)
        self.updates = UpdateQueue(self.world)
        self._hub = EventHub(self.world)
        self.world.on_commit = self._hub.publish
        telegram = Telegram(
            world=self.world,
            updates=self.updates,
            files=Files(self.world, data / "files"),
            taps=Taps(self.world, tap_patience),
        )
        self.telegram = telegram
        self.token = token
        self.port = port
        self._page = page
        self._stopping = asyncio.Event()
        self._refusing = 0
        self._dispatcher = Dispatcher(telegram, self.faults, token)
        self._tasks: set[asyncio.Task[None]] = set()
        self._servers: list[HTTPServer] = []

    @property
    def url(self) -> str:
        """The address of page and Bot API, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    def enrol(self, people: Sequence[Person]) -> None:
        """Makes people known, by id; enrolling again brings name, roles and office up to date."""
        for person in people:
            self.world.enrol(person)
        self.world.commit()

    async def start(self) -> int:
        """Listens; returns the port. OSError if it is taken."""
        self._listen()
        self._own(WebhookDelivery(self.world, self.updates).run())
        return self.port

    async def stop(self) -> None:
        """Stops listening, ends every waiting request and closes the files; a second call does nothing."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        self._hub.close()
        self.telegram.taps.close()
        await self.clock.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for server in self._servers:
            server.stop()
            await server.close_all_connections()
        self._ledger.close()

    def refuse(self, seconds: float) -> None:
        """Refuses connections for some real seconds, as a server does that is down."""
        self._own(self._refuse(seconds))

    async def _refuse(self, seconds: float) -> None:
        self._refusing += 1
        self._servers[-1].stop()
        try:
            await asyncio.sleep(seconds)
        finally:
            self._refusing -= 1
        if not self._refusing:
            self._listen()

    def _listen(self) -> None:
        """Opens the port with a server of its own: Tornado's can't listen again once stopped."""
        opened = socket.create_server((HOST, self.port), backlog=128)
        opened.setblocking(False)  # noqa: FBT003 - the standard library takes no keyword here
        self.port = opened.getsockname()[1]
        server = HTTPServer(
            self._application(), max_body_size=MAX_UPLOAD + MULTIPART_SLACK, max_header_size=MAX_HEADERS
        )
        server.add_socket(opened)
        self._servers.append(server)

    def _own(self, work: Any) -> None:  # noqa: ANN401 - any coroutine
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _clock_changed(self) -> None:
        self._hub.tell({"type": "clock", **self.clock.describe()})

    def _reload(self) -> None:
        self.world.reload()
        self.updates.reload()
        self.faults.reload()

    def _application(self) -> Application:
        person, chat = r"/sim/people/(\d+)", r"/sim/chats/(-\d+)"
        return Application(
            [
                (r"/bot([^/]+)/(\w+)/?", bot_http.BotApiHandler),
                (r"/file/bot([^/]+)/(.+)", bot_http.FileHandler),
                (r"/sim/people", sim_http.PeopleHandler),
                (rf"{person}/messages", sim_http.MessagesHandler),
                (rf"{person}/messages/(\d+)", sim_http.MessageHandler),
                (rf"{person}/taps", sim_http.TapsHandler),
                (rf"{person}/block", sim_http.BlockHandler),
                (rf"{person}/commands", sim_http.CommandsHandler),
                (rf"{person}/reply", sim_http.ReplyHandler),
                (r"/sim/chats", sim_http.ChatsHandler),
                (rf"{chat}/members", sim_http.ChatMembersHandler),
                (rf"{chat}/messages", sim_http.ChatMessagesHandler),
                (rf"{chat}/upgrade", sim_http.ChatUpgradeHandler),
                (r"/sim/files/([\w-]+)", sim_http.FileHandler),
                (r"/sim/clock", sim_control.ClockHandler),
                (r"/sim/clock/follow", sim_control.FollowHandler),
                (r"/sim/clock/settled", sim_control.SettledHandler),
                (r"/sim/events", sim_control.EventsHandler),
                (r"/sim/journal", sim_control.JournalHandler),
                (r"/sim/faults", sim_control.FaultsHandler),
                (r"/sim/updates", sim_control.UpdatesHandler),
                (r"/page/(.*)", PageHandler, {"path": str(self._page)}),
                (r"/()", PageHandler, {"path": str(self._page), "default_filename": "index.html"}),
            ],
            default_handler_class=sim_http.UnknownHandler,
            log_function=lambda _handler: None,
            port=lambda: self.port,
            token=self.token,
            dispatcher=self._dispatcher,
            faults=self.faults,
            hub=self._hub,
            stopping=self._stopping,
            refusing=lambda: self._refusing > 0,
            refuse=self.refuse,
            reload=self._reload,
        )


def wipe(data: Path) -> None:
    """Removes the simulator's own files and nothing else from its folder."""
    for suffix in ("", "-wal", "-shm"):
        (data / f"simulator.sqlite3{suffix}").unlink(missing_ok=True)
    shutil.rmtree(data / "files", ignore_errors=True)
