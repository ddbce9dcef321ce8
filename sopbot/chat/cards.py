"""The messages that come unasked: assignment cards, reminders, news of an instance; and their buttons.

Counterparts: `sopbot/services/views.py` holds the facts, `messenger.py` sends the page.
"""

from collections.abc import Iterator
from typing import Final, assert_never

from sopbot.chat import dates, news
from sopbot.chat.page import Button, Page, Style, cut, data, esc, listed, plain
from sopbot.chat.texts import about, accepted, greeting, named, receipt_text
from sopbot.domain.instance import AssignmentState, InstanceState, Task
from sopbot.domain.reminders import Rung
from sopbot.domain.sop import Seal
from sopbot.services.views import (
    CardView,
    EndedView,
    ReminderView,
    RetapView,
    RetiredView,
    ToldView,
    UnreachableView,
    VacantView,
    View,
)

CARD: Final = "k"  # a button of a card: k|token|verb
OPEN: Final = "o"  # show the card anew: o|instance|assignment
SEE: Final = "l"  # show an instance: l|instance
INFERRED: Final = "*) disimpulkan"
_MARK: Final = " *)"
_FOOTNOTE: Final = f"<i>{INFERRED}: tidak tertulis tegas dalam naskah SOP, belum dikonfirmasi kantor.</i>"
# In UTF-16 units, so that no card grows too long: it would go out cut, without its due time and its reason.
ACTIVITY: Final = 400
REASON: Final = 1000
EARLIER: Final = 300

_SEALS: Final = {Seal.SIGNATURE: "Catat Tanda Tangan", Seal.RATIFICATION: "Catat Pengesahan"}
_SEALING: Final = frozenset({Task.RATIFY, Task.RECORD_RATIFICATION})
_REST: Final = "Waktu: sisa waktu baku langkah ini, paling sedikit 60 menit kerja"
_SEAL_NOUNS: Final = {Seal.SIGNATURE: "tanda tangan", Seal.RATIFICATION: "pengesahan"}
_SEAL_DONE: Final = {Seal.SIGNATURE: "ditandatangani", Seal.RATIFICATION: "disahkan"}


def page_of(view: View, *, repeated: bool = False) -> Page:
    """Return the message for a view; `repeated` marks one that may have been sent before."""
    match view:
        case CardView():
            page = _card(view)
        case ReminderView():
            page = _reminder(view)
        case ToldView():
            page = news.told(view)
        case VacantView():
            page = news.vacant(view)
        case EndedView():
            page = news.ended(view)
        case RetapView():
            page = news.retap(view)
        case UnreachableView():
            page = news.unreachable(view)
        case RetiredView():
            page = news.retired(view)
        case _:
            assert_never(view)
    return Page(html=f"<b>(ulangan)</b> {page.html}", buttons=page.buttons) if repeated else page


def done_sentence(card: CardView) -> str:
    """Thank for a finished step and say who has it now."""
    if card.ended_at is None:
        return ""
    at = dates.clock(card.ended_at, card.facts.zone)
    sentence = f"Terima kasih. Langkah {card.step.number} tercatat {_done_word(card)} pukul {at}"
    if card.facts.state is InstanceState.FINISHED:
        return f"{sentence}. Seluruh langkah SOP telah selesai."
    if card.open_beside:
        return f"{sentence}. Menunggu {card.open_beside} pejabat lain pada langkah yang sama."
    if card.state is AssignmentState.RETURNED and card.next_on_no is not None:
        way = "kepada" if card.task is Task.WORK else "dan dikembalikan kepada"
        return f"{sentence} {way} {esc(card.next_on_no)} untuk diperbaiki."
    if card.next_performer is None:
        return f"{sentence}."
    return f"{sentence} dan diteruskan kepada {esc(card.next_performer)}."


def toast(card: CardView) -> str:
    """Say what a press did, without markup, for the answer to it."""
    if card.state.is_open:
        return accepted(card.due_at, card.facts.zone)
    return plain(done_sentence(card))


