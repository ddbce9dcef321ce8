"""When the outbox has something to do next: chats held by Telegram, the next moment, and counts for people.

Counterpart: `sopbot/store/outbox.py` puts, claims and settles the messages.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Executable, bindparam, case, delete, func, select

from sopbot.store.instants import from_micros_or_none
from sopbot.store.statement import Statement, fixed, upsert
from sopbot.store.tables.messages import chat_hold, outbox
from sopbot.store.tables.people import officer


def _hold(dialect: str) -> Executable:
    insertion = upsert(dialect, chat_hold)
    later = case(
        (insertion.excluded.until > chat_hold.c.until, insertion.excluded.until),
        else_=chat_hold.c.until,
    )
    return insertion.on_conflict_do_update(index_elements=["chat_id"], set_={"until": later})


_HOLD = Statement(by_dialect=_hold)
_RELEASE = Statement(delete(chat_hold).where(chat_hold.c.until <= bindparam("now")))
_NEXT = Statement(
    select(
        func.min(
            case((chat_hold.c.until > outbox.c.not_before, chat_hold.c.until), else_=outbox.c.not_before),
        ),
    )
    .select_from(
        outbox.outerjoin(officer, officer.c.id == outbox.c.recipient).outerjoin(
            chat_hold,
            chat_hold.c.chat_id == func.coalesce(outbox.c.chat_id, officer.c.telegram_id),
        ),
    )
    .where(outbox.c.state == fixed("waiting")),
)
_COUNTS = Statement(select(outbox.c.state, func.count()).group_by(outbox.c.state))
_UNCERTAIN = Statement(select(func.coalesce(func.sum(outbox.c.uncertain), 0)))


def hold_chat(conn: Connection, chat_id: int, until: datetime) -> None:
    """Leave a chat alone until a moment; a longer hold that it already has stays."""
    _HOLD.run(conn, chat_id=chat_id, until=until)


def release_chats(conn: Connection, at: datetime) -> int:
    """Forget the holds that are over at `at` and return how many."""
    return _RELEASE.run(conn, now=at).rowcount


def next_moment(conn: Connection) -> datetime | None:
    """Return when the first waiting message may be sent, holds counted; in the past while work waits, or None."""
    return from_micros_or_none(_NEXT.run(conn).scalar())


def counts(conn: Connection) -> dict[str, int]:
    """Return how many messages are in each state, and as `uncertain_attempts` how often one may have been lost."""
    return {
        **{str(row[0]): int(row[1]) for row in _COUNTS.run(conn)},
        "uncertain_attempts": int(_UNCERTAIN.run(conn).scalar() or 0),
    }
