"""Messages that are to be sent: put in the transaction that causes them, claimed and settled by the delivery.

waiting → claimed → sent | skipped | failed | unknown, or back to waiting. `unknown` means that nobody can tell
whether it arrived and that it is not repeated. A chat has one claimed message at a time, so its order holds.
Counterpart: `sopbot/services/delivery.py`; holds and counts are in `sopbot/store/outbox_pace.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Executable, and_, bindparam, case, func, or_, select, update

from sopbot.store.instants import from_micros
from sopbot.store.outbox_pace import counts, hold_chat, next_moment, release_chats
from sopbot.store.statement import POSTGRESQL, Statement, fixed, upsert
from sopbot.store.tables.messages import chat_hold, outbox
from sopbot.store.tables.people import officer

__all__ = [
    "Claimed",
    "Message",
    "claim",
    "counts",
    "fail",
    "hold_chat",
    "next_moment",
    "orphans",
    "postpone",
    "put",
    "release_chats",
    "retry",
    "sent",
    "skip",
    "uncertain",
]

REPEAT_AFTER: Final = timedelta(seconds=60)
_CLAIM_LOCK: Final = 7_205_759_403_792_794  # any number that nothing else locks


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to an officer (`recipient`) or to a chat; the higher `urgency`, the sooner among those due.

    The same instance, assignment, addressee, kind, `rung` and `epoch` are put once, if there is a rung.
    `repeatable`: may be sent once more where nobody knows whether it arrived.
    """

    office: str
    recipient: int | None
    chat_id: int | None
    kind: str
    instance: int | None
    assignment: int | None
    rung: str | None
    epoch: int
    data: Mapping[str, Any] = field(default_factory=dict)
    urgency: int = 0
    not_before: datetime
    repeatable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message that this process is now to send; `attempts` counts this one.

    `chat_id` is where it goes: the row's own chat or the officer's account, None for one who is not enrolled.
    """

    id: int
    office: str
    recipient: int | None
    chat_id: int | None
    telegram_id: int | None
    active: bool
    kind: str
    instance: int | None
    assignment: int | None
    rung: str | None
    epoch: int
    data: dict[str, Any]
    urgency: int
    repeatable: bool
    created_at: datetime
    not_before: datetime
    attempts: int
    uncertain: int


def _put(dialect: str) -> Executable:
    return upsert(dialect, outbox, without=frozenset({"id"})).on_conflict_do_nothing()


_WITH_CHAT = outbox.outerjoin(officer, officer.c.id == outbox.c.recipient)
_CHAT = func.coalesce(outbox.c.chat_id, officer.c.telegram_id).label("chat")
_PUT = Statement(by_dialect=_put)
_BUSY_CHATS = Statement(select(_CHAT).select_from(_WITH_CHAT).where(outbox.c.state == fixed("claimed")))
_HELD_CHATS = Statement(select(chat_hold.c.chat_id).where(chat_hold.c.until > bindparam("now")))
_CANDIDATES = Statement(
    select(
        outbox.c.id,
        _CHAT,
        outbox.c.office,
        outbox.c.recipient,
        officer.c.active,
        officer.c.telegram_id,
        outbox.c.kind,
        outbox.c.instance,
        outbox.c.assignment,
        outbox.c.rung,
        outbox.c.epoch,
        outbox.c.data,
        outbox.c.rank,
        outbox.c.repeatable,
        outbox.c.created_at,
        outbox.c.not_before,
        outbox.c.attempts,
        outbox.c.uncertain,
    )
    .select_from(_WITH_CHAT)
    .where(outbox.c.state == fixed("waiting"), outbox.c.not_before <= bindparam("now"))
    .order_by(outbox.c.rank, outbox.c.id),
)
_CLAIM = Statement(
    update(outbox)
    .where(outbox.c.id == bindparam("which"), outbox.c.state == fixed("waiting"))
    .values(
        state="claimed",
        attempts=outbox.c.attempts + 1,
        boot=bindparam("new_boot"),
        claimed_at=bindparam("now"),
    ),
)
_SENT = Statement(
    update(outbox)
    .where(outbox.c.id == bindparam("which"), outbox.c.state != "sent")
    .values(state="sent", done_at=bindparam("now"), message_id=bindparam("new_message_id"), error=None),
)
_WAIT_AGAIN = Statement(
    update(outbox)
    .where(outbox.c.id == bindparam("which"), outbox.c.state == fixed("claimed"))
    .values(
        state="waiting",
        not_before=bindparam("then"),
        uncertain=outbox.c.uncertain + bindparam("more"),
        error=bindparam("why"),
    ),
)
_POSTPONE = Statement(
    update(outbox)
    .where(outbox.c.id == bindparam("which"), outbox.c.state == fixed("claimed"))
    .values(state="waiting", not_before=bindparam("then"), attempts=outbox.c.attempts - 1),
)
_END = Statement(
    update(outbox)
    .where(
        outbox.c.id == bindparam("which"),
        or_(outbox.c.state == fixed("waiting"), outbox.c.state == fixed("claimed")),
    )
    .values(
        state=bindparam("new_state"),
        done_at=bindparam("now"),
        error=bindparam("why"),
    ),
)
_GIVE_UP = Statement(
    update(outbox)
    .where(outbox.c.id == bindparam("which"), outbox.c.state == fixed("claimed"))
    .values(
        state="unknown",
        uncertain=outbox.c.uncertain + 1,
        done_at=outbox.c.claimed_at,
        error=bindparam("why"),
    ),
)
_ORPHANS = Statement(
    update(outbox)
    .where(
        outbox.c.state == fixed("claimed"),
        outbox.c.boot != bindparam("this_boot"),
        outbox.c.claimed_at <= bindparam("before"),
    )
    .values(
        state=case((and_(outbox.c.repeatable, outbox.c.uncertain == 0), "waiting"), else_="unknown"),
        done_at=case((and_(outbox.c.repeatable, outbox.c.uncertain == 0), None), else_=bindparam("now")),
        not_before=bindparam("then"),
        uncertain=outbox.c.uncertain + 1,
        error="the process that was sending it ended",
    ),
)


def put(conn: Connection, messages: Sequence[Message], at: datetime) -> int:
    """Add messages and return how many were new; a rung that was put before is left as it is."""
    added = 0
    for one in messages:
        added += _PUT.run(
            conn,
            office=one.office,
            recipient=one.recipient,
            chat_id=one.chat_id,
            kind=one.kind,
            instance=one.instance,
            assignment=one.assignment,
            rung=one.rung,
            epoch=one.epoch,
            once=_once(one),
            data=json.dumps(one.data, ensure_ascii=False, separators=(",", ":")),
            rank=-one.urgency,
            repeatable=one.repeatable,
            not_before=one.not_before,
            created_at=at,
            state="waiting",
            attempts=0,
            uncertain=0,
            boot=None,
            claimed_at=None,
            done_at=None,
            message_id=None,
            error=None,
        ).rowcount
    return added


def claim(conn: Connection, at: datetime, boot: str, limit: int) -> list[Claimed]:
    """Claim up to `limit` messages due at `at` for the process `boot`: the most urgent first, then the oldest.

    At most one for each chat, none for a chat that is held or has a message claimed by anybody.
    """
    if conn.dialect.name == POSTGRESQL:
        # Two processes that claim at once would not see each other's claims and could share a chat.
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CLAIM_LOCK})")
    busy = {row[0] for row in _BUSY_CHATS.run(conn)} | {row[0] for row in _HELD_CHATS.run(conn, now=at)}
    busy.discard(None)
    chosen = list(_first_of_each_chat(conn, at, busy, limit))
    # Of a row that another process ended meanwhile, nothing is claimed.
    return [one for one in chosen if _CLAIM.run(conn, which=one.id, new_boot=boot, now=at).rowcount == 1]


def sent(conn: Connection, outbox_id: int, at: datetime, message_id: int | None) -> bool:
    """Record that a message arrived, even if it was given up in the meantime; False if that was known."""
    return _SENT.run(conn, which=outbox_id, now=at, new_message_id=message_id).rowcount == 1


def retry(conn: Connection, outbox_id: int, not_before: datetime, error: str) -> bool:
    """Put back a claimed message that was surely not sent; False if it was not claimed."""
    return _WAIT_AGAIN.run(conn, which=outbox_id, then=not_before, more=0, why=error).rowcount == 1


def postpone(conn: Connection, outbox_id: int, not_before: datetime) -> bool:
    """Put back a claimed message that was not even tried, for want of a free slot; it does not count as an attempt."""
    return _POSTPONE.run(conn, which=outbox_id, then=not_before).rowcount == 1


def uncertain(conn: Connection, outbox_id: int, not_before: datetime | None, error: str) -> bool:
    """Record that nobody knows whether a claimed message arrived; None as `not_before`: do not repeat it."""
    if not_before is None:
        return _GIVE_UP.run(conn, which=outbox_id, why=error).rowcount == 1
    return _WAIT_AGAIN.run(conn, which=outbox_id, then=not_before, more=1, why=error).rowcount == 1


def skip(conn: Connection, outbox_id: int, why: str, at: datetime) -> bool:
    """Record that a message is no longer worth sending; False if it had ended before."""
    return _END.run(conn, which=outbox_id, new_state="skipped", now=at, why=why).rowcount == 1


def fail(conn: Connection, outbox_id: int, error: str, at: datetime) -> bool:
    """Record that a message can never be sent; False if it had ended before."""
    return _END.run(conn, which=outbox_id, new_state="failed", now=at, why=error).rowcount == 1


def orphans(conn: Connection, boot: str, at: datetime, *, claimed_before: datetime | None = None) -> int:
    """Give up the claims of other processes and return how many: each is an uncertain attempt.

    A repeatable message waits a minute and goes out once more, unless it was uncertain before; the others end as
    unknown. Where several processes run, `claimed_before` spares those that may still be sending.
    """
    before = at if claimed_before is None else claimed_before
    return _ORPHANS.run(conn, this_boot=boot, before=before, now=at, then=at + REPEAT_AFTER).rowcount


def _first_of_each_chat(conn: Connection, at: datetime, busy: set[int], limit: int) -> Iterator[Claimed]:
    chosen = 0
    rows = _CANDIDATES.run(conn, now=at)
    try:
        for row in rows:
            chat: int | None = row[1]
            if chat in busy:
                continue
            if chosen == limit:
                break
            if chat is not None:
                busy.add(chat)
            chosen += 1
            yield _claimed(row)
    finally:
        rows.close()


def _claimed(row: Sequence[Any]) -> Claimed:
    return Claimed(
        id=row[0],
        chat_id=row[1],
        office=row[2],
        recipient=row[3],
        active=row[3] is None or bool(row[4]),
        telegram_id=row[5],
        kind=row[6],
        instance=row[7],
        assignment=row[8],
        rung=row[9],
        epoch=row[10],
        data=json.loads(row[11]),
        urgency=-row[12],
        repeatable=bool(row[13]),
        created_at=from_micros(row[14]),
        not_before=from_micros(row[15]),
        attempts=row[16] + 1,
        uncertain=row[17],
    )


def _once(one: Message) -> str | None:
    if one.rung is None:
        return None
    addressee = f"officer {one.recipient}" if one.recipient is not None else f"chat {one.chat_id}"
    return f"{one.instance}/{one.assignment}/{addressee}/{one.kind}/{one.rung}/{one.epoch}"
