"""The tables that follow from the trail, read whole and put right: for comparing them with it, and rebuilding them.

Counterpart: `sopbot/services/verifying.py`; in daily work `instances.py` changes single rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Executable, delete, select

from sopbot.store.instance_rows import (
    ASSIGNMENT_COLUMNS,
    INSTANCE_COLUMNS,
    INSTANCE_NAMES,
    AssignmentRow,
    InstanceRow,
    assignment_row,
    instance_row,
)
from sopbot.store.statement import Statement, upsert
from sopbot.store.tables.record import trail
from sopbot.store.tables.work import assignment, instance

_TRACED = select(trail.c.instance).where(trail.c.instance.is_not(None)).distinct()


def _put(dialect: str) -> Executable:
    insertion = upsert(dialect, instance)
    changed = {name: insertion.excluded[name] for name in INSTANCE_NAMES if name != "id"}
    return insertion.on_conflict_do_update(index_elements=["id"], set_=changed)


_PUT = Statement(by_dialect=_put)


def traced_ids(conn: Connection) -> set[int]:
    """Return the ids of all instances that the trail tells of."""
    return set(conn.execute(_TRACED).scalars())


def all_instances(conn: Connection) -> Iterator[InstanceRow]:
    """Yield every instance, by id."""
    for row in conn.execute(select(*INSTANCE_COLUMNS).order_by(instance.c.id)):
        yield instance_row(row)


def assignments_of(conn: Connection, instance_id: int) -> list[AssignmentRow]:
    """Return every assignment of an instance, open and ended, in order."""
    query = select(*ASSIGNMENT_COLUMNS).where(assignment.c.instance == instance_id).order_by(assignment.c.n)
    return [assignment_row(row) for row in conn.execute(query)]


def put_instance(conn: Connection, row: InstanceRow) -> None:
    """Make the instance's row say exactly this, whatever it said before."""
    _PUT.run(conn, **{name: getattr(row, name) for name in INSTANCE_NAMES})


def forget_assignments_after(conn: Connection, instance_id: int, n: int) -> int:
    """Remove an instance's assignments numbered above `n`; return how many there were."""
    query = delete(assignment).where(assignment.c.instance == instance_id, assignment.c.n > n)
    return conn.execute(query).rowcount
