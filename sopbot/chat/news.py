"""News that asks for no act: a step one takes part in, a step without an officer, the end of an instance.

Counterparts: `cards.py` for what asks for one, `sopbot/services/views.py` holds the facts.
"""

from sopbot.chat import dates
from sopbot.chat.page import Button, Page, cut, data, esc
from sopbot.chat.texts import about, called, greeting, named, receipt_text
from sopbot.domain.instance import InstanceState
from sopbot.services.views import (
    EndedView,
    InstanceFacts,
    RetapView,
    RetiredView,
    StepFacts,
    ToldView,
    UnreachableView,
    VacantView,
)


def told(view: ToldView) -> Page:
    """Tell a participant of a step in which they take part."""
    leader = "" if view.leader is None else f" yang dipimpin {called(view.leader)}"
    text = (
        f"👥 {greeting(view.officer)}, Bapak/Ibu menjadi peserta langkah berikut{leader}. "
        "Tidak ada tombol yang perlu ditekan.\n\n"
        f"{_step_line(view.step, view.facts)}"
    )
    return Page(html=text)


def vacant(view: VacantView) -> Page:
    """Tell an overseer that a step has reached nobody."""
    text = (
        f"⚠️ {greeting(view.officer)}, langkah berikut belum sampai kepada siapa pun karena belum ada pejabat "
        f"aktif sebagai {esc(view.step.performer)} yang terdaftar di bot ini. Mohon meminta admin kantor menunjuk atau "
        "mendaftarkannya.\n\n"
        f"{_step_line(view.step, view.facts)}"
    )
    return Page(html=text)


def unreachable(view: UnreachableView) -> Page:
    """Tell a superior that somebody cannot be reached."""
    return Page(
        html=(
            f"📵 {greeting(view.officer)}, {named(view.whom)} belum dapat dihubungi lewat Telegram. Tugas "
            f"beliau yang menunggu: {view.open_tasks}. Mohon beliau dihubungi dengan cara lain dan diminta membuka bot "
            "ini kembali."
        )
    )


def _step_line(step: StepFacts, facts: InstanceFacts) -> str:
    return f"<b>{esc(step.activity)}</b> (langkah {step.number} dari {facts.steps})\n{about(facts)}"


def ended(view: EndedView) -> Page:
    """Tell that an instance was finished or cancelled."""
    at = dates.full(view.at, view.facts.zone)
    receipt = "" if view.receipt is None else f"\n\n<code>{receipt_text(view.receipt)}</code>"
    if view.facts.state is InstanceState.FINISHED:
        text = f"🏁 {greeting(view.officer)}, seluruh langkah telah selesai pada {at}.\n\n{about(view.facts)}"
    else:
        text = (
            f"⏹ {greeting(view.officer)}, pelaksanaan berikut dibatalkan oleh {named(view.by)} pada {at}.\n\n"
            f"{about(view.facts)}\n\nAlasan:\n<blockquote>{esc(view.reason)}</blockquote>"
        )
    trail = Button(text="Lihat Jejak", data=data("j", view.facts.instance, 0))
    return Page(html=text + receipt, buttons=((trail,),))


def retired(view: RetiredView) -> Page:
    """Show an older copy of a card, without its buttons."""
    what = f"<b>{esc(cut(view.card.step.activity, 400))}</b>\n{about(view.card.facts)}"
    return Page(html=f"<i>Kartu ini sudah digantikan oleh kartu yang lebih baru di bawah.</i>\n\n{what}")


def retap(view: RetapView) -> Page:
    """Ask to press again after a gap in polling."""
    return Page(
        html=(
            f"{greeting(view.officer)}, bot sempat terputus dari Telegram. Bila tadi Bapak/Ibu menekan tombol dan "
            f"belum ada perubahan, mohon tekan sekali lagi. Tugas yang menunggu: {view.open_tasks}. Ketik /tugas "
            "untuk melihatnya."
        )
    )
