"""A running SOP as a value: what the fold of its trail gives.

Counterpart: `sopbot/domain/evolve.py` makes the next value from an event; nothing else does.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from sopbot.domain.office import OfficerId
from sopbot.domain.sop import Role

InstanceId = NewType("InstanceId", int)


class InstanceState(StrEnum):
    """Where an instance stands."""

    RUNNING = "berjalan"
    FINISHED = "selesai"
    CANCELLED = "dibatalkan"


class Task(StrEnum):
    """What an assignment asks of its holder."""

    WORK = "kerja"  # do the step, then Selesai
    DECIDE = "putusan"  # YA or TIDAK
    RECORD_VERDICT = "catat_putusan"  # record what an outside party decided
    RATIFY = "pengesahan"  # sign or ratify after YA
    RECORD_RATIFICATION = "catat_pengesahan"  # record an outside official's signature


class AssignmentState(StrEnum):
    """Where an assignment stands."""

    OFFERED = "ditugaskan"
    ACCEPTED = "diterima"
    DONE = "selesai"
    RETURNED = "dikembalikan"
    WITHDRAWN = "ditarik"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self in {AssignmentState.OFFERED, AssignmentState.ACCEPTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Why a step came back: from which step, by whom, in which round, with which reason."""

    from_step: int
    to_step: int
    by: OfficerId
    reason: str
    outside: str | None = None  # the outside party whose verdict was recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One piece of work for one officer (or for the first holder of a role who takes it)."""

    n: int  # 1, 2, … within the instance
    step: int
    round: int
    task: Task
    ratification: int | None  # index into the step's ratifications for RATIFY, RECORD_RATIFICATION
    role: Role
    state: AssignmentState
    holder: OfficerId | None  # None: offered to every holder of the role
    assigned_at: datetime
    accept_by: datetime  # then it is accepted by itself
    started_at: datetime | None  # when the standard time began to run
    automatic: bool  # accepted by itself
    due_at: datetime | None
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state.is_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One execution of an SOP, pinned to the version it was started with."""

    id: InstanceId
    office: str
    slug: str
    definition: str  # hash of the SOP version
    subject: str
    state: InstanceState
    version: int  # number of events folded; the compare-and-set works on it
    step: int
    round: int  # the current step's round
    rounds: tuple[int, ...]  # rounds begun of each step: rounds[step - 1]
    started_by: OfficerId
    started_at: datetime
    last_at: datetime
    ended_at: datetime | None = None
    returned: Return | None = None  # why the current step is being done again
    assignments: tuple[Assignment, ...] = ()

    @property
    def open_assignments(self) -> tuple[Assignment, ...]:
        """The assignments on which somebody still has to act."""
        return tuple(one for one in self.assignments if one.is_open)

    def assignment(self, n: int) -> Assignment | None:
        """Return the n-th assignment, or None."""
        return self.assignments[n - 1] if 1 <= n <= len(self.assignments) else None
