"""The messages that answer a question: help, tasks, starting an SOP, the office's overview, an instance.

Counterparts: `cards.py` for what comes unasked, `sop_pages.py`, `trail_page.py`; `handlers/` asks for the pages.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sopbot.chat import dates
from sopbot.chat.cards import INFERRED, OPEN, SEE
from sopbot.chat.page import LONGEST_LABEL, Button, Page, Style, clean, cut, data, esc
from sopbot.chat.texts import INSTANCE_STATES, MORE, STATE_NAMES, about, greeting, named
from sopbot.domain.instance import Assignment, InstanceState
from sopbot.domain.permissions import overseer
from sopbot.domain.reminders import escalates
from sopbot.domain.sop import Sop, Step
from sopbot.services.enrolment import Member
from sopbot.services.presenting import Scene, instance_facts
from sopbot.services.queries import Overview
from sopbot.services.views import CardView, InstanceFacts

START: Final = "m"  # m: choose; m|slug: ask for the subject
CONFIRM: Final = "M"  # M|nonce: begin
FORGET: Final = "B"  # B|nonce: do not begin
WATCH: Final = "p"  # p|page
TRAIL: Final = "j"  # j|instance|page
CANCEL: Final = "x"  # x|instance: ask for the reason
TASKS_SHOWN: Final = 12  # the longest then fit one message
HOLDERS_SHOWN: Final = 3
SUBJECT_SHOWN: Final = 100  # letters, in the overview
LONGEST_NUMBER: Final = 10  # digits of an instance's number
WATCH_REFUSED: Final = (
    "Mohon maaf, /pantau tersedia untuk Sekcam dan Camat. Ketik /tugas untuk melihat tugas Bapak/Ibu."
)
PRESS_A_BUTTON: Final = "Mohon tekan tombol Ya, Mulai atau Batal pada pesan di atas."


def welcome(member: Member, labels: Sequence[str]) -> Page:
    """Say who one is, which roles one has, and what happens next."""
    roles = ", ".join(labels) or "belum ada"
    text = (
        f"{greeting(member.officer)}, selamat datang.\n\n"
        f"Nama: <b>{esc(member.officer.name)}</b>\nJabatan: {esc(member.officer.title)}\n"
        f"Kantor: {esc(member.office.name)}\nPeran dalam SOP: {esc(roles)}\n\n"
        "Tugas Bapak/Ibu akan dikirim ke sini begitu tiba gilirannya. Bapak/Ibu cukup menekan tombol di bawah "
        "tugas itu.\n\n"
        "/tugas — tugas saya\n/mulai — mulai pelaksanaan SOP\n/bantuan — cara memakai bot ini"
    )
    return Page(html=text)


def help_page(member: Member) -> Page:
    """Explain the bot on one screen."""
    watch = "/pantau — pelaksanaan yang berjalan dan yang terlambat\n" if overseer(member.officer) else ""
    text = (
        "<b>Cara memakai bot ini</b>\n\n"
        "1. Tugas datang sendiri sebagai kartu. Tekan <b>Terima Tugas</b>.\n"
        "2. Setelah pekerjaan selesai, tekan <b>Selesai</b>. Untuk keputusan, tekan <b>Ya, Setuju</b> atau "
        "<b>Tidak, Kembalikan</b>; pengembalian memerlukan alasan.\n"
        "3. Tugas diteruskan sendiri kepada pejabat berikutnya dan semuanya tercatat.\n\n"
        f"/tugas — tugas saya\n/mulai — mulai pelaksanaan SOP\n{watch}/sop — daftar dan isi SOP\n"
        "/jejak — pencatatan suatu pelaksanaan\n/batal — batalkan isian yang sedang berjalan"
    )
    return Page(html=text)


def tasks(member: Member, cards: Sequence[CardView], now: datetime) -> Page:
    """List a member's open assignments, the late ones marked."""
    if not cards:
        return Page(html=f"{greeting(member.officer)}, saat ini tidak ada tugas yang menunggu. Terima kasih.")
    late = sum(_late(card, now) for card in cards)
    head = f"<b>Tugas Bapak/Ibu: {len(cards)}</b>" + (f" · terlambat: {late}" if late else "")
    shown = cards[:TASKS_SHOWN]
    lines = [_task_line(number, card, now) for number, card in enumerate(shown, start=1)]
    rest = len(cards) - len(shown)
    if rest:
        lines.append(f"… dan {rest} tugas lain, yang paling mendesak di atas.")
    buttons = tuple(
        (Button(text=label(f"{number}. {card.step.activity}"), data=data(OPEN, card.facts.instance, card.assignment)),)
        for number, card in enumerate(shown, start=1)
    )
    return Page(html=head + "\n\n" + "\n\n".join(lines), buttons=buttons)


