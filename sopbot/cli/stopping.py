"""How a running command is told to stop: SIGTERM and Ctrl-C set an event, and what runs finishes by itself.

Counterpart: `sopbot/bot.py` finishes what it has begun. A second Ctrl-C ends the program at once.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
)  # Windows has the last one for its console's Ctrl-Break


def run_until_stopped(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run `work` in an event loop; it gets the event that tells it to stop."""

    async def running() -> None:
        stop = asyncio.Event()
        with _signals_set(stop):
            await work(stop)

    asyncio.run(running())


@contextmanager
def _signals_set(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    before = {}

    def told(number: int, frame: FrameType | None) -> None:
        del frame
        signal.signal(number, signal.SIG_DFL)
        loop.call_soon_threadsafe(stop.set)

    # Not the loop's own add_signal_handler: Windows has none.
    for number in SIGNALS:
        before[number] = signal.signal(number, told)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
