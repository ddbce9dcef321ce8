"""An instance's trail (pencatatan) as people read it in the chat, page by page.

Counterparts: `sopbot/domain/events.py`, one sentence for each kind; `records/` prints it.
"""

from typing import Final, assert_never

from sopbot.chat import dates
from sopbot.chat.cards import SEE
from sopbot.chat.menus import TRAIL, turning
from sopbot.chat.page import Button, Page, cut, data, esc
from sopbot.chat.texts import about, named, receipt_text
from sopbot.domain.commands import Answer
from sopbot.domain.events import (
    Event,
    InstanceCancelled,
    InstanceFinished,
    InstanceStarted,
    StepAccepted,
    StepAnswered,
    StepAssigned,
    StepFinished,
)
from sopbot.domain.office import OfficerId
from sopbot.domain.sop import Seal
from sopbot.services.histories import Record
from sopbot.services.presenting import Scene, instance_facts

ROWS: Final = 8
_SEALED: Final = {Seal.SIGNATURE: "catatan tanda tangan", Seal.RATIFICATION: "catatan pengesahan"}


def trail_page(scene: Scene, page: int) -> Page:
    """Show some of the instance's records in order, each with its place in the office's chain."""
    records = scene.history.records
    pages = -(-len(records) // ROWS)
    page = min(max(page, 0), pages - 1)
    shown = records[page * ROWS : (page + 1) * ROWS]
    head = f"<b>Jejak</b> · {about(instance_facts(scene))}\nHalaman {page + 1} dari {pages}"
    body = "\n\n".join(_row(scene, record) for record in shown)
    turn = turning(page, pages, TRAIL, scene.instance.id)
    back = (Button(text="Lihat Pelaksanaan", data=data(SEE, scene.instance.id)),)
    return Page(html=f"{head}\n\n{body}", buttons=(turn, back) if turn else (back,))


def _row(scene: Scene, record: Record) -> str:
    at = dates.full(record.event.at, scene.office.calendar.zone)
    return f"{at}\n{_sentence(scene, record.event)}\n<code>{receipt_text(record.receipt)}</code>"


def _sentence(scene: Scene, event: Event) -> str:
    match event:
        case InstanceStarted():
            return f"Pelaksanaan dimulai oleh {_name(scene, event.by)}."
        case StepAssigned():
            again = f" (putaran {event.round})" if event.round > 1 else ""
            if not event.offered_to:
                return f"Langkah {event.step}{again} belum sampai kepada siapa pun: belum ada pejabat aktif."
            offered = ", ".join(_name(scene, one) for one in event.offered_to)
            return f"Langkah {event.step}{again} ditugaskan kepada {offered}."
        case StepAccepted(by=None):
            return f"Langkah {event.step} diterima otomatis; jatuh tempo {_full(scene, event)}."
        case StepAccepted():
            return f"Langkah {event.step} diterima oleh {_name(scene, event.by)}; jatuh tempo {_full(scene, event)}."
        case StepFinished():
            return f"Langkah {event.step} diselesaikan oleh {_name(scene, event.by)}."
        case StepAnswered():
            return _answer(scene, event)
        case InstanceFinished():
            return "Seluruh langkah selesai."
        case InstanceCancelled():
            return f"Pelaksanaan dibatalkan oleh {_name(scene, event.by)}: <i>{esc(cut(event.reason, 200))}</i>"
        case _:
            assert_never(event)


def _answer(scene: Scene, event: StepAnswered) -> str:
    by = _name(scene, event.by)
    whose = f"{esc(event.outside)}, dicatat oleh {by}" if event.outside is not None else by
    if event.answer is Answer.YES:
        seal = "" if event.seal is None else f" ({_SEALED[event.seal]})"
        return f"Langkah {event.step}: YA oleh {whose}{seal}."
    reason = esc(cut(event.reason, 200))
    return f"Langkah {event.step}: TIDAK oleh {whose}, dikembalikan ke langkah {event.leads_to}: <i>{reason}</i>"


def _name(scene: Scene, officer_id: OfficerId | None) -> str:
    return named(None if officer_id is None else scene.office.officer(officer_id))


def _full(scene: Scene, event: StepAccepted) -> str:
    return dates.full(event.due_at, scene.office.calendar.zone)