def _done_word(card: CardView) -> str:
    if card.state is AssignmentState.RETURNED:
        return "tidak disetujui" if card.task is not Task.WORK else "dikembalikan"
    match card.task:
        case Task.WORK:
            return "selesai"
        case Task.DECIDE | Task.RECORD_VERDICT:
            return "disetujui"
        case Task.RATIFY | Task.RECORD_RATIFICATION:
            return _SEAL_DONE[card.seal] if card.seal else "selesai"


def _card(card: CardView) -> Page:
    parts = [_heading(card), *_returned(card), _request(card), _facts(card), _times(card), *_ending(card)]
    if any(_MARK in part for part in parts):
        parts.append(_FOOTNOTE)
    return Page(html="\n\n".join(part for part in parts if part), buttons=tuple(_buttons(card)))


def _heading(card: CardView) -> str:
    match card.state:
        case AssignmentState.OFFERED if card.returned is not None:
            return f"↩️ <b>Dikembalikan untuk diperbaiki</b> · putaran {card.round}"
        case AssignmentState.OFFERED:
            new = "Tugas baru" if card.started_at is None else "Tugas belum diambil"
            return f"📋 <b>{new}</b>{_again(card)}"
        case AssignmentState.ACCEPTED if _taken_by_another(card):
            return f"👤 <b>Tugas ini sudah diambil oleh {named(card.holder)}.</b>"
        case AssignmentState.ACCEPTED:
            return f"▶️ <b>{_working_word(card)}</b>{_again(card)}"
        case AssignmentState.DONE:
            return "✅ <b>Selesai</b>"
        case AssignmentState.RETURNED:
            return "↩️ <b>Dikembalikan</b>"
        case AssignmentState.WITHDRAWN:
            return "⏹ <b>Dibatalkan</b> — tidak ada yang perlu dilakukan lagi."


def _again(card: CardView) -> str:
    return f" · putaran {card.round}" if card.round > 1 and card.task not in _SEALING else ""


def _working_word(card: CardView) -> str:
    match card.task:
        case Task.WORK:
            return "Dikerjakan"
        case Task.DECIDE | Task.RATIFY:
            return "Menunggu Persetujuan"
        case Task.RECORD_VERDICT | Task.RECORD_RATIFICATION:
            return "Menunggu Pihak Luar"


def _request(card: CardView) -> str:
    activity = f"<b>{esc(cut(card.step.activity, ACTIVITY))}</b>"
    place = f"langkah {card.step.number} dari {card.facts.steps}"
    asked = card.state.is_open and not _taken_by_another(card)
    line = f"{greeting(card.officer)}, {_please(card)}" if asked else ""
    return "\n".join(part for part in (line, f"{activity} ({place})", about(card.facts)) if part)


def _please(card: CardView) -> str:
    outside = "" if card.outside is None else esc(card.outside)
    match card.task:
        case Task.WORK:
            return "mohon berkenan melaksanakan:"
        case Task.DECIDE:
            return "mohon berkenan memeriksa dan memutuskan:"
        case Task.RECORD_VERDICT:
            return f"mohon mencatat putusan {outside} atas:"
        case Task.RATIFY:
            seal = "menandatangani" if card.seal is Seal.SIGNATURE else "mengesahkan"
            return f"langkah ini telah disetujui, mohon berkenan {seal}:"
        case Task.RECORD_RATIFICATION:
            return f"mohon mencatat {_seal_noun(card)} oleh {outside} atas:"


def _seal_noun(card: CardView) -> str:
    return _SEAL_NOUNS[card.seal] if card.seal else "pengesahan"


def _taken_by_another(card: CardView) -> bool:
    return card.holder is not None and card.holder.id != card.officer.id


