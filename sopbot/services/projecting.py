"""The tables that follow from the trail: instances, assignments with their next moment, messages to send.

Written in the same transaction as the trail's entries; `rebuilding.py` checks them against the fold.
"""

import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection

from sopbot.domain.events import Event
from sopbot.domain.instance import Assignment, Instance
from sopbot.domain.notices import Notice, NoticeKind, notices_for
from sopbot.domain.office import Office, OfficerId
from sopbot.domain.reminders import Ring, Rung, next_ring
from sopbot.domain.sop import CAMAT, SEKCAM, Sop
from sopbot.store import cards, instances, outbox, people
from sopbot.store.instances import AssignmentRow, InstanceRow
from sopbot.store.people import OfficerRow

TOKEN_BYTES = 12  # of a card's token, which its buttons carry
URGENCY = {
    NoticeKind.REFRESH: 30,
    NoticeKind.CARD: 20,
    NoticeKind.VACANT: 20,
    NoticeKind.TOLD: 10,
    NoticeKind.FINISHED: 10,
    NoticeKind.CANCELLED: 20,
}
# Sent once more when it is not known whether they arrived; an edit is absolute and repeated anyway.
REPEATABLE = frozenset({NoticeKind.CARD, NoticeKind.VACANT, NoticeKind.REFRESH})


class VersionConflict(Exception):
    """Another transaction moved the instance in between; nothing was written."""


def write_instance(conn: Connection, before: Instance | None, after: Instance) -> None:
    """Insert the instance, or advance it if its version is still the one that was decided on."""
    if before is None:
        instances.insert(conn, instance_row(after))
        return
    advanced = instances.advance(
        conn,
        after.id,
        before.version,
        version=after.version,
        state=after.state.value,
        step=after.step,
        round=after.round,
        ended_at=after.ended_at,
    )
    if not advanced:
        raise VersionConflict


def write_assignments(conn: Connection, sop: Sop, office: Office, before: Instance | None, after: Instance) -> None:
    """Store every assignment that changed, with the next moment at which it must ring."""
    earlier = () if before is None else before.assignments
    for number, assignment in enumerate(after.assignments):
        if number < len(earlier) and earlier[number] == assignment:
            continue
        running = number < len(earlier) and earlier[number].started_at is not None
        so_far = _rung_by(after.last_at) if running else _rung_so_far(assignment)
        ring = next_ring(sop, office.calendar, assignment, so_far)
        instances.save_assignment(conn, assignment_row(after, assignment, ring))
        if not assignment.is_open:
            cards.retire(conn, after.id, assignment.n)


def write_notices(
    conn: Connection,
    office: Office,
    events: tuple[Event, ...],
    after: Instance,
    at: datetime,
) -> None:
    """Put a message into the outbox for everybody whom the events concern."""
    register = {row.id: row for row in people.of_office(conn, office.slug)}
    seen: set[tuple[NoticeKind, int | None, int]] = set()
    messages = []
    for event in events:
        for notice in _reachable(notices_for(event, after), register):
            for officer_id in _recipients(conn, notice, office, after):
                key = (notice.kind, notice.assignment, officer_id)
                row = register.get(officer_id)
                if key in seen or row is None or row.telegram_id is None:
                    continue
                seen.add(key)
                if notice.kind is NoticeKind.CARD and notice.assignment is not None:
                    issue_card(conn, after.id, notice.assignment, officer_id, at)
                messages.append(_message(office, after, notice, officer_id, at))
    outbox.put(conn, messages, at)


def instance_row(instance: Instance) -> InstanceRow:
    """Return the instance as its table holds it."""
    return InstanceRow(
        id=instance.id,
        office=instance.office,
        slug=instance.slug,
        definition=instance.definition,
        subject=instance.subject,
        state=instance.state.value,
        step=instance.step,
        round=instance.round,
        version=instance.version,
        started_by=instance.started_by,
        started_at=instance.started_at,
        ended_at=instance.ended_at,
    )


def assignment_row(instance: Instance, assignment: Assignment, ring: Ring | None) -> AssignmentRow:
    """Return the assignment as its table holds it."""
    return AssignmentRow(
        instance=instance.id,
        n=assignment.n,
        office=instance.office,
        step=assignment.step,
        round=assignment.round,
        task=assignment.task.value,
        role=assignment.role,
        state=assignment.state.value,
        holder=assignment.holder,
        assigned_at=assignment.assigned_at,
        accept_by=assignment.accept_by,
        started_at=assignment.started_at,
        automatic=assignment.automatic,
        due_at=assignment.due_at,
        ended_at=assignment.ended_at,
        next_at=None if ring is None else ring.at,
        next_rung=None if ring is None else ring.rung.value,
        epoch=0,
    )


def _rung_so_far(assignment: Assignment) -> Ring | None:
    """Once the time runs, the rungs before acceptance lie behind."""
    if assignment.started_at is None:
        return None
    return Ring(at=assignment.started_at, rung=Rung.GRACE_OVER)


def _rung_by(at: datetime) -> Ring:
    """Whoever takes a step whose time was running is not told again what rang before."""
    return Ring(at=at, rung=Rung.MORNING)


def _recipients(conn: Connection, notice: Notice, office: Office, after: Instance) -> list[OfficerId]:
    if notice.kind is NoticeKind.REFRESH and notice.assignment is not None:
        return [OfficerId(card.officer) for card in cards.of_assignment(conn, after.id, notice.assignment)]
    of_roles = [one.id for role in notice.roles for one in office.holders(role)]
    return [one for one in dict.fromkeys([*notice.officers, *of_roles]) if one != notice.but]


def _message(office: Office, after: Instance, notice: Notice, officer_id: OfficerId, at: datetime) -> outbox.Message:
    return outbox.Message(
        office=office.slug,
        recipient=officer_id,
        chat_id=None,
        kind=notice.kind.value,
        instance=after.id,
        assignment=notice.assignment,
        rung=None,
        epoch=0,
        data={},
        urgency=URGENCY[notice.kind],
        not_before=at,
        repeatable=notice.kind in REPEATABLE,
    )


def _reachable(notices: tuple[Notice, ...], register: Mapping[int, OfficerRow]) -> Iterator[Notice]:
    """A card that reaches nobody, as none of its officers is enrolled, must not vanish: the overseers are told."""
    for notice in notices:
        rows = [register[one] for one in notice.officers if one in register]
        if notice.kind is NoticeKind.CARD and not any(row.telegram_id for row in rows):
            yield Notice(kind=NoticeKind.VACANT, assignment=notice.assignment, roles=(SEKCAM, CAMAT))
        else:
            yield notice


def issue_card(conn: Connection, instance: int, assignment: int, officer_id: int, at: datetime) -> str:
    """Return the token of the officer's card for the assignment, making one where there is none."""
    for card in cards.of_assignment(conn, instance, assignment):
        if card.officer == officer_id:
            return card.token
    officer = people.get(conn, officer_id)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    chat_id = 0 if officer is None or officer.telegram_id is None else officer.telegram_id
    cards.issue(conn, token, instance, assignment, officer_id, chat_id, at)
    return token
