"""The table of states and verbs, every pair of it, and the diagram that the docs show."""

from dataclasses import replace

import pytest

from sopbot.domain.errors import AlreadyAccepted, AlreadyDone, NotAcceptedYet, Rejected, WrongKindOfStep
from sopbot.domain.instance import AssignmentState, Task
from sopbot.domain.transitions import COMPLETIONS, TABLE, Verb, diagram, follow
from tests.building import BUDI, KASUBAG, given, nov, office, sop, start, step

ASSIGNMENT = given(sop(step(KASUBAG)), office()).when(start(BUDI, nov(23, "09.00"))).instance.assignments[0]
OFFERED, ACCEPTED = AssignmentState.OFFERED, AssignmentState.ACCEPTED
DONE, RETURNED, WITHDRAWN = AssignmentState.DONE, AssignmentState.RETURNED, AssignmentState.WITHDRAWN

EXPECTED = {
    (OFFERED, Verb.ACCEPT): ACCEPTED,
    (OFFERED, Verb.EXPIRE): ACCEPTED,
    (OFFERED, Verb.FINISH): NotAcceptedYet,
    (OFFERED, Verb.YES): NotAcceptedYet,
    (OFFERED, Verb.NO): NotAcceptedYet,
    (OFFERED, Verb.CANCEL): WITHDRAWN,
    (ACCEPTED, Verb.ACCEPT): AlreadyAccepted,
    (ACCEPTED, Verb.EXPIRE): AlreadyAccepted,
    (ACCEPTED, Verb.FINISH): DONE,
    (ACCEPTED, Verb.YES): DONE,
    (ACCEPTED, Verb.NO): RETURNED,
    (ACCEPTED, Verb.CANCEL): WITHDRAWN,
    **{(over, verb): AlreadyDone for over in (DONE, RETURNED, WITHDRAWN) for verb in Verb},
}


def test_every_pair_of_state_and_verb_stands_in_the_table():
    assert {(state, verb) for state, row in TABLE.items() for verb in row} == {
        (state, verb) for state in AssignmentState for verb in Verb
    }
    assert set(EXPECTED) == {(state, verb) for state in AssignmentState for verb in Verb}


@pytest.mark.parametrize(("state", "verb"), EXPECTED, ids=lambda one: one.name)
def test_what_a_verb_does_in_a_state(state, verb):
    task = Task.DECIDE if verb in {Verb.YES, Verb.NO} else Task.WORK
    assignment = replace(ASSIGNMENT, state=state, task=task)
    expected = EXPECTED[state, verb]
    if isinstance(expected, AssignmentState):
        assert follow(assignment, verb) is expected
    else:
        with pytest.raises(Rejected) as refusal:
            follow(assignment, verb)
        assert refusal.type is expected
        assert refusal.value.facts == {"state": state}


@pytest.mark.parametrize("task", Task)
@pytest.mark.parametrize("verb", [Verb.FINISH, Verb.YES, Verb.NO])
@pytest.mark.parametrize("returnable", [False, True])
def test_what_completes_a_task(task, verb, returnable):
    assert set(COMPLETIONS) == set(Task)
    assignment = replace(ASSIGNMENT, state=ACCEPTED, task=task)
    fits = (verb is Verb.FINISH) == (task is Task.WORK) or (returnable and verb is Verb.NO)
    if fits:
        assert follow(assignment, verb, returnable=returnable) is (RETURNED if verb is Verb.NO else DONE)
    else:
        with pytest.raises(WrongKindOfStep):
            follow(assignment, verb, returnable=returnable)


DIAGRAM = """\
stateDiagram-v2
    [*] --> Ditugaskan
    Ditugaskan --> Diterima: Terima Tugas / masa tunggu habis
    Ditugaskan --> Ditarik: pelaksanaan dihentikan
    Diterima --> Selesai: Selesai / Ya, Setuju
    Diterima --> Dikembalikan: Tidak, Kembalikan
    Diterima --> Ditarik: pelaksanaan dihentikan
    Selesai --> [*]
    Dikembalikan --> [*]
    Ditarik --> [*]"""


def test_the_diagram_has_an_arrow_for_every_allowed_pair():
    assert diagram() == DIAGRAM
