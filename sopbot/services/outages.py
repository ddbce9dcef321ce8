"""After a gap in polling: Telegram forgets taps that nobody fetched, so officers with open work are told once.

Counterpart: `sopbot/chat/poller.py` notices the gap; the time of the last poll also survives a restart.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from sopbot.services.offices import Offices
from sopbot.services.ports import Clock
from sopbot.services.rendering import RETAP
from sopbot.store import meta, outbox, people, work_lists
from sopbot.store.database import Database

GAP: Final = timedelta(seconds=120)
LAST_POLL: Final = "last_poll"

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Outages:
    """Remembers when Telegram was last reached."""

    database: Database
    offices: Offices
    clock: Clock

    async def polled(self, at: datetime) -> None:
        """Remember the last successful poll."""
        await self.database.writer.run(lambda conn: meta.put(conn, LAST_POLL, at.isoformat()))

    async def after_start(self) -> int:
        """Tell the officers if the process was away too long; return how many were told."""
        with self.database.read() as conn:
            stored = meta.get(conn, LAST_POLL)
        away = timedelta() if stored is None else self.clock.now() - datetime.fromisoformat(stored)
        return await self.noticed(away) if away > GAP else 0

    async def noticed(self, gap: timedelta) -> int:
        """Ask every enrolled officer with open work, once for this gap, to press again what got lost."""
        log.warning("polling_gap", seconds=int(gap.total_seconds()))
        at = self.clock.now()
        return await self.database.writer.run(lambda conn: self._ask(conn, at))

    def _ask(self, conn: Connection, at: datetime) -> int:
        messages = []
        for office in self.offices.definitions:
            for row in people.of_office(conn, office):
                if row.telegram_id is None or not row.active:
                    continue
                if work_lists.of_officer(conn, row.id, office, row.roles):
                    messages.append(_message(office, row.id, at))
        return outbox.put(conn, messages, at)


def _message(office: str, officer_id: int, at: datetime) -> outbox.Message:
    return outbox.Message(
        office=office,
        recipient=officer_id,
        chat_id=None,
        kind=RETAP,
        instance=None,
        assignment=None,
        rung=None,
        epoch=0,
        urgency=10,
        not_before=at,
    )
