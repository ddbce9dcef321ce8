"""A machine that plays random SOPs with random officers and compares the core with `core_model.py`.

Right and wrong commands, in and out of order, with time passing and officers frozen and released.
`test_decide.py` runs it.
"""

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
from sopbot.domain.sop import CAMAT, SEKCAM, Sop
from tests.building import (
    CALENDAR,
    nov,
    office,
    start,
)
from tests.core_model import HOLDERS, PEOPLE, Model, Piece, sops

OVERSEERS = HOLDERS[CAMAT] | HOLDERS[SEKCAM]
STRANGER = OfficerId(99)
people = strategies.sampled_from((*PEOPLE, STRANGER))
numbers = strategies.sampled_from([0, 0, 0, 1, 2])  # which of the open pieces; what lies behind them is asked for, too
pauses = strategies.sampled_from([0, 1, 29, 30, 31, 60, 61, 480, 60 * 24, 60 * 24 * 4])


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

    @rule(frozen=strategies.sets(strategies.sampled_from(PEOPLE), max_size=2))
    def freeze_and_release(self, frozen: set[OfficerId]) -> None:
        self.frozen = frozenset(frozen)
        self.office = office(grace=self.grace, frozen=self.frozen)

    @rule(
        kind=strategies.sampled_from(["accept", "finish", "yes", "no", "no without a reason"]),
        which=numbers,
        by=people,
    )
    def tap(self, kind: str, which: int, by: OfficerId) -> None:
        """Anybody taps anything."""
        match kind:
            case "accept":
                self.accept(which, by)
            case "finish":
                self.finish(which, by)
            case "yes":
                self.answer_yes(which, by)
            case "no":
                self.answer_no(which, by, "kurang")
            case _:
                self.answer_no(which, by, " ")

    @rule(which=numbers, wait=strategies.booleans())
    def tick(self, which: int, wait: bool) -> None:
        """The clock looks at an assignment, perhaps when its time for accepting is over."""
        piece = self._piece(which)
        if wait and piece is not None:
            self.at = self._late(piece)
        self.expire(which)

    def accept(self, which: int, by: OfficerId) -> None:
        piece = self._piece(which)
        right = piece is not None and self.model.theirs(piece, by, self.office) and not piece.accepted
        right = right and not self.model.own(by)
        if self._allowed(AcceptStep(assignment=self._number(which), by=by, at=self.at), right=right):
            piece.holder, piece.accepted, piece.running = by, True, True

    def expire(self, which: int) -> None:
        piece = self._piece(which)
        right = piece is not None and not piece.running and self.at >= piece.accept_by
        if self._allowed(ExpireGrace(assignment=self._number(which), at=self.at), right=right):
            piece.running, piece.accepted = True, piece.holder is not None

    def finish(self, which: int, by: OfficerId) -> None:
        right = self._in_hand(which, by) and not self.model.decides
        if self._allowed(FinishStep(assignment=self._number(which), by=by, at=self.at), right=right):
            self.model.done(self._number(which), by, self.office, self.at)

    def answer_yes(self, which: int, by: OfficerId) -> None:
        right = self._in_hand(which, by) and self.model.decides and not self.model.own(by)
        command = AnswerStep(assignment=self._number(which), by=by, at=self.at, answer=Answer.YES)
        if self._allowed(command, right=right):
            self.model.done(self._number(which), by, self.office, self.at)

    def answer_no(self, which: int, by: OfficerId, reason: str) -> None:
        back = self.model.back
        right = self._in_hand(which, by) and back is not None and bool(reason.strip()) and not self.model.own(by)
        command = AnswerStep(assignment=self._number(which), by=by, at=self.at, answer=Answer.NO, reason=reason)
        if self._allowed(command, right=right):
            self.model.enter(back, self.office, self.at)
            assert self.instance.returned is not None
            assert (self.instance.returned.by, self.instance.returned.to_step) == (by, back)

    @rule(answers=strategies.lists(strategies.sampled_from([*"AYYN"]), min_size=1, max_size=12))
    def the_right_officers_go_on(self, answers: list[str]) -> None:
        """Those who may do what is due: random taps alone would seldom get beyond the first rows."""
        for answer in answers:
            moves = [(piece, by) for piece in self.model.pieces.values() for by in self._candidates(piece)]
            if not moves:
                return
            piece, by = moves[0]
            if not piece.accepted:
                self._go_on(piece, by)
            if answer == "A":
                return  # taken and left lying, for others to try
            if answer == "N" and self.model.back is not None:
                self.answer_no(sorted(self.model.pieces).index(piece.n), by, "kurang")
            else:
                self._go_on(piece, by)

    @precondition(lambda self: len(self.history) > 40)
    @rule(by=people, reason=strategies.sampled_from(["batal", ""]))
    def cancel(self, by: OfficerId, reason: str) -> None:
        right = by in OVERSEERS - self.frozen and bool(reason) and not self.model.over
        if self._allowed(CancelInstance(by=by, at=self.at, reason=reason), right=right):
            self.model.over, self.model.pieces = True, {}

    @rule(by=people)
    def what_is_never_allowed(self, by: OfficerId) -> None:
        before = self.instance.last_at - timedelta(seconds=1)
        self._refused(FinishStep(assignment=1, by=by, at=before), ClockWentBack)
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
