"""Who may do what: each function returns the officer or raises `Forbidden`.

What the state allows stands apart, in `transitions.py`. Called again inside every transaction, so that an
officer who was frozen or moved a moment ago is refused although the tap was already under way.
"""

from sopbot.domain.errors import (
    MayNotCancel,
    MayNotStart,
    NotYours,
    OfficerInactive,
    OwnWork,
    TakenByAnother,
)
from sopbot.domain.instance import Assignment, AssignmentState, Instance, Task
from sopbot.domain.office import Office, Officer, OfficerId
from sopbot.domain.sop import CAMAT, SEKCAM, Sop, Step

OVERSEERS = frozenset({CAMAT, SEKCAM})


def active_officer(office: Office, by: OfficerId) -> Officer:
    """Return the acting officer of this office."""
    officer = office.officer(by)
    if officer is None:
        raise NotYours
    if not officer.active:
        raise OfficerInactive
    return officer


def overseer(officer: Officer) -> bool:
    """Tell whether the officer watches over every instance of the office."""
    return bool(officer.roles & OVERSEERS)


def starter(sop: Sop, office: Office, by: OfficerId) -> Officer:
    """Return the officer if they may start the SOP: the performer of step 1, the Sekcam, the Camat."""
    officer = active_officer(office, by)
    if sop.step(1).role in officer.roles or overseer(officer):
        return officer
    raise MayNotStart


def canceller(office: Office, by: OfficerId) -> Officer:
    """Return the officer if they may cancel instances: the Sekcam, the Camat."""
    officer = active_officer(office, by)
    if overseer(officer):
        return officer
    raise MayNotCancel


def taken(office: Office, holder: OfficerId) -> TakenByAnother:
    """Return the refusal that says who has the step."""
    officer = office.officer(holder)
    return TakenByAnother(holder=holder) if officer is None else TakenByAnother(holder=holder, name=officer.name)


def performer(office: Office, assignment: Assignment, by: OfficerId) -> Officer:
    """Return the officer if the assignment is theirs, or theirs to take."""
    officer = active_officer(office, by)
    if assignment.holder == by:
        return officer
    if assignment.role not in officer.roles:
        raise NotYours
    if assignment.holder is not None:
        raise taken(office, assignment.holder)
    return officer


def not_own_work(step: Step, instance: Instance, assignment: Assignment, by: OfficerId) -> None:
    """Refuse to let somebody decide on what they submitted themselves.

    Who submitted: the performer of the step that TIDAK returns to, in its last round. Recording what an
    outside party decided is not deciding, and a signature on that step was no submission.
    """
    match assignment.task:
        case Task.DECIDE:
            source = None if step.decision is None else step.decision.on_no
        case Task.RATIFY:
            source = step.refused_ratification_to
        case _:
            return
    if source is None:
        return
    last_round = instance.rounds[source - 1]
    if any(
        one.holder == by and one.state is AssignmentState.DONE
        for one in instance.assignments
        if one.step == source and one.round == last_round and one.ratification is None
    ):
        raise OwnWork
