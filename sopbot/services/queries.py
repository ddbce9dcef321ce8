"""What people may look up: their tasks, the office's running instances, a trail. Reading only.

Whoever asks is a `Member`; an instance is shown to its own office alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sopbot.domain import permissions
from sopbot.domain.errors import UnknownInstance, UnknownSop
from sopbot.domain.instance import Task
from sopbot.domain.office import Officer
from sopbot.domain.reminders import escalates
from sopbot.domain.sop import Sop
from sopbot.services import presenting
from sopbot.services.catalogue import Version
from sopbot.services.enrolment import Enrolment, Member
from sopbot.services.histories import Record
from sopbot.services.presenting import Presenting, Scene
from sopbot.services.views import CardView, InstanceFacts
from sopbot.store import cards, work_lists
from sopbot.store.database import Database

PAGE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningView:
    """One running instance in the office's overview."""

    facts: InstanceFacts
    step: int
    activity: str
    round: int
    holders: tuple[Officer, ...]
    due_at: datetime | None
    late_minutes: int
    vacant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A page of the office's running instances, late ones first."""

    rows: tuple[RunningView, ...]
    page: int
    pages: int
    total: int
    late: int


@dataclass(frozen=True, slots=True)
class Queries:
    """Answers questions from the database as it is now."""

    database: Database
    enrolment: Enrolment
    presenting: Presenting

    def member(self, telegram_id: int) -> Member | None:
        """Return who has this Telegram account, or None for a stranger."""
        with self.database.read() as conn:
            return self.enrolment.member(conn, telegram_id)

    def tasks(self, member: Member) -> list[CardView]:
        """Return the member's open assignments, the most urgent first."""
        with self.database.read() as conn:
            rows = work_lists.of_officer(conn, member.officer.id, member.office.slug, sorted(member.officer.roles))
            found = []
            for row, _ in rows:
                scene = self.presenting.scene(conn, row.instance)
                assignment = None if scene is None else scene.instance.assignment(row.n)
                if scene is None or assignment is None or not assignment.is_open:
                    continue
                own = [
                    one for one in cards.of_assignment(conn, row.instance, row.n) if one.officer == member.officer.id
                ]
                token = own[-1].token if own else ""
                found.append(presenting.card(scene, assignment, member.officer.id, token))
        return sorted(found, key=lambda card: card.due_at or card.accept_by)

    def scene(self, member: Member, instance_id: int) -> Scene:
        """Return an instance of the member's own office; raises `UnknownInstance`."""
        with self.database.read() as conn:
            scene = self.presenting.scene(conn, instance_id)
        if scene is None or scene.instance.office != member.office.slug:
            raise UnknownInstance
        return scene

    def visible(self, member: Member, instance_id: int) -> Scene:
        """Return an instance if the member oversees the office or took part in it; raises `UnknownInstance`."""
        scene = self.scene(member, instance_id)
        took_part = scene.instance.started_by == member.officer.id or any(
            one.holder == member.officer.id or (one.holder is None and one.role in member.officer.roles)
            for one in scene.instance.assignments
        )
        if not (took_part or permissions.overseer(member.officer)):
            raise UnknownInstance
        return scene

    def facts(self, member: Member, instance_id: int) -> InstanceFacts:
        """Return which SOP an instance of the member's office runs; raises `UnknownInstance`."""
        return presenting.instance_facts(self.scene(member, instance_id))

    def history(self, member: Member, instance_id: int) -> tuple[Scene, Sequence[Record]]:
        """Return an instance with its records in order; raises `UnknownInstance`."""
        scene = self.visible(member, instance_id)
        return scene, scene.history.records

    def overview(self, member: Member, page: int, at: datetime) -> Overview:
        """Return a page of the office's running instances; for the Sekcam and the Camat."""
        with self.database.read() as conn:
            total = work_lists.count_running(conn, member.office.slug)
            late_ids = {
                row.instance
                for row, instance in work_lists.overdue(conn, member.office.slug, at)
                if escalates(self.presenting.catalogue.by_hash(conn, instance.definition).sop, Task(row.task))
            }
            rows = work_lists.running(conn, member.office.slug, 0, max(total, 1))
            ordered = sorted(rows, key=lambda row: (row.id not in late_ids, row.id))
            pages = max(1, -(-len(ordered) // PAGE))
            page = min(max(page, 0), pages - 1)
            shown = []
            for row in ordered[page * PAGE : (page + 1) * PAGE]:
                scene = self.presenting.scene(conn, row.id)
                if scene is not None:
                    shown.append(running_view(scene, at))
        return Overview(rows=tuple(shown), page=page, pages=pages, total=total, late=len(late_ids))

    def sops(self, member: Member) -> list[Version]:
        """Return the SOPs of the member's office."""
        with self.database.read() as conn:
            return self.presenting.catalogue.of_office(conn, member.office.slug)

    def sop(self, member: Member, slug: str) -> Version:
        """Return one SOP of the member's office; raises `UnknownSop`."""
        for version in self.sops(member):
            if version.sop.slug == slug:
                return version
        raise UnknownSop

    def startable(self, member: Member) -> list[Sop]:
        """Return the SOPs that the member may start."""
        overseer = permissions.overseer(member.officer)
        return [
            version.sop for version in self.sops(member) if overseer or version.sop.step(1).role in member.officer.roles
        ]

    def instances_of(self, member: Member) -> list[InstanceFacts]:
        """Return the latest instances whose trail the member may read, newest first."""
        with self.database.read() as conn:
            rows = work_lists.latest(conn, member.office.slug, 100)
        found = []
        for row in rows:
            try:
                found.append(presenting.instance_facts(self.visible(member, row.id)))
            except UnknownInstance:
                continue
        return found


def running_view(scene: Scene, at: datetime) -> RunningView:
    """Return where a running instance stands."""
    instance = scene.instance
    open_ones = instance.open_assignments
    due = min((one.due_at for one in open_ones if one.due_at is not None), default=None)
    counts = due is not None and at > due and any(escalates(scene.sop, one.task) for one in open_ones)
    late = scene.office.calendar.working_minutes(due, at) if counts and due is not None else 0
    holders: dict[int, Officer] = {}
    for one in open_ones:
        holder = None if one.holder is None else scene.office.officer(one.holder)
        for officer in (holder,) if holder is not None else scene.office.holders(one.role):
            holders[officer.id] = officer
    return RunningView(
        facts=presenting.instance_facts(scene),
        step=instance.step,
        activity=scene.sop.step(instance.step).activity.shown,
        round=instance.round,
        holders=tuple(holders.values()),
        due_at=due,
        late_minutes=late,
        vacant=not holders,
    )
