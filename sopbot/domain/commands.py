"""What may be asked of an instance: imperative, with the time and the one who asks.

Counterpart: `sopbot/domain/decide.py` answers each with events or `Rejected`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sopbot.domain.instance import InstanceId
from sopbot.domain.office import OfficerId


class Answer(StrEnum):
    """A decision's two answers."""

    YES = "ya"
    NO = "tidak"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartInstance:
    """Begin an SOP for a subject such as "Renja 2027"."""

    instance: InstanceId
    by: OfficerId
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptStep:
    """Terima Tugas: take the assignment; its standard time begins to run."""

    assignment: int
    by: OfficerId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireGrace:
    """The time for accepting is over: the standard time begins to run by itself."""

    assignment: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishStep:
    """Selesai: the work of the step is done and the next may proceed."""

    assignment: int
    by: OfficerId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerStep:
    """YA or TIDAK, on a decision, an outside verdict, a ratification, or a step that may be returned."""

    assignment: int
    by: OfficerId
    at: datetime
    answer: Answer
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelInstance:
    """End the instance before its last step, with a reason."""

    by: OfficerId
    at: datetime
    reason: str


Command = StartInstance | AcceptStep | ExpireGrace | FinishStep | AnswerStep | CancelInstance
