"""Whose turn it is: one holder, several, all in parallel, meetings, ratifications inside a row, grace 0, vacancy."""

import pytest

from sopbot.domain.assigning import LEAST_RATIFICATION_MINUTES
from sopbot.domain.commands import Answer, ExpireGrace
from sopbot.domain.errors import (
    AlreadyAccepted,
    AlreadyDone,
    GraceNotOver,
    NotYours,
    ReasonRequired,
    TakenByAnother,
)
from sopbot.domain.events import InstanceFinished, StepAccepted, StepAnswered, StepFinished
from sopbot.domain.instance import AssignmentState, Return, Task
from sopbot.domain.sop import CAMAT, SEKCAM, Mode, Seal
from tests.building import (
    ANY_HEAD,
    BUDI,
    CALENDAR,
    EKA,
    KASI,
    KASUBAG,
    RATIFIED_OUTSIDE,
    RUDI,
    SARI,
    SIGNED_BY_CAMAT,
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

OFFICE = office()


def accepted(n, step, by, at, due_at, *, started_at=None) -> StepAccepted:
    return StepAccepted(at=at, assignment=n, step=step, by=by, started_at=started_at or at, due_at=due_at)


def said_yes(n, step, by, at, *, seal=None, outside=None) -> StepAnswered:
    return StepAnswered(
        at=at,
        assignment=n,
        step=step,
        by=by,
        answer=Answer.YES,
        reason="",
        leads_to=None,
        outside=outside,
        seal=seal,
    )


class TestSeveralHolders:
    ROW = sop(step(ANY_HEAD), step(STAF))
    OFFERED = (
        started(ROW, SARI, nov(23, "09.00")),
        assigned(1, 1, ANY_HEAD, (BUDI, EKA, RUDI), nov(23, "09.00"), nov(23, "10.00")),
    )

    def test_it_is_offered_to_all_and_the_first_has_it(self):
        story = (
            given(self.ROW, OFFICE)
            .when(start(SARI, nov(23, "09.00")))
            .then(*self.OFFERED)
            .when(accept(1, RUDI, nov(23, "09.10")))
            .then(accepted(1, 1, RUDI, nov(23, "09.10"), nov(23, "09.25")))
        )
        story.refuses(TakenByAnother, accept(1, EKA, nov(23, "09.10")))
        story.refuses(TakenByAnother, finish(1, BUDI, nov(23, "09.11")))
        story.refuses(AlreadyAccepted, accept(1, RUDI, nov(23, "09.11")))
        story.refuses(NotYours, finish(1, WATI, nov(23, "09.11")))
        done = story.when(finish(1, RUDI, nov(23, "09.12")))
        done.refuses(TakenByAnother, accept(1, EKA, nov(23, "09.13")))
        done.refuses(AlreadyDone, accept(1, RUDI, nov(23, "09.13")))

    def test_after_the_grace_it_stays_offered_while_its_time_runs(self):
        story = given(self.ROW, OFFICE, *self.OFFERED).when(ExpireGrace(assignment=1, at=nov(23, "10.00")))
        story.then(accepted(1, 1, None, nov(23, "10.00"), nov(23, "10.15")))
        (running,) = story.instance.open_assignments
        assert running.state is AssignmentState.OFFERED
        assert running.holder is None
        story.refuses(GraceNotOver, ExpireGrace(assignment=1, at=nov(23, "10.01")))
        # A later tap only takes the step; it does not start its time anew.
        story = story.when(accept(1, EKA, nov(23, "10.10"))).then(
            accepted(1, 1, EKA, nov(23, "10.10"), nov(23, "10.15"), started_at=nov(23, "10.00"))
        )
        (taken,) = story.instance.open_assignments
        assert taken.holder == EKA
        assert taken.state is AssignmentState.ACCEPTED
        assert taken.automatic
        story.refuses(TakenByAnother, accept(1, RUDI, nov(23, "10.11")))

    def test_the_frozen_are_not_offered_it(self):
        given(self.ROW, office(frozen=[EKA, RUDI])).when(start(SARI, nov(23, "09.00"))).then(
            self.OFFERED[0], assigned(1, 1, ANY_HEAD, BUDI, nov(23, "09.00"), nov(23, "10.00"))
        )

    def test_who_joins_the_role_later_may_take_it(self):
        story = given(self.ROW, office(without=[RUDI])).when(start(SARI, nov(23, "09.00"))).in_office(OFFICE)
        story.when(accept(1, RUDI, nov(23, "09.10")))


class TestAllInParallel:
    ROW = sop(step(KASI, mode=Mode.ALL), step(STAF))
    BOTH = (
        started(ROW, SARI, nov(23, "09.00")),
        assigned(1, 1, KASI, EKA, nov(23, "09.00"), nov(23, "10.00")),
        assigned(2, 1, KASI, RUDI, nov(23, "09.00"), nov(23, "10.00")),
    )

    def test_the_step_ends_with_the_last_of_them(self):
        (
            given(self.ROW, OFFICE)
            .when(start(SARI, nov(23, "09.00")))
            .then(*self.BOTH)
            .when(accept(2, RUDI, nov(23, "09.05")))
            .when(finish(2, RUDI, nov(23, "09.10")))
            .then(StepFinished(at=nov(23, "09.10"), assignment=2, step=1, by=RUDI))
            .when(ExpireGrace(assignment=1, at=nov(23, "10.00")))
            .then(accepted(1, 1, None, nov(23, "10.00"), nov(23, "10.15")))
            .when(finish(1, EKA, nov(23, "10.20")))
            .then(
                StepFinished(at=nov(23, "10.20"), assignment=1, step=1, by=EKA),
                assigned(3, 2, STAF, WATI, nov(23, "10.20"), nov(23, "11.20")),
            )
        )

    def test_each_has_an_own_assignment(self):
        story = given(self.ROW, OFFICE, *self.BOTH).when(accept(1, EKA, nov(23, "09.05")))
        story.refuses(TakenByAnother, finish(1, RUDI, nov(23, "09.10")))
        story.refuses(TakenByAnother, accept(2, EKA, nov(23, "09.10")))

    def test_as_the_last_step_it_ends_the_instance_with_the_last_of_them(self):
        last = sop(step(KASI, mode=Mode.ALL))
        story = given(last, OFFICE, started(last, SARI, nov(23, "09.00")), *self.BOTH[1:]).when(
            accept(1, EKA, nov(23, "09.05")),
            accept(2, RUDI, nov(23, "09.05")),
            finish(1, EKA, nov(23, "09.10")),
        )
        story.then(StepFinished(at=nov(23, "09.10"), assignment=1, step=1, by=EKA))
        story.when(finish(2, RUDI, nov(23, "09.11"))).then(
            StepFinished(at=nov(23, "09.11"), assignment=2, step=1, by=RUDI),
            InstanceFinished(at=nov(23, "09.11"), by=RUDI),
        )

    def test_one_of_them_returning_it_takes_it_from_the_others(self):
        row = sop(step(STAF), step(KASI, mode=Mode.ALL, returns_to=1), step(STAF))
        story = given(row, OFFICE).when(
            start(WATI, nov(23, "09.00")),
            accept(1, WATI, nov(23, "09.00")),
            finish(1, WATI, nov(23, "09.01")),
            accept(2, EKA, nov(23, "09.02")),
            no(2, EKA, nov(23, "09.03")),
        )
        assert [one.state for one in story.instance.assignments] == [
            AssignmentState.DONE,
            AssignmentState.RETURNED,
            AssignmentState.WITHDRAWN,
            AssignmentState.OFFERED,
        ]
        story.refuses(AlreadyDone, accept(3, RUDI, nov(23, "09.04")))


class TestMeeting:
    def test_one_leads_and_the_others_are_told(self):
        row = sop(step(SEKCAM, mode=Mode.MEETING, participants=(KASI, ANY_HEAD, SEKCAM)), step(STAF))
        story = given(row, OFFICE).when(start(SARI, nov(23, "09.00")))
        story.then(
            started(row, SARI, nov(23, "09.00")),
            assigned(1, 1, SEKCAM, SARI, nov(23, "09.00"), nov(23, "10.00"), told=(EKA, RUDI, BUDI)),
        )
        story.refuses(NotYours, accept(1, EKA, nov(23, "09.05")))
        story = story.when(accept(1, SARI, nov(23, "09.05")), finish(1, SARI, nov(23, "09.10")))
        assert story.instance.step == 2


class TestRatification:
    # The Sekcam decides; on YA the Camat signs and an official outside ratifies, recorded by the step's recorder.
    ROW = sop(
        step(KASUBAG),
        step(SEKCAM, yes=3, no=1, time="1 Hari", ratifications=(SIGNED_BY_CAMAT, RATIFIED_OUTSIDE)),
        step(STAF),
    )

    def decided(self, at):
        return given(self.ROW, OFFICE).when(
            start(BUDI, nov(23, "08.00")),
            accept(1, BUDI, nov(23, "08.00")),
            finish(1, BUDI, nov(23, "08.10")),
            accept(2, SARI, nov(23, "09.00")),
            yes(2, SARI, at),
        )

    def test_signing_and_ratifying_stay_in_the_row(self):
        story = self.decided(nov(23, "14.00")).then(
            said_yes(2, 2, SARI, nov(23, "14.00")),
            assigned(3, 2, CAMAT, TINI, nov(23, "14.00"), nov(23, "15.00"), task=Task.RATIFY, ratification=0),
        )
        story = story.when(accept(3, TINI, nov(23, "14.30")))
        story.then(accepted(3, 2, TINI, nov(23, "14.30"), nov(24, "09.00")))  # what is left of the row's day
        story = story.when(yes(3, TINI, nov(23, "14.40"))).then(
            said_yes(3, 2, TINI, nov(23, "14.40"), seal=Seal.SIGNATURE),
            assigned(
                4,
                2,
                SEKCAM,
                SARI,
                nov(23, "14.40"),
                nov(23, "15.40"),
                task=Task.RECORD_RATIFICATION,
                ratification=1,
            ),
        )
        assert story.instance.step == 2
        story.when(accept(4, SARI, nov(23, "15.00"))).when(yes(4, SARI, nov(23, "15.10"))).then(
            said_yes(4, 2, SARI, nov(23, "15.10"), seal=Seal.RATIFICATION, outside="Kepala BKAD"),
            assigned(5, 3, STAF, WATI, nov(23, "15.10"), nov(24, "07.40")),
        )

    def test_it_gets_sixty_working_minutes_at_least(self):
        assert LEAST_RATIFICATION_MINUTES == 60
        late = self.decided(nov(24, "08.30")).when(accept(3, TINI, nov(24, "08.40")))
        late.then(accepted(3, 2, TINI, nov(24, "08.40"), nov(24, "09.40")))
        exactly = self.decided(nov(23, "15.00")).when(accept(3, TINI, nov(24, "08.00")))
        exactly.then(accepted(3, 2, TINI, nov(24, "08.00"), nov(24, "09.00")))

    def test_accepted_by_itself_it_has_its_own_deadline_too(self):
        story = self.decided(nov(24, "09.30")).when(ExpireGrace(assignment=3, at=nov(24, "10.45")))
        story.then(accepted(3, 2, None, nov(24, "10.45"), nov(24, "11.30"), started_at=nov(24, "10.30")))

    def test_refused_it_goes_where_tidak_leads(self):
        story = self.decided(nov(23, "14.00")).when(accept(3, TINI, nov(23, "14.05")))
        story.refuses(ReasonRequired, no(3, TINI, nov(23, "14.10"), ""))
        story = story.when(no(3, TINI, nov(23, "14.10"), "Tanggal keliru")).then(
            StepAnswered(
                at=nov(23, "14.10"),
                assignment=3,
                step=2,
                by=TINI,
                answer=Answer.NO,
                reason="Tanggal keliru",
                leads_to=1,
                outside=None,
                seal=None,
            ),
            assigned(4, 1, KASUBAG, BUDI, nov(23, "14.10"), nov(23, "15.10"), round_=2),
        )
        assert story.instance.returned == Return(from_step=2, to_step=1, by=TINI, reason="Tanggal keliru")

    def test_its_deadline_is_the_latest_round_s(self):
        story = self.decided(nov(23, "14.00")).when(
            accept(3, TINI, nov(23, "14.05")),
            no(3, TINI, nov(23, "14.10")),
            accept(4, BUDI, nov(23, "14.20")),
            finish(4, BUDI, nov(23, "14.30")),
            accept(5, SARI, nov(23, "15.00")),
            yes(5, SARI, nov(23, "15.10")),
        )
        story.then(
            said_yes(5, 2, SARI, nov(23, "15.10")),
            assigned(
                6,
                2,
                CAMAT,
                TINI,
                nov(23, "15.10"),
                nov(24, "07.40"),
                round_=2,
                task=Task.RATIFY,
                ratification=0,
            ),
        )
        story.when(accept(6, TINI, nov(23, "15.20"))).then(accepted(6, 2, TINI, nov(23, "15.20"), nov(24, "15.00")))

    def test_refused_outside_it_is_recorded_as_theirs_and_may_have_a_target_of_its_own(self):
        row = sop(
            step(KASUBAG),
            step(STAF),
            step(KASUBAG, yes=4, no=3, outside="Tim Verifikasi", ratifications=(RATIFIED_OUTSIDE,), returns_to=1),
            step(STAF),
        )
        story = given(row, OFFICE).when(
            start(BUDI, nov(23, "08.00")),
            accept(1, BUDI, nov(23, "08.00")),
            finish(1, BUDI, nov(23, "08.10")),
            accept(2, WATI, nov(23, "08.20")),
            finish(2, WATI, nov(23, "08.30")),
            accept(3, BUDI, nov(23, "09.00")),
            yes(3, BUDI, nov(23, "09.10")),
        )
        story.then(
            said_yes(3, 3, BUDI, nov(23, "09.10"), outside="Tim Verifikasi"),
            assigned(
                4,
                3,
                KASUBAG,
                BUDI,
                nov(23, "09.10"),
                nov(23, "10.10"),
                task=Task.RECORD_RATIFICATION,
                ratification=0,
            ),
        )
        story = story.when(accept(4, BUDI, nov(23, "09.20")), no(4, BUDI, nov(23, "09.30"), "Pagu berubah"))
        assert story.instance.returned == Return(
            from_step=3, to_step=1, by=BUDI, reason="Pagu berubah", outside="Kepala BKAD"
        )
        assert story.instance.rounds == (2, 1, 1, 0)

    def test_the_decider_s_yes_may_itself_be_the_signature(self):
        row = sop(step(KASUBAG), step(CAMAT, yes=3, no=1, yes_is=Seal.SIGNATURE), step(STAF))
        story = given(row, OFFICE).when(
            start(BUDI, nov(23, "08.00")),
            accept(1, BUDI, nov(23, "08.00")),
            finish(1, BUDI, nov(23, "08.10")),
            accept(2, TINI, nov(23, "09.00")),
            yes(2, TINI, nov(23, "09.10")),
        )
        story.then(
            said_yes(2, 2, TINI, nov(23, "09.10"), seal=Seal.SIGNATURE),
            assigned(3, 3, STAF, WATI, nov(23, "09.10"), nov(23, "10.10")),
        )


class TestWithoutGrace:
    OFFICE = office(grace=0)

    def test_the_time_runs_from_the_assignment(self):
        row = sop(step(KASUBAG), step(STAF))
        story = given(row, self.OFFICE).when(start(BUDI, nov(23, "09.00")))
        story.then(
            started(row, BUDI, nov(23, "09.00")),
            assigned(1, 1, KASUBAG, BUDI, nov(23, "09.00"), nov(23, "09.00")),
            accepted(1, 1, None, nov(23, "09.00"), nov(23, "09.15")),
        )
        story.refuses(AlreadyAccepted, accept(1, BUDI, nov(23, "09.01")))
        story.when(finish(1, BUDI, nov(23, "09.02"))).then(
            StepFinished(at=nov(23, "09.02"), assignment=1, step=1, by=BUDI),
            assigned(2, 2, STAF, WATI, nov(23, "09.02"), nov(23, "09.02")),
            accepted(2, 2, None, nov(23, "09.02"), nov(23, "09.17")),
        )

    def test_several_holders_still_have_to_take_it(self):
        row = sop(step(ANY_HEAD))
        story = given(row, self.OFFICE).when(start(SARI, nov(23, "09.00"))).when(accept(1, EKA, nov(23, "09.10")))
        story.then(accepted(1, 1, EKA, nov(23, "09.10"), nov(23, "09.15"), started_at=nov(23, "09.00")))

    def test_in_parallel_each_time_runs(self):
        row = sop(step(KASI, mode=Mode.ALL))
        given(row, self.OFFICE).when(start(SARI, nov(23, "09.00"))).then(
            started(row, SARI, nov(23, "09.00")),
            assigned(1, 1, KASI, EKA, nov(23, "09.00"), nov(23, "09.00")),
            accepted(1, 1, None, nov(23, "09.00"), nov(23, "09.15")),
            assigned(2, 1, KASI, RUDI, nov(23, "09.00"), nov(23, "09.00")),
            accepted(2, 1, None, nov(23, "09.00"), nov(23, "09.15")),
        )

    def test_a_ratification_s_time_runs_too(self):
        story = given(TestRatification.ROW, self.OFFICE).when(
            start(BUDI, nov(23, "08.00")), finish(1, BUDI, nov(23, "08.10")), yes(2, SARI, nov(23, "14.00"))
        )
        story.then(
            said_yes(2, 2, SARI, nov(23, "14.00")),
            assigned(3, 2, CAMAT, TINI, nov(23, "14.00"), nov(23, "14.00"), task=Task.RATIFY, ratification=0),
            accepted(3, 2, None, nov(23, "14.00"), nov(24, "08.10")),
        )


class TestVacancy:
    ROW = sop(step(KASUBAG), step(STAF), step(KASUBAG))

    @pytest.mark.parametrize("now", [office(without=[WATI]), office(frozen=[WATI])])
    def test_a_step_without_holders_waits_for_one(self, now):
        story = given(self.ROW, now).when(
            start(BUDI, nov(23, "09.00")), accept(1, BUDI, nov(23, "09.00")), finish(1, BUDI, nov(23, "09.10"))
        )
        story.then(
            StepFinished(at=nov(23, "09.10"), assignment=1, step=1, by=BUDI),
            assigned(2, 2, STAF, (), nov(23, "09.10"), nov(23, "10.10")),
        )
        story = story.when(ExpireGrace(assignment=2, at=nov(23, "10.10")))
        assert story.instance.open_assignments[0].state is AssignmentState.OFFERED
        story.in_office(OFFICE).when(accept(2, WATI, nov(24, "09.00"))).then(
            accepted(2, 2, WATI, nov(24, "09.00"), nov(23, "10.25"), started_at=nov(23, "10.10"))
        )

    def test_all_of_nobody_is_one_vacant_assignment(self):
        row = sop(step(KASUBAG), step(KASI, mode=Mode.ALL))
        story = given(row, office(without=[EKA, RUDI])).when(
            start(BUDI, nov(23, "09.00")), accept(1, BUDI, nov(23, "09.00")), finish(1, BUDI, nov(23, "09.10"))
        )
        assert [(one.n, one.holder) for one in story.instance.open_assignments] == [(2, None)]

    def test_a_vacant_signatory(self):
        story = given(TestRatification.ROW, office(without=[TINI])).when(
            start(BUDI, nov(23, "08.00")),
            accept(1, BUDI, nov(23, "08.00")),
            finish(1, BUDI, nov(23, "08.10")),
            accept(2, SARI, nov(23, "09.00")),
            yes(2, SARI, nov(23, "09.10")),
        )
        assert story.latest[-1].offered_to == ()
        story.in_office(OFFICE).when(accept(3, TINI, nov(23, "10.00")))


def test_a_deadline_passes_over_break_night_weekend_and_holiday():
    row = sop(step(KASUBAG, time="2 Hari"), step(STAF))
    story = given(row, OFFICE).when(start(BUDI, nov(20, "15.00")), accept(1, BUDI, nov(21, "20.00")))
    # Saturday evening counts from Monday's opening; Wednesday the 25th is a holiday.
    story.then(accepted(1, 1, BUDI, nov(21, "20.00"), nov(26, "07.30")))
    assert CALENDAR.is_working(nov(26, "07.30"))
