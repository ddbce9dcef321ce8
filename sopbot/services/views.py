"""What people are shown, as facts without wording: cards, reminders, news of an instance.

Counterpart: `sopbot/chat/cards.py` words them. Built by `presenting.py` from what is true when they are sent.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sopbot.domain.instance import AssignmentState, InstanceState, Task
from sopbot.domain.office import Officer
from sopbot.domain.reminders import Rung
from sopbot.domain.sop import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Where an act stands in the office's chain: every phone that shows it is a witness."""

    seq: int
    link: str  # hex


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedView:
    """Why a step is being done again."""

    from_step: int
    by: Officer | None
    outside: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceFacts:
    """Which SOP runs for what."""

    instance: int
    slug: str
    sop_name: str
    subject: str
    state: InstanceState
    steps: int
    indicative_times: bool
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFacts:
    """One step as people read it."""

    number: int
    activity: str
    performer: str
    requirements: tuple[str, ...]
    output: tuple[str, ...]
    standard_time: str
    inferred: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """An assignment as one of its officers sees it."""

    facts: InstanceFacts
    assignment: int
    step: StepFacts
    performer: str  # who this assignment is for, as the office names it
    officer: Officer  # who reads it
    token: str
    task: Task
    seal: Seal | None  # what YA puts on the document
    outside: str | None  # the outside party whose verdict or ratification is recorded
    may_return: bool
    state: AssignmentState
    round: int
    holder: Officer | None
    offered_to: tuple[Officer, ...]
    assigned_at: datetime
    accept_by: datetime
    started_at: datetime | None
    automatic: bool
    due_at: datetime | None
    ended_at: datetime | None
    next_performer: str | None  # who gets it next; None after the last step
    next_on_no: str | None
    returned: ReturnedView | None  # why this pass came back
    reason: str  # why this assignment returned the step
    receipt: Receipt | None  # of the act that ended or accepted it
    asked_for: ReturnedView | None = None  # what an earlier round of this row sent back: what to look for now
    together: int = 1  # how many do this pass of the step, each an own assignment
    open_beside: int = 0  # parallel assignments of the step that are still open


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderView:
    """A rung of the ladder for the officer, or for a superior when `rung` escalates."""

    card: CardView
    rung: Rung
    officer: Officer  # who reads it
    late_minutes: int  # working minutes past due, 0 before
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldView:
    """A participant learns of a step in which they take part."""

    facts: InstanceFacts
    step: StepFacts
    officer: Officer
    leader: Officer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VacantView:
    """A step has no officer who could do it."""

    facts: InstanceFacts
    step: StepFacts
    officer: Officer


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedView:
    """An instance was finished or cancelled."""

    facts: InstanceFacts
    officer: Officer
    by: Officer | None
    at: datetime
    reason: str
    receipt: Receipt | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetapView:
    """After a gap in polling: buttons pressed meanwhile may have been lost, please press again."""

    officer: Officer
    open_tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetiredView:
    """An older copy of a card whose buttons must not be pressed any more."""

    card: CardView


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreachableView:
    """An officer to whom Telegram does not deliver, and how many tasks wait there."""

    officer: Officer  # who reads it
    whom: Officer
    open_tasks: int


View = CardView | ReminderView | ToldView | VacantView | EndedView | RetapView | RetiredView | UnreachableView
