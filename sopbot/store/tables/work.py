"""Tables of the work itself: versions of SOPs, their running instances, and who has which step.

All of it but the versions is a projection of the trail, written in the same transaction.
Counterpart: `sopbot/store/versions.py` and `sopbot/store/instances.py` hold the statements.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, Text, text

from sopbot.store.tables.base import BIG, ID, INSTANT, Stored, column, core

_OPEN = text("ended_at IS NULL")
_OPEN_WITH_MOMENT = text("ended_at IS NULL AND next_at IS NOT NULL")
_OPEN_WITHOUT_HOLDER = text("ended_at IS NULL AND holder IS NULL")


class SopVersion(Stored, table=True):
    """One version of a definition, named by the hash of its content; at most one per slug is current."""

    __tablename__ = "sop_version"
    __table_args__ = (
        Index(
            "uq_sop_version_current_slug",
            "slug",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
    )

    hash: str = column(Text, key=True)
    office: str = column(Text)
    slug: str = column(Text)
    document: str = column(Text)
    loaded_at: int = column(INSTANT)
    current: bool = column(Boolean)


class Instance(Stored, table=True):
    """One run of an SOP, pinned to the version it was started with."""

    __tablename__ = "instance"
    __table_args__ = (Index("ix_instance_running", "office", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),)

    id: int = column(ID, key=True, counted=True)
    office: str = column(Text)
    slug: str = column(Text)
    definition: str = column(Text, ForeignKey("sop_version.hash"))
    subject: str = column(Text)
    state: str = column(Text)
    step: int = column(Integer)
    round: int = column(Integer)
    version: int = column(Integer)
    started_by: int | None = column(ID, ForeignKey("officer.id"), null=True)
    started_at: int = column(INSTANT)
    ended_at: int | None = column(INSTANT, null=True)


class Assignment(Stored, table=True):
    """A step in somebody's hands, open until `ended_at`; `next_at` is the one moment when something is due for it."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("next_at IS NULL OR ended_at IS NULL", name="ended"),
        Index(
            "ix_assignment_next_at",
            "next_at",
            sqlite_where=_OPEN_WITH_MOMENT,
            postgresql_where=_OPEN_WITH_MOMENT,
        ),
        Index("ix_assignment_holder", "holder", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(
            "ix_assignment_unheld",
            "office",
            "role",
            sqlite_where=_OPEN_WITHOUT_HOLDER,
            postgresql_where=_OPEN_WITHOUT_HOLDER,
        ),
    )

    instance: int = column(BIG, ForeignKey("instance.id"), key=True)
    n: int = column(Integer, key=True)
    office: str = column(Text)
    step: int = column(Integer)
    round: int = column(Integer)
    task: str = column(Text)
    role: str = column(Text)
    state: str = column(Text)
    holder: int | None = column(BIG, ForeignKey("officer.id"), null=True)
    assigned_at: int = column(INSTANT)
    accept_by: int | None = column(INSTANT, null=True)
    started_at: int | None = column(INSTANT, null=True)
    automatic: bool = column(Boolean)
    due_at: int | None = column(INSTANT, null=True)
    ended_at: int | None = column(INSTANT, null=True)
    next_at: int | None = column(INSTANT, null=True)
    next_rung: str | None = column(Text, null=True)
    epoch: int = column(Integer)


sop_version = core(SopVersion)
instance = core(Instance)
assignment = core(Assignment)
