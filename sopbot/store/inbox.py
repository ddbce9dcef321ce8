"""Updates as they came, kept before Telegram hears that they were received.

The hash of the raw bytes is part of the key, because Telegram numbers updates anew after a quiet week.
Counterpart: `sopbot/services/intake.py` works through what is pending.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Executable, bindparam, delete, select, update

from sopbot.store.instants import from_micros
from sopbot.store.statement import Statement, fixed, upsert
from sopbot.store.tables.messages import inbox


@dataclass(frozen=True, slots=True, kw_only=True)
class RawUpdate:
    """An update: its number, and its bytes as they were read from the network."""

    update_id: int
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """An update that waits to be handled."""

    id: int
    update_id: int
    hash_hex: str
    raw: bytes
    received_at: datetime


def _receive(dialect: str) -> Executable:
    return upsert(dialect, inbox, without=frozenset({"id"})).on_conflict_do_nothing().returning(inbox.c.id)


_RECEIVE = Statement(by_dialect=_receive)
_PENDING = Statement(
    select(inbox.c.id, inbox.c.update_id, inbox.c.hash, inbox.c.raw, inbox.c.received_at)
    .where(inbox.c.state == fixed("new"), inbox.c.id > bindparam("above"))
    .order_by(inbox.c.id)
    .limit(bindparam("most")),
)
_END = Statement(
    update(inbox)
    .where(inbox.c.id == bindparam("which"), inbox.c.state == fixed("new"))
    .values(state=bindparam("new_state"), error=bindparam("why"), finished_at=bindparam("now")),
)
_PRUNE = Statement(delete(inbox).where(inbox.c.state == "done", inbox.c.finished_at < bindparam("before")))


def receive(conn: Connection, updates: Sequence[RawUpdate], at: datetime) -> list[int]:
    """Keep updates and return the ids of those that are new; the same number and bytes count once."""
    new = []
    for one in updates:
        row = _RECEIVE.run(
            conn,
            update_id=one.update_id,
            hash=hashlib.sha256(one.raw).digest(),
            raw=one.raw,
            received_at=at,
            state="new",
            error=None,
            finished_at=None,
        ).first()
        if row is not None:
            new.append(int(row[0]))
    return new


def pending(conn: Connection, limit: int = 1000, *, after: int = 0) -> list[InboxRow]:
    """Return the oldest updates that nobody has handled yet, those with a number above `after`."""
    return [
        InboxRow(
            id=row[0],
            update_id=row[1],
            hash_hex=bytes(row[2]).hex(),
            raw=bytes(row[3]),
            received_at=from_micros(row[4]),
        )
        for row in _PENDING.run(conn, most=limit, above=after)
    ]


def finish(conn: Connection, inbox_id: int, at: datetime) -> bool:
    """Mark an update as handled; False if somebody did so before, and then it must have no effect again."""
    return _END.run(conn, which=inbox_id, new_state="done", why=None, now=at).rowcount == 1


def quarantine(conn: Connection, inbox_id: int, error: str, at: datetime) -> bool:
    """Set an update aside that cannot be handled; False if it was no longer new."""
    return _END.run(conn, which=inbox_id, new_state="quarantined", why=error, now=at).rowcount == 1


def prune(conn: Connection, before: datetime) -> int:
    """Forget updates handled before a moment and return how many; those in quarantine stay."""
    return _PRUNE.run(conn, before=before).rowcount
