"""The one write path: a command becomes events, and one transaction holds everything that they cause.

In it: the update is marked as handled, authority is read again, the instance's version is compared and set, the
trail grows, assignments and their next reminders change, messages are put into the outbox. Nothing is sent.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from sopbot.domain.commands import Command, ExpireGrace, StartInstance
from sopbot.domain.decide import decide
from sopbot.domain.errors import Forbidden, NotStored, Rejected, UnknownAssignment
from sopbot.domain.events import Event
from sopbot.domain.evolve import evolve
from sopbot.domain.instance import Instance, InstanceId
from sopbot.domain.office import Office, OfficerId
from sopbot.domain.sop import CAMAT, SEKCAM, Role
from sopbot.services import codec, histories, projecting
from sopbot.services.catalogue import Catalogue
from sopbot.services.offices import Offices
from sopbot.services.ports import Clock
from sopbot.services.views import Receipt
from sopbot.store import inbox, instances, invitations, trail
from sopbot.store.failures import StoreUnavailable
from sopbot.store.writer import Writer

# A machine's clock may be set back a little by its time service; then the last record's time is used again.
CLOCK_SLACK = timedelta(seconds=5)
KEPT = 1000  # folded instances


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a command comes from: the Telegram update, or nothing for the machine's own."""

    telegram_id: int | None = None
    update_id: int | None = None
    update_hash: str | None = None
    inbox_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command did: the instance before and after, its events and their receipts."""

    before: Instance | None
    after: Instance
    events: tuple[Event, ...]
    receipts: tuple[Receipt, ...]


class AlreadyHandled(Exception):
    """This update was handled before; its effects are in place."""


@dataclass(slots=True)
class Execution:
    """Carries out commands in the writer's thread."""

    writer: Writer
    catalogue: Catalogue
    offices: Offices
    clock: Clock
    on_commit: Callable[[], None] = lambda: None
    _folded: dict[int, Instance] = field(default_factory=dict)

    async def start(
        self, slug: str, subject: str, by: OfficerId, origin: Origin, guard: Callable[[Connection], None] | None = None
    ) -> Outcome:
        """Begin the current version of an SOP; raises `Rejected`. `guard` may refuse inside the transaction."""

        def job(conn: Connection) -> Outcome | Rejected:
            version = self.catalogue.current(conn, slug)
            if version is None:
                return UnknownAssignment()
            if guard is not None:
                guard(conn)
            instance_id = InstanceId(instances.next_id(conn))

            def command(at: datetime) -> Command:
                return StartInstance(instance=instance_id, by=by, subject=subject, at=at)

            return self._carry_out(conn, instance_id, version.sop.hash, version.sop.office, command, origin)

        return await self._run(job)

    async def execute(
        self,
        instance_id: int,
        command: Callable[[datetime], Command],
        origin: Origin,
        afterwards: Callable[[Connection], None] | None = None,
    ) -> Outcome:
        """Carry out the command that `command` makes for the moment of the transaction; raises `Rejected`.

        `afterwards` belongs to the same transaction and is left out when the command is refused.
        """

        def job(conn: Connection) -> Outcome | Rejected:
            result = self.execute_in(conn, instance_id, command, origin)
            if afterwards is not None and not isinstance(result, Rejected):
                afterwards(conn)
            return result

        return await self._run(job)

    def execute_in(
        self, conn: Connection, instance_id: int, command: Callable[[datetime], Command], origin: Origin
    ) -> Outcome | Rejected:
        """Do the same inside a transaction that the caller holds; a refusal is returned and recorded."""
        instance = self._load(conn, instance_id)
        if instance is None:
            return self._refuse(conn, UnknownAssignment(), origin)
        return self._carry_out(conn, instance_id, instance.definition, instance.office, command, origin)

    async def _run(self, job: Callable[[Connection], Outcome | Rejected]) -> Outcome:
        try:
            result = await self.writer.run(job)
        except StoreUnavailable as error:
            raise NotStored from error
        if isinstance(result, Rejected):
            raise result
        self._keep(result.after)  # only now: one rolled back could have the version of what came instead
        self.on_commit()
        return result

    def _carry_out(
        self,
        conn: Connection,
        instance_id: int,
        definition: str,
        office_slug: str,
        make: Callable[[datetime], Command],
        origin: Origin,
    ) -> Outcome | Rejected:
        before = self._load(conn, instance_id)
        sop = self.catalogue.by_hash(conn, definition).sop
        office = self.offices.now(conn, office_slug)
        command = make(self._moment(before))
        try:
            events = decide(sop, office, before, command)
        except Rejected as refusal:
            return self._refuse(conn, refusal, origin)
        if origin.inbox_id is not None and not inbox.finish(conn, origin.inbox_id, command.at):
            raise AlreadyHandled
        after = before
        for event in events:
            after = evolve(after, event)
        if after is None:  # decide never returns nothing for a new instance
            raise RuntimeError("A command had no events.")
        projecting.write_instance(conn, before, after)
        actor = _actor(office, after, command, origin)
        entries = [_entry(event, number, after, actor, origin) for number, event in _numbered(events, before)]
        receipts = tuple(Receipt(seq=one.seq, link=one.link_hex) for one in trail.append(conn, office_slug, entries))
        projecting.write_assignments(conn, sop, office, before, after)
        projecting.write_notices(conn, office, events, after, command.at)
        return Outcome(before=before, after=after, events=events, receipts=receipts)

    def _load(self, conn: Connection, instance_id: int) -> Instance | None:
        """Return the folded instance; a kept one is used only while the stored version is still its own."""
        kept = self._folded.get(instance_id)
        row = instances.get(conn, instance_id)
        if row is None:
            return None
        if kept is not None and kept.version == row.version:
            return kept
        history = histories.read(conn, instance_id)
        return None if history is None else history.instance

    def _keep(self, instance: Instance) -> None:
        """Keep the fold of the instances that were touched last; idle ones cost no memory."""
        self._folded.pop(instance.id, None)
        self._folded[instance.id] = instance
        if len(self._folded) > KEPT:
            del self._folded[next(iter(self._folded))]

    def _moment(self, before: Instance | None) -> datetime:
        now = self.clock.now()
        if before is not None and before.last_at - CLOCK_SLACK <= now < before.last_at:
            return before.last_at
        return now

    def _refuse(self, conn: Connection, refusal: Rejected, origin: Origin) -> Rejected:
        """Record that the update was answered with a refusal, and who tried what they may not."""
        at = self.clock.now()
        if origin.inbox_id is not None:
            inbox.finish(conn, origin.inbox_id, at)
        if isinstance(refusal, Forbidden):
            who = origin.telegram_id or 0
            invitations.deny(conn, at, who, origin.update_id, "command", type(refusal).__name__)
        return refusal


