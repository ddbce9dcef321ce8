"""Instances and officers as the operator's commands show them, of every office, without asking who looks.

Who may use the command line may read the database anyway. Counterparts: `sopbot/cli/instance.py` and
`sopbot/cli/officer.py` print this, `queries.py` answers officers, who see their own office only.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sopbot.services.codec import instant_text
from sopbot.store import instances as stored
from sopbot.store import people, projections, trail
from sopbot.store.instance_rows import AssignmentRow, InstanceRow

Facts = Mapping[str, Any]


def instances(conn: Connection, office: str | None = None, *, running: bool = False) -> list[Facts]:
    """Return every instance, by id: `{id, slug, subject, state, step, round, due_at, …}`; instants in UTC."""
    return [
        _facts(conn, row)
        for row in projections.all_instances(conn)
        if office in {None, row.office} and not (running and row.ended_at is not None)
    ]


def instance(conn: Connection, instance_id: int) -> Facts | None:
    """Return one instance with all of its assignments, or None."""
    row = stored.get(conn, instance_id)
    if row is None:
        return None
    assignments = projections.assignments_of(conn, row.id)
    return {
        **_facts(conn, row),
        "definition": row.definition,
        "started_by": row.started_by,
        "assignments": [_assignment(one) for one in assignments],
    }


def officers(conn: Connection, office: str | None = None) -> list[Facts]:
    """Return every officer, or those of one office, by number."""
    return [_officer(row) for row in people.everybody(conn) if office in {None, row.office}]


def last_record(conn: Connection, offices: Iterable[str]) -> datetime | None:
    """Return when the latest entry of these offices' records was made, or None where there is none."""
    return max((at for office in offices if (at := trail.last_at(conn, office)) is not None), default=None)


def _officer(row: people.OfficerRow) -> Facts:
    return {
        "id": row.id,
        "office": row.office,
        "name": row.name,
        "title": row.title,
        "honorific": row.honorific,
        "roles": list(row.roles),
        "telegram_id": row.telegram_id,
        "enrolled": row.telegram_id is not None,
        "active": row.active,
        "reachable": row.reachable,
    }


def _facts(conn: Connection, row: InstanceRow) -> Facts:
    running = [one for one in projections.assignments_of(conn, row.id) if one.ended_at is None]
    return {
        "id": row.id,
        "slug": row.slug,
        "subject": row.subject,
        "state": row.state,
        "step": row.step,
        "round": row.round,
        "due_at": _text(min((one.due_at for one in running if one.due_at is not None), default=None)),
        "office": row.office,
        "started_at": _text(row.started_at),
        "ended_at": _text(row.ended_at),
    }


def _assignment(row: AssignmentRow) -> Facts:
    return {
        "n": row.n,
        "step": row.step,
        "round": row.round,
        "task": row.task,
        "role": row.role,
        "holder": row.holder,
        "state": row.state,
        "assigned_at": _text(row.assigned_at),
        "accept_by": _text(row.accept_by),
        "started_at": _text(row.started_at),
        "automatic": row.automatic,
        "due_at": _text(row.due_at),
        "ended_at": _text(row.ended_at),
    }


def _text(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)
