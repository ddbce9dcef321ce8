"""Events as the trail holds them, and back: one name for each, plain values, nothing lost.

Counterpart: `sopbot/domain/events.py`. A new event without an entry here fails a test.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, cast

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
from sopbot.domain.instance import AssignmentState, InstanceState, Task
from sopbot.domain.sop import Seal

NAMES: Final[Mapping[type, str]] = {
    InstanceStarted: "dimulai",
    StepAssigned: "ditugaskan",
    StepAccepted: "diterima",
    StepFinished: "selesai",
    StepAnswered: "dijawab",
    InstanceFinished: "rampung",
    InstanceCancelled: "dibatalkan",
}
_KINDS: Final = {name: kind for kind, name in NAMES.items()}


def instant_text(at: datetime) -> str:
    """Write an aware instant as ISO 8601 in UTC with microseconds, e.g. 2026-11-20T03:00:00.000000Z."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def instant(text: str) -> datetime:
    """Read what `instant_text` wrote."""
    return datetime.fromisoformat(text)


# How a field comes back from JSON; fields that are not named here are the same in both.
_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "at": instant,
    "accept_by": instant,
    "started_at": instant,
    "due_at": instant,
    "task": Task,
    "answer": Answer,
    "seal": Seal,
    "offered_to": tuple,
    "told": tuple,
}


def encode(event: Event) -> dict[str, object]:
    """Return the event's fields as JSON values."""
    return {field.name: _plain(getattr(event, field.name)) for field in fields(event)}


def decode(name: str, value: Mapping[str, object]) -> Event:
    """Return the event that `encode` wrote; raises KeyError or TypeError for anything else."""
    kind = _KINDS[name]
    known = {key: _READ[key](entry) if key in _READ and entry is not None else entry for key, entry in value.items()}
    return cast("Event", kind(**known))


def action(event: Event) -> str:
    """Return the word under which people find the event in the trail."""
    if isinstance(event, StepAnswered):
        return event.answer.value
    if isinstance(event, StepAccepted) and event.by is None:
        return "diterima_otomatis"
    return NAMES[type(event)]


def name_of(action_word: str) -> str:
    """Return the event's name for a trail's action word."""
    if action_word in set(Answer):
        return NAMES[StepAnswered]
    return "diterima" if action_word == "diterima_otomatis" else action_word


def states(event: Event) -> tuple[str | None, str | None]:
    """Return the states between which the event leads, as the trail shows them."""
    match event:
        case InstanceStarted():
            return None, InstanceState.RUNNING.value
        case InstanceFinished():
            return InstanceState.RUNNING.value, InstanceState.FINISHED.value
        case InstanceCancelled():
            return InstanceState.RUNNING.value, InstanceState.CANCELLED.value
        case StepAssigned():
            return None, AssignmentState.OFFERED.value
        case StepAccepted():
            return AssignmentState.OFFERED.value, AssignmentState.ACCEPTED.value
        case StepFinished():
            return AssignmentState.ACCEPTED.value, AssignmentState.DONE.value
        case StepAnswered():
            done = AssignmentState.DONE if event.answer is Answer.YES else AssignmentState.RETURNED
            return AssignmentState.ACCEPTED.value, done.value


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return list(value)
    return value
