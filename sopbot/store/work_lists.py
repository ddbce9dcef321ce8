"""Lists of work: what is in an officer's hands, what runs in an office, what is overdue.

Counterpart: `sopbot/store/instances.py` changes the rows; `sopbot/services/queries.py` asks for the lists.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from sopbot.store.instance_rows import (
    ASSIGNMENT_COLUMNS,
    INSTANCE_COLUMNS,
    AssignmentRow,
    InstanceRow,
    assignment_row,
    instance_row,
)
from sopbot.store.statement import Statement
from sopbot.store.tables.work import assignment, instance

type_of_work = tuple[AssignmentRow, InstanceRow]

_BOTH: Final = assignment.join(instance, instance.c.id == assignment.c.instance)
_OPEN: Final = assignment.c.ended_at.is_(None)
_RUNNING = Statement(
    select(*INSTANCE_COLUMNS)
    .where(instance.c.office == bindparam("of"), instance.c.ended_at.is_(None))
    .order_by(instance.c.id.desc())
    .limit(bindparam("most"))
    .offset(bindparam("after")),
)
_COUNT_RUNNING = Statement(
    select(func.count())
    .select_from(instance)
    .where(instance.c.office == bindparam("of"), instance.c.ended_at.is_(None)),
)
_LATEST = Statement(
    select(*INSTANCE_COLUMNS)
    .where(instance.c.office == bindparam("of"))
    .order_by(instance.c.id.desc())
    .limit(bindparam("most")),
)
_OVERDUE = Statement(
    select(*ASSIGNMENT_COLUMNS, *INSTANCE_COLUMNS)
    .select_from(_BOTH)
    .where(assignment.c.office == bindparam("of"), _OPEN, assignment.c.due_at < bindparam("now"))
    .order_by(assignment.c.due_at),
)


def of_officer(conn: Connection, officer: int, office: str, roles: Collection[str]) -> list[type_of_work]:
    """Return the open work in an officer's hands or offered to one of `roles`, the earliest deadline first."""
    theirs = or_(
        assignment.c.holder == officer,
        and_(assignment.c.holder.is_(None), assignment.c.office == office, assignment.c.role.in_(sorted(roles))),
    )
    query = (
        select(*ASSIGNMENT_COLUMNS, *INSTANCE_COLUMNS)
        .select_from(_BOTH)
        .where(_OPEN, theirs)
        .order_by(
            assignment.c.due_at.is_(None),
            assignment.c.due_at,
            assignment.c.assigned_at,
            assignment.c.instance,
            assignment.c.n,
        )
    )
    return [_work(row) for row in conn.execute(query)]


def running(conn: Connection, office: str, offset: int, limit: int) -> list[InstanceRow]:
    """Return the office's running instances, the newest first."""
    return [instance_row(row) for row in _RUNNING.run(conn, of=office, after=offset, most=limit)]


def count_running(conn: Connection, office: str) -> int:
    """Return how many instances run in the office."""
    return int(_COUNT_RUNNING.run(conn, of=office).scalar() or 0)


def latest(conn: Connection, office: str, limit: int) -> list[InstanceRow]:
    """Return the office's newest instances, running and ended, the newest first."""
    return [instance_row(row) for row in _LATEST.run(conn, of=office, most=limit)]


def overdue(conn: Connection, office: str, at: datetime) -> list[type_of_work]:
    """Return the office's open work whose deadline was before `at`, the oldest deadline first."""
    return [_work(row) for row in _OVERDUE.run(conn, of=office, now=at)]


def _work(row: Sequence[Any]) -> type_of_work:
    return assignment_row(row), instance_row(row[len(ASSIGNMENT_COLUMNS) :])
