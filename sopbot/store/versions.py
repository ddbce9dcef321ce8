"""Versions of SOP definitions, named by the hash of their content and never changed.

A running instance stays on the version it was started with. Counterpart: `sopbot/services/catalogue.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Executable, bindparam, select, update

from sopbot.store.instants import from_micros
from sopbot.store.statement import Statement, upsert
from sopbot.store.tables.work import sop_version


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """A row of `sop_version`; `document` is the definition as JSON."""

    hash: str
    office: str
    slug: str
    document: str
    loaded_at: datetime
    current: bool


_COLUMNS: Final = (
    sop_version.c.hash,
    sop_version.c.office,
    sop_version.c.slug,
    sop_version.c.document,
    sop_version.c.loaded_at,
    sop_version.c.current,
)


def _add(dialect: str) -> Executable:
    return upsert(dialect, sop_version).on_conflict_do_nothing()


_ADD = Statement(by_dialect=_add)
_SUPERSEDE = Statement(
    update(sop_version)
    .where(
        sop_version.c.slug == bindparam("which"),
        sop_version.c.hash != bindparam("digest"),
        sop_version.c.current.is_(True),
    )
    .values(current=False),
)
_MAKE_CURRENT = Statement(
    update(sop_version)
    .where(sop_version.c.hash == bindparam("digest"), sop_version.c.current.is_(False))
    .values(current=True),
)
_WITHDRAW = Statement(
    update(sop_version)
    .where(sop_version.c.slug == bindparam("which"), sop_version.c.current.is_(True))
    .values(current=False),
)
_GET = Statement(select(*_COLUMNS).where(sop_version.c.hash == bindparam("digest")))
_CURRENT = Statement(
    select(*_COLUMNS).where(sop_version.c.slug == bindparam("which"), sop_version.c.current.is_(True)),
)


def store(conn: Connection, digest: str, office: str, slug: str, document: str, at: datetime) -> bool:
    """Make a version the current one of its slug; True if it is new to the database."""
    new = _ADD.run(
        conn,
        hash=digest,
        office=office,
        slug=slug,
        document=document,
        loaded_at=at,
        current=False,
    ).rowcount
    _SUPERSEDE.run(conn, which=slug, digest=digest)
    _MAKE_CURRENT.run(conn, digest=digest)
    return new == 1


def withdraw(conn: Connection, slug: str) -> bool:
    """Leave a slug without a current version, so that nothing new is started; False if it had none."""
    return _WITHDRAW.run(conn, which=slug).rowcount == 1


def get(conn: Connection, digest: str) -> VersionRow | None:
    """Return a version by its hash, or None."""
    return _version(_GET.run(conn, digest=digest).first())


def current(conn: Connection, slug: str) -> VersionRow | None:
    """Return the current version of a slug, or None."""
    return _version(_CURRENT.run(conn, which=slug).first())


def all_current(conn: Connection, office: str | None = None) -> list[VersionRow]:
    """Return the current versions, of one office or of all, ordered by slug."""
    query = select(*_COLUMNS).where(sop_version.c.current.is_(True)).order_by(sop_version.c.slug)
    if office is not None:
        query = query.where(sop_version.c.office == office)
    return [one for row in conn.execute(query) if (one := _version(row)) is not None]


def _version(row: Sequence[Any] | None) -> VersionRow | None:
    if row is None:
        return None
    return VersionRow(
        hash=row[0],
        office=row[1],
        slug=row[2],
        document=row[3],
        loaded_at=from_micros(row[4]),
        current=bool(row[5]),
    )
