"""What a card must say, worked out from the tables alone; `player.py` compares it with what people see."""

from collections.abc import Iterator
from datetime import datetime

from tests.journeys.plan import Person, Plan, Row, Turn
from tests.journeys.stage import WIB

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()  # noqa: SIM905
)
FOOTNOTE = "*) disimpulkan: tidak tertulis tegas dalam naskah SOP, belum dikonfirmasi kantor."
BUTTONS = {
    "kerja": ["Selesai"],
    "putusan": ["Ya, Setuju", "Tidak, Kembalikan"],
    "catat putusan": ["Ya, Setuju", "Tidak, Kembalikan"],
}
SEAL_BUTTONS = {"tanda tangan": "Catat Tanda Tangan", "pengesahan": "Catat Pengesahan"}
WORKING = {
    "kerja": "Dikerjakan",
    "putusan": "Menunggu Persetujuan",
    "pengesahan": "Menunggu Persetujuan",
    "catat putusan": "Menunggu Pihak Luar",
    "catat pengesahan": "Menunggu Pihak Luar",
}


def full(at: datetime) -> str:
    """Write "Jumat, 20 November 2026 pukul 10.00 WIB"."""
    local = at.astimezone(WIB)
    day = f"{DAYS[local.weekday()]}, {local.day} {MONTHS[local.month - 1]} {local.year}"
    return f"{day} pukul {local:%H.%M} WIB"


def seal_of(row: Row, turn: Turn) -> tuple[str, str]:
    """Return by whom and what: ("Camat", "tanda tangan")."""
    assert turn.seal is not None
    return row.seals[turn.seal]


def buttons(row: Row, turn: Turn) -> list[str]:
    """Return the labels on the card of who has accepted it."""
    if turn.seal is not None:
        return [SEAL_BUTTONS[seal_of(row, turn)[1]], "Tidak, Kembalikan"]
    returnable = turn.task == "kerja" and row.on_no is not None
    return BUTTONS[turn.task] + (["Tidak, Kembalikan"] if returnable else [])


def answer_label(row: Row, turn: Turn) -> str:
    """Return the label of the button that completes the turn."""
    return "Tidak, Kembalikan" if turn.answer == "tidak" else buttons(row, turn)[0]


def request(row: Row, turn: Turn) -> str:
    """Return how the officer is asked."""
    match turn.task:
        case "kerja":
            return "mohon berkenan melaksanakan:"
        case "putusan":
            return "mohon berkenan memeriksa dan memutuskan:"
        case "catat putusan":
            return f"mohon mencatat putusan {row.outside} atas:"
        case "pengesahan":
            verb = {"tanda tangan": "menandatangani", "pengesahan": "mengesahkan"}[seal_of(row, turn)[1]]
            return f"langkah ini telah disetujui, mohon berkenan {verb}:"
        case _:
            by, what = seal_of(row, turn)
            return f"mohon mencatat {what} oleh {by} atas:"


def following(plan: Plan, row: Row, turn: Turn) -> str | None:
    """Return who gets it next if all goes well, as the card names them."""
    place = 0 if turn.seal is None else turn.seal + 1
    if place < len(row.seals):
        return row.seals[place][0]
    number = row.on_yes or row.number + 1
    return named_step(plan, number) if number <= len(plan.rows) else None


def named_step(plan: Plan, number: int) -> str:
    """Return "Sekcam (langkah 2)"."""
    return f"{plan.row(number).performer} (langkah {number})"


def facts(plan: Plan, row: Row, turn: Turn) -> Iterator[str]:
    """Yield every line that an open card must hold, for whoever reads it; a mark is explained where it stands."""
    lines = list(_facts(plan, row, turn))
    yield from lines
    if any(" *)" in line for line in lines):
        yield FOOTNOTE


def _facts(plan: Plan, row: Row, turn: Turn) -> Iterator[str]:
    yield f"{row.activity} (langkah {row.number} dari {len(plan.rows)})"
    yield f"{plan.title} — {plan.subject}"
    if turn.task == "pengesahan":
        yield f"Pelaksana: {seal_of(row, turn)[0]}\n"
    else:
        yield f"Pelaksana: {row.performer}" + (" *)" if "pelaksana" in row.inferred else "")
    yield "Kelengkapan: " + _listed(row.requirements)
    yield "Output: " + _listed(row.output)
    if turn.seal is None:
        yield f"Waktu baku: {row.time}\n"
    else:
        yield "Waktu: sisa waktu baku langkah ini, paling sedikit 60 menit kerja\n"
    decided = turn.task != "kerja"
    after = following(plan, row, turn)
    if after is None:
        yield "Setelah selesai: seluruh langkah SOP ini selesai"
    else:
        mark = " *)" if decided and "ya" in row.inferred else ""
        when = "Bila Ya" if decided else "Setelah selesai"
        if turn.seal is not None:
            when = f"Setelah {seal_of(row, turn)[1]}"
        yield f"{when}: diteruskan kepada {after}{mark}\n"
    if row.on_no is not None:
        mark = " *)" if "tidak" in row.inferred else ""
        yield f"Bila Tidak: dikembalikan kepada {named_step(plan, row.on_no)}{mark}"
    if turn.task == "putusan" and row.yes_is:
        yield f"Ya, Setuju sekaligus menjadi catatan {row.yes_is} Bapak/Ibu."


def heading(turn: Turn, *, returned: bool) -> str:
    """Return the first line of a new card."""
    return ("↩️ Dikembalikan untuk diperbaiki" if returned else "📋 Tugas baru") + again(turn)


def again(turn: Turn) -> str:
    """Return how a repeated row is counted; a signature belongs to its row and is not counted."""
    return f" · putaran {turn.round}" if turn.round > 1 and turn.seal is None else ""


def returned_from(turn: Turn, row: Row, by: Person) -> str:
    """Return how a returned card names the sender and the reason."""
    sender = by.named
    if turn.task == "catat putusan":
        sender = f"{row.outside}, dicatat oleh {sender}"
    elif turn.task == "catat pengesahan":
        sender = f"{seal_of(row, turn)[0]}, dicatat oleh {sender}"
    return f"Dikembalikan dari langkah {turn.step} oleh {sender}, dengan alasan:\n{turn.reason}"


def done(plan: Plan, row: Row, turn: Turn, at: datetime, waiting_for: int) -> str:
    """Return the sentence that thanks for a finished turn."""
    if turn.answer == "tidak":
        word = "dikembalikan" if turn.task == "kerja" else "tidak disetujui"
    elif turn.seal is not None:
        word = {"tanda tangan": "ditandatangani", "pengesahan": "disahkan"}[seal_of(row, turn)[1]]
    else:
        word = "selesai" if turn.task == "kerja" else "disetujui"
    sentence = f"Terima kasih. Langkah {row.number} tercatat {word} pukul {at.astimezone(WIB):%H.%M} WIB"
    if turn.answer == "tidak":
        assert row.on_no is not None
        way = "kepada" if turn.task == "kerja" else "dan dikembalikan kepada"
        return f"{sentence} {way} {named_step(plan, row.on_no)} untuk diperbaiki."
    if turn.leads_to == "menunggu":
        return f"{sentence}. Menunggu {waiting_for} pejabat lain pada langkah yang sama."
    after = following(plan, row, turn)
    if after is None:
        return f"{sentence}. Seluruh langkah SOP telah selesai."
    return f"{sentence} dan diteruskan kepada {after}."


def _listed(items: tuple[str, ...]) -> str:
    return items[0] if len(items) == 1 else "\n" + "\n".join(f"• {item}" for item in items)
