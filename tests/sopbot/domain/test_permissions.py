"""Who may: overseers, holders, the frozen, and nobody on their own work."""

import pytest

from sopbot.domain import permissions
from sopbot.domain.errors import MayNotCancel, MayNotStart, NotYours, OfficerInactive, OwnWork, TakenByAnother
from sopbot.domain.office import OfficerId
from sopbot.domain.sop import CAMAT, SEKCAM, Ratification, Seal
from tests.building import (
    ANY_HEAD,
    BUDI,
    EKA,
    KASUBAG,
    RATIFIED_OUTSIDE,
    RUDI,
    SARI,
    STAF,
    TINI,
    WATI,
    accept,
    finish,
    given,
    no,
    nov,
    office,
    sop,
    start,
    step,
    yes,
)

OFFICE = office()
STRANGER = OfficerId(99)


class TestOfficers:
    def test_only_active_officers_of_the_office_act(self):
        assert permissions.active_officer(OFFICE, BUDI).name == "Budi"
        with pytest.raises(OfficerInactive):
            permissions.active_officer(office(frozen=[BUDI]), BUDI)
        with pytest.raises(NotYours):
            permissions.active_officer(OFFICE, STRANGER)

    def test_camat_and_sekcam_oversee(self):
        assert {one.id for one in OFFICE.roster if permissions.overseer(one)} == {TINI, SARI}

    def test_who_may_start(self):
        plan = sop(step(ANY_HEAD))
        for by in (BUDI, EKA, RUDI, SARI, TINI):
            assert permissions.starter(plan, OFFICE, by).id == by
        with pytest.raises(MayNotStart):
            permissions.starter(plan, OFFICE, WATI)

    def test_who_may_cancel(self):
        assert permissions.canceller(OFFICE, SARI).id == SARI
        assert permissions.canceller(OFFICE, TINI).id == TINI
        for by in (BUDI, EKA, WATI):
            with pytest.raises(MayNotCancel):
                permissions.canceller(OFFICE, by)

    def test_who_may_perform(self):
        story = given(sop(step(ANY_HEAD)), OFFICE).when(start(SARI, nov(23, "09.00")))
        (offered,) = story.instance.assignments
        assert [permissions.performer(OFFICE, offered, by).id for by in (BUDI, EKA, RUDI)] == [BUDI, EKA, RUDI]
        (taken,) = story.when(accept(1, EKA, nov(23, "09.01"))).instance.assignments
        assert permissions.performer(OFFICE, taken, EKA).id == EKA
        for kind, by in ((TakenByAnother, RUDI), (NotYours, WATI), (NotYours, TINI), (NotYours, STRANGER)):
            with pytest.raises(kind) as refusal:
                permissions.performer(OFFICE, taken, by)
            assert refusal.type is kind
        with pytest.raises(OfficerInactive):
            permissions.performer(office(frozen=[EKA]), taken, EKA)


