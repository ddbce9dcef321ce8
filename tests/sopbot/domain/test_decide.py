"""The rules of running an SOP, each as a short story: sequence, YA and TIDAK, acceptance, cancelling."""

from datetime import timedelta

import pytest
from hypothesis import settings

from sopbot.domain.commands import AcceptStep, Answer, CancelInstance, ExpireGrace
from sopbot.domain.decide import LONGEST_REASON, LONGEST_SUBJECT
from sopbot.domain.errors import (
    AlreadyAccepted,
    AlreadyDone,
    AlreadyStarted,
    ClockWentBack,
    GraceNotOver,
    InstanceOver,
    MayNotCancel,
    MayNotStart,
    NotAcceptedYet,
    NotYours,
    OfficerInactive,
    OwnWork,
    ReasonRequired,
    ReasonTooLong,
    RoleVacant,
    SubjectRequired,
    SubjectTooLong,
    TakenByAnother,
    UnknownAssignment,
    WrongKindOfStep,
)
from sopbot.domain.events import InstanceCancelled, InstanceFinished, StepAccepted, StepAnswered, StepFinished
from sopbot.domain.instance import AssignmentState, Return, Task
from sopbot.domain.sop import CAMAT, SEKCAM, Seal
from tests.building import (
    ANY_HEAD,
    BUDI,
    EKA,
    KASUBAG,
    RUDI,
    SARI,
    STAF,
    TINI,
    WATI,
    accept,
    assigned,
    finish,
    given,
    no,
    nov,
    office,
    sop,
    start,
    started,
    step,
    yes,
)
from tests.core_machine import CoreMachine

OFFICE = office()
# 1 the Kasubag drafts, 2 the Sekcam examines (TIDAK: back to 1), 3 the staff files it.
PLAIN = sop(step(KASUBAG), step(SEKCAM, yes=3, no=1, time="1 Hari"), step(STAF))
BEGUN = (
    started(PLAIN, BUDI, nov(23, "09.00")),
    assigned(1, 1, KASUBAG, BUDI, nov(23, "09.00"), nov(23, "10.00")),
)
DRAFTED = (
    *BEGUN,
    StepAccepted(
        at=nov(23, "09.05"), assignment=1, step=1, by=BUDI, started_at=nov(23, "09.05"), due_at=nov(23, "09.20")
    ),
    StepFinished(at=nov(23, "09.18"), assignment=1, step=1, by=BUDI),
    assigned(2, 2, SEKCAM, SARI, nov(23, "09.18"), nov(23, "10.18"), task=Task.DECIDE),
)
EXAMINED = (
    *DRAFTED,
    StepAccepted(
        at=nov(23, "10.00"), assignment=2, step=2, by=SARI, started_at=nov(23, "10.00"), due_at=nov(24, "10.00")
    ),
)


def answered(
    n: int, number: int, by: int, at, *, answer=Answer.YES, reason="", leads_to=None, outside=None, seal=None
) -> StepAnswered:
    return StepAnswered(
        at=at,
        assignment=n,
        step=number,
        by=by,
        answer=answer,
        reason=reason,
        leads_to=leads_to,
        outside=outside,
        seal=seal,
    )


