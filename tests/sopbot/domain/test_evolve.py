"""The fold: what each event makes of an instance, field by field."""

from dataclasses import replace

import pytest

from sopbot.domain.commands import CancelInstance
from sopbot.domain.evolve import evolve, fold
from sopbot.domain.instance import Assignment, AssignmentState, Instance, InstanceId, InstanceState, Return, Task
from sopbot.domain.sop import SEKCAM, Mode
from tests.building import (
    BUDI,
    EKA,
    KASI,
    KASUBAG,
    RUDI,
    SARI,
    STAF,
    TINI,
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

PLAN = sop(step(KASUBAG), step(SEKCAM, yes=3, no=1), step(STAF))
BEGUN = given(PLAN, office()).when(start(BUDI, nov(23, "09.00")))
EXAMINING = BEGUN.when(
    accept(1, BUDI, nov(23, "09.05")), finish(1, BUDI, nov(23, "09.10")), accept(2, SARI, nov(23, "09.15"))
)
FIRST = Assignment(
    n=1,
    step=1,
    round=1,
    task=Task.WORK,
    ratification=None,
    role=KASUBAG,
    state=AssignmentState.OFFERED,
    holder=BUDI,
    assigned_at=nov(23, "09.00"),
    accept_by=nov(23, "10.00"),
    started_at=None,
    automatic=False,
    due_at=None,
    ended_at=None,
)


def test_no_history_is_no_instance():
    assert fold([]) is None


def test_only_a_start_comes_first():
    with pytest.raises(ValueError, match="StepAssigned"):
        evolve(None, assigned(1, 1, KASUBAG, BUDI, nov(23, "09.00"), nov(23, "10.00")))


def test_started():
    assert evolve(None, started(PLAN, BUDI, nov(23, "09.00"))) == Instance(
        id=InstanceId(7),
        office="contoh",
        slug="contoh-sop",
        definition="abc123",
        subject="Renja 2027",
        state=InstanceState.RUNNING,
        version=1,
        step=1,
        round=1,
        rounds=(0, 0, 0),
        started_by=BUDI,
        started_at=nov(23, "09.00"),
        last_at=nov(23, "09.00"),
    )


def test_assigned():
    instance = BEGUN.instance
    assert instance.assignments == (FIRST,)
    assert (instance.version, instance.step, instance.round, instance.rounds) == (2, 1, 1, (1, 0, 0))


def test_accepted_and_finished():
    taken = replace(FIRST, state=AssignmentState.ACCEPTED, started_at=nov(23, "09.05"), due_at=nov(23, "09.20"))
    story = BEGUN.when(accept(1, BUDI, nov(23, "09.05")))
    assert story.instance.assignments == (taken,)
    story = story.when(finish(1, BUDI, nov(23, "09.10")))
    assert story.instance.assignments[0] == replace(taken, state=AssignmentState.DONE, ended_at=nov(23, "09.10"))


def test_answered():
    approved = EXAMINING.when(yes(2, SARI, nov(23, "09.20"))).instance
    assert approved.assignments[1].state is AssignmentState.DONE
    assert approved.returned is None
    returned = EXAMINING.when(no(2, SARI, nov(23, "09.20"))).instance
    assert returned.assignments[1].state is AssignmentState.RETURNED
    assert returned.assignments[1].ended_at == nov(23, "09.20")
    assert returned.returned == Return(from_step=2, to_step=1, by=SARI, reason="Angka belum cocok")
    assert (returned.step, returned.round, returned.rounds) == (1, 2, (2, 1, 0))


def test_why_it_came_back_is_known_until_the_step_is_done_again():
    story = EXAMINING.when(no(2, SARI, nov(23, "09.20")), accept(3, BUDI, nov(23, "09.25")))
    assert story.instance.returned is not None
    assert story.when(finish(3, BUDI, nov(23, "09.30"))).instance.returned is None


def test_in_parallel_it_is_known_to_all_of_them():
    plan = sop(step(KASI, mode=Mode.ALL), step(SEKCAM, yes=3, no=1), step(STAF))
    story = given(plan, office(grace=0)).when(
        start(SARI, nov(23, "09.00")),
        finish(1, EKA, nov(23, "09.10")),
        finish(2, RUDI, nov(23, "09.10")),
        no(3, SARI, nov(23, "09.20")),
        finish(4, EKA, nov(23, "09.30")),
    )
    assert story.instance.returned is not None
    assert [(one.n, one.round) for one in story.instance.open_assignments] == [(5, 2)]


def test_finished():
    instance = EXAMINING.when(
        yes(2, SARI, nov(23, "09.20")), accept(3, 6, nov(23, "09.25")), finish(3, 6, nov(23, "09.30"))
    ).instance
    assert (instance.state, instance.ended_at) == (InstanceState.FINISHED, nov(23, "09.30"))
    assert instance.open_assignments == ()


def test_cancelled():
    instance = EXAMINING.when(CancelInstance(by=TINI, at=nov(23, "09.20"), reason="batal")).instance
    assert (instance.state, instance.ended_at) == (InstanceState.CANCELLED, nov(23, "09.20"))
    assert [(one.state, one.ended_at) for one in instance.assignments] == [
        (AssignmentState.DONE, nov(23, "09.10")),
        (AssignmentState.WITHDRAWN, nov(23, "09.20")),
    ]


def test_the_instance_before_is_left_as_it_was():
    before = EXAMINING.instance
    copy = replace(before)
    EXAMINING.when(no(2, SARI, nov(23, "09.20")))
    assert before == copy