class TestOwnWork:
    # Anyone of the heads drafts, anyone of the heads examines.
    ROW = sop(step(ANY_HEAD), step(ANY_HEAD, yes=3, no=1), step(STAF))

    def drafted(self, by, row=ROW):
        return given(row, OFFICE).when(
            start(SARI, nov(23, "09.00")), accept(1, by, nov(23, "09.01")), finish(1, by, nov(23, "09.02"))
        )

    def test_nobody_decides_on_what_they_submitted(self):
        story = self.drafted(EKA)
        story.refuses(OwnWork, accept(2, EKA, nov(23, "09.03")))
        story.when(accept(2, BUDI, nov(23, "09.03")), yes(2, BUDI, nov(23, "09.04")))

    def test_both_answers_are_refused(self):
        # A sole holder has it without a tap, so the answers are refused, too.
        story = given(sop(step(KASUBAG), step(KASUBAG, yes=3, no=1), step(STAF)), office(grace=0)).when(
            start(BUDI, nov(23, "09.00")), finish(1, BUDI, nov(23, "09.02"))
        )
        story.refuses(OwnWork, yes(2, BUDI, nov(23, "09.04")))
        story.refuses(OwnWork, no(2, BUDI, nov(23, "09.04")))

    def test_it_is_the_last_round_that_counts(self):
        story = self.drafted(EKA).when(
            accept(2, BUDI, nov(23, "09.03")),
            no(2, BUDI, nov(23, "09.04")),
            accept(3, RUDI, nov(23, "09.05")),
            finish(3, RUDI, nov(23, "09.06")),
        )
        story.refuses(OwnWork, accept(4, RUDI, nov(23, "09.07")))
        story.when(accept(4, EKA, nov(23, "09.07")), yes(4, EKA, nov(23, "09.08")))

    def test_the_performer_of_the_step_that_tidak_returns_to_is_meant(self):
        row = sop(step(ANY_HEAD), step(ANY_HEAD), step(ANY_HEAD, yes=4, no=1), step(STAF))
        story = self.drafted(EKA, row).when(accept(2, RUDI, nov(23, "09.03")), finish(2, RUDI, nov(23, "09.04")))
        story.refuses(OwnWork, accept(3, EKA, nov(23, "09.05")))
        story.when(accept(3, RUDI, nov(23, "09.05")), yes(3, RUDI, nov(23, "09.06")))

    def test_repeating_one_s_own_decision_is_not_deciding_on_own_work(self):
        row = sop(step(KASUBAG), step(SEKCAM, yes=3, no=2), step(STAF))
        given(row, OFFICE).when(
            start(BUDI, nov(23, "09.00")),
            accept(1, BUDI, nov(23, "09.01")),
            finish(1, BUDI, nov(23, "09.02")),
            accept(2, SARI, nov(23, "09.03")),
            no(2, SARI, nov(23, "09.04")),
            accept(3, SARI, nov(23, "09.05")),
            yes(3, SARI, nov(23, "09.06")),
        )

    def test_a_signature_on_one_s_own_work_is_refused(self):
        signed = Ratification(by=ANY_HEAD, outside=False, seal=Seal.SIGNATURE)
        row = sop(step(ANY_HEAD), step(SEKCAM, yes=3, no=1, ratifications=(signed,)), step(STAF))
        story = self.drafted(EKA, row).when(accept(2, SARI, nov(23, "09.03")), yes(2, SARI, nov(23, "09.04")))
        story.refuses(OwnWork, accept(3, EKA, nov(23, "09.05")))
        story.when(accept(3, RUDI, nov(23, "09.05")), yes(3, RUDI, nov(23, "09.06")))

    def test_a_signature_is_not_a_submission(self):
        # The Camat signs row 2; deciding on row 3, whose TIDAK leads back to row 2, is still the Camat's.
        signed = Ratification(by=CAMAT, outside=False, seal=Seal.SIGNATURE)
        row = sop(
            step(KASUBAG), step(SEKCAM, yes=3, no=1, ratifications=(signed,)), step(CAMAT, yes=4, no=2), step(STAF)
        )
        story = self.drafted(BUDI, row).when(
            accept(2, SARI, nov(23, "09.03")),
            yes(2, SARI, nov(23, "09.04")),
            accept(3, TINI, nov(23, "09.05")),
            yes(3, TINI, nov(23, "09.06")),
        )
        story.when(accept(4, TINI, nov(23, "09.07")), yes(4, TINI, nov(23, "09.08")))

    def test_recording_an_outside_verdict_is_not_deciding(self):
        row = sop(
            step(KASUBAG), step(KASUBAG, yes=3, no=1, outside="Bappeda", ratifications=(RATIFIED_OUTSIDE,)), step(STAF)
        )
        story = self.drafted(BUDI, row).when(
            accept(2, BUDI, nov(23, "09.03")),
            yes(2, BUDI, nov(23, "09.04")),
            accept(3, BUDI, nov(23, "09.05")),
            yes(3, BUDI, nov(23, "09.06")),
        )
        assert story.instance.step == 3

    def test_work_on_one_s_own_submission_is_no_decision(self):
        row = sop(step(KASUBAG), step(KASUBAG, returns_to=1))
        story = self.drafted(BUDI, row).when(accept(2, BUDI, nov(23, "09.03")))
        story.when(no(2, BUDI, nov(23, "09.04")))
        story.when(finish(2, BUDI, nov(23, "09.04")))
