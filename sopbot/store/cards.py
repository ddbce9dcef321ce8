"""Cards: messages with buttons, known by the opaque token that the buttons carry.

A token says nothing by itself; what it may do is looked up here and authorised anew at every tap.
Counterpart: `sopbot/chat/` draws the cards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update

from sopbot.store.instants import from_micros
from sopbot.store.statement import Statement, insert_all
from sopbot.store.tables.messages import card


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """A row of `card`; `message_id` is None until its message is known, `revision` the state it last showed."""

    token: str
    instance: int
    assignment: int
    officer: int
    chat_id: int
    message_id: int | None
    revision: int
    retired: bool
    created_at: datetime


_COLUMNS: Final = tuple(card.c[one.name] for one in fields(CardRow))
_ISSUE = Statement(insert_all(card))
_BY_TOKEN = Statement(select(*_COLUMNS).where(card.c.token == bindparam("which")))
_BY_MESSAGE = Statement(
    select(*_COLUMNS).where(card.c.chat_id == bindparam("chat"), card.c.message_id == bindparam("message")),
)
_OF_ASSIGNMENT = Statement(
    select(*_COLUMNS)
    .where(card.c.instance == bindparam("of"), card.c.assignment == bindparam("number"))
    .order_by(card.c.created_at, card.c.token),
)
_GIVE_WAY = Statement(
    update(card)
    .where(
        card.c.chat_id == select(card.c.chat_id).where(card.c.token == bindparam("which")).scalar_subquery(),
        card.c.message_id == bindparam("message"),
        card.c.token != bindparam("which"),
    )
    .values(message_id=None),
)
_SHOWN = Statement(
    update(card)
    .where(card.c.token == bindparam("which"))
    .values(message_id=bindparam("message"), revision=bindparam("new_revision")),
)
_RETIRE = Statement(
    update(card)
    .where(card.c.instance == bindparam("of"), card.c.assignment == bindparam("number"), card.c.retired.is_(False))
    .values(retired=True),
)
_RETIRE_ONE = Statement(update(card).where(card.c.token == bindparam("which")).values(retired=True))
_RETIRE_OFFICER = Statement(
    update(card).where(card.c.officer == bindparam("whose"), card.c.retired.is_(False)).values(retired=True),
)


def issue(
    conn: Connection,
    token: str,
    instance: int,
    assignment: int,
    officer: int,
    chat_id: int,
    at: datetime,
) -> None:
    """Add a card that is about to be shown."""
    _ISSUE.run(
        conn,
        token=token,
        instance=instance,
        assignment=assignment,
        officer=officer,
        chat_id=chat_id,
        message_id=None,
        revision=0,
        retired=False,
        created_at=at,
    )


def by_token(conn: Connection, token: str) -> CardRow | None:
    """Return the card with this token, retired or not, or None."""
    return _card(_BY_TOKEN.run(conn, which=token).first())


def by_message(conn: Connection, chat_id: int, message_id: int) -> CardRow | None:
    """Return the card that a message shows, or None."""
    return _card(_BY_MESSAGE.run(conn, chat=chat_id, message=message_id).first())


def of_assignment(conn: Connection, instance: int, n: int) -> list[CardRow]:
    """Return all cards of an assignment, the oldest first."""
    return [one for row in _OF_ASSIGNMENT.run(conn, of=instance, number=n) if (one := _card(row)) is not None]


def shown(conn: Connection, token: str, message_id: int, revision: int) -> None:
    """Record which message shows a card and in which revision; another card that it showed gives way."""
    _GIVE_WAY.run(conn, which=token, message=message_id)
    _SHOWN.run(conn, which=token, message=message_id, new_revision=revision)


def retire(conn: Connection, instance: int, n: int) -> int:
    """Make the buttons of all cards of an assignment void and return how many cards had valid ones."""
    return _RETIRE.run(conn, of=instance, number=n).rowcount


def retire_one(conn: Connection, token: str) -> None:
    """Make the buttons of one card void."""
    _RETIRE_ONE.run(conn, which=token)


def retire_of_officer(conn: Connection, officer: int) -> int:
    """Make the buttons of all cards of an officer void, as when access is frozen."""
    return _RETIRE_OFFICER.run(conn, whose=officer).rowcount


def _card(row: Sequence[Any] | None) -> CardRow | None:
    if row is None:
        return None
    return CardRow(
        token=row[0],
        instance=row[1],
        assignment=row[2],
        officer=row[3],
        chat_id=row[4],
        message_id=row[5],
        revision=row[6],
        retired=bool(row[7]),
        created_at=from_micros(row[8]),
    )