def _task_line(number: int, card: CardView, now: datetime) -> str:
    zone = card.facts.zone
    if card.due_at is None:
        state = f"Ditugaskan · diterima otomatis {dates.short(card.accept_by, zone, now)}"
    else:
        mark = "🔴 Terlambat · " if _late(card, now) else ""
        state = f"{mark}{STATE_NAMES[card.state]} · jatuh tempo {dates.short(card.due_at, zone, now)}"
    activity = esc(cut(card.step.activity, 120))
    subject = esc(cut(card.facts.subject, 60))
    return f"{number}. <b>{activity}</b>\n{subject} · langkah {card.step.number} dari {card.facts.steps}\n{state}"


def _late(card: CardView, now: datetime) -> bool:
    return card.due_at is not None and now > card.due_at and not card.facts.indicative_times and card.outside is None


def indicative_warning() -> str:
    """Warn that an SOP's standard times mean nothing."""
    return (
        "Mutu baku dalam naskah SOP ini tersalin dari SOP lain, sehingga waktunya hanya perkiraan dan "
        "keterlambatan tidak ditagih sampai kantor melengkapinya."
    )


def choose_sop(sops: Sequence[Sop]) -> Page:
    """Ask which SOP to start."""
    if not sops:
        return Page(
            html="Tidak ada SOP yang dapat Bapak/Ibu mulai. "
            "SOP dimulai oleh pelaksana langkah pertama, Sekcam, atau Camat."
        )
    buttons = tuple((Button(text=label(sop.name.shown), data=data(START, sop.slug)),) for sop in sops)
    return Page(html="<b>Mulai pelaksanaan SOP</b>\nSilakan pilih SOP:", buttons=buttons)


def ask_subject(sop: Sop) -> Page:
    """Ask what the instance is about."""
    warning = f"\n\n⚠️ {indicative_warning()}" if sop.indicative_times else ""
    text = (
        f"<b>{esc(sop.name.shown)}</b>\nMohon tuliskan perihalnya, misalnya “Renja 2027” atau “Triwulan IV 2026”. "
        f"Ketik /batal untuk membatalkan.{warning}"
    )
    return Page(html=text, question="Perihal")


def confirm_start(sop: Sop, subject: str, nonce: str) -> Page:
    """Show what is about to begin."""
    first = sop.step(1)
    mark = f" {INFERRED}" if "pelaksana" in first.inferred else ""
    text = (
        f"Mulai SOP <b>{esc(sop.name.shown)}</b>\nPerihal: <b>{esc(subject)}</b>\n"
        f"Langkah pertama: {esc(first.activity.shown)} — {esc(first.performer)}{mark}\n\nApakah sudah benar?"
    )
    yes = Button(text="Ya, Mulai", data=data(CONFIRM, nonce), style=Style.YES)
    no = Button(text="Batal", data=data(FORGET, nonce), style=Style.NO)
    return Page(html=text, buttons=((yes, no),))


def started(facts: InstanceFacts, receipt: str) -> Page:
    """Say that an instance has begun."""
    see = Button(text="Lihat", data=data(SEE, facts.instance))
    return Page(html=f"✅ Pelaksanaan dimulai.\n\n{about(facts)}\n\n<code>{receipt}</code>", buttons=((see,),))


def overview(view: Overview, member: Member, now: datetime) -> Page:
    """Show the office's running instances, late ones first."""
    head = f"<b>Pantau {esc(member.office.name)}</b>\nBerjalan: {view.total} · terlambat: {view.late}"
    if not view.rows:
        return Page(html=f"{head}\n\nTidak ada pelaksanaan SOP yang sedang berjalan.")
    lines, buttons = [], []
    for row in view.rows:
        zone = row.facts.zone
        due = "" if row.due_at is None else f"\nJatuh tempo: {dates.short(row.due_at, zone, now)}"
        late = f"\n🔴 Terlambat {dates.working_duration(row.late_minutes)}" if row.late_minutes else ""
        who = ", ".join(esc(one.name) for one in row.holders[:HOLDERS_SHOWN]) or "⚠️ belum ada pejabat"
        if len(row.holders) > HOLDERS_SHOWN:
            who += f" dan {len(row.holders) - HOLDERS_SHOWN} pejabat lain"
        again = f" · putaran {row.round}" if row.round > 1 else ""
        lines.append(
            f"{about(row.facts, letters=SUBJECT_SHOWN)}\nLangkah {row.step} dari {row.facts.steps}{again}: "
            f"{esc(cut(row.activity, 120))}\nPada: {who}{due}{late}"
        )
        text = label(f"No. {row.facts.instance} · {row.facts.subject}")
        buttons.append((Button(text=text, data=data(SEE, row.facts.instance)),))
    turn = turning(view.page, view.pages, WATCH)
    refresh = (Button(text="Segarkan", data=data(WATCH, view.page)),)
    pages = f"\n\nHalaman {view.page + 1} dari {view.pages}" if view.pages > 1 else ""
    rows = (*buttons, turn, refresh) if turn else (*buttons, refresh)
    return Page(html=head + "\n\n" + "\n\n".join(lines) + pages, buttons=rows)


