"""A Standard Operating Procedure as the engine runs it: steps, performers, standard times, branches.

Counterpart: `sopbot/definitions/` reads it from YAML together with everything that is only shown or printed.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from sopbot.domain.standard_time import StandardTime

Role = NewType("Role", str)  # an office role (peran), e.g. "kasubag_pk"; never a person

CAMAT = Role("camat")
SEKCAM = Role("sekcam")


class Mode(StrEnum):
    """How the holders of a step's role work on it (cara)."""

    ONE = "satu"  # one holder; offered to all of them when there are several
    ALL = "semua"  # every holder in parallel, each with an own assignment
    MEETING = "rapat"  # one leader finishes the step, participants are told


class Seal(StrEnum):
    """What a ratification puts on the document; paraf is another thing and never merged with it."""

    SIGNATURE = "tanda_tangan"
    RATIFICATION = "pengesahan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A text of the source document, letter for letter, and its correction where it has a typo."""

    original: str
    corrected: str | None = None

    @property
    def shown(self) -> str:
        """What people see."""
        return self.original if self.corrected is None else self.corrected


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityStandard:
    """Mutu baku: what must be there before, how long it may take, what comes out."""

    requirements: tuple[Wording, ...]
    time: StandardTime
    time_text: Wording
    output: tuple[Wording, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The targets of a decision's two answers: step numbers."""

    on_yes: int
    on_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratification:
    """A signature or ratification after YA inside the same row.

    `by` is a role, or an outside party's name when `outside`; the latter is recorded by the step's recorder.
    """

    by: str
    outside: bool
    seal: Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of the SOP."""

    number: int
    activity: Wording
    performer: str  # as the office names it, e.g. "Kasubag Perencanaan dan Keuangan" or "Bappeda"
    column: str  # the source's column heading
    role: Role  # the office role that acts (for an outside decider: the one that records)
    mode: Mode
    participants: tuple[Role, ...]  # told when the step is assigned
    standard: QualityStandard
    decision: Decision | None
    outside_decider: str | None  # the outside party that decides; `recorder` records its verdict
    recorder: Role | None
    ratifications: tuple[Ratification, ...]
    returns_to: int | None  # where a step that is no decision may be returned, or a refused ratification goes
    yes_is: Seal | None  # the decider's YA is recorded as this, too (no further assignment)
    inferred: frozenset[str]  # fields that the source does not state
    note: str

    @property
    def refused_ratification_to(self) -> int | None:
        """The step that a refused ratification of this row leads back to."""
        if self.returns_to is not None:
            return self.returns_to
        return None if self.decision is None else self.decision.on_no


@dataclass(frozen=True, slots=True, kw_only=True)
class Sop:
    """One version of an SOP; `hash` identifies it and running instances pin it."""

    slug: str
    office: str
    hash: str
    number: str
    name: Wording
    steps: tuple[Step, ...]  # in the order of their numbers, 1..n
    indicative_times: bool  # the standard times are known to be wrong: shown, never escalated

    def step(self, number: int) -> Step:
        """Return the step with that number; KeyError if there is none."""
        if not 1 <= number <= len(self.steps):
            raise KeyError(number)
        return self.steps[number - 1]

    def following(self, number: int) -> int | None:
        """Return the number of the next step, or None after the last."""
        step = self.step(number)
        if step.decision is not None:
            return step.decision.on_yes
        return number + 1 if number < len(self.steps) else None
