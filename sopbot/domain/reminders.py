"""The ladder of reminders: when the next rung of an open assignment rings, and for whom.

Only one next moment per assignment is stored. Counterpart: `sopbot/services/reminding.py` rings them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sopbot.domain.calendar import WorkingCalendar
from sopbot.domain.instance import Assignment, Task
from sopbot.domain.sop import CAMAT, SEKCAM, Role, Sop, Step
from sopbot.domain.standard_time import StandardTime

WORKING_HOUR = 60
WORKING_DAY = StandardTime(days=1)
INSTANT = timedelta(microseconds=1)


class Rung(StrEnum):
    """The rungs, in the order in which they ring when two fall on one instant."""

    UNACCEPTED = "belum_diterima"  # half of the time for accepting is over
    GRACE_OVER = "diterima_otomatis"  # not a message: the standard time begins to run by itself
    HALF = "separuh_waktu"
    HOUR_BEFORE = "satu_jam_sebelum"
    DUE = "jatuh_tempo"
    OVERDUE = "terlambat"
    TO_SEKCAM = "ke_sekcam"
    TO_CAMAT = "ke_camat"
    MORNING = "setiap_pagi"

    @property
    def escalates_to(self) -> Role | None:
        """The role that is told instead of the assignment's officer."""
        return {Rung.TO_SEKCAM: SEKCAM, Rung.TO_CAMAT: CAMAT}.get(self)


_ORDER = {rung: place for place, rung in enumerate(Rung)}


@dataclass(frozen=True, slots=True, kw_only=True, order=False)
class Ring:
    """A rung and the instant (aware UTC) at which it rings."""

    at: datetime
    rung: Rung

    def __lt__(self, other: "Ring") -> bool:
        """Earlier first; at one instant in the ladder's order."""
        return (self.at, _ORDER[self.rung]) < (other.at, _ORDER[other.rung])


def escalates(sop: Sop, task: Task) -> bool:
    """Tell whether lateness counts: an outside party's time and times that are only indicative never do."""
    return not sop.indicative_times and task not in {Task.RECORD_VERDICT, Task.RECORD_RATIFICATION}


def next_ring(sop: Sop, calendar: WorkingCalendar, assignment: Assignment, last: Ring | None) -> Ring | None:
    """Return the first ring after `last` (None: the first of all), or None when there is nothing more to ring.

    What does not escalate is told once when it is due.
    """
    if not assignment.is_open:
        return None
    step = sop.step(assignment.step)
    rings = [ring for ring in _rings(sop, step, calendar, assignment, last) if last is None or last < ring]
    return min(rings, default=None)


def _rings(
    sop: Sop, step: Step, calendar: WorkingCalendar, assignment: Assignment, last: Ring | None
) -> Iterator[Ring]:
    if assignment.due_at is None or assignment.started_at is None:
        yield from _before_acceptance(calendar, assignment)
        return
    due = assignment.due_at
    yield Ring(at=due, rung=Rung.DUE)
    if not escalates(sop, assignment.task):
        return
    if assignment.ratification is None and step.standard.time.at_least_a_day:
        half = calendar.working_minutes(assignment.started_at, due) // 2
        yield Ring(at=calendar.add_minutes(assignment.started_at, half), rung=Rung.HALF)
        yield Ring(at=calendar.subtract_minutes(due, WORKING_HOUR), rung=Rung.HOUR_BEFORE)
    overdue = calendar.add_minutes(due, 1)  # late means after due, so the first late minute
    yield Ring(at=overdue, rung=Rung.OVERDUE)
    yield Ring(at=calendar.add_minutes(due, WORKING_HOUR), rung=Rung.TO_SEKCAM)
    yield Ring(at=calendar.deadline(due, WORKING_DAY), rung=Rung.TO_CAMAT)
    since = overdue
    if last is not None:  # another rung at opening time, such as the Camat's, does not swallow that morning's
        since = max(overdue, last.at if last.rung is Rung.MORNING else last.at - INSTANT)
    yield Ring(at=calendar.next_opening(since), rung=Rung.MORNING)


def _before_acceptance(calendar: WorkingCalendar, assignment: Assignment) -> Iterator[Ring]:
    grace = calendar.working_minutes(assignment.assigned_at, assignment.accept_by)
    half = calendar.add_minutes(assignment.assigned_at, grace // 2)
    yield Ring(at=half, rung=Rung.UNACCEPTED)
    yield Ring(at=assignment.accept_by, rung=Rung.GRACE_OVER)
