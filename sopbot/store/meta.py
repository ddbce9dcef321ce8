"""What the deployment knows of itself: its name, how often it was restored, and small facts by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, Executable, bindparam, delete, select, update

from sopbot.store.instants import from_micros
from sopbot.store.statement import Statement, insert_all, upsert
from sopbot.store.tables.record import deployment as deployment_table
from sopbot.store.tables.record import meta

_DEPLOYMENT = Statement(select(deployment_table.c.uuid, deployment_table.c.epoch, deployment_table.c.created_at))
_FOUND = Statement(insert_all(deployment_table))
_EPOCH = Statement(update(deployment_table).values(epoch=bindparam("new_epoch")))
_GET = Statement(select(meta.c.value).where(meta.c.key == bindparam("name")))
_DELETE = Statement(delete(meta).where(meta.c.key == bindparam("name")))


def _put(dialect: str) -> Executable:
    insertion = upsert(dialect, meta)
    return insertion.on_conflict_do_update(index_elements=["key"], set_={"value": insertion.excluded.value})


_PUT = Statement(by_dialect=_put)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """The name of this database's deployment; `epoch` grows with every restore of a backup."""

    uuid: UUID
    epoch: int
    created_at: datetime


def deployment(conn: Connection) -> Deployment:
    """Return the deployment; raise LookupError before `found`."""
    row = _DEPLOYMENT.run(conn).first()
    if row is None:
        raise LookupError("The database has no deployment yet.")
    return Deployment(uuid=UUID(row[0]), epoch=row[1], created_at=from_micros(row[2]))


def found(conn: Connection, at: datetime) -> Deployment:
    """Give a new database its deployment; one that has a deployment keeps it."""
    if _DEPLOYMENT.run(conn).first() is None:
        _FOUND.run(conn, id=1, uuid=str(uuid4()), created_at=at, epoch=1)
    return deployment(conn)


def set_epoch(conn: Connection, epoch: int) -> None:
    """Record that the database was restored."""
    _EPOCH.run(conn, new_epoch=epoch)


def get(conn: Connection, key: str) -> str | None:
    """Return the fact kept under `key`, or None."""
    value: str | None = _GET.run(conn, name=key).scalar()
    return value


def put(conn: Connection, key: str, value: str | None) -> None:
    """Keep `value` under `key`; None forgets it."""
    if value is None:
        _DELETE.run(conn, name=key)
    else:
        _PUT.run(conn, key=key, value=value)
