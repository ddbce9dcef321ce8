"""Taps on buttons that wait for the bot's answer; `acts.py` presses, `answering.py` answers."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from sopbot.simulator.errors import QUERY_TOO_OLD, SimError, bad_request
from sopbot.simulator.world import World

Json = dict[str, Any]
QUERY_LIFETIME = timedelta(seconds=150)
ANSWER_PATIENCE = 10.0


class Taps:
    """Callback queries by id; who pressed is still waiting for some of them."""

    def __init__(self, world: World, patience: float = ANSWER_PATIENCE) -> None:
        """`patience`: real seconds that a tap waits for its answer."""
        self._world = world
        self._patience = patience
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    def open(self, person_id: int) -> str:
        """Makes a new query id; the caller commits."""
        query_id = str(4_000_000_000_000_000_000 + self._world.count("query"))
        self._world.queries[query_id] = {"person": person_id, "at": self._world.now().isoformat()}
        self._world.ledger.put("query", query_id, self._world.queries[query_id])
        return query_id

    async def answer_to(self, query_id: str) -> Json:
        """Waits for the bot's answer; SimError 504 after the patience."""
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[query_id] = future
        try:
            async with asyncio.timeout(self._patience):
                return await future
        except TimeoutError:
            raise SimError(504, f"the bot did not answer the tap within {self._patience:g} seconds") from None
        finally:
            del self._waiting[query_id]

    def close(self) -> None:
        """Ends every wait."""
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(SimError(503, "the simulator is stopping"))

    def answer(self, query_id: str, answer: Json) -> None:
        """Takes the bot's answer; BotApiError if the query is unknown or too old. The caller commits."""
        query = self._world.queries.get(query_id)
        if query is None or self._world.now() - datetime.fromisoformat(query["at"]) > QUERY_LIFETIME:
            raise bad_request(QUERY_TOO_OLD)
        self._world.ledger.put("query", query_id, query | {"answer": answer})
        self._world.queries[query_id] = query | {"answer": answer}
        future = self._waiting.get(query_id)
        if future and not future.done():
            future.set_result(answer)