def _facts(card: CardView) -> str:
    if not card.state.is_open or _taken_by_another(card):
        return ""
    mark = _MARK if "pelaksana" in card.step.inferred else ""
    lines = [
        f"Pelaksana: {esc(card.performer)}{mark if card.performer == card.step.performer else ''}",
        f"Kelengkapan: {listed(card.step.requirements)}",
        f"Output: {listed(card.step.output)}",
        _REST if card.task in _SEALING else f"Waktu baku: {esc(card.step.standard_time)}",
    ]
    decided = card.task is not Task.WORK
    if card.next_performer is not None:
        yes = _MARK if decided and "keputusan.ya" in card.step.inferred else ""
        lines.append(f"{_after(card)}: diteruskan kepada {esc(card.next_performer)}{yes}")
    else:
        lines.append("Setelah selesai: seluruh langkah SOP ini selesai")
    if card.may_return and card.next_on_no is not None:
        no = _MARK if {"keputusan.tidak", "kembalikan_ke"} & card.step.inferred else ""
        lines.append(f"Bila Tidak: dikembalikan kepada {esc(card.next_on_no)}{no}")
    if card.task is Task.DECIDE and card.seal is not None:
        lines.append(f"Ya, Setuju sekaligus menjadi catatan {_seal_noun(card)} Bapak/Ibu.")
    if card.together > 1:
        lines.append(
            f"Dikerjakan masing-masing oleh {card.together} pejabat; langkah berikutnya dimulai setelah semua selesai."
        )
    if len(card.offered_to) > 1:
        names = ", ".join(esc(one.name) for one in card.offered_to)
        lines.append(f"Ditawarkan kepada {names}; yang pertama menekan Terima Tugas yang mengerjakan.")
    return "\n".join(lines)


def _after(card: CardView) -> str:
    if card.task in _SEALING:
        return f"Setelah {_seal_noun(card)}"
    return "Setelah selesai" if card.task is Task.WORK else "Bila Ya"


def _times(card: CardView) -> str:
    if not card.state.is_open or _taken_by_another(card):
        return ""
    zone = card.facts.zone
    if card.due_at is None:
        by_itself = dates.full(card.accept_by, zone)
        return (
            "Mohon tekan <b>Terima Tugas</b>. Waktu baku dihitung sejak tugas diterima; bila belum ditekan, tugas "
            f"dianggap diterima otomatis pada {by_itself}."
        )
    lines = [f"Jatuh tempo: <b>{dates.full(card.due_at, zone)}</b>"]
    if card.automatic:
        begun = "" if card.started_at is None else f" sejak {dates.full(card.started_at, zone)}"
        untaken = "Belum ada yang mengambil tugas ini. " if card.holder is None else ""
        lines.append(f"{untaken}Waktunya berjalan{begun} (diterima otomatis karena masa tunggu telah habis).")
    if card.facts.indicative_times:
        lines.append("<i>Waktu baku SOP ini hanya perkiraan (mutu baku dalam naskah tersalin dari SOP lain).</i>")
    elif card.task in {Task.RECORD_VERDICT, Task.RECORD_RATIFICATION}:
        lines.append("<i>Waktu pihak luar hanya ditampilkan dan tidak dihitung sebagai keterlambatan.</i>")
    return "\n".join(lines)


def _returned(card: CardView) -> Iterator[str]:
    if not card.state.is_open or _taken_by_another(card):
        return
    for returned, when, longest in (
        (card.returned, "Dikembalikan", REASON),
        (card.asked_for, "Sebelumnya dikembalikan", EARLIER),
    ):
        if returned is not None:
            sender = named(returned.by)
            if returned.outside is not None:
                sender = f"{esc(returned.outside)}, dicatat oleh {sender}"
            yield (
                f"{when} dari langkah {returned.from_step} oleh {sender}, dengan alasan:\n"
                f"<blockquote>{esc(cut(returned.reason, longest))}</blockquote>"
            )


def _ending(card: CardView) -> Iterator[str]:
    if card.state in {AssignmentState.DONE, AssignmentState.RETURNED}:
        if _taken_by_another(card):
            verb = "Dikembalikan" if card.state is AssignmentState.RETURNED else "Diselesaikan"
            yield f"{verb} oleh {named(card.holder)}."
        else:
            yield done_sentence(card)
    if card.state is AssignmentState.RETURNED and card.reason:
        yield f"Alasan:\n<blockquote>{esc(cut(card.reason, REASON))}</blockquote>"
    if card.receipt is not None and card.state is not AssignmentState.OFFERED:
        yield f"<code>{receipt_text(card.receipt)}</code>"