class TestSequence:
    def test_from_the_first_step_to_the_last(self):
        (
            given(PLAIN, OFFICE)
            .when(start(BUDI, nov(23, "09.00")))
            .then(*BEGUN)
            .when(accept(1, BUDI, nov(23, "09.05")))
            .then(DRAFTED[2])
            .when(finish(1, BUDI, nov(23, "09.18")))
            .then(*DRAFTED[3:])
            .when(accept(2, SARI, nov(23, "10.00")))
            .then(EXAMINED[-1])
            .when(yes(2, SARI, nov(23, "11.00")))
            .then(
                answered(2, 2, SARI, nov(23, "11.00")),
                assigned(3, 3, STAF, WATI, nov(23, "11.00"), nov(23, "12.00")),
            )
            .when(accept(3, WATI, nov(23, "11.50")))
            .then(
                StepAccepted(
                    at=nov(23, "11.50"),
                    assignment=3,
                    step=3,
                    by=WATI,
                    started_at=nov(23, "11.50"),
                    due_at=nov(23, "13.05"),
                )
            )
            .when(finish(3, WATI, nov(23, "13.30")))
            .then(
                StepFinished(at=nov(23, "13.30"), assignment=3, step=3, by=WATI),
                InstanceFinished(at=nov(23, "13.30"), by=WATI),
            )
        )

    def test_yes_may_skip_steps(self):
        skipping = sop(step(KASUBAG), step(SEKCAM, yes=4, no=1), step(KASUBAG), step(STAF))
        story = given(skipping, OFFICE, started(skipping, BUDI, nov(23, "09.00")), *EXAMINED[1:])
        story.when(yes(2, SARI, nov(23, "10.10"))).then(
            answered(2, 2, SARI, nov(23, "10.10")),
            assigned(3, 4, STAF, WATI, nov(23, "10.10"), nov(23, "11.10")),
        )

    def test_finished_is_finished(self):
        story = given(sop(step(KASUBAG)), OFFICE, *BEGUN).when(
            accept(1, BUDI, nov(23, "09.05")), finish(1, BUDI, nov(23, "09.10"))
        )
        story.refuses(InstanceOver, finish(1, BUDI, nov(23, "09.10")))
        story.refuses(InstanceOver, CancelInstance(by=TINI, at=nov(23, "09.30"), reason="salah"))


class TestNo:
    def test_returns_with_reason_sender_and_the_next_round(self):
        story = (
            given(PLAIN, OFFICE, *EXAMINED)
            .when(no(2, SARI, nov(23, "10.30"), "  Angka belum cocok "))
            .then(
                answered(2, 2, SARI, nov(23, "10.30"), answer=Answer.NO, reason="Angka belum cocok", leads_to=1),
                assigned(3, 1, KASUBAG, BUDI, nov(23, "10.30"), nov(23, "11.30"), round_=2),
            )
        )
        assert story.instance.returned == Return(from_step=2, to_step=1, by=SARI, reason="Angka belum cocok")
        assert (story.instance.step, story.instance.round, story.instance.rounds) == (1, 2, (2, 1, 0))

    def test_every_return_is_another_round(self):
        story = given(PLAIN, OFFICE, *EXAMINED).when(no(2, SARI, nov(23, "10.30")))
        story = story.when(accept(3, BUDI, nov(23, "10.30")), finish(3, BUDI, nov(23, "10.40")))
        story.then(
            StepFinished(at=nov(23, "10.40"), assignment=3, step=1, by=BUDI),
            assigned(4, 2, SEKCAM, SARI, nov(23, "10.40"), nov(23, "11.40"), round_=2, task=Task.DECIDE),
        )
        assert story.instance.returned is None
        story = story.when(accept(4, SARI, nov(23, "10.41")), no(4, SARI, nov(23, "10.42"), "Masih keliru"))
        assert story.instance.rounds == (3, 2, 0)
        assert story.instance.returned == Return(from_step=2, to_step=1, by=SARI, reason="Masih keliru")

    def test_rounds_are_counted_for_each_step(self):
        steps = sop(step(KASUBAG), step(STAF, returns_to=1), step(SEKCAM, yes=4, no=2), step(STAF))
        story = given(steps, office(grace=0)).when(
            start(BUDI, nov(23, "09.00")),
            finish(1, BUDI, nov(23, "09.10")),
            finish(2, WATI, nov(23, "09.20")),
            no(3, SARI, nov(23, "09.30")),
        )
        assert (story.instance.step, story.instance.rounds) == (2, (1, 2, 1, 0))
        story = story.when(no(4, WATI, nov(23, "09.40")))
        assert (story.instance.step, story.instance.round, story.instance.rounds) == (1, 2, (2, 2, 1, 0))

    @pytest.mark.parametrize("target", [1, 2, 3])
    def test_leads_to_any_earlier_step_and_to_itself(self, target):
        steps = sop(step(KASUBAG), step(STAF), step(CAMAT, yes=4, no=target), step(STAF))
        story = given(steps, OFFICE).when(
            start(BUDI, nov(23, "09.00")),
            accept(1, BUDI, nov(23, "09.00")),
            finish(1, BUDI, nov(23, "09.10")),
            accept(2, WATI, nov(23, "09.10")),
            finish(2, WATI, nov(23, "09.20")),
            accept(3, TINI, nov(23, "09.20")),
            no(3, TINI, nov(23, "09.30")),
        )
        assert story.instance.step == target
        assert story.instance.round == 2
        assert [(one.n, one.step) for one in story.instance.open_assignments] == [(4, target)]

    def test_asks_for_a_reason(self):
        story = given(PLAIN, OFFICE, *EXAMINED)
        story.refuses(ReasonRequired, no(2, SARI, nov(23, "10.30"), " \n"))
        story.refuses(ReasonTooLong, no(2, SARI, nov(23, "10.30"), "x" * (LONGEST_REASON + 1)))
        story.when(no(2, SARI, nov(23, "10.30"), "x" * LONGEST_REASON))

    def test_a_step_of_work_is_returned_only_where_the_definition_says_so(self):
        fixed, returnable = (sop(step(KASUBAG), step(STAF, returns_to=target), step(STAF)) for target in (None, 1))
        history = (*DRAFTED[:-1], assigned(2, 2, STAF, WATI, nov(23, "09.18"), nov(23, "10.18")))
        taken = accept(2, WATI, nov(23, "09.20"))
        back = no(2, WATI, nov(23, "09.25"), "Berkas kurang")
        given(fixed, OFFICE, *history).when(taken).refuses(WrongKindOfStep, back)
        (
            given(returnable, OFFICE, *history)
            .when(taken)
            .refuses(WrongKindOfStep, yes(2, WATI, nov(23, "09.25")))
            .when(back)
            .then(
                answered(2, 2, WATI, nov(23, "09.25"), answer=Answer.NO, reason="Berkas kurang", leads_to=1),
                assigned(3, 1, KASUBAG, BUDI, nov(23, "09.25"), nov(23, "10.25"), round_=2),
            )
        )


