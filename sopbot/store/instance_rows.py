"""Rows of `instance` and `assignment` as values, and how they are read from a result.

Counterpart: `sopbot/store/instances.py` changes them, `sopbot/store/work_lists.py` lists them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sopbot.store.instants import from_micros, from_micros_or_none
from sopbot.store.tables.work import assignment, instance


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceRow:
    """A row of `instance`; moments are aware UTC, and it runs until `ended_at` is set."""

    id: int
    office: str
    slug: str
    definition: str
    subject: str
    state: str
    step: int
    round: int
    version: int
    started_by: int | None
    started_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRow:
    """A row of `assignment`; moments are aware UTC, and it is open until `ended_at` is set.

    `next_at` and `next_rung` say what falls due next for it; a closed one has neither.
    """

    instance: int
    n: int
    office: str
    step: int
    round: int
    task: str
    role: str
    state: str
    holder: int | None
    assigned_at: datetime
    accept_by: datetime | None = None
    started_at: datetime | None = None
    automatic: bool = False
    due_at: datetime | None = None
    ended_at: datetime | None = None
    next_at: datetime | None = None
    next_rung: str | None = None
    epoch: int = 0


INSTANCE_COLUMNS: Final = tuple(instance.c[one.name] for one in fields(InstanceRow))
ASSIGNMENT_COLUMNS: Final = tuple(assignment.c[one.name] for one in fields(AssignmentRow))
ASSIGNMENT_NAMES: Final = tuple(one.name for one in fields(AssignmentRow))
INSTANCE_NAMES: Final = tuple(one.name for one in fields(InstanceRow))


def instance_row(row: Sequence[Any]) -> InstanceRow:
    """Return the instance whose columns start a result row."""
    return InstanceRow(
        id=row[0],
        office=row[1],
        slug=row[2],
        definition=row[3],
        subject=row[4],
        state=row[5],
        step=row[6],
        round=row[7],
        version=row[8],
        started_by=row[9],
        started_at=from_micros(row[10]),
        ended_at=from_micros_or_none(row[11]),
    )


def assignment_row(row: Sequence[Any]) -> AssignmentRow:
    """Return the assignment whose columns start a result row."""
    return AssignmentRow(
        instance=row[0],
        n=row[1],
        office=row[2],
        step=row[3],
        round=row[4],
        task=row[5],
        role=row[6],
        state=row[7],
        holder=row[8],
        assigned_at=from_micros(row[9]),
        accept_by=from_micros_or_none(row[10]),
        started_at=from_micros_or_none(row[11]),
        automatic=bool(row[12]),
        due_at=from_micros_or_none(row[13]),
        ended_at=from_micros_or_none(row[14]),
        next_at=from_micros_or_none(row[15]),
        next_rung=row[16],
        epoch=row[17],
    )
