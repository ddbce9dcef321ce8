"""Instances and assignments: projections of the trail, for finding what is running, open or due.

Every change of an instance goes through `advance`, a compare-and-set on its version: of two that were decided
on the same state, one is refused. Counterpart: `sopbot/services/execute.py`; lists are in `work_lists.py`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Executable, bindparam, func, select, text, update

from sopbot.store.instance_rows import (
    ASSIGNMENT_COLUMNS,
    ASSIGNMENT_NAMES,
    INSTANCE_COLUMNS,
    INSTANCE_NAMES,
    AssignmentRow,
    InstanceRow,
    assignment_row,
    instance_row,
)
from sopbot.store.instants import from_micros_or_none
from sopbot.store.statement import POSTGRESQL, Statement, insert_all, upsert
from sopbot.store.tables.work import assignment as assignment_table
from sopbot.store.tables.work import instance

__all__ = [
    "AssignmentRow",
    "InstanceRow",
    "advance",
    "all_ids",
    "assignment",
    "due",
    "get",
    "insert",
    "next_id",
    "next_moment",
    "open_assignments",
    "save_assignment",
    "set_next",
]


def _next_id(dialect: str) -> Executable:
    if dialect == POSTGRESQL:
        return text("SELECT nextval(pg_get_serial_sequence('instance', 'id'))")
    return select(func.coalesce(func.max(instance.c.id), 0) + 1)  # one writer, and no instance is ever deleted


def _save(dialect: str) -> Executable:
    insertion = upsert(dialect, assignment_table)
    changed = {name: insertion.excluded[name] for name in ASSIGNMENT_NAMES if name not in {"instance", "n"}}
    return insertion.on_conflict_do_update(index_elements=["instance", "n"], set_=changed)


_NEXT_ID = Statement(by_dialect=_next_id)
_INSERT = Statement(insert_all(instance))
_ADVANCE = Statement(
    update(instance)
    .where(instance.c.id == bindparam("which"), instance.c.version == bindparam("expected"))
    .values(
        version=bindparam("new_version"),
        state=bindparam("new_state"),
        step=bindparam("new_step"),
        round=bindparam("new_round"),
        ended_at=bindparam("new_ended_at"),
    ),
)
_SAVE = Statement(by_dialect=_save)
_GET = Statement(select(*INSTANCE_COLUMNS).where(instance.c.id == bindparam("which")))
_ASSIGNMENT = Statement(
    select(*ASSIGNMENT_COLUMNS).where(
        assignment_table.c.instance == bindparam("which"),
        assignment_table.c.n == bindparam("number"),
    ),
)
_OPEN = Statement(
    select(*ASSIGNMENT_COLUMNS)
    .where(assignment_table.c.instance == bindparam("which"), assignment_table.c.ended_at.is_(None))
    .order_by(assignment_table.c.n),
)
_SET_NEXT = Statement(
    update(assignment_table)
    .where(
        assignment_table.c.instance == bindparam("which"),
        assignment_table.c.n == bindparam("number"),
        assignment_table.c.ended_at.is_(None),
        assignment_table.c.epoch == bindparam("expected_epoch"),
        assignment_table.c.next_rung.is_not_distinct_from(bindparam("expected_rung")),
    )
    .values(next_at=bindparam("new_next_at"), next_rung=bindparam("new_next_rung")),
)
_DUE = Statement(
    select(*ASSIGNMENT_COLUMNS)
    .where(
        assignment_table.c.ended_at.is_(None),
        assignment_table.c.next_at.is_not(None),
        assignment_table.c.next_at <= bindparam("now"),
    )
    .order_by(assignment_table.c.next_at)
    .limit(bindparam("most")),
)
_NEXT_MOMENT = Statement(
    select(assignment_table.c.next_at)
    .where(assignment_table.c.ended_at.is_(None), assignment_table.c.next_at.is_not(None))
    .order_by(assignment_table.c.next_at)
    .limit(1),
)
_ALL_IDS = Statement(select(instance.c.id).order_by(instance.c.id))


def next_id(conn: Connection) -> int:
    """Return the id for the next instance; only inside a writer's job."""
    return int(_NEXT_ID.run(conn).scalar() or 1)


def insert(conn: Connection, row: InstanceRow) -> None:
    """Add an instance."""
    _INSERT.run(conn, **{name: getattr(row, name) for name in INSTANCE_NAMES})


def advance(
    conn: Connection,
    instance_id: int,
    expected_version: int,
    *,
    version: int,
    state: str,
    step: int,
    round: int,  # noqa: A002 (the column's name, and the domain's)
    ended_at: datetime | None,
) -> bool:
    """Move an instance on if it still has `expected_version`; False if somebody else was faster."""
    return (
        _ADVANCE.run(
            conn,
            which=instance_id,
            expected=expected_version,
            new_version=version,
            new_state=state,
            new_step=step,
            new_round=round,
            new_ended_at=ended_at,
        ).rowcount
        == 1
    )


def save_assignment(conn: Connection, row: AssignmentRow) -> None:
    """Add an assignment, or replace the one of the same instance and number."""
    _SAVE.run(conn, **{name: getattr(row, name) for name in ASSIGNMENT_NAMES})


def get(conn: Connection, instance_id: int) -> InstanceRow | None:
    """Return an instance, or None."""
    row = _GET.run(conn, which=instance_id).first()
    return None if row is None else instance_row(row)


def assignment(conn: Connection, instance_id: int, n: int) -> AssignmentRow | None:
    """Return the n-th assignment of an instance, or None."""
    row = _ASSIGNMENT.run(conn, which=instance_id, number=n).first()
    return None if row is None else assignment_row(row)


def open_assignments(conn: Connection, instance_id: int) -> list[AssignmentRow]:
    """Return the assignments of an instance on which somebody still has to act."""
    return [assignment_row(row) for row in _OPEN.run(conn, which=instance_id)]


def due(conn: Connection, at: datetime, limit: int) -> list[AssignmentRow]:
    """Return open assignments for which something is due at `at`, the longest waiting first."""
    return [assignment_row(row) for row in _DUE.run(conn, now=at, most=limit)]


def set_next(
    conn: Connection,
    instance_id: int,
    n: int,
    expected_epoch: int,
    expected_rung: str | None,
    next_at: datetime | None,
    next_rung: str | None,
) -> bool:
    """Plan what falls due next, if the assignment is open and still at that epoch and rung; False otherwise."""
    return (
        _SET_NEXT.run(
            conn,
            which=instance_id,
            number=n,
            expected_epoch=expected_epoch,
            expected_rung=expected_rung,
            new_next_at=next_at,
            new_next_rung=next_rung,
        ).rowcount
        == 1
    )


def next_moment(conn: Connection) -> datetime | None:
    """Return the earliest moment at which something falls due for any assignment, or None."""
    return from_micros_or_none(_NEXT_MOMENT.run(conn).scalar())


def all_ids(conn: Connection) -> list[int]:
    """Return the ids of all instances, running and ended."""
    return [row[0] for row in _ALL_IDS.run(conn)]
