"""Rings what is due: moves each assignment to its next moment and puts the rung's messages into the outbox.

The scheduler only ticks; a lost tick costs one tick. After a long pause each reader gets the latest rung alone,
the skipped ones are recorded. Counterpart: `sopbot/domain/reminders.py`, the ladder.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from sopbot.domain.commands import ExpireGrace
from sopbot.domain.errors import Rejected
from sopbot.domain.instance import Assignment
from sopbot.domain.office import Office, OfficerId
from sopbot.domain.reminders import Ring, Rung, next_ring
from sopbot.domain.sop import Role
from sopbot.services.execute import Execution, Origin
from sopbot.services.presenting import Presenting, Scene
from sopbot.store import instances, outbox
from sopbot.store.failures import StoreUnavailable
from sopbot.store.instances import AssignmentRow
from sopbot.store.writer import Writer

BATCH = 200
LATER = timedelta(minutes=1)  # when an assignment that could not be moved is looked at again
MOST_SKIPPED = 400  # rungs of one assignment in one sweep: more than a year of mornings
REMINDER = "pengingat"
SUMMARISED = "ringkas"  # a rung that a later one covers; recorded, never sent
# The last word on an overdue step and every escalation are repeated when it is not known whether they arrived.
REPEATABLE = frozenset({Rung.OVERDUE, Rung.TO_SEKCAM, Rung.TO_CAMAT})
URGENCY = {Rung.DUE: 15, Rung.OVERDUE: 15, Rung.TO_SEKCAM: 15, Rung.TO_CAMAT: 15}

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Reminding:
    """Sweeps the assignments whose next moment has come."""

    writer: Writer
    execution: Execution
    presenting: Presenting
    on_commit: Callable[[], None] = lambda: None

    async def sweep(self, at: datetime) -> int:
        """Ring everything due at `at` (aware UTC); return how many assignments were moved on."""
        total = 0
        while moved := await self._batch(at):
            total += moved
        if total:
            self.on_commit()
        return total

    async def _batch(self, at: datetime) -> int:
        try:
            return await self.writer.run(
                lambda conn: sum(self._ring(conn, row, at) for row in instances.due(conn, at, BATCH))
            )
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("batch_not_rung")
            return await self._one_by_one(at)

    async def _one_by_one(self, at: datetime) -> int:
        """Ring each in a transaction of its own: one that cannot be rung must not silence the others."""
        moved = 0
        for row in await self.writer.run(lambda conn: instances.due(conn, at, BATCH)):
            try:
                moved += await self.writer.run(partial(self._ring, row=row, at=at))
            except StoreUnavailable:
                raise
            except Exception:
                log.exception("assignment_not_rung", instance=row.instance, assignment=row.n)
                await self.writer.run(partial(_later, row=row, at=at))
        return moved

    def _ring(self, conn: Connection, row: AssignmentRow, at: datetime) -> bool:
        """Move one assignment to its next moment; True if it was moved."""
        scene = self.presenting.scene(conn, row.instance)
        assignment = None if scene is None else scene.instance.assignment(row.n)
        if scene is None or assignment is None or row.next_at is None or row.next_rung is None:
            raise LookupError("A due assignment is missing from the trail.")
        if row.next_rung == Rung.GRACE_OVER:
            return self._accept_by_itself(conn, row, at)
        rung = Ring(at=row.next_at, rung=Rung(row.next_rung))
        ringing = [rung]
        following = next_ring(scene.sop, scene.office.calendar, assignment, rung)
        while (
            following is not None
            and following.at <= at
            and following.rung is not Rung.GRACE_OVER
            and len(ringing) < MOST_SKIPPED
        ):
            ringing.append(following)
            following = next_ring(scene.sop, scene.office.calendar, assignment, following)
        moved = instances.set_next(
            conn,
            row.instance,
            row.n,
            row.epoch,
            row.next_rung,
            None if following is None else following.at,
            None if following is None else following.rung.value,
        )
        if moved:
            outbox.put(conn, _messages(scene, assignment, row.epoch, ringing, at), at)
        return moved

    def _accept_by_itself(self, conn: Connection, row: AssignmentRow, at: datetime) -> bool:
        result = self.execution.execute_in(
            conn, row.instance, lambda now: ExpireGrace(assignment=row.n, at=max(now, at)), Origin()
        )
        if not isinstance(result, Rejected):
            return True
        log.error("grace_not_ended", instance=row.instance, assignment=row.n, why=type(result).__name__)
        _later(conn, row, at)
        return False


def _later(conn: Connection, row: AssignmentRow, at: datetime) -> bool:
    return instances.set_next(conn, row.instance, row.n, row.epoch, row.next_rung, at + LATER, row.next_rung)


def _messages(
    scene: Scene, assignment: Assignment, epoch: int, ringing: list[Ring], at: datetime
) -> list[outbox.Message]:
    """One message for each reader: the latest rung meant for them; earlier ones only as a record."""
    latest: dict[OfficerId, Ring] = {}
    for ring in ringing:
        for reader in _readers(scene.office, assignment, ring.rung):
            latest[reader] = ring
    return [
        _message(scene, assignment, epoch, ring, reader, at, skipped=latest[reader] is not ring)
        for ring in ringing
        for reader in _readers(scene.office, assignment, ring.rung)
    ]


def _readers(office: Office, assignment: Assignment, rung: Rung) -> list[OfficerId]:
    """The officer, or those to whom the step is offered; a superior unless the late step is their own."""
    candidates = [one.id for one in office.holders(assignment.role)]
    own = candidates if assignment.holder is None else [assignment.holder]
    role: Role | None = rung.escalates_to
    if role is None:
        return own
    return [one.id for one in office.holders(role) if one.id not in own]


def _message(
    scene: Scene,
    assignment: Assignment,
    epoch: int,
    ring: Ring,
    reader: OfficerId,
    at: datetime,
    *,
    skipped: bool,
) -> outbox.Message:
    # A morning rings again and again: the day is part of its name, so that each is sent once.
    day = scene.office.calendar.local(ring.at).date().isoformat()
    name = f"{ring.rung.value}:{day}" if ring.rung is Rung.MORNING else ring.rung.value
    return outbox.Message(
        office=scene.office.slug,
        recipient=reader,
        chat_id=None,
        kind=SUMMARISED if skipped else REMINDER,
        instance=scene.instance.id,
        assignment=assignment.n,
        rung=name,
        epoch=epoch,
        data={"rung": ring.rung.value},
        urgency=URGENCY.get(ring.rung, 10),
        not_before=at,
        repeatable=ring.rung in REPEATABLE,
    )
