"""From a command to the events that follow from it, or `Rejected`: the rules of running an SOP, pure.

Counterpart: `sopbot/domain/evolve.py`. Permission is asked of `permissions.py`, the state of `transitions.py`,
and `assigning.py` says whose turn it is next.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never

from sopbot.domain import permissions
from sopbot.domain.assigning import assign, due, outside_of, ratify, returned_to, seal_of
from sopbot.domain.commands import (
    AcceptStep,
    Answer,
    AnswerStep,
    CancelInstance,
    Command,
    ExpireGrace,
    FinishStep,
    StartInstance,
)
from sopbot.domain.errors import (
    AlreadyStarted,
    ClockWentBack,
    GraceNotOver,
    InstanceOver,
    ReasonRequired,
    ReasonTooLong,
    RoleVacant,
    SubjectRequired,
    SubjectTooLong,
    UnknownAssignment,
)
from sopbot.domain.events import (
    Event,
    InstanceCancelled,
    InstanceFinished,
    InstanceStarted,
    StepAccepted,
    StepAnswered,
    StepFinished,
)
from sopbot.domain.instance import Assignment, Instance, InstanceState, Task
from sopbot.domain.office import Office
from sopbot.domain.sop import Sop
from sopbot.domain.transitions import Verb, follow

LONGEST_REASON = 1000
LONGEST_SUBJECT = 200


def decide(sop: Sop, office: Office, instance: Instance | None, command: Command) -> tuple[Event, ...]:
    """Return what happens when `command` is carried out now; raises `Rejected` and changes nothing otherwise.

    `instance` is None only for `StartInstance`. Instants are aware UTC.
    """
    if isinstance(command, StartInstance):
        if instance is not None:
            raise AlreadyStarted
        return _start(sop, office, command)
    if instance is None:
        raise UnknownAssignment
    if command.at < instance.last_at:
        raise ClockWentBack
    if isinstance(command, CancelInstance):
        return _cancel(office, instance, command)
    assignment = instance.assignment(command.assignment)
    if assignment is None:
        raise UnknownAssignment
    match command:
        case AcceptStep():
            return _accept(sop, office, instance, assignment, command)
        case ExpireGrace():
            return _expire(sop, office, instance, assignment, command)
        case FinishStep():
            return _finish(sop, office, instance, assignment, command)
        case AnswerStep():
            return _answer(sop, office, instance, assignment, command)
        case _:
            assert_never(command)


def _start(sop: Sop, office: Office, command: StartInstance) -> tuple[Event, ...]:
    permissions.starter(sop, office, command.by)
    subject = command.subject.strip()
    if not subject:
        raise SubjectRequired
    if len(subject) > LONGEST_SUBJECT:
        raise SubjectTooLong(limit=LONGEST_SUBJECT)
    first = sop.step(1)
    if not office.holders(first.role):
        raise RoleVacant(role=first.role)
    started = InstanceStarted(
        at=command.at,
        instance=command.instance,
        office=office.slug,
        slug=sop.slug,
        definition=sop.hash,
        steps=len(sop.steps),
        subject=subject,
        by=command.by,
    )
    return started, *assign(office, first, 1, 1, command.at)


def _accept(
    sop: Sop, office: Office, instance: Instance, assignment: Assignment, command: AcceptStep
) -> tuple[Event, ...]:
    permissions.performer(office, assignment, command.by)
    _require_running(instance)
    follow(assignment, Verb.ACCEPT)
    permissions.not_own_work(sop.step(assignment.step), instance, assignment, command.by)
    if assignment.started_at is not None and assignment.due_at is not None:  # its time already runs by itself
        started_at, due_at = assignment.started_at, assignment.due_at
    else:
        started_at, due_at = command.at, due(sop, office, instance, assignment, command.at)
    return (
        StepAccepted(
            at=command.at,
            assignment=assignment.n,
            step=assignment.step,
            by=command.by,
            started_at=started_at,
            due_at=due_at,
        ),
    )


def _expire(
    sop: Sop, office: Office, instance: Instance, assignment: Assignment, command: ExpireGrace
) -> tuple[Event, ...]:
    _require_running(instance)
    follow(assignment, Verb.EXPIRE)
    if command.at < assignment.accept_by or assignment.started_at is not None:
        raise GraceNotOver
    return (_accepted_by_itself(sop, office, instance, assignment, command.at),)


def _accepted_by_itself(
    sop: Sop, office: Office, instance: Instance, assignment: Assignment, at: datetime
) -> StepAccepted:
    """The time runs from the end of the grace, however late the machine noticed it."""
    return StepAccepted(
        at=at,
        assignment=assignment.n,
        step=assignment.step,
        by=None,
        started_at=assignment.accept_by,
        due_at=due(sop, office, instance, assignment, assignment.accept_by),
    )


def _finish(
    sop: Sop, office: Office, instance: Instance, assignment: Assignment, command: FinishStep
) -> tuple[Event, ...]:
    permissions.performer(office, assignment, command.by)
    _require_running(instance)
    follow(assignment, Verb.FINISH)
    finished = StepFinished(at=command.at, assignment=assignment.n, step=assignment.step, by=command.by)
    if any(one.n != assignment.n for one in instance.open_assignments):
        return (finished,)  # done in parallel: the step ends with the last of them
    return finished, *_proceed(sop, office, instance, assignment.step, command)


def _answer(
    sop: Sop, office: Office, instance: Instance, assignment: Assignment, command: AnswerStep
) -> tuple[Event, ...]:
    permissions.performer(office, assignment, command.by)
    _require_running(instance)
    step = sop.step(assignment.step)
    returnable = assignment.task is Task.WORK and step.returns_to is not None
    verb = Verb.YES if command.answer is Answer.YES else Verb.NO
    follow(assignment, verb, returnable=returnable)
    permissions.not_own_work(step, instance, assignment, command.by)
    if command.answer is Answer.NO:
        return _return(sop, office, instance, assignment, command)
    answered = StepAnswered(
        at=command.at,
        assignment=assignment.n,
        step=step.number,
        by=command.by,
        answer=Answer.YES,
        reason="",
        leads_to=None,
        outside=outside_of(step, assignment),
        seal=seal_of(step, assignment),
    )
    following = 0 if assignment.ratification is None else assignment.ratification + 1
    if following < len(step.ratifications):
        return answered, *ratify(office, instance, step, following, command.at)
    return answered, *_proceed(sop, office, instance, step.number, command)


def _return(
    sop: Sop, office: Office, instance: Instance, assignment: Assignment, command: AnswerStep
) -> tuple[Event, ...]:
    step = sop.step(assignment.step)
    reason = _reason(command.reason)
    target = returned_to(step, assignment.task)
    if target is None:
        raise UnknownAssignment
    answered = StepAnswered(
        at=command.at,
        assignment=assignment.n,
        step=step.number,
        by=command.by,
        answer=Answer.NO,
        reason=reason,
        leads_to=target,
        outside=outside_of(step, assignment),
        seal=None,
    )
    again = instance.rounds[target - 1] + 1
    first_n = len(instance.assignments) + 1
    return answered, *assign(office, sop.step(target), again, first_n, command.at)


def _cancel(office: Office, instance: Instance, command: CancelInstance) -> tuple[Event, ...]:
    permissions.canceller(office, command.by)
    _require_running(instance)
    return (InstanceCancelled(at=command.at, by=command.by, reason=_reason(command.reason)),)


def _proceed(
    sop: Sop, office: Office, instance: Instance, done: int, command: FinishStep | AnswerStep
) -> Iterator[Event]:
    """Go on to the next step, or end the instance after the last one."""
    following = sop.following(done)
    if following is None:
        yield InstanceFinished(at=command.at, by=command.by)
        return
    again = instance.rounds[following - 1] + 1
    first_n = len(instance.assignments) + 1
    yield from assign(office, sop.step(following), again, first_n, command.at)


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise ReasonRequired
    if len(reason) > LONGEST_REASON:
        raise ReasonTooLong(limit=LONGEST_REASON)
    return reason


def _require_running(instance: Instance) -> None:
    if instance.state is not InstanceState.RUNNING:
        raise InstanceOver(state=instance.state)