def _numbered(events: tuple[Event, ...], before: Instance | None) -> list[tuple[int, Event]]:
    return list(enumerate(events, start=1 if before is None else before.version + 1))


def _actor(office: Office, after: Instance, command: Command, origin: Origin) -> trail.Actor:
    """Name who acts, in which capacity; the machine acts as nobody."""
    if isinstance(command, ExpireGrace):
        return trail.Actor(officer=None, telegram_id=None, role=None, acting_for=None)
    officer = office.officer(command.by)
    number = getattr(command, "assignment", None)
    assignment = None if number is None else after.assignment(number)
    role = assignment.role if assignment is not None else _foremost(frozenset() if officer is None else officer.roles)
    return trail.Actor(officer=command.by, telegram_id=origin.telegram_id, role=role, acting_for=None)


def _foremost(roles: frozenset[Role]) -> str | None:
    """Return the role under which somebody acts on a whole instance: the highest they hold."""
    return next((role for role in (CAMAT, SEKCAM, *sorted(roles)) if role in roles), None)


def _entry(event: Event, number: int, after: Instance, actor: trail.Actor, origin: Origin) -> trail.Entry:
    from_state, to_state = codec.states(event)
    return trail.Entry(
        at=event.at,
        instance=after.id,
        instance_seq=number,
        actor=actor,
        action=codec.action(event),
        from_state=from_state,
        to_state=to_state,
        value=codec.encode(event),
        reason=getattr(event, "reason", "") or None,
        update_id=origin.update_id,
        update_hash=origin.update_hash,
        definition=after.definition,
    )
