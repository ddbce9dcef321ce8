"""Tables of the record: which deployment this is, and the trail with one chain per office.

Counterpart: `sopbot/store/trail.py` appends, `sopbot/store/guards.py` keeps everybody else from changing it.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Integer, LargeBinary, Text, UniqueConstraint

from sopbot.store.tables.base import BIG, INSTANT, Stored, column, core


class Deployment(Stored, table=True):
    """The one row that names this deployment; `epoch` grows with every restore."""

    __tablename__ = "deployment"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: int = column(Integer, key=True)
    uuid: str = column(Text)
    created_at: int = column(INSTANT)
    epoch: int = column(Integer)


class Meta(Stored, table=True):
    """Small facts that a deployment remembers about itself."""

    __tablename__ = "meta"

    key: str = column(Text, key=True)
    value: str = column(Text)


class Chain(Stored, table=True):
    """The end of each office's chain."""

    __tablename__ = "chain"

    office: str = column(Text, key=True)
    seq: int = column(BIG)
    link: bytes = column(LargeBinary)


class Trail(Stored, table=True):
    """One entry: the canonical bytes as they were hashed, and beside them what is searched for."""

    __tablename__ = "trail"
    __table_args__ = (UniqueConstraint("leaf"), UniqueConstraint("instance", "instance_seq"))

    office: str = column(Text, key=True)
    seq: int = column(BIG, key=True)
    instance: int | None = column(BIG, null=True)
    instance_seq: int | None = column(BIG, null=True)
    at: int = column(INSTANT)
    action: str = column(Text)
    body: bytes = column(LargeBinary)
    leaf: bytes = column(LargeBinary)
    link: bytes = column(LargeBinary)


deployment = core(Deployment)
meta = core(Meta)
chain = core(Chain)
trail = core(Trail)