def instance_page(scene: Scene, member: Member, now: datetime) -> Page:
    """Show one instance: its steps, done, now and to come."""
    instance, facts = scene.instance, instance_facts(scene)
    lines = [about(facts), f"Keadaan: <b>{INSTANCE_STATES[instance.state]}</b>"]
    starter = scene.office.officer(instance.started_by)
    lines.append(f"Dimulai {dates.full(instance.started_at, facts.zone)} oleh {named(starter)}\n")
    lines += [_progress(scene, step, now) for step in scene.sop.steps]
    buttons = [(Button(text="Lihat Jejak", data=data(TRAIL, instance.id, 0)),)]
    if instance.state is InstanceState.RUNNING and overseer(member.officer):
        buttons.append((Button(text="Batalkan Pelaksanaan", data=data(CANCEL, instance.id), style=Style.NO),))
    return Page(html="\n".join(lines), buttons=tuple(buttons))


def _progress(scene: Scene, step: Step, now: datetime) -> str:
    instance = scene.instance
    passes = instance.rounds[step.number - 1]
    again = f" (putaran {passes})" if passes > 1 else ""
    running = instance.state is InstanceState.RUNNING
    current = running and instance.step == step.number
    sign = "▶️" if current else "✅" if passes and step.number < instance.step else "▫️"
    if instance.state is InstanceState.FINISHED:
        sign = "✅"
    line = f"{sign} {step.number}. {esc(cut(step.activity.shown, 90))}{again}"
    if not current:
        return line
    details = []
    for one in instance.open_assignments:
        holder = None if one.holder is None else scene.office.officer(one.holder)
        who = (
            named(holder) if holder is not None else f"ditawarkan kepada {len(scene.office.holders(one.role))} pejabat"
        )
        due = "" if one.due_at is None else f", jatuh tempo {dates.short(one.due_at, scene.office.calendar.zone, now)}"
        details.append(f"     {who} · {STATE_NAMES[one.state]}{due}{_lateness(scene, one, now)}")
    return "\n".join([line, *details])


def _lateness(scene: Scene, assignment: Assignment, now: datetime) -> str:
    due = assignment.due_at
    if due is None or now <= due or not escalates(scene.sop, assignment.task):
        return ""
    return f" · 🔴 terlambat {dates.working_duration(scene.office.calendar.working_minutes(due, now))}"


def ask_cancel_reason(scene: Scene) -> Page:
    """Ask why an instance is to be cancelled."""
    text = (
        f"{about(instance_facts(scene))}\n\nMohon tuliskan alasan pembatalan. Semua pelaksana akan diberi tahu. "
        "Ketik /batal bila tidak jadi."
    )
    return Page(html=text, question="Alasan pembatalan")


def ask_return_reason(card: CardView) -> Page:
    """Ask why a step is returned."""
    target = f" kepada {esc(card.next_on_no)}" if card.next_on_no else ""
    text = (
        f"<b>{esc(cut(card.step.activity, 300))}</b>\n{about(card.facts)}\n\nAkan dikembalikan{target}. "
        "Mohon tuliskan alasan pengembalian. Ketik /batal bila tidak jadi."
    )
    return Page(html=text, question="Alasan pengembalian")


def choose_instance(found: Sequence[InstanceFacts]) -> Page:
    """Ask whose trail to show."""
    if not found:
        return Page(html="Belum ada pelaksanaan SOP yang jejaknya dapat Bapak/Ibu lihat.")
    buttons = tuple(
        (
            Button(
                text=label(f"No. {one.instance} · {one.subject} · {INSTANCE_STATES[one.state]}"),
                data=data(TRAIL, one.instance, 0),
            ),
        )
        for one in found[:20]
    )
    return Page(html="<b>Jejak pelaksanaan</b>\nSilakan pilih:", buttons=buttons)


def turning(page: int, pages: int, *parts: object) -> tuple[Button, ...]:
    """Return the row of buttons that turns a page, empty where there is only one."""
    row = []
    if page > 0:
        row.append(Button(text="◀ Sebelumnya", data=data(*parts, page - 1)))
    if page < pages - 1:
        row.append(Button(text=f"{MORE} ▶", data=data(*parts, page + 1)))
    return tuple(row)


def label(text: str) -> str:
    """Return a text short enough for a button, without what could turn its letters around."""
    return cut(clean(text), LONGEST_LABEL)