class TestOutsideDecider:
    # The Kasubag records what Bappeda decides; TIDAK repeats the step itself.
    ROW = sop(step(KASUBAG, yes=2, no=1, outside="Bappeda"), step(STAF))
    BEGUN = (
        started(ROW, BUDI, nov(23, "09.00")),
        assigned(1, 1, KASUBAG, BUDI, nov(23, "09.00"), nov(23, "10.00"), task=Task.RECORD_VERDICT),
    )

    def test_verdicts_are_recorded_as_the_outside_party_s(self):
        story = given(self.ROW, OFFICE).when(start(BUDI, nov(23, "09.00"))).then(*self.BEGUN)
        story = story.when(accept(1, BUDI, nov(23, "09.05"))).when(no(1, BUDI, nov(23, "14.00"), "Perbaiki bab 2"))
        story.then(
            answered(
                1,
                1,
                BUDI,
                nov(23, "14.00"),
                answer=Answer.NO,
                reason="Perbaiki bab 2",
                leads_to=1,
                outside="Bappeda",
            ),
            assigned(2, 1, KASUBAG, BUDI, nov(23, "14.00"), nov(23, "15.00"), round_=2, task=Task.RECORD_VERDICT),
        )
        assert story.instance.returned == Return(
            from_step=1, to_step=1, by=BUDI, reason="Perbaiki bab 2", outside="Bappeda"
        )
        story = story.when(accept(2, BUDI, nov(23, "14.05"))).when(yes(2, BUDI, nov(23, "14.10")))
        story.then(
            answered(2, 1, BUDI, nov(23, "14.10"), outside="Bappeda"),
            assigned(3, 2, STAF, WATI, nov(23, "14.10"), nov(23, "15.10")),
        )
        assert story.instance.returned is None

    def test_a_step_without_a_verdict_to_record_is_just_finished(self):
        given(PLAIN, OFFICE, *BEGUN).when(accept(1, BUDI, nov(23, "09.05"))).refuses(
            WrongKindOfStep, yes(1, BUDI, nov(23, "09.06"))
        )


