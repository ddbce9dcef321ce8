"""Who must be told what after an event: data, performed by nobody here.

Counterpart: `sopbot/services/execute.py` turns notices into outbox rows, `sopbot/chat/` words them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

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
from sopbot.domain.instance import Instance
from sopbot.domain.office import OfficerId
from sopbot.domain.sop import CAMAT, SEKCAM, Role


class NoticeKind(StrEnum):
    """What a message is about; it is worded when it is sent, from what is then true."""

    CARD = "kartu"  # a new assignment
    REFRESH = "segarkan"  # the assignment's cards show an old state
    TOLD = "peserta"  # a participant of a step
    VACANT = "tanpa_pejabat"  # nobody holds the role
    FINISHED = "rampung"  # the instance is finished
    CANCELLED = "dihentikan"  # the instance was cancelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell to these officers and to the holders of these roles."""

    kind: NoticeKind
    assignment: int | None = None
    officers: tuple[OfficerId, ...] = ()
    roles: tuple[Role, ...] = ()
    but: OfficerId | None = None  # who knows already, as it was their own act


def notices_for(event: Event, instance: Instance) -> tuple[Notice, ...]:
    """Return what follows from `event` for people; `instance` is the one after the event."""
    match event:
        case InstanceStarted():
            return ()
        case StepAssigned():
            return _assigned(event)
        case StepAccepted() | StepFinished():
            return (Notice(kind=NoticeKind.REFRESH, assignment=event.assignment),)
        case StepAnswered():
            closed = [one.n for one in instance.assignments if one.ended_at == event.at]
            return tuple(Notice(kind=NoticeKind.REFRESH, assignment=n) for n in closed)
        case InstanceFinished():
            return (Notice(kind=NoticeKind.FINISHED, officers=_concerned(instance), roles=(SEKCAM, CAMAT)),)
        case InstanceCancelled():
            return _cancelled(event, instance)
        case _:
            assert_never(event)


def _assigned(event: StepAssigned) -> tuple[Notice, ...]:
    if not event.offered_to:
        return (Notice(kind=NoticeKind.VACANT, assignment=event.assignment, roles=(SEKCAM, CAMAT)),)
    card = Notice(kind=NoticeKind.CARD, assignment=event.assignment, officers=event.offered_to)
    if not event.told:
        return (card,)
    return card, Notice(kind=NoticeKind.TOLD, assignment=event.assignment, officers=event.told)


def _cancelled(event: InstanceCancelled, instance: Instance) -> tuple[Notice, ...]:
    withdrawn = [one for one in instance.assignments if one.ended_at == event.at]
    refreshed = tuple(Notice(kind=NoticeKind.REFRESH, assignment=one.n) for one in withdrawn)
    told = Notice(kind=NoticeKind.CANCELLED, officers=_concerned(instance), roles=(SEKCAM, CAMAT), but=event.by)
    return (*refreshed, told)


def _concerned(instance: Instance) -> tuple[OfficerId, ...]:
    """Return who started the instance and everybody who has had a step of it, each once."""
    holders = [one.holder for one in instance.assignments if one.holder is not None]
    return tuple(dict.fromkeys([instance.started_by, *holders]))
