"""Whose turn it is, by when, and what an answer means: a step or a ratification becomes assignments.

Counterpart: `sopbot/domain/decide.py` decides that a step begins; `calendar.py` counts the time.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from sopbot.domain.events import Event, StepAccepted, StepAssigned
from sopbot.domain.instance import Assignment, Instance, Task
from sopbot.domain.office import Office, Officer, OfficerId
from sopbot.domain.sop import Mode, Role, Seal, Sop, Step

LEAST_RATIFICATION_MINUTES = 60  # a ratification gets what is left of its row's time, at least this


def assign(office: Office, step: Step, round_: int, first_n: int, at: datetime) -> Iterator[Event]:
    """Assign a step: to its holder, to each holder in parallel, or offered to all of them."""
    holders = office.holders(step.role)
    task = Task.WORK if step.decision is None else Task.DECIDE
    if step.outside_decider is not None:
        task = Task.RECORD_VERDICT
    told = _participants(office, step)
    groups = [(one,) for one in holders] if step.mode is Mode.ALL and holders else [holders]
    for n, group in enumerate(groups, start=first_n):
        assigned = _assigned(office, step, step.role, task, None, round_, n, group, at)
        yield replace(assigned, told=told)
        if office.grace_minutes == 0:
            yield _at_once(assigned, office.calendar.deadline(at, step.standard.time))


def ratify(office: Office, instance: Instance, step: Step, index: int, at: datetime) -> Iterator[Event]:
    """Assign the row's ratification with that index: to the official, or to the recorder of an outside one."""
    ratification = step.ratifications[index]
    if ratification.outside:
        role, task = step.recorder or step.role, Task.RECORD_RATIFICATION
    else:
        role, task = Role(ratification.by), Task.RATIFY
    n = len(instance.assignments) + 1
    assigned = _assigned(office, step, role, task, index, instance.round, n, office.holders(role), at)
    yield assigned
    if office.grace_minutes == 0:
        yield _at_once(assigned, _ratification_due(office, instance, step.number, at))


def _assigned(
    office: Office,
    step: Step,
    role: Role,
    task: Task,
    ratification: int | None,
    round_: int,
    n: int,
    holders: tuple[Officer, ...],
    at: datetime,
) -> StepAssigned:
    return StepAssigned(
        at=at,
        assignment=n,
        step=step.number,
        round=round_,
        task=task,
        ratification=ratification,
        role=role,
        holder=holders[0].id if len(holders) == 1 else None,
        offered_to=tuple(one.id for one in holders),
        told=(),
        accept_by=office.calendar.add_minutes(at, office.grace_minutes),
    )


def _at_once(assigned: StepAssigned, due_at: datetime) -> StepAccepted:
    """An office without grace: the standard time runs from the assignment."""
    return StepAccepted(
        at=assigned.at,
        assignment=assigned.assignment,
        step=assigned.step,
        by=None,
        started_at=assigned.at,
        due_at=due_at,
    )


def _participants(office: Office, step: Step) -> tuple[OfficerId, ...]:
    leaders = {one.id for one in office.holders(step.role)}
    told = {one.id: None for role in step.participants for one in office.holders(role)}
    return tuple(one for one in told if one not in leaders)


def seal_of(step: Step, assignment: Assignment) -> Seal | None:
    """Return what the assignment's YA puts on the document, or None for an answer that seals nothing."""
    if assignment.ratification is not None:
        return step.ratifications[assignment.ratification].seal
    return step.yes_is if assignment.task is Task.DECIDE else None


def outside_of(step: Step, assignment: Assignment) -> str | None:
    """Return the outside party whose word the assignment records, or None."""
    if assignment.task is Task.RECORD_RATIFICATION and assignment.ratification is not None:
        return step.ratifications[assignment.ratification].by
    return step.outside_decider if assignment.task is Task.RECORD_VERDICT else None


def returned_to(step: Step, task: Task) -> int | None:
    """Return the step that TIDAK leads to, or None where the step cannot be returned."""
    match task:
        case Task.WORK:
            return step.returns_to
        case Task.DECIDE | Task.RECORD_VERDICT:
            return None if step.decision is None else step.decision.on_no
        case Task.RATIFY | Task.RECORD_RATIFICATION:
            return step.refused_ratification_to
        case _:
            assert_never(task)


def due(sop: Sop, office: Office, instance: Instance, assignment: Assignment, start: datetime) -> datetime:
    """Return when an assignment whose time runs from `start` is due; aware UTC."""
    if assignment.ratification is not None:
        return _ratification_due(office, instance, assignment.step, start)
    return office.calendar.deadline(start, sop.step(assignment.step).standard.time)


def _ratification_due(office: Office, instance: Instance, step: int, start: datetime) -> datetime:
    """What is left of the row's time, at least 60 working minutes."""
    least = office.calendar.add_minutes(start, LEAST_RATIFICATION_MINUTES)
    row = [
        one.due_at
        for one in instance.assignments
        if one.step == step and one.ratification is None and one.due_at is not None
    ]
    return max(row[-1], least) if row else least
