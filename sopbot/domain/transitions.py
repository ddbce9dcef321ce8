"""Which state of an assignment allows what: a table, and the diagram that the docs show of it.

Who may do it stands in `permissions.py`; what follows from it in `decide.py`.
"""

from enum import StrEnum

from sopbot.domain.errors import AlreadyAccepted, AlreadyDone, NotAcceptedYet, Rejected, WrongKindOfStep
from sopbot.domain.instance import Assignment, AssignmentState, Task


class Verb(StrEnum):
    """What can be done with an assignment."""

    ACCEPT = "Terima Tugas"
    EXPIRE = "masa tunggu habis"
    FINISH = "Selesai"
    YES = "Ya, Setuju"
    NO = "Tidak, Kembalikan"
    CANCEL = "pelaksanaan dihentikan"


_Outcome = AssignmentState | type[Rejected]
_OVER: dict[Verb, _Outcome] = dict.fromkeys(Verb, AlreadyDone)

# State × verb → the state that follows, or the reason why not. Every pair stands here; a test counts them.
TABLE: dict[AssignmentState, dict[Verb, _Outcome]] = {
    AssignmentState.OFFERED: {
        Verb.ACCEPT: AssignmentState.ACCEPTED,
        Verb.EXPIRE: AssignmentState.ACCEPTED,  # offered to several: stays offered, but its time runs
        Verb.FINISH: NotAcceptedYet,
        Verb.YES: NotAcceptedYet,
        Verb.NO: NotAcceptedYet,
        Verb.CANCEL: AssignmentState.WITHDRAWN,
    },
    AssignmentState.ACCEPTED: {
        Verb.ACCEPT: AlreadyAccepted,
        Verb.EXPIRE: AlreadyAccepted,
        Verb.FINISH: AssignmentState.DONE,
        Verb.YES: AssignmentState.DONE,
        Verb.NO: AssignmentState.RETURNED,
        Verb.CANCEL: AssignmentState.WITHDRAWN,
    },
    AssignmentState.DONE: _OVER,
    AssignmentState.RETURNED: _OVER,
    AssignmentState.WITHDRAWN: _OVER,
}

# Task → the verbs that complete it. A piece of work may be returned only where the definition names a target.
COMPLETIONS: dict[Task, frozenset[Verb]] = {
    Task.WORK: frozenset({Verb.FINISH}),
    Task.DECIDE: frozenset({Verb.YES, Verb.NO}),
    Task.RECORD_VERDICT: frozenset({Verb.YES, Verb.NO}),
    Task.RATIFY: frozenset({Verb.YES, Verb.NO}),
    Task.RECORD_RATIFICATION: frozenset({Verb.YES, Verb.NO}),
}


def follow(assignment: Assignment, verb: Verb, *, returnable: bool = False) -> AssignmentState:
    """Return the state that `verb` leads to.

    Raises the `Rejected` of the table, or `WrongKindOfStep` when the task is not completed that way.
    """
    outcome = TABLE[assignment.state][verb]
    if not isinstance(outcome, AssignmentState):
        raise outcome(state=assignment.state)
    if verb in {Verb.FINISH, Verb.YES, Verb.NO}:
        allowed = COMPLETIONS[assignment.task] | ({Verb.NO} if returnable else set())
        if verb not in allowed:
            raise WrongKindOfStep
    return outcome


def diagram() -> str:
    """Return the table as a Mermaid state diagram, one arrow per allowed pair."""
    names = {state: state.value.capitalize() for state in AssignmentState}
    lines = ["stateDiagram-v2", f"    [*] --> {names[AssignmentState.OFFERED]}"]
    for state, row in TABLE.items():
        targets: dict[AssignmentState, list[str]] = {}
        for verb, outcome in row.items():
            if isinstance(outcome, AssignmentState):
                targets.setdefault(outcome, []).append(verb.value)
        lines += [f"    {names[state]} --> {names[target]}: {' / '.join(verbs)}" for target, verbs in targets.items()]
        if not targets:
            lines.append(f"    {names[state]} --> [*]")
    return "\n".join(lines)
