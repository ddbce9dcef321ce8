"""Officers to whom Telegram no longer delivers: their superior is told, once, until they can be reached again.

Counterpart: `sopbot/services/delivery.py` notices both; nobody may miss a task because a chat was blocked.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from sopbot.domain.office import Office, Officer, OfficerId
from sopbot.domain.sop import CAMAT, SEKCAM
from sopbot.store import outbox, people

UNREACHABLE: Final = "tidak_terjangkau"
_URGENCY: Final = 20


def lost(conn: Connection, office: Office, officer_id: int, at: datetime) -> int:
    """Record that an officer cannot be reached and tell the superior; return how many are told."""
    row = people.get(conn, officer_id)
    if row is None or not row.reachable:
        return 0
    people.set_reachable(conn, officer_id, reachable=False)
    messages = [_message(office, one, officer_id, at) for one in _superiors(conn, office, officer_id)]
    return outbox.put(conn, messages, at)


def regained(conn: Connection, officer_id: int) -> None:
    """Record that a message arrived, so that a later loss is told again."""
    row = people.get(conn, officer_id)
    if row is not None and not row.reachable:
        people.set_reachable(conn, officer_id, reachable=True)


def _superiors(conn: Connection, office: Office, officer_id: int) -> list[Officer]:
    """The Sekcam; where that is the one who cannot be reached, or cannot be reached either, the Camat."""
    for role in (SEKCAM, CAMAT):
        found = [one for one in office.holders(role) if one.id != officer_id and _may_be_told(conn, one.id)]
        if found:
            return found
    return []


def _may_be_told(conn: Connection, officer_id: OfficerId) -> bool:
    row = people.get(conn, officer_id)
    return row is not None and row.telegram_id is not None and row.reachable


def _message(office: Office, superior: Officer, officer_id: int, at: datetime) -> outbox.Message:
    return outbox.Message(
        office=office.slug,
        recipient=superior.id,
        chat_id=None,
        kind=UNREACHABLE,
        instance=None,
        assignment=None,
        rung=None,
        epoch=0,
        data={"officer": officer_id},
        urgency=_URGENCY,
        not_before=at,
        repeatable=True,
    )
