"""What has happened to an instance: past tense, complete, and the only source of its state.

Counterparts: `sopbot/domain/evolve.py` folds them, `sopbot/services/codec.py` writes them into the trail.
"""

from dataclasses import dataclass
from datetime import datetime

from sopbot.domain.commands import Answer
from sopbot.domain.instance import InstanceId, Task
from sopbot.domain.office import OfficerId
from sopbot.domain.sop import Role, Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceStarted:
    """An officer began the SOP."""

    at: datetime
    instance: InstanceId
    office: str
    slug: str
    definition: str
    steps: int
    subject: str
    by: OfficerId


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAssigned:
    """A step was given to its officer, or offered to every holder of its role."""

    at: datetime
    assignment: int
    step: int
    round: int
    task: Task
    ratification: int | None
    role: Role
    holder: OfficerId | None
    offered_to: tuple[OfficerId, ...]
    told: tuple[OfficerId, ...]  # participants who only need to know
    accept_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAccepted:
    """The standard time began to run: by a tap, or by itself after the grace (`by` is then None).

    With several candidates an automatic acceptance leaves the holder open; a later tap only takes the step.
    """

    at: datetime
    assignment: int
    step: int
    by: OfficerId | None
    started_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFinished:
    """The step's work is done."""

    at: datetime
    assignment: int
    step: int
    by: OfficerId


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAnswered:
    """A decision was taken (YA), or the step was returned (TIDAK) to `leads_to` with a reason."""

    at: datetime
    assignment: int
    step: int
    by: OfficerId
    answer: Answer
    reason: str
    leads_to: int | None
    outside: str | None  # whose verdict was recorded
    seal: Seal | None  # what YA put on the document


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceFinished:
    """The last step is done."""

    at: datetime
    by: OfficerId


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceCancelled:
    """The instance was ended before its last step."""

    at: datetime
    by: OfficerId
    reason: str


Event = (
    InstanceStarted | StepAssigned | StepAccepted | StepFinished | StepAnswered | InstanceFinished | InstanceCancelled
)
