"""Tables of what comes in and goes out: inbox, outbox, held chats, cards with buttons, open dialogs.

Counterpart: `sopbot/store/inbox.py`, `outbox.py`, `cards.py` and `dialogs.py` hold the statements.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)

from sopbot.store.tables.base import BIG, ID, INSTANT, Stored, column, core

_NEW = text("state = 'new'")
_WAITING = text("state = 'waiting'")
_CLAIMED = text("state = 'claimed'")
_ONCE = text("once IS NOT NULL")
_SHOWN = text("message_id IS NOT NULL")


class Inbox(Stored, table=True):
    """An update as it came, kept before it is acknowledged; the same bytes count once."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("update_id", "hash"),
        CheckConstraint("state IN ('new', 'done', 'quarantined')", name="state"),
        Index("ix_inbox_new", "id", sqlite_where=_NEW, postgresql_where=_NEW),
        {"sqlite_autoincrement": True},
    )

    id: int = column(ID, key=True, counted=True)
    update_id: int = column(BIG)
    hash: bytes = column(LargeBinary)
    raw: bytes = column(LargeBinary)
    received_at: int = column(INSTANT)
    state: str = column(Text)
    error: str | None = column(Text, null=True)
    finished_at: int | None = column(INSTANT, null=True)


class Outbox(Stored, table=True):
    """A message to be sent, to an officer or to a chat; `boot` names the process that claimed it.

    `rank` is the urgency negated, so that an ascending index gives the most urgent and then the oldest.
    `once` spells out instance, assignment, addressee, kind, rung and epoch where there is a rung, so that the
    same rung rings once; one text, because a unique index over the columns would let rows with a NULL repeat.
    `repeatable` says whether it may go out once more when nobody knows if it arrived.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'claimed', 'sent', 'skipped', 'failed', 'unknown')",
            name="state",
        ),
        Index("uq_outbox_once", "once", unique=True, sqlite_where=_ONCE, postgresql_where=_ONCE),
        Index(
            "ix_outbox_waiting",
            "rank",
            "id",
            "not_before",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index("ix_outbox_claimed", "id", sqlite_where=_CLAIMED, postgresql_where=_CLAIMED),
        {"sqlite_autoincrement": True},
    )

    id: int = column(ID, key=True, counted=True)
    office: str = column(Text)
    recipient: int | None = column(BIG, ForeignKey("officer.id"), null=True)
    chat_id: int | None = column(BIG, null=True)
    kind: str = column(Text)
    instance: int | None = column(BIG, null=True)
    assignment: int | None = column(Integer, null=True)
    rung: str | None = column(Text, null=True)
    epoch: int = column(Integer)
    once: str | None = column(Text, null=True)
    data: str = column(Text)
    rank: int = column(Integer)
    repeatable: bool = column(Boolean)
    not_before: int = column(INSTANT)
    created_at: int = column(INSTANT)
    state: str = column(Text)
    attempts: int = column(Integer)
    uncertain: int = column(Integer)
    boot: str | None = column(Text, null=True)
    claimed_at: int | None = column(INSTANT, null=True)
    done_at: int | None = column(INSTANT, null=True)
    message_id: int | None = column(BIG, null=True)
    error: str | None = column(Text, null=True)


class ChatHold(Stored, table=True):
    """A chat that Telegram asked to leave alone until a moment."""

    __tablename__ = "chat_hold"

    chat_id: int = column(BIG, key=True)
    until: int = column(INSTANT)


class Card(Stored, table=True):
    """A message with buttons, known by the opaque token that its buttons carry."""

    __tablename__ = "card"
    __table_args__ = (
        ForeignKeyConstraint(["instance", "assignment"], ["assignment.instance", "assignment.n"]),
        Index(None, "instance", "assignment"),
        Index(
            "uq_card_message",
            "chat_id",
            "message_id",
            unique=True,
            sqlite_where=_SHOWN,
            postgresql_where=_SHOWN,
        ),
    )

    token: str = column(Text, key=True)
    instance: int = column(BIG)
    assignment: int = column(Integer)
    officer: int = column(BIG, ForeignKey("officer.id"))
    chat_id: int = column(BIG)
    message_id: int | None = column(BIG, null=True)
    revision: int = column(Integer)
    retired: bool = column(Boolean)
    created_at: int = column(INSTANT)


class Dialog(Stored, table=True):
    """The question that a person is being asked, at most one at a time."""

    __tablename__ = "dialog"

    telegram_id: int = column(BIG, key=True)
    kind: str = column(Text)
    data: str = column(Text)
    prompt_id: int | None = column(BIG, null=True)
    created_at: int = column(INSTANT)


inbox = core(Inbox)
outbox = core(Outbox)
chat_hold = core(ChatHold)
card = core(Card)
dialog = core(Dialog)
