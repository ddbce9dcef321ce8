"""A machine that plays random SOPs with random officers and compares the core with a far simpler model.

Right and wrong commands, in and out of order, with time passing and officers frozen and released. The model
knows neither events nor assignments: only who may act on what is open now. `test_decide.py` runs it.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import strategies
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sopbot.domain.commands import AcceptStep, Answer, AnswerStep, CancelInstance, Command, ExpireGrace, FinishStep
from sopbot.domain.decide import decide
from sopbot.domain.errors import AlreadyStarted, ClockWentBack, Rejected
from sopbot.domain.events import Event, InstanceCancelled, InstanceFinished
from sopbot.domain.evolve import evolve, fold
from sopbot.domain.instance import Instance, InstanceState
from sopbot.domain.notices import notices_for
from sopbot.domain.office import Office, OfficerId
from sopbot.domain.reminders import next_ring
from sopbot.domain.sop import CAMAT, SEKCAM, Mode, Ratification, Role, Seal, Sop, Step
from tests.building import (
    ANY_HEAD,
    CALENDAR,
    KASI,
    KASUBAG,
    RATIFIED_OUTSIDE,
    ROSTER,
    SIGNED_BY_CAMAT,
    STAF,
    nov,
    office,
    sop,
    start,
    step,
)

ROLES = (CAMAT, SEKCAM, KASUBAG, KASI, ANY_HEAD, STAF)
PEOPLE = tuple(one.id for one in ROSTER)
HOLDERS = {role: frozenset(one.id for one in ROSTER if role in one.roles) for role in ROLES}
OVERSEERS = HOLDERS[CAMAT] | HOLDERS[SEKCAM]
STRANGER = OfficerId(99)
SIGNED_BY_A_HEAD = Ratification(by=ANY_HEAD, outside=False, seal=Seal.RATIFICATION)

people = strategies.sampled_from((*PEOPLE, STRANGER))
numbers = strategies.integers(0, 2)  # which of the open pieces; what lies behind them is asked for, too
pauses = strategies.sampled_from([0, 1, 29, 30, 31, 60, 61, 480, 60 * 24, 60 * 24 * 4])
amounts = strategies.sampled_from(["5 Menit", "15 Menit", "2 Jam", "1 Hari", "3 Hari", "1 Pekan"])


@strategies.composite
def rows(draw: strategies.DrawFn, number: int, last: int) -> Step:
    """A row of work, or a decision that leads on and back to any earlier row or itself; the last is work."""
    role, time = draw(strategies.sampled_from(ROLES)), draw(amounts)
    back = draw(strategies.integers(1, number))
    if number < last and draw(strategies.booleans()):
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
    last = draw(strategies.integers(1, 6))
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


class CoreMachine(RuleBasedStateMachine):
    """Commands at random; after each the core, the fold of its events and the model agree."""

    office: Office
    model: Model
    instance: Instance
    at: datetime

    @initialize(plan=sops(), grace=strategies.sampled_from([0, 30, 60]))
    def begin(self, plan: Sop, grace: int) -> None:
        self.grace = grace
        self.frozen: frozenset[OfficerId] = frozenset()
        self.office = office(grace=grace)
        self.at = nov(20, "15.00")
        self.sop = plan
        self.model = Model(sop=plan)
        self.history: tuple[Event, ...] = ()
        opening = start(OfficerId(2), self.at)
        self._record(decide(plan, self.office, None, opening))
        self.model.enter(1, self.office, self.at)

    # ---- what happens

    @rule(minutes=pauses)
    def time_passes(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule(officer=strategies.sampled_from(PEOPLE))
    def freeze_or_release(self, officer: OfficerId) -> None:
        self.frozen ^= {officer}
        self.office = office(grace=self.grace, frozen=self.frozen)

    @rule(which=numbers, by=people)
    def accept(self, which: int, by: OfficerId) -> None:
        piece = self._piece(which)
        right = piece is not None and self.model.theirs(piece, by, self.office) and not piece.accepted
        right = right and not self.model.own(by)
        if self._allowed(AcceptStep(assignment=self._number(which), by=by, at=self.at), right=right):
            piece.holder, piece.accepted, piece.running = by, True, True

    @rule(which=numbers)
    def expire(self, which: int) -> None:
        piece = self._piece(which)
        right = piece is not None and not piece.running and self.at >= piece.accept_by
        if self._allowed(ExpireGrace(assignment=self._number(which), at=self.at), right=right):
            piece.running, piece.accepted = True, piece.holder is not None

    @rule(which=numbers, by=people)
    def finish(self, which: int, by: OfficerId) -> None:
        right = self._in_hand(which, by) and not self.model.decides
        if self._allowed(FinishStep(assignment=self._number(which), by=by, at=self.at), right=right):
            self.model.done(self._number(which), by, self.office, self.at)

    @rule(which=numbers, by=people)
    def answer_yes(self, which: int, by: OfficerId) -> None:
        right = self._in_hand(which, by) and self.model.decides and not self.model.own(by)
        command = AnswerStep(assignment=self._number(which), by=by, at=self.at, answer=Answer.YES)
        if self._allowed(command, right=right):
            self.model.done(self._number(which), by, self.office, self.at)

    @rule(which=numbers, by=people, reason=strategies.sampled_from(["kurang", "kurang", " "]))
    def answer_no(self, which: int, by: OfficerId, reason: str) -> None:
        back = self.model.back
        right = self._in_hand(which, by) and back is not None and bool(reason.strip()) and not self.model.own(by)
        command = AnswerStep(assignment=self._number(which), by=by, at=self.at, answer=Answer.NO, reason=reason)
        if self._allowed(command, right=right):
            self.model.enter(back, self.office, self.at)
            assert self.instance.returned is not None
            assert (self.instance.returned.by, self.instance.returned.to_step) == (by, back)

    @rule()
    def the_right_officer_goes_on(self) -> None:
        """Somebody who may does what is due: without it random taps would seldom get beyond the first rows."""
        for piece in tuple(self.model.pieces.values())[:1]:
            for by in self._candidates(piece)[:1]:
                self._go_on(piece, by)

    @precondition(lambda self: len(self.history) > 8)
    @rule(by=people, reason=strategies.sampled_from(["batal", ""]))
    def cancel(self, by: OfficerId, reason: str) -> None:
        right = by in OVERSEERS - self.frozen and bool(reason) and not self.model.over
        if self._allowed(CancelInstance(by=by, at=self.at, reason=reason), right=right):
            self.model.over, self.model.pieces = True, {}

    @rule(by=people)
    def a_clock_that_went_back(self, by: OfficerId) -> None:
        before = self.instance.last_at - timedelta(seconds=1)
        self._refused(FinishStep(assignment=1, by=by, at=before), ClockWentBack)

    @rule(by=people)
    def start_again(self, by: OfficerId) -> None:
        self._refused(start(by, self.at), AlreadyStarted)

    # ---- what must hold

    @invariant()
    def the_fold_is_the_state(self) -> None:
        assert fold(self.history) == self.instance
        assert self.instance.version == len(self.history)

    @invariant()
    def core_and_model_agree(self) -> None:
        assert (self.instance.state is not InstanceState.RUNNING) == self.model.over
        opened = {one.n: (one.step, one.round, one.ratification) for one in self.instance.open_assignments}
        here = (self.model.row, self.model.rounds[self.model.row], self.model.seal)
        assert opened == ({} if self.model.over else dict.fromkeys(self.model.pieces, here))
        assert self.instance.rounds == tuple(self.model.rounds[n] for n in range(1, len(self.sop.steps) + 1))
        for one in self.instance.open_assignments:
            piece = self.model.pieces[one.n]
            assert (one.holder, one.role, one.accept_by) == (piece.holder, piece.role, piece.accept_by)
            assert (one.due_at is not None) == (one.started_at is not None) == piece.running

    @invariant()
    def it_ends_once(self) -> None:
        ends = [isinstance(event, InstanceFinished | InstanceCancelled) for event in self.history]
        assert sum(ends) == int(self.model.over)
        assert not any(ends[:-1])

    @invariant()
    def somebody_can_go_on_or_the_clock_will(self) -> None:
        """Unless the office itself is in the way: nobody active holds the role, or only the submitter does."""
        for piece in self.model.pieces.values():
            assignment = self.instance.assignments[piece.n - 1]
            ring = next_ring(self.sop, CALENDAR, assignment, None)
            assert ring is not None
            if not piece.running:
                assert decide(
                    self.sop, self.office, self.instance, ExpireGrace(assignment=piece.n, at=self._late(piece))
                )
            for by in self._candidates(piece):
                assert decide(self.sop, self.office, self.instance, self._next_command(piece, by))

    def teardown(self) -> None:
        """With everybody back at work it ends, by YA and Selesai alone, after no more than all rows."""
        if not hasattr(self, "instance"):
            return
        self.frozen, self.office = frozenset(), office(grace=self.grace)
        for _ in range(100):
            moves = [(piece, by) for piece in self.model.pieces.values() for by in self._candidates(piece)]
            if not moves:
                break
            self._go_on(*moves[0])
        blocked = all(
            self.model.own(by)
            for piece in self.model.pieces.values()
            for by in ([piece.holder] if piece.holder is not None else HOLDERS[piece.role])
        )
        assert self.model.over or blocked
        self.core_and_model_agree()
        self.it_ends_once()

    # ---- how it is done

    def _record(self, events: tuple[Event, ...]) -> None:
        instance = fold(self.history)
        for event in events:
            instance = evolve(instance, event)
            notices_for(event, instance)
        self.history += events
        assert instance is not None
        self.instance = instance

    def _allowed(self, command: Command, *, right: bool) -> bool:
        """Whether the core lets it happen, which must be just when the model says it is right."""
        try:
            events = decide(self.sop, self.office, self.instance, command)
        except Rejected as refusal:
            events, why = (), str(refusal)
        else:
            why = "allowed"
            assert events
        assert bool(events) == right, f"{why}, but right is {right}: {command}"
        self._record(events)
        return right

    def _refused(self, command: Command, kind: type[Rejected]) -> None:
        try:
            decide(self.sop, self.office, self.instance, command)
        except kind:
            return
        raise AssertionError(f"allowed although it is not right: {command}")

    def _number(self, which: int) -> int:
        """The first or second open piece; beyond them what is already over, or does not exist."""
        opened = sorted(self.model.pieces)
        return opened[which] if which < len(opened) else which - 1

    def _piece(self, which: int) -> Piece | None:
        return self.model.pieces.get(self._number(which))

    def _in_hand(self, which: int, by: OfficerId) -> bool:
        piece = self._piece(which)
        return piece is not None and piece.accepted and self.model.theirs(piece, by, self.office)

    def _candidates(self, piece: Piece) -> list[OfficerId]:
        return [by for by in PEOPLE if self.model.theirs(piece, by, self.office) and not self.model.own(by)]

    def _late(self, piece: Piece) -> datetime:
        return max(self.at, piece.accept_by)

    def _next_command(self, piece: Piece, by: OfficerId) -> Command:
        if not piece.accepted:
            return AcceptStep(assignment=piece.n, by=by, at=self.at)
        if self.model.decides:
            return AnswerStep(assignment=piece.n, by=by, at=self.at, answer=Answer.YES)
        return FinishStep(assignment=piece.n, by=by, at=self.at)

    def _go_on(self, piece: Piece, by: OfficerId) -> None:
        assert self._allowed(self._next_command(piece, by), right=True)
        if not piece.accepted:
            piece.holder, piece.accepted, piece.running = by, True, True
        else:
            self.model.done(piece.n, by, self.office, self.at)