def _buttons(card: CardView) -> Iterator[tuple[Button, ...]]:
    if not card.state.is_open or not card.token:
        return
    if card.state is AssignmentState.OFFERED:
        yield (Button(text="Terima Tugas", data=data(CARD, card.token, "t"), style=Style.MAIN),)
        return
    if card.holder is None or _taken_by_another(card):
        return
    no = Button(text="Tidak, Kembalikan", data=data(CARD, card.token, "n"), style=Style.NO)
    match card.task:
        case Task.WORK:
            done = Button(text="Selesai", data=data(CARD, card.token, "s"), style=Style.YES)
            yield (done, no) if card.may_return else (done,)
        case Task.DECIDE | Task.RECORD_VERDICT:
            yield Button(text="Ya, Setuju", data=data(CARD, card.token, "y"), style=Style.YES), no
        case Task.RATIFY | Task.RECORD_RATIFICATION:
            label = _SEALS[card.seal] if card.seal else "Catat Pengesahan"
            yield Button(text=label, data=data(CARD, card.token, "y"), style=Style.YES), no


def _reminder(view: ReminderView) -> Page:
    card = view.card
    due = "" if card.due_at is None else f"\nJatuh tempo: {dates.full(card.due_at, card.facts.zone)}"
    what = f"<b>{esc(card.step.activity)}</b> (langkah {card.step.number} dari {card.facts.steps})\n{about(card.facts)}"
    if view.rung.escalates_to is not None:
        who = named(card.holder) if card.holder is not None else "belum diambil oleh pejabat mana pun"
        text = (
            f"🔺 {greeting(view.officer)}, tugas berikut telah melewati jatuh tempo "
            f"{dates.working_duration(view.late_minutes)}.\n\n{what}\nPelaksana: {who}{due}"
        )
        see = Button(text="Lihat", data=data(SEE, card.facts.instance))
        return Page(html=text, buttons=((see,),))
    text = f"🔔 {greeting(view.officer)}, {_rung_text(view)}\n\n{what}{due}"
    button = Button(text="Buka Tugas", data=data(OPEN, card.facts.instance, card.assignment), style=Style.MAIN)
    return Page(html=text, buttons=((button,),))


def _rung_text(view: ReminderView) -> str:
    card = view.card
    waiting_outside = card.task in {Task.RECORD_VERDICT, Task.RECORD_RATIFICATION}
    match view.rung:
        case Rung.UNACCEPTED | Rung.GRACE_OVER:
            zone = card.facts.zone
            today = view.at.astimezone(zone).date() == card.accept_by.astimezone(zone).date()
            by_itself = f"pukul {dates.clock(card.accept_by, zone)}" if today else dates.full(card.accept_by, zone)
            then = "sesudah itu waktunya berjalan sendiri"
            return f"tugas ini belum diterima. Mohon tekan Terima Tugas sebelum {by_itself}; {then}."
        case Rung.HALF:
            return "separuh waktu baku tugas ini telah lewat."
        case Rung.HOUR_BEFORE:
            return "tugas ini jatuh tempo satu jam kerja lagi."
        case Rung.DUE if waiting_outside:
            return f"waktu untuk {esc(card.outside or 'pihak luar')} telah tiba. Mohon dicatat bila hasilnya sudah ada."
        case Rung.DUE:
            return f"tugas ini jatuh tempo sekarang. {_urge(view)}"
        case Rung.OVERDUE | Rung.MORNING | Rung.TO_SEKCAM | Rung.TO_CAMAT:
            late = dates.working_duration(view.late_minutes)
            return f"tugas ini telah melewati jatuh tempo {late}. {_urge(view)}"


def _urge(view: ReminderView) -> str:
    if view.card.holder is None:
        return "Tugas ini belum diambil siapa pun; mohon salah satu menekan Terima Tugas."
    return "Mohon tindak lanjut Bapak/Ibu."