class TestAcceptance:
    def test_nothing_is_done_before_the_step_is_accepted(self):
        given(PLAIN, OFFICE, *BEGUN).refuses(NotAcceptedYet, finish(1, BUDI, nov(23, "09.05")))
        story = given(PLAIN, OFFICE, *DRAFTED)
        story.refuses(NotAcceptedYet, yes(2, SARI, nov(23, "09.20")))
        story.refuses(NotAcceptedYet, no(2, SARI, nov(23, "09.20")))

    def test_once_is_enough(self):
        story = given(PLAIN, OFFICE, *EXAMINED)
        story.refuses(AlreadyAccepted, accept(2, SARI, nov(23, "10.01")))
        story.refuses(AlreadyDone, accept(1, BUDI, nov(23, "10.01")))
        story.refuses(AlreadyDone, finish(1, BUDI, nov(23, "10.01")))

    def test_after_the_grace_it_is_accepted_by_itself(self):
        story = given(PLAIN, OFFICE, *BEGUN)
        story.refuses(GraceNotOver, ExpireGrace(assignment=1, at=nov(23, "09.59")))
        expired = ExpireGrace(assignment=1, at=nov(23, "10.00"))
        story = story.when(expired).then(
            StepAccepted(
                at=nov(23, "10.00"),
                assignment=1,
                step=1,
                by=None,
                started_at=nov(23, "10.00"),
                due_at=nov(23, "10.15"),
            )
        )
        assert story.instance.assignments[0].automatic
        assert story.instance.assignments[0].state is AssignmentState.ACCEPTED
        story.refuses(AlreadyAccepted, expired)
        story.refuses(AlreadyAccepted, accept(1, BUDI, nov(23, "10.05")))
        story.when(finish(1, BUDI, nov(23, "10.10")))

    def test_a_machine_that_notices_late_does_not_give_more_time(self):
        given(PLAIN, OFFICE, *BEGUN).when(ExpireGrace(assignment=1, at=nov(24, "08.00"))).then(
            StepAccepted(
                at=nov(24, "08.00"),
                assignment=1,
                step=1,
                by=None,
                started_at=nov(23, "10.00"),
                due_at=nov(23, "10.15"),
            )
        )

    def test_the_grace_counts_working_minutes(self):
        late = given(PLAIN, OFFICE).when(start(BUDI, nov(20, "16.00")))  # Friday, half an hour before closing
        late.then(
            started(PLAIN, BUDI, nov(20, "16.00")),
            assigned(1, 1, KASUBAG, BUDI, nov(20, "16.00"), nov(23, "08.00")),
        )
        late.refuses(GraceNotOver, ExpireGrace(assignment=1, at=nov(22, "16.00")))


class TestStarting:
    @pytest.mark.parametrize("by", [BUDI, SARI, TINI])
    def test_by_the_first_performer_the_sekcam_and_the_camat(self, by):
        given(PLAIN, OFFICE).when(start(by, nov(23, "09.00"), "  Renja 2027 ")).then(
            started(PLAIN, by, nov(23, "09.00")), BEGUN[1]
        )

    def test_by_nobody_else(self):
        given(PLAIN, OFFICE).refuses(MayNotStart, start(EKA, nov(23, "09.00")))
        given(PLAIN, OFFICE).refuses(NotYours, start(99, nov(23, "09.00")))
        given(PLAIN, office(frozen=[BUDI])).refuses(OfficerInactive, start(BUDI, nov(23, "09.00")))

    def test_needs_a_subject_that_can_be_recorded(self):
        story = given(PLAIN, OFFICE)
        story.refuses(SubjectRequired, start(BUDI, nov(23, "09.00"), "  "))
        story.refuses(SubjectTooLong, start(BUDI, nov(23, "09.00"), "x" * (LONGEST_SUBJECT + 1)))
        story.when(start(BUDI, nov(23, "09.00"), "x" * LONGEST_SUBJECT))

    @pytest.mark.parametrize("now", [office(without=[BUDI]), office(frozen=[BUDI])])
    def test_needs_somebody_to_do_the_first_step(self, now):
        given(PLAIN, now).refuses(RoleVacant, start(SARI, nov(23, "09.00")))

    def test_only_once(self):
        given(PLAIN, OFFICE, *BEGUN).refuses(AlreadyStarted, start(BUDI, nov(23, "09.10")))


