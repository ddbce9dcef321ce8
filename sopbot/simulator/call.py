"""One Bot API call on its way through the simulator, and what every method needs; `dispatch.py` makes it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sopbot.simulator.taps import Taps
from sopbot.simulator.updates import UpdateQueue
from sopbot.simulator.uploads import Files, Upload
from sopbot.simulator.world import World

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telegram:
    """The parts of the simulated Telegram that a method may touch."""

    world: World
    updates: UpdateQueue
    files: Files
    taps: Taps


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A validated call: documented method name, typed parameters, uploaded files by the name they were sent under."""

    telegram: Telegram
    method: str
    parameters: Json
    uploads: dict[str, Upload] = field(default_factory=dict)

    @property
    def world(self) -> World:
        """The state."""
        return self.telegram.world

    def get(self, name: str) -> Any:  # noqa: ANN401 - the schema has checked the type
        """Returns a parameter, or None."""
        return self.parameters.get(name)


Method = Callable[[Call], object]
