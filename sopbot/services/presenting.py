"""Views built from what is true now: for a message about to be sent, or for an answer to somebody who asks.

Counterparts: `sopbot/services/views.py` holds the views, `sopbot/chat/cards.py` words them.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from sopbot.domain.assigning import outside_of, returned_to, seal_of
from sopbot.domain.commands import Answer
from sopbot.domain.events import InstanceCancelled, InstanceFinished, StepAccepted, StepAnswered, StepFinished
from sopbot.domain.instance import Assignment, Instance, Task
from sopbot.domain.office import Office, Officer, OfficerId
from sopbot.domain.reminders import Rung
from sopbot.domain.sop import Sop, Step
from sopbot.services import histories
from sopbot.services.catalogue import Catalogue
from sopbot.services.histories import History
from sopbot.services.offices import Offices
from sopbot.services.views import (
    CardView,
    EndedView,
    InstanceFacts,
    Receipt,
    ReminderView,
    RetiredView,
    ReturnedView,
    StepFacts,
    ToldView,
    VacantView,
)


@dataclass(frozen=True, slots=True)
class Scene:
    """An instance, its SOP and its office at one moment: what every view is built from."""

    history: History
    sop: Sop
    office: Office

    @property
    def instance(self) -> Instance:
        """The instance as folded."""
        return self.history.instance


@dataclass(frozen=True, slots=True)
class Presenting:
    """Builds views inside a read of the database."""

    catalogue: Catalogue
    offices: Offices

    def scene(self, conn: Connection, instance_id: int) -> Scene | None:
        """Return the instance with everything that belongs to it, or None when there is none."""
        history = histories.read(conn, instance_id)
        if history is None:
            return None
        sop = self.catalogue.by_hash(conn, history.instance.definition).sop
        return Scene(history, sop, self.offices.now(conn, history.instance.office))


def instance_facts(scene: Scene) -> InstanceFacts:
    """Return which SOP runs for what."""
    return InstanceFacts(
        instance=scene.instance.id,
        slug=scene.sop.slug,
        sop_name=scene.sop.name.shown,
        subject=scene.instance.subject,
        state=scene.instance.state,
        steps=len(scene.sop.steps),
        indicative_times=scene.sop.indicative_times,
        zone=scene.office.calendar.zone,
    )


def step_facts(step: Step) -> StepFacts:
    """Return one step as people read it: the corrected wording where there is one."""
    return StepFacts(
        number=step.number,
        activity=step.activity.shown,
        performer=step.performer,
        requirements=tuple(one.shown for one in step.standard.requirements),
        output=tuple(one.shown for one in step.standard.output),
        standard_time=str(step.standard.time),
        inferred=step.inferred,
    )


def card(scene: Scene, assignment: Assignment, reader: OfficerId, token: str) -> CardView:
    """Return the assignment as `reader` sees it."""
    step = scene.sop.step(assignment.step)
    reader_officer = scene.office.officer(reader)
    if reader_officer is None:
        raise KeyError(reader)
    offered = () if assignment.holder is not None else scene.office.holders(assignment.role)
    pass_of_step = (assignment.step, assignment.round, assignment.task)
    beside = [
        one
        for one in scene.instance.open_assignments
        if one.n != assignment.n and (one.step, one.round, one.task) == pass_of_step
    ]
    return CardView(
        facts=instance_facts(scene),
        assignment=assignment.n,
        step=step_facts(step),
        performer=_performer(step, assignment),
        officer=reader_officer,
        token=token,
        task=assignment.task,
        seal=seal_of(step, assignment),
        outside=outside_of(step, assignment),
        may_return=assignment.task is not Task.WORK or step.returns_to is not None,
        state=assignment.state,
        round=assignment.round,
        holder=_officer(scene, assignment.holder),
        offered_to=offered,
        assigned_at=assignment.assigned_at,
        accept_by=assignment.accept_by,
        started_at=assignment.started_at,
        automatic=assignment.automatic,
        due_at=assignment.due_at,
        ended_at=assignment.ended_at,
        next_performer=_next_performer(scene.sop, step, assignment),
        next_on_no=_performer_on_no(scene.sop, step, assignment),
        returned=_returned(scene, assignment),
        asked_for=_asked_for(scene, assignment),
        reason=_reason(scene, assignment),
        receipt=_receipt(scene.history, assignment.n),
        together=sum((one.step, one.round, one.task) == pass_of_step for one in scene.instance.assignments),
        open_beside=len(beside) if not assignment.is_open else 0,
    )


def reminder(
    scene: Scene, assignment: Assignment, reader: OfficerId, rung: Rung, token: str, at: datetime
) -> ReminderView:
    """Return a rung of the ladder for `reader`."""
    view = card(scene, assignment, reader, token)
    due = assignment.due_at
    late = 0 if due is None or at <= due else scene.office.calendar.working_minutes(due, at)
    return ReminderView(card=view, rung=rung, officer=view.officer, late_minutes=late, at=at)


def told(scene: Scene, assignment: Assignment, reader: Officer) -> ToldView:
    """Return what a participant learns of a step."""
    step = step_facts(scene.sop.step(assignment.step))
    return ToldView(facts=instance_facts(scene), step=step, officer=reader, leader=_officer(scene, assignment.holder))


def vacant(scene: Scene, assignment: Assignment, reader: Officer) -> VacantView:
    """Return that nobody holds the role of a step."""
    step = step_facts(scene.sop.step(assignment.step))
    return VacantView(facts=instance_facts(scene), step=step, officer=reader)


def ended(scene: Scene, reader: Officer) -> EndedView | None:
    """Return how the instance ended, or None while it runs."""
    record = scene.history.records[-1]
    match record.event:
        case InstanceFinished() as event:
            reason = ""
        case InstanceCancelled() as event:
            reason = event.reason
        case _:
            return None
    return EndedView(
        facts=instance_facts(scene),
        officer=reader,
        by=_officer(scene, event.by),
        at=event.at,
        reason=reason,
        receipt=record.receipt,
    )


def retired(scene: Scene, assignment: Assignment, reader: OfficerId, token: str) -> RetiredView:
    """Return an older copy of a card, without its buttons."""
    return RetiredView(card=card(scene, assignment, reader, token))


def _officer(scene: Scene, officer_id: OfficerId | None) -> Officer | None:
    return None if officer_id is None else scene.office.officer(officer_id)


def _performer(step: Step, assignment: Assignment) -> str:
    if assignment.task is Task.RATIFY and assignment.ratification is not None:
        return step.ratifications[assignment.ratification].by.capitalize()
    return step.performer


def _next_performer(sop: Sop, step: Step, assignment: Assignment) -> str | None:
    following = 0 if assignment.ratification is None else assignment.ratification + 1
    if assignment.task is not Task.WORK and following < len(step.ratifications):
        ratification = step.ratifications[following]
        return ratification.by if ratification.outside else ratification.by.capitalize()
    number = sop.following(step.number)
    return None if number is None else _named_step(sop.step(number))


def _named_step(step: Step) -> str:
    """Name who gets a step, and which one it is: the same role often has the next one, too."""
    return f"{step.performer} (langkah {step.number})"


def _performer_on_no(sop: Sop, step: Step, assignment: Assignment) -> str | None:
    target = returned_to(step, assignment.task)
    return None if target is None else _named_step(sop.step(target))


def _returned(scene: Scene, assignment: Assignment) -> ReturnedView | None:
    """Tell why this pass of the step is being done again: the answer that led to it."""
    for record in reversed(scene.history.records):
        event = record.event
        if (
            isinstance(event, StepAnswered)
            and event.answer is Answer.NO
            and event.leads_to == assignment.step
            and event.at == assignment.assigned_at
        ):
            return _returned_view(scene, event)
    return None


def _asked_for(scene: Scene, assignment: Assignment) -> ReturnedView | None:
    """Tell whoever checks a row again what its last round sent back, and why."""
    if assignment.task is Task.WORK:
        return None
    for record in reversed(scene.history.records):
        event = record.event
        if (
            isinstance(event, StepAnswered)
            and event.answer is Answer.NO
            and event.step == assignment.step
            and event.at < assignment.assigned_at
        ):
            return _returned_view(scene, event)
    return None


def _returned_view(scene: Scene, event: StepAnswered) -> ReturnedView:
    by = _officer(scene, event.by)
    return ReturnedView(from_step=event.step, by=by, outside=event.outside, reason=event.reason)


def _reason(scene: Scene, assignment: Assignment) -> str:
    for record in scene.history.records:
        event = record.event
        if isinstance(event, StepAnswered) and event.assignment == assignment.n:
            return event.reason
    return ""


def _receipt(history: History, n: int) -> Receipt | None:
    """Return the receipt of the last act on the assignment."""
    for record in reversed(history.records):
        event = record.event
        if isinstance(event, StepAccepted | StepFinished | StepAnswered) and event.assignment == n:
            return record.receipt
    return None
