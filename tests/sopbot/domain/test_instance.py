"""A running SOP as a value: its assignments by number, and those that are open."""

import pytest

from sopbot.domain.instance import AssignmentState
from sopbot.domain.sop import Mode
from tests.building import EKA, KASI, SARI, STAF, accept, finish, given, nov, office, sop, start, step

STORY = given(sop(step(KASI, mode=Mode.ALL), step(STAF)), office()).when(
    start(SARI, nov(23, "09.00")), accept(1, EKA, nov(23, "09.05")), finish(1, EKA, nov(23, "09.10"))
)


def test_open_are_those_on_which_somebody_still_has_to_act():
    assert [one.n for one in STORY.instance.assignments] == [1, 2]
    assert [one.n for one in STORY.instance.open_assignments] == [2]


def test_assignments_are_found_by_number():
    assert STORY.instance.assignment(2).n == 2
    assert [STORY.instance.assignment(n) for n in (-1, 0, 3)] == [None, None, None]


@pytest.mark.parametrize("state", AssignmentState)
def test_open_is_offered_or_accepted(state):
    assert state.is_open == (state.value in {"ditugaskan", "diterima"})
