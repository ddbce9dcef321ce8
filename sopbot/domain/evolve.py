"""The fold: an instance and one more event give the next instance; pure, total, and never refusing.

Counterpart: `sopbot/domain/decide.py`, which alone judges; what is in the trail has happened.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from sopbot.domain.commands import Answer
from sopbot.domain.events import (
    Event,
    InstanceCancelled,
    InstanceFinished,
    InstanceStarted,
    StepAccepted,
    StepAnswered,
    StepAssigned,
    StepFinished,
)
from sopbot.domain.instance import Assignment, AssignmentState, Instance, InstanceState, Return


def evolve(instance: Instance | None, event: Event) -> Instance:
    """Return the instance after `event`; only `InstanceStarted` may come first (ValueError otherwise)."""
    if isinstance(event, InstanceStarted):
        return Instance(
            id=event.instance,
            office=event.office,
            slug=event.slug,
            definition=event.definition,
            subject=event.subject,
            state=InstanceState.RUNNING,
            version=1,
            step=1,
            round=1,
            rounds=(0,) * event.steps,
            started_by=event.by,
            started_at=event.at,
            last_at=event.at,
        )
    if instance is None:
        message = f"the first event of an instance is {type(event).__name__}"
        raise ValueError(message)
    return replace(_after(instance, event), version=instance.version + 1, last_at=event.at)


def fold(events: Iterable[Event]) -> Instance | None:
    """Return the instance that a whole history gives, or None for an empty one."""
    instance: Instance | None = None
    for event in events:
        instance = evolve(instance, event)
    return instance


def _after(
    instance: Instance,
    event: StepAssigned | StepAccepted | StepFinished | StepAnswered | InstanceFinished | InstanceCancelled,
) -> Instance:
    match event:
        case StepAssigned():
            return _assigned(instance, event)
        case StepAccepted():
            return _accepted(instance, event)
        case StepFinished():
            return _closed(instance, event, AssignmentState.DONE)
        case StepAnswered():
            return _answered(instance, event)
        case InstanceFinished():
            return replace(instance, state=InstanceState.FINISHED, ended_at=event.at, returned=None)
        case InstanceCancelled():
            withdrawn = _withdraw(instance.assignments, event)
            return replace(instance, state=InstanceState.CANCELLED, ended_at=event.at, assignments=withdrawn)
        case _:
            assert_never(event)


def _assigned(instance: Instance, event: StepAssigned) -> Instance:
    assignment = Assignment(
        n=event.assignment,
        step=event.step,
        round=event.round,
        task=event.task,
        ratification=event.ratification,
        role=event.role,
        state=AssignmentState.OFFERED,
        holder=event.holder,
        assigned_at=event.at,
        accept_by=event.accept_by,
        started_at=None,
        automatic=False,
        due_at=None,
        ended_at=None,
    )
    rounds = list(instance.rounds)
    rounds[event.step - 1] = event.round
    still_returned = instance.returned is not None and instance.returned.to_step == event.step
    return replace(
        instance,
        step=event.step,
        round=event.round,
        rounds=tuple(rounds),
        returned=instance.returned if still_returned else None,
        assignments=(*instance.assignments, assignment),
    )


def _accepted(instance: Instance, event: StepAccepted) -> Instance:
    before = instance.assignments[event.assignment - 1]
    holder = before.holder if event.by is None else event.by
    accepted = replace(
        before,
        state=AssignmentState.OFFERED if holder is None else AssignmentState.ACCEPTED,
        holder=holder,
        started_at=event.started_at,
        due_at=event.due_at,
        automatic=before.automatic or event.by is None,
    )
    return _with(instance, accepted)


def _answered(instance: Instance, event: StepAnswered) -> Instance:
    if event.answer is Answer.YES or event.leads_to is None:
        return replace(_closed(instance, event, AssignmentState.DONE), returned=None)
    closed = _closed(instance, event, AssignmentState.RETURNED)
    returned = Return(
        from_step=event.step,
        to_step=event.leads_to,
        by=event.by,
        reason=event.reason,
        outside=event.outside,
    )
    return replace(closed, returned=returned, assignments=_withdraw(closed.assignments, event))


def _closed(instance: Instance, event: StepFinished | StepAnswered, state: AssignmentState) -> Instance:
    before = instance.assignments[event.assignment - 1]
    return _with(instance, replace(before, state=state, holder=event.by, ended_at=event.at))


def _withdraw(assignments: tuple[Assignment, ...], event: StepAnswered | InstanceCancelled) -> tuple[Assignment, ...]:
    """Close whatever is still open: nobody needs to act on it any more."""
    return tuple(
        replace(one, state=AssignmentState.WITHDRAWN, ended_at=event.at) if one.is_open else one for one in assignments
    )


def _with(instance: Instance, assignment: Assignment) -> Instance:
    before = instance.assignments
    return replace(instance, assignments=(*before[: assignment.n - 1], assignment, *before[assignment.n :]))
