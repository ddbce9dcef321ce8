"""Random SOPs, and a simple model of one that runs: who may act on what is open now.

It knows neither events nor assignments and is independent of the core; `core_machine.py` compares the two.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from hypothesis import strategies

from sopbot.domain.office import Office, OfficerId
from sopbot.domain.sop import CAMAT, SEKCAM, Mode, Ratification, Role, Seal, Sop, Step
from tests.building import (
    ANY_HEAD,
    KASI,
    KASUBAG,
    RATIFIED_OUTSIDE,
    ROSTER,
    SIGNED_BY_CAMAT,
    STAF,
    sop,
    step,
)

ROLES = (CAMAT, SEKCAM, KASUBAG, KASI, ANY_HEAD, STAF)
PEOPLE = tuple(one.id for one in ROSTER)
HOLDERS = {role: frozenset(one.id for one in ROSTER if role in one.roles) for role in ROLES}
SIGNED_BY_A_HEAD = Ratification(by=ANY_HEAD, outside=False, seal=Seal.RATIFICATION)

amounts = strategies.sampled_from(["5 Menit", "15 Menit", "2 Jam", "1 Hari", "3 Hari", "1 Pekan"])


@strategies.composite
def rows(draw: strategies.DrawFn, number: int, last: int) -> Step:
    """A row of work, or a decision that leads on and back to any earlier row or itself; the last is work."""
    role, time = draw(strategies.sampled_from(ROLES)), draw(amounts)
    back = draw(strategies.integers(1, number))
    if number < last and draw(strategies.integers(0, 2)):
        return step(
            role,
            time=time,
            yes=draw(strategies.integers(number + 1, last)),
            no=back,
            outside=draw(strategies.sampled_from([None, None, "Bappeda"])),
            ratifications=tuple(
                draw(
                    strategies.lists(
                        strategies.sampled_from([SIGNED_BY_CAMAT, RATIFIED_OUTSIDE, SIGNED_BY_A_HEAD]), max_size=2
                    )
                )
            ),
            returns_to=draw(strategies.one_of(strategies.none(), strategies.integers(1, number))),
        )
    return step(
        role,
        time=time,
        mode=draw(strategies.sampled_from(Mode)),
        participants=draw(strategies.sampled_from([(), (KASI,), (STAF, ANY_HEAD)])),
        returns_to=draw(strategies.sampled_from([None, None, back])),
    )


@strategies.composite
def sops(draw: strategies.DrawFn) -> Sop:
    """An SOP of one to six rows."""
    last = draw(strategies.sampled_from([1, 2, 3, 4, 4, 5, 6, 6]))
    return sop(*(draw(rows(number, last)) for number in range(1, last + 1)), indicative=draw(strategies.booleans()))


@dataclass(slots=True)
class Piece:
    """The model's idea of a piece of work that is open now."""

    n: int
    role: Role
    holder: OfficerId | None
    accepted: bool
    running: bool
    accept_by: datetime


@dataclass(slots=True)
class Model:
    """Which row, which ratification of it (None: the row itself), which round, who submitted what, what is open."""

    sop: Sop
    row: int = 1
    seal: int | None = None
    rounds: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    submitted: dict[int, set[OfficerId]] = field(default_factory=dict)
    pieces: dict[int, Piece] = field(default_factory=dict)
    made: int = 0
    over: bool = False

    @property
    def step(self) -> Step:
        return self.sop.steps[self.row - 1]

    @property
    def decides(self) -> bool:
        return self.step.decision is not None

    @property
    def recorded(self) -> bool:
        """Whether somebody outside decides and an officer only writes it down."""
        if self.seal is not None:
            return self.step.ratifications[self.seal].outside
        return self.step.outside_decider is not None

    @property
    def back(self) -> int | None:
        """Where TIDAK leads from here, or None where it is not allowed."""
        on_no = None if self.step.decision is None else self.step.decision.on_no
        if self.seal is None and on_no is not None:
            return on_no
        return self.step.returns_to or on_no

    def own(self, by: OfficerId) -> bool:
        return self.decides and not self.recorded and by in self.submitted.get(self.back or 0, set())

    def theirs(self, piece: Piece, by: OfficerId, now: Office) -> bool:
        officer = now.officer(by)
        if officer is None or not officer.active:
            return False
        return by == piece.holder if piece.holder is not None else piece.role in officer.roles

    def enter(self, row: int, now: Office, at: datetime) -> None:
        self.row, self.seal = row, None
        self.rounds[row] += 1
        self.submitted[row] = set()
        active = [one.id for one in now.holders(self.step.role)]
        alone = self.step.mode is Mode.ALL and active
        self.pieces = {}
        for holder in active if alone else [active[0] if len(active) == 1 else None]:
            self._open(self.step.role, holder, now, at)

    def enter_seal(self, index: int, now: Office, at: datetime) -> None:
        self.seal = index
        ratification = self.step.ratifications[index]
        role = self.step.role if ratification.outside else Role(ratification.by)
        active = [one.id for one in now.holders(role)]
        self.pieces = {}
        self._open(role, active[0] if len(active) == 1 else None, now, at)

    def _open(self, role: Role, holder: OfficerId | None, now: Office, at: datetime) -> None:
        self.made += 1
        at_once = now.grace_minutes == 0
        self.pieces[self.made] = Piece(
            n=self.made,
            role=role,
            holder=holder,
            accepted=at_once and holder is not None,
            running=at_once,
            accept_by=now.calendar.add_minutes(at, now.grace_minutes),
        )

    def done(self, n: int, by: OfficerId, now: Office, at: datetime) -> None:
        """Selesai or YA."""
        del self.pieces[n]
        if self.seal is None:
            self.submitted[self.row].add(by)
        if self.pieces:
            return
        following = 0 if self.seal is None else self.seal + 1
        if following < len(self.step.ratifications):
            self.enter_seal(following, now, at)
        elif self.step.decision is not None:
            self.enter(self.step.decision.on_yes, now, at)
        elif self.row == len(self.sop.steps):
            self.over = True
        else:
            self.enter(self.row + 1, now, at)
