"""From an outbox row to the view that is true now, or the reason why it is no longer worth sending.

Counterparts: `sopbot/services/delivery.py` sends it, `presenting.py` builds the views.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from sopbot.domain.instance import Assignment, AssignmentState
from sopbot.domain.notices import NoticeKind
from sopbot.domain.office import Officer, OfficerId
from sopbot.domain.reminders import Rung
from sopbot.services import presenting
from sopbot.services.presenting import Presenting, Scene
from sopbot.services.reachability import UNREACHABLE
from sopbot.services.reminding import REMINDER
from sopbot.services.views import RetapView, UnreachableView, View
from sopbot.store import cards, people, work_lists
from sopbot.store.outbox import Claimed

RETIRE = "pensiun"  # take the buttons off an older copy of a card
RETAP = "ketuk_ulang"  # after a gap in polling


@dataclass(frozen=True, slots=True, kw_only=True)
class ToShow:
    """A view for a chat; with a message id it replaces that message."""

    chat_id: int
    view: View
    message_id: int | None = None
    only_edit: bool = False
    token: str | None = None  # the card whose message this becomes
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """What the row wanted to say is no longer true, or nobody is there to read it."""

    why: str


@dataclass(frozen=True, slots=True)
class Rendering:
    """Finds the view of an outbox row."""

    presenting: Presenting

    def of(self, conn: Connection, row: Claimed, at: datetime) -> ToShow | Stale:
        """Return what to show for the row at `at`, or why nothing."""
        if row.recipient is None or row.chat_id is None or not row.active:
            return Stale(why="penerima tidak aktif")
        if row.kind == RETAP:
            return self._retap(conn, row)
        if row.kind == UNREACHABLE:
            return self._unreachable(conn, row, row.chat_id)
        if row.instance is None:
            return Stale(why="tanpa pelaksanaan")
        scene = self.presenting.scene(conn, row.instance)
        reader = None if scene is None else scene.office.officer(OfficerId(row.recipient))
        if scene is None or reader is None:
            return Stale(why="pelaksanaan tidak ditemukan")
        if row.kind in {NoticeKind.FINISHED.value, NoticeKind.CANCELLED.value}:
            view = presenting.ended(scene, reader)
            return Stale(why="masih berjalan") if view is None else ToShow(chat_id=row.chat_id, view=view)
        assignment = None if row.assignment is None else scene.instance.assignment(row.assignment)
        if assignment is None:
            return Stale(why="tugas tidak ditemukan")
        return _of_assignment(conn, row, scene, assignment, reader, at)

    def _retap(self, conn: Connection, row: Claimed) -> ToShow | Stale:
        officer = people.get(conn, row.recipient or 0)
        if officer is None or officer.telegram_id is None:
            return Stale(why="penerima tidak aktif")
        office = self.presenting.offices.now(conn, officer.office)
        reader = office.officer(OfficerId(officer.id))
        if reader is None:
            return Stale(why="penerima tidak aktif")
        tasks = work_lists.of_officer(conn, officer.id, officer.office, sorted(reader.roles))
        if not tasks:
            return Stale(why="tidak ada tugas")
        return ToShow(chat_id=officer.telegram_id, view=RetapView(officer=reader, open_tasks=len(tasks)))

    def _unreachable(self, conn: Connection, row: Claimed, chat_id: int) -> ToShow | Stale:
        whom = people.get(conn, int(str(row.data["officer"])))
        if whom is None or whom.reachable:
            return Stale(why="sudah dapat dihubungi")
        office = self.presenting.offices.now(conn, whom.office)
        reader, lost = office.officer(OfficerId(row.recipient or 0)), office.officer(OfficerId(whom.id))
        if reader is None or lost is None:
            return Stale(why="penerima tidak aktif")
        tasks = work_lists.of_officer(conn, whom.id, whom.office, whom.roles)
        return ToShow(chat_id=chat_id, view=UnreachableView(officer=reader, whom=lost, open_tasks=len(tasks)))


def _of_assignment(
    conn: Connection, row: Claimed, scene: Scene, assignment: Assignment, reader: Officer, at: datetime
) -> ToShow | Stale:
    chat_id = row.chat_id or 0
    if row.kind == NoticeKind.VACANT.value:
        return ToShow(chat_id=chat_id, view=presenting.vacant(scene, assignment, reader))
    if row.kind == NoticeKind.TOLD.value:
        return ToShow(chat_id=chat_id, view=presenting.told(scene, assignment, reader))
    own = next(
        (one for one in cards.of_assignment(conn, row.instance or 0, assignment.n) if one.officer == reader.id), None
    )
    if row.kind == REMINDER:
        rung = Rung(str(row.data["rung"]))
        if not _still_rings(assignment, reader, rung):
            return Stale(why="tugas sudah berubah")
        token = "" if own is None else own.token
        view = presenting.reminder(scene, assignment, reader.id, rung, token, at)
        return ToShow(chat_id=chat_id, view=view)
    if own is None:
        return Stale(why="kartu tidak ditemukan")
    if row.kind == RETIRE:
        retired = presenting.retired(scene, assignment, reader.id, own.token)
        return ToShow(chat_id=chat_id, view=retired, message_id=int(str(row.data["message_id"])), only_edit=True)
    card = presenting.card(scene, assignment, reader.id, own.token)
    shown = ToShow(
        chat_id=chat_id,
        view=card,
        message_id=own.message_id,
        token=own.token,
        revision=scene.instance.version,
        only_edit=not assignment.is_open,
    )
    if row.kind == NoticeKind.REFRESH.value:
        return Stale(why="kartu belum terkirim") if own.message_id is None else shown
    if own.message_id is not None:
        return Stale(why="kartu sudah terkirim")
    return shown if assignment.is_open else Stale(why="tugas sudah selesai")


def _still_rings(assignment: Assignment, reader: Officer, rung: Rung) -> bool:
    if not assignment.is_open:
        return False
    if rung is Rung.UNACCEPTED and assignment.started_at is not None:
        return False
    if rung.escalates_to is not None or assignment.state is AssignmentState.OFFERED:
        return True
    return assignment.holder == reader.id
