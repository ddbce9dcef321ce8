"""What an officer does with a card: take the step, finish it, answer it; and opening a card anew.

The button's token names the assignment and the officer; whoever presses it is read again in the transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from sopbot.domain.commands import AcceptStep, Answer, AnswerStep, CancelInstance, Command, FinishStep
from sopbot.domain.decide import decide
from sopbot.domain.errors import NotStored, NotYours, Rejected, StaleButton, UnknownAssignment
from sopbot.domain.notices import NoticeKind
from sopbot.domain.office import OfficerId
from sopbot.domain.permissions import taken
from sopbot.services import presenting
from sopbot.services.enrolment import Member
from sopbot.services.execute import Execution, Origin, Outcome
from sopbot.services.presenting import Presenting
from sopbot.services.projecting import issue_card
from sopbot.services.rendering import RETIRE
from sopbot.services.views import CardView
from sopbot.store import cards, outbox
from sopbot.store.cards import CardRow
from sopbot.store.database import Database


class Press(StrEnum):
    """A card's buttons as they stand in the button's data."""

    ACCEPT = "t"
    FINISH = "s"
    YES = "y"
    NO = "n"


@dataclass(slots=True)
class Acting:
    """Turns presses into commands."""

    database: Database
    execution: Execution
    presenting: Presenting

    async def press(self, member: Member, token: str, press: Press, message_id: int, origin: Origin) -> CardView:
        """Carry out a press and return the card as it is then; raises `Rejected`. NO only looks: it needs a reason."""
        row = self._own(member, token)
        if press is Press.NO:
            return self._may_return(member, row)

        def command(at: datetime) -> Command:
            by, n = member.officer.id, row.assignment
            match press:
                case Press.ACCEPT:
                    return AcceptStep(assignment=n, by=by, at=at)
                case Press.FINISH:
                    return FinishStep(assignment=n, by=by, at=at)
                case _:
                    return AnswerStep(assignment=n, by=by, at=at, answer=Answer.YES)

        office = member.office.slug
        try:
            await self.execution.execute(
                row.instance, command, origin, afterwards=lambda conn: self._move(conn, row, message_id, office)
            )
        except NotStored:
            raise
        except Rejected:
            await self._redraw(row, message_id, office)
            raise
        return self._card(member, row.instance, row.assignment, row.token)

    async def give_back(self, member: Member, instance: int, assignment: int, reason: str, origin: Origin) -> CardView:
        """Return a step with a reason; raises `Rejected`."""

        def command(at: datetime) -> Command:
            return AnswerStep(assignment=assignment, by=member.officer.id, at=at, answer=Answer.NO, reason=reason)

        await self.execution.execute(instance, command, origin)
        return self._card(member, instance, assignment, "")

    async def cancel(self, member: Member, instance: int, reason: str, origin: Origin) -> Outcome:
        """Cancel an instance with a reason; raises `Rejected`."""

        def command(at: datetime) -> Command:
            return CancelInstance(by=member.officer.id, at=at, reason=reason)

        return await self.execution.execute(instance, command, origin)

    async def reopen(self, member: Member, instance: int, assignment: int) -> CardView:
        """Return the member's card of an assignment, issuing one where they have none; raises `Rejected`."""
        with self.database.read() as conn:
            scene = self.presenting.scene(conn, instance)
        found = None if scene is None else scene.instance.assignment(assignment)
        if scene is None or found is None or scene.instance.office != member.office.slug:
            raise UnknownAssignment
        if found.holder != member.officer.id:
            if found.role not in member.officer.roles:
                raise NotYours
            if found.holder is not None:
                raise taken(scene.office, found.holder)
        token = await self.database.writer.run(
            lambda conn: issue_card(conn, instance, assignment, member.officer.id, self.execution.clock.now())
        )
        return presenting.card(scene, found, member.officer.id, token)

    async def shown(self, card: CardView, message_id: int, office: str) -> None:
        """Remember the message that now shows the card, and take the buttons off the older one."""

        def job(conn: Connection) -> None:
            row = cards.by_token(conn, card.token)
            if row is not None:
                self._move(conn, row, message_id, office)

        await self.database.writer.run(job)
        self.execution.on_commit()

    def _own(self, member: Member, token: str) -> CardRow:
        with self.database.read() as conn:
            row = cards.by_token(conn, token)
        if row is None:
            raise StaleButton
        if row.officer != member.officer.id:
            raise NotYours
        return row

    def _may_return(self, member: Member, row: CardRow) -> CardView:
        """Ask the core whether a return would be taken now, without doing it."""
        with self.database.read() as conn:
            scene = self.presenting.scene(conn, row.instance)
        if scene is None:
            raise UnknownAssignment
        at = max(self.execution.clock.now(), scene.instance.last_at)
        answer = AnswerStep(assignment=row.assignment, by=member.officer.id, at=at, answer=Answer.NO, reason="-")
        decide(scene.sop, scene.office, scene.instance, answer)
        return self._card(member, row.instance, row.assignment, row.token)

    async def _redraw(self, row: CardRow, message_id: int, office: str) -> None:
        """A refused press shows that its message is out of date: let it show what is true."""
        at = self.execution.clock.now()
        if row.message_id == message_id:
            message = _edit(NoticeKind.REFRESH.value, row, office, {}, at)
        else:
            message = _edit(RETIRE, row, office, {"message_id": message_id}, at)
        await self.database.writer.run(lambda conn: outbox.put(conn, [message], at))
        self.execution.on_commit()

    def _move(self, conn: Connection, row: CardRow, message_id: int, office: str) -> None:
        """A press proves that its message arrived: from then on it is the card, and an older copy is retired."""
        if row.message_id == message_id:
            return
        cards.shown(conn, row.token, message_id, 0)
        if row.message_id is not None:
            at = self.execution.clock.now()
            outbox.put(conn, [_edit(RETIRE, row, office, {"message_id": row.message_id}, at)], at)

    def _card(self, member: Member, instance: int, assignment: int, token: str) -> CardView:
        with self.database.read() as conn:
            scene = self.presenting.scene(conn, instance)
        found = None if scene is None else scene.instance.assignment(assignment)
        if scene is None or found is None:
            raise UnknownAssignment
        return presenting.card(scene, found, OfficerId(member.officer.id), token)


def _edit(kind: str, row: CardRow, office: str, data: dict[str, object], at: datetime) -> outbox.Message:
    return outbox.Message(
        office=office,
        recipient=row.officer,
        chat_id=None,
        kind=kind,
        instance=row.instance,
        assignment=row.assignment,
        rung=None,
        epoch=0,
        data=data,
        urgency=5,
        not_before=at,
        repeatable=True,
    )
