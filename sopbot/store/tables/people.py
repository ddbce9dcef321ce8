"""Tables of officers, their invitations, and attempts that were denied.

Counterpart: `sopbot/store/people.py` holds the statements.
"""

from __future__ import annotations

from sqlalchemy import Boolean, ForeignKey, Index, LargeBinary, SmallInteger, Text, UniqueConstraint

from sopbot.store.tables.base import BIG, ID, INSTANT, Stored, column, core


class Officer(Stored, table=True):
    """A person of an office; `roles` is a JSON list, `telegram_id` empty until enrolled."""

    __tablename__ = "officer"
    __table_args__ = (UniqueConstraint("telegram_id"), Index(None, "office"))

    id: int = column(ID, key=True, counted=True)
    office: str = column(Text)
    name: str = column(Text)
    nip: str | None = column(Text, null=True)
    title: str = column(Text)
    honorific: str | None = column(Text, null=True)
    roles: str = column(Text)
    telegram_id: int | None = column(BIG, null=True)
    active: bool = column(Boolean)
    reachable: bool = column(Boolean)
    created_at: int = column(INSTANT)


class Invitation(Stored, table=True):
    """An enrolment link, known by its hash only; used once, within its time and tries."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("hash"), Index(None, "officer"))

    id: int = column(ID, key=True, counted=True)
    hash: bytes = column(LargeBinary)
    officer: int = column(ID, ForeignKey("officer.id"))
    created_by: int | None = column(ID, ForeignKey("officer.id"), null=True)
    created_at: int = column(INSTANT)
    expires_at: int = column(INSTANT)
    used_at: int | None = column(INSTANT, null=True)
    tries: int = column(SmallInteger)


class Denial(Stored, table=True):
    """Something that somebody tried and was not allowed to do."""

    __tablename__ = "denial"
    __table_args__ = (Index(None, "telegram_id", "at"),)

    id: int = column(ID, key=True, counted=True)
    at: int = column(INSTANT)
    telegram_id: int = column(BIG)
    update_id: int | None = column(BIG, null=True)
    what: str = column(Text)
    why: str = column(Text)


officer = core(Officer)
invitation = core(Invitation)
denial = core(Denial)
