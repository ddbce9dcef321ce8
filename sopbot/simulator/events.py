"""Server-sent events: what happened, told to every open page; `sim_http.py` holds the connections."""

import asyncio
from typing import Any

from sopbot.simulator.view import shown, viewers
from sopbot.simulator.world import World

Json = dict[str, Any]
BACKLOG = 10_000


class EventHub:
    """Hands each event to every listener; one that falls far behind is cut off and must read anew."""

    def __init__(self, world: World) -> None:
        """Has no listener."""
        self._world = world
        self._listeners: set[asyncio.Queue[Json | None]] = set()

    def listen(self) -> "asyncio.Queue[Json | None]":
        """Opens a queue of events; None on it means the end."""
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._listeners.add(queue)
        return queue

    def leave(self, queue: "asyncio.Queue[Json | None]") -> None:
        """Closes a queue."""
        self._listeners.discard(queue)

    def close(self) -> None:
        """Ends every listener."""
        for queue in list(self._listeners):
            queue.put_nowait(None)

    def publish(self, events: list[Json]) -> None:
        """Tells events of the world, each as every person concerned sees it."""
        if not self._listeners:
            return
        for event in events:
            for told in self._told(event):
                self.tell(told)

    def tell(self, event: Json) -> None:
        """Tells one event as it is."""
        for queue in list(self._listeners):
            if queue.qsize() >= BACKLOG:
                self._listeners.discard(queue)
                queue.put_nowait(None)
            else:
                queue.put_nowait(event)

    def _told(self, event: Json) -> list[Json]:
        if event["type"] == "commands":
            people = [event["chat"]] if event.get("chat") in self._world.people else list(self._world.people)
            return [{"type": "commands", "person": one} for one in people]
        chat_id = event.get("chat")
        if chat_id is None:
            return [event]
        people = viewers(self._world, chat_id)
        if event["type"] in ("message", "edited"):
            message = self._world.message(chat_id, event["message_id"])
            if message is None:
                return []
            return [
                {"type": event["type"], "person": one, "chat": chat_id, "message": shown(self._world, one, message)}
                for one in people
            ]
        if event["type"] == "chat":
            return [event]
        return [event | {"person": one} for one in people]
