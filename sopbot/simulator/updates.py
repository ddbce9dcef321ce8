"""The queue of updates and long polling, with Telegram's rules for acknowledging, expiry and a second poller.

Its counterpart for push is `webhook.py`.
"""

import asyncio
import zlib
from datetime import datetime, timedelta
from typing import Any

from sopbot.simulator.errors import BY_WEBHOOK, OTHER_POLLER, WEBHOOK_ACTIVE, BotApiError
from sopbot.simulator.world import World

Json = dict[str, Any]
TAP_LIFETIME = timedelta(seconds=150)
UPDATE_LIFETIME = timedelta(hours=24)
IDLE_BEFORE_RENUMBERING = timedelta(days=7)
FUTURE_TOLERANCE = 10
MAX_LIMIT = 100
MAX_TIMEOUT = 50
FIRST_UPDATE = 100_000_001
ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class UpdateQueue:
    """Updates that the bot has not acknowledged yet, oldest first."""

    def __init__(self, world: World) -> None:
        """Loads the queue from the ledger."""
        self._world = world
        self._poll: asyncio.Future[None] | None = None
        self.arrived = asyncio.Event()
        self.reload()

    def reload(self) -> None:
        """Reads the queue again."""
        ledger = self._world.ledger
        self.pending: list[Json] = [value for _, value in ledger.load("update")]
        settings = dict(ledger.load("queue"))
        self.allowed: list[str] | None = settings.get("allowed")
        self.webhook: Json | None = settings.get("webhook")
        self._last: Json | None = settings.get("last")

    def add(self, kind: str, body: Json) -> None:
        """Queues an update unless the bot has not asked for its kind; the caller commits."""
        wanted = kind in self.allowed if self.allowed else kind not in ONLY_ON_REQUEST
        if wanted:
            self.inject({"update_id": self._next_id(), kind: body})

    def inject(self, raw: Json) -> None:
        """Queues an update exactly as given; one without `update_id` gets the next."""
        raw.setdefault("update_id", self._next_id())
        now = self._world.now()
        entry = {"at": now.isoformat(), "until": (now + lifetime(raw)).timestamp(), "raw": raw}
        entry["key"] = f"{self._world.count('update_row'):012d}"
        self.pending.append(entry)
        self._world.ledger.put("update", entry["key"], entry)
        if isinstance(raw["update_id"], int):
            self._save("last", {"id": raw["update_id"], "at": entry["at"]})
        if self._poll and not self._poll.done():
            self._poll.set_result(None)
        self.arrived.set()

    def renumber(self, next_id: int) -> None:
        """Lets the next update have the given id, as after a week without updates."""
        self._save("last", {"id": next_id - 1, "at": self._world.now().isoformat()})

    async def fetch(self, offset: int, limit: int, patience: int, allowed: list[str] | None) -> list[Json]:
        """Answers getUpdates: acknowledges, then waits up to `patience` real seconds for something to deliver."""
        if self.webhook:
            raise BotApiError(409, WEBHOOK_ACTIVE)
        self.terminate(OTHER_POLLER)
        if allowed is not None:
            self.allow(allowed)
        self._acknowledge(offset)
        self._world.commit()
        count = limit if 0 < limit <= MAX_LIMIT else MAX_LIMIT
        found = self.available(count)
        if found or patience <= 0:
            return found
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(min(patience, MAX_TIMEOUT)):
                await poll
        except TimeoutError:
            return []
        finally:
            if self._poll is poll:
                self._poll = None
        return self.available(count)

    def terminate(self, reason: str) -> None:
        """Ends the poll that is waiting: at Telegram the earlier request is the one that loses."""
        if self._poll and not self._poll.done():
            self._poll.set_exception(BotApiError(409, reason))
        self._poll = None

    def available(self, limit: int) -> list[Json]:
        """Drops what is too old and returns the first `limit` updates."""
        self._expire()
        return [entry["raw"] for entry in self.pending[:limit]]

    def allow(self, kinds: list[str]) -> None:
        """Remembers which kinds of update the bot wants; an empty list means the default."""
        self.allowed = kinds or None
        self._save("allowed", self.allowed)

    def set_webhook(self, webhook: Json | None) -> None:
        """Switches between push and polling; a waiting poll ends with 409."""
        if webhook:
            self.terminate(BY_WEBHOOK)
        self.webhook = webhook
        self._save("webhook", webhook)
        self.arrived.set()

    def note_failure(self, reason: str) -> None:
        """Keeps the webhook's last failure for getWebhookInfo."""
        failure = {"last_error_date": self._world.date(), "last_error_message": reason}
        self.webhook = (self.webhook or {}) | failure
        self._save("webhook", self.webhook)

    def drop_all(self) -> None:
        """Forgets every waiting update."""
        self._drop(self.pending)

    def drop_first(self) -> None:
        """Forgets the oldest update: the webhook has taken it."""
        self._drop(self.pending[:1])

    def _acknowledge(self, offset: int) -> None:
        if offset < 0:
            self._drop(self.pending[:offset])
            return
        last = self._last["id"] if self._last else 0
        if offset > last + FUTURE_TOLERANCE:
            return  # an offset from before the ids were chosen anew: Telegram starts from the oldest
        self._drop([entry for entry in self.pending if number(entry) < offset])

    def _expire(self) -> None:
        now = self._world.now().timestamp()
        self._drop([entry for entry in self.pending if entry["until"] < now])
        self._world.ledger.commit()

    def _drop(self, entries: list[Json]) -> None:
        gone = {entry["key"] for entry in entries}
        if not gone:
            return
        for key in gone:
            self._world.ledger.remove("update", key)
        self.pending = [entry for entry in self.pending if entry["key"] not in gone]

    def _next_id(self) -> int:
        """Counts on; after a week without updates Telegram chooses the next number anew."""
        if self._last is None:
            return FIRST_UPDATE
        last = int(self._last["id"])
        if self._world.now() - datetime.fromisoformat(self._last["at"]) > IDLE_BEFORE_RENUMBERING:
            return FIRST_UPDATE + zlib.crc32(str(last).encode()) % 800_000_000
        return last + 1

    def _save(self, key: str, value: object) -> None:
        if key == "last":
            self._last = value  # type: ignore[assignment]
        self._world.ledger.put("queue", key, value)


def number(entry: Json) -> int:
    """Gives an update's id; an injected one without a usable id counts as oldest."""
    value = entry["raw"]["update_id"]
    return value if isinstance(value, int) else 0


def lifetime(raw: Json) -> timedelta:
    """Tells how long Telegram keeps an update: a tap about 150 s, anything else 24 h."""
    return TAP_LIFETIME if "callback_query" in raw else UPDATE_LIFETIME
