"""Every kind of refusal, each brought about by a command."""

import pytest

from sopbot.domain import decide, errors, permissions, transitions
from sopbot.domain.commands import CancelInstance, Command, ExpireGrace
from sopbot.domain.errors import Forbidden, Rejected
from sopbot.domain.sop import SEKCAM
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
    Story,
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

PLAN = sop(step(ANY_HEAD), step(SEKCAM, yes=3, no=1), step(STAF))
NEW = given(PLAN, office())
BEGUN = NEW.when(start(SARI, nov(23, "09.00")))
TAKEN = BEGUN.when(accept(1, EKA, nov(23, "09.05")))
DECIDING = TAKEN.when(finish(1, EKA, nov(23, "09.10")), accept(2, SARI, nov(23, "09.15")))
OVER = DECIDING.when(CancelInstance(by=TINI, at=nov(23, "09.20"), reason="batal"))
OWN = given(sop(step(KASUBAG), step(KASUBAG, yes=3, no=1), step(STAF)), office()).when(
    start(BUDI, nov(23, "09.00")), accept(1, BUDI, nov(23, "09.05")), finish(1, BUDI, nov(23, "09.10"))
)
LATER = nov(23, "09.20")

CASES: dict[type[Rejected], tuple[Story, Command]] = {
    errors.NotYours: (TAKEN, finish(1, WATI, LATER)),
    errors.TakenByAnother: (TAKEN, accept(1, RUDI, LATER)),
    errors.OwnWork: (OWN, accept(2, BUDI, LATER)),
    errors.OfficerInactive: (TAKEN.in_office(office(frozen=[EKA])), finish(1, EKA, LATER)),
    errors.MayNotStart: (NEW, start(WATI, LATER)),
    errors.MayNotCancel: (TAKEN, CancelInstance(by=EKA, at=LATER, reason="batal")),
    errors.UnknownAssignment: (TAKEN, finish(2, EKA, LATER)),
    errors.InstanceOver: (OVER, yes(2, SARI, LATER)),
    errors.AlreadyDone: (DECIDING, finish(1, EKA, LATER)),
    errors.NotAcceptedYet: (BEGUN, finish(1, EKA, LATER)),
    errors.AlreadyAccepted: (TAKEN, accept(1, EKA, LATER)),
    errors.GraceNotOver: (BEGUN, ExpireGrace(assignment=1, at=LATER)),
    errors.WrongKindOfStep: (DECIDING, finish(2, SARI, LATER)),
    errors.ReasonRequired: (DECIDING, no(2, SARI, LATER, "")),
    errors.ReasonTooLong: (DECIDING, no(2, SARI, LATER, "x" * 1001)),
    errors.SubjectRequired: (NEW, start(SARI, LATER, "")),
    errors.SubjectTooLong: (NEW, start(SARI, LATER, "x" * 201)),
    errors.AlreadyStarted: (BEGUN, start(SARI, LATER)),
    errors.RoleVacant: (NEW.in_office(office(without=[BUDI, EKA, RUDI])), start(SARI, LATER)),
    errors.ClockWentBack: (TAKEN, finish(1, EKA, nov(23, "09.04"))),
}


def kinds(base: type[Rejected]) -> set[type[Rejected]]:
    return {base}.union(*(kinds(one) for one in base.__subclasses__()))


def test_every_kind_that_the_core_knows_is_brought_about_here():
    """The others are refused before a command reaches the core; the tests of the services bring those about."""
    modules = (decide, permissions, transitions)
    named = {value for module in modules for value in vars(module).values() if isinstance(value, type)}
    assert set(CASES) == kinds(Rejected) & named - {Rejected, Forbidden}


@pytest.mark.parametrize("kind", CASES, ids=lambda kind: kind.__name__)
def test_it_is_refused(kind):
    story, command = CASES[kind]
    story.refuses(kind, command)


def test_a_kind_s_docstring_is_its_message():
    for kind in kinds(Rejected):
        assert kind.__doc__.endswith(".")
        assert "\n" not in kind.__doc__
        assert str(kind()) == kind.__doc__
    assert len({kind.__doc__ for kind in kinds(Rejected)}) == len(kinds(Rejected))


def test_facts_are_kept_for_the_wording():
    assert errors.ReasonTooLong(limit=1000).facts == {"limit": 1000}


def test_what_somebody_may_not_is_apart_from_what_cannot_be_done():
    assert {kind.__name__ for kind in kinds(Forbidden)} == {
        "Forbidden",
        "NotYours",
        "TakenByAnother",
        "OwnWork",
        "OfficerInactive",
        "MayNotStart",
        "MayNotCancel",
    }