class TestCancelling:
    @pytest.mark.parametrize("by", [SARI, TINI])
    def test_by_the_sekcam_or_the_camat_with_a_reason(self, by):
        stop = CancelInstance(by=by, at=nov(23, "11.00"), reason=" Kegiatan dibatalkan ")
        story = given(PLAIN, OFFICE, *EXAMINED).when(stop)
        story.then(InstanceCancelled(at=nov(23, "11.00"), by=by, reason="Kegiatan dibatalkan"))
        assert [one.state for one in story.instance.assignments] == [AssignmentState.DONE, AssignmentState.WITHDRAWN]
        story.refuses(InstanceOver, yes(2, SARI, nov(23, "11.01")))
        story.refuses(InstanceOver, ExpireGrace(assignment=2, at=nov(23, "11.01")))
        story.refuses(InstanceOver, stop)

    def test_by_nobody_else_and_never_without_a_reason(self):
        story = given(PLAIN, OFFICE, *EXAMINED)
        story.refuses(MayNotCancel, CancelInstance(by=BUDI, at=nov(23, "11.00"), reason="salah"))
        story.refuses(ReasonRequired, CancelInstance(by=TINI, at=nov(23, "11.00"), reason=" "))
        story.refuses(ReasonTooLong, CancelInstance(by=TINI, at=nov(23, "11.00"), reason="x" * (LONGEST_REASON + 1)))
        frozen = story.in_office(office(frozen=[TINI]))
        frozen.refuses(OfficerInactive, CancelInstance(by=TINI, at=nov(23, "11.00"), reason="salah"))


class TestRefusals:
    def test_what_does_not_exist(self):
        given(PLAIN, OFFICE).refuses(UnknownAssignment, accept(1, BUDI, nov(23, "09.00")))
        story = given(PLAIN, OFFICE, *BEGUN)
        for n in (-1, 0, 2):
            story.refuses(UnknownAssignment, AcceptStep(assignment=n, by=BUDI, at=nov(23, "09.05")))

    def test_a_clock_that_went_back(self):
        story = given(PLAIN, OFFICE, *EXAMINED)
        before = nov(23, "10.00") - timedelta(microseconds=1)
        story.refuses(ClockWentBack, yes(2, SARI, before))
        story.refuses(ClockWentBack, CancelInstance(by=TINI, at=before, reason="salah"))
        story.when(yes(2, SARI, nov(23, "10.00")))

    def test_a_second_tap_and_the_other_answer_after_it(self):
        story = given(PLAIN, OFFICE, *EXAMINED).when(yes(2, SARI, nov(23, "10.30")))
        story.refuses(AlreadyDone, yes(2, SARI, nov(23, "10.30")))
        story.refuses(AlreadyDone, no(2, SARI, nov(23, "10.30")))

    def test_the_officer_of_another_step(self):
        story = given(PLAIN, OFFICE, *EXAMINED)
        for stranger in (TINI, BUDI, EKA, WATI):
            story.refuses(NotYours, yes(2, stranger, nov(23, "10.30")))
            story.refuses(NotYours, no(2, stranger, nov(23, "10.30"), ""))

    def test_an_officer_frozen_while_the_tap_was_under_way(self):
        story = given(PLAIN, OFFICE, *EXAMINED).in_office(office(frozen=[SARI]))
        story.refuses(OfficerInactive, yes(2, SARI, nov(23, "10.30")))

    def test_what_somebody_else_took(self):
        story = given(sop(step(ANY_HEAD), step(STAF)), OFFICE).when(
            start(SARI, nov(23, "09.00")), accept(1, EKA, nov(23, "09.01"))
        )
        story.refuses(TakenByAnother, accept(1, RUDI, nov(23, "09.01")))
        story.refuses(TakenByAnother, finish(1, RUDI, nov(23, "09.02")))

    def test_a_decision_on_one_s_own_work(self):
        row = sop(step(KASUBAG), step(ANY_HEAD, yes=3, no=1), step(STAF, yes_is=Seal.SIGNATURE))
        story = given(row, OFFICE).when(
            start(BUDI, nov(23, "09.00")), accept(1, BUDI, nov(23, "09.01")), finish(1, BUDI, nov(23, "09.02"))
        )
        story.refuses(OwnWork, accept(2, BUDI, nov(23, "09.03")))
        story.when(accept(2, EKA, nov(23, "09.03")), yes(2, EKA, nov(23, "09.04")))


# Random SOPs, officers and commands against a simple model. Thirty examples would seldom meet own work or two
# holders, so a quick run has more of them; a thorough one has its own, larger number.
TestMachine = CoreMachine.TestCase
TestMachine.settings = settings(max_examples=max(120, settings().max_examples))
