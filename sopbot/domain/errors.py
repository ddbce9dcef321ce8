"""Why a command was refused: one base, `Rejected`; each kind's docstring is its English message.

Counterpart: `sopbot/chat/texts.py` says each kind in Indonesian (a test fails when one is missing).
"""


class Rejected(Exception):
    """The command cannot be carried out; nothing was changed."""

    def __init__(self, **facts: object) -> None:
        """Keep `facts` for the wording in the chat."""
        super().__init__(self.__doc__)
        self.facts = facts


class Forbidden(Rejected):
    """This officer may not do that."""


class NotYours(Forbidden):
    """This step is assigned to somebody else."""


class TakenByAnother(Forbidden):
    """Another holder of the role has already taken this step."""


class OwnWork(Forbidden):
    """Nobody decides on a step that the same person submitted."""


class OfficerInactive(Forbidden):
    """This officer's access has been frozen."""


class MayNotStart(Forbidden):
    """Only the performer of step 1, the Sekcam or the Camat may start this SOP."""


class MayNotCancel(Forbidden):
    """Only the Sekcam or the Camat may cancel an instance."""


class UnknownAssignment(Rejected):
    """There is no such assignment."""


class InstanceOver(Rejected):
    """The instance has already ended."""


class AlreadyDone(Rejected):
    """The step has already been finished."""


class NotAcceptedYet(Rejected):
    """The step has to be accepted first."""


class AlreadyAccepted(Rejected):
    """The step has already been accepted."""


class GraceNotOver(Rejected):
    """The time for accepting the step is not over yet."""


class WrongKindOfStep(Rejected):
    """This step cannot be completed in that way."""


class ReasonRequired(Rejected):
    """Returning or cancelling needs a reason."""


class ReasonTooLong(Rejected):
    """The reason is longer than can be recorded."""


class SubjectRequired(Rejected):
    """An instance needs a subject."""


class SubjectTooLong(Rejected):
    """The subject is longer than can be recorded."""


class AlreadyStarted(Rejected):
    """This instance has already been started."""


class RoleVacant(Rejected):
    """Nobody active holds the role that performs this step."""


class ClockWentBack(Rejected):
    """The clock shows a time before the instance's last record."""


class UnknownSop(Rejected):
    """There is no such SOP in this office."""


class UnknownInstance(Rejected):
    """There is no such instance in this office."""


class AnotherQuestion(Rejected):
    """The reply belongs to a question that is no longer the one being asked."""


class InvitationInvalid(Rejected):
    """The invitation link is unknown, used or expired."""


class AccountTaken(Rejected):
    """This Telegram account already belongs to another officer."""


class OfficerTaken(Rejected):
    """This officer already has a Telegram account."""


class NotStored(Rejected):
    """The change could not be stored; it may be tried again."""


class StaleButton(Rejected):
    """The button belongs to something that has changed meanwhile."""
