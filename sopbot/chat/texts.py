"""Sentences of the chat: answers, refusals, questions. Standard polite Indonesian, one clear sentence each.

Counterparts: `cards.py` and `menus.py` lay out whole messages, `dates.py` writes times.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sopbot.chat import dates
from sopbot.chat.page import cut, esc
from sopbot.domain import errors
from sopbot.domain.errors import Rejected
from sopbot.domain.instance import AssignmentState, InstanceState
from sopbot.domain.office import Officer
from sopbot.domain.permissions import overseer
from sopbot.services.views import InstanceFacts, Receipt

Facts = Mapping[str, object]

COMMANDS: Final[Mapping[str, str]] = {
    "tugas": "Tugas saya",
    "mulai": "Mulai pelaksanaan SOP",
    "sop": "Lihat daftar dan isi SOP",
    "jejak": "Jejak (pencatatan) pelaksanaan",
    "bantuan": "Cara memakai bot ini",
    "batal": "Batalkan isian yang sedang berjalan",
}
OVERSEER_COMMANDS: Final[Mapping[str, str]] = {
    "tugas": COMMANDS["tugas"],
    "pantau": "Pantau pelaksanaan SOP kantor",
    **COMMANDS,
}
STRANGER_COMMANDS: Final[Mapping[str, str]] = {"start": "Mulai"}

STRANGER: Final = (
    "Bot ini melayani pegawai kantor yang terdaftar. Bila Bapak/Ibu memperoleh tautan undangan, "
    "mohon buka tautan tersebut. Untuk pertanyaan, mohon hubungi admin kantor."
)
UNKNOWN_COMMAND: Final = (
    "Mohon maaf, perintah itu tidak dikenal. Bila itu jawaban atas pertanyaan bot, mohon ketik tanpa tanda / di "
    "depannya. Ketik /bantuan untuk melihat daftar perintah."
)
UNKNOWN_TEXT: Final = (
    "Pesan ini tidak diproses, karena bot tidak sedang menunggu jawaban. Bila ini alasan atau perihal, mohon tekan "
    "lagi tombolnya, lalu ketik jawabannya. Ketik /tugas untuk melihat tugas, atau /bantuan untuk bantuan."
)
TEXT_ONLY: Final = (
    "Mohon maaf, berkas, foto, dan stiker belum dapat diterima di sini. Bila sedang diminta alasan atau perihal, mohon "
    "ketik dengan kata-kata. Ketik /bantuan untuk bantuan."
)
FORWARDED: Final = "Mohon maaf, pesan terusan tidak diproses. Mohon ketik sendiri perintahnya."
PRIVATE_ONLY: Final = "Demi kerahasiaan, mohon gunakan bot ini melalui percakapan pribadi."
NOT_FOR_YOU: Final = "Mohon maaf, tombol ini tidak ditujukan untuk Bapak/Ibu."
BUTTON_UNKNOWN: Final = "Tombol ini sudah tidak berlaku. Ketik /tugas untuk melihat keadaan terbaru."
NOTHING_TO_CANCEL: Final = "Tidak ada isian yang sedang berjalan."
CANCELLED_DIALOG: Final = "Isian dibatalkan. Tidak ada yang berubah."
REASON_EMPTY: Final = "Mohon tuliskan alasannya dengan kata-kata."
ALREADY_STARTED: Final = "Pelaksanaan ini sudah dimulai. Ketik /jejak untuk melihat keadaannya."
STORE_DOWN: Final = (
    "Mohon maaf, catatan sedang tidak dapat disimpan. Belum ada yang berubah. Mohon coba lagi beberapa saat lagi."
)
MORE: Final = "Lihat selanjutnya"


def trouble(reference: str) -> str:
    """Apologise for an error of ours, with a reference for whoever looks it up."""
    return (
        "Mohon maaf, terjadi gangguan pada sistem dan permintaan Bapak/Ibu belum diproses. "
        f"Mohon coba lagi. Bila terulang, sampaikan nomor gangguan {reference} kepada admin."
    )


def accepted(due_at: datetime | None, zone: ZoneInfo) -> str:
    """Confirm that a step was taken, with its due time."""
    return "Tugas diterima." if due_at is None else f"Tugas diterima. Jatuh tempo: {dates.full(due_at, zone)}."


def cancelled(subject: str) -> str:
    """Confirm that an instance was cancelled, as HTML."""
    return f"Pelaksanaan <b>{esc(subject)}</b> dibatalkan. Semua pelaksana diberi tahu."


def commands_for(officer: Officer) -> Mapping[str, str]:
    """Return the command menu of an officer."""
    return OVERSEER_COMMANDS if overseer(officer) else COMMANDS


def greeting(officer: Officer) -> str:
    """Write "Yth. Ibu Sekretaris Camat"; Bapak or Ibu only where the register says so."""
    return f"Yth. {called(officer)}"


def called(officer: Officer) -> str:
    """Write "Ibu Sekretaris Camat", as HTML."""
    return f"{officer.honorific or 'Bapak/Ibu'} {esc(officer.title)}"


def named(officer: Officer | None) -> str:
    """Write "Siti Aminah (Sekretaris Camat)", as HTML."""
    return "pejabat yang tidak terdaftar lagi" if officer is None else f"{esc(officer.name)} ({esc(officer.title)})"


def about(facts: InstanceFacts, *, letters: int = 200) -> str:
    """Write which SOP runs for what, in one line of HTML; at most so many letters of the subject."""
    name, subject = cut(facts.sop_name, 120), cut(facts.subject, letters)
    return f"SOP {esc(name)} — <b>{esc(subject)}</b> (No. {facts.instance})"


def receipt_text(receipt: Receipt) -> str:
    """Write "Rekod 1234·a1b2c3d4e5f6"."""
    return f"Rekod {receipt.seq}·{receipt.link[:12]}"


STATE_NAMES: Final[Mapping[AssignmentState, str]] = {
    AssignmentState.OFFERED: "Ditugaskan",
    AssignmentState.ACCEPTED: "Dikerjakan",
    AssignmentState.DONE: "Selesai",
    AssignmentState.RETURNED: "Dikembalikan",
    AssignmentState.WITHDRAWN: "Dibatalkan",
}
INSTANCE_STATES: Final[Mapping[InstanceState, str]] = {
    InstanceState.RUNNING: "Berjalan",
    InstanceState.FINISHED: "Selesai",
    InstanceState.CANCELLED: "Dibatalkan",
}


def _over(facts: Facts) -> str:
    if facts.get("state") is InstanceState.CANCELLED:
        return "Pelaksanaan ini sudah dibatalkan; tidak ada yang perlu dilakukan lagi."
    return "Pelaksanaan ini sudah selesai; tidak ada yang perlu dilakukan lagi."


def _done(facts: Facts) -> str:
    match facts.get("state"):
        case AssignmentState.RETURNED:
            return "Langkah ini sudah dikembalikan untuk diperbaiki; tidak ada yang perlu dilakukan lagi."
        case AssignmentState.WITHDRAWN:
            return "Tugas ini sudah ditarik; tidak ada yang perlu dilakukan lagi."
        case _:
            return "Langkah ini sudah selesai; tidak ada yang perlu dilakukan lagi."


def _taken(facts: Facts) -> str:
    return f"Tugas ini sudah diambil oleh {facts.get('name', 'pejabat lain')}."


_REFUSALS: Final[Mapping[type[Rejected], str | Callable[[Facts], str]]] = {
    errors.NotYours: "Mohon maaf, tugas ini tidak ditujukan untuk Bapak/Ibu.",
    errors.TakenByAnother: _taken,
    errors.OwnWork: (
        "Mohon maaf, Bapak/Ibu tidak dapat memutuskan pekerjaan yang Bapak/Ibu ajukan sendiri. "
        "Mohon diputuskan oleh pejabat lain."
    ),
    errors.OfficerInactive: "Akses Bapak/Ibu sedang dibekukan. Mohon hubungi admin kantor.",
    errors.MayNotStart: "SOP ini hanya dapat dimulai oleh pelaksana langkah pertama, Sekcam, atau Camat.",
    errors.MayNotCancel: "Pelaksanaan hanya dapat dibatalkan oleh Sekcam atau Camat.",
    errors.UnknownAssignment: "Tugas itu tidak ditemukan. Ketik /tugas untuk melihat tugas Bapak/Ibu.",
    errors.InstanceOver: _over,
    errors.AlreadyDone: _done,
    errors.NotAcceptedYet: "Mohon tekan Terima Tugas terlebih dahulu.",
    errors.AlreadyAccepted: "Tugas ini sudah diterima. Silakan dikerjakan.",
    errors.GraceNotOver: "Masa tunggu penerimaan tugas ini belum habis.",
    errors.WrongKindOfStep: "Langkah ini tidak dapat diselesaikan dengan cara itu.",
    errors.ReasonRequired: "Mohon tuliskan alasannya.",
    errors.ReasonTooLong: "Alasan terlalu panjang. Mohon ringkas menjadi paling banyak 1.000 huruf.",
    errors.SubjectRequired: 'Mohon tuliskan perihalnya, misalnya "Renja 2027".',
    errors.SubjectTooLong: "Perihal terlalu panjang. Mohon ringkas menjadi paling banyak 200 huruf.",
    errors.AlreadyStarted: ALREADY_STARTED,
    errors.RoleVacant: "Belum ada pejabat aktif untuk langkah pertama SOP ini. Mohon hubungi admin kantor.",
    errors.ClockWentBack: "Jam sistem sedang tidak benar, sehingga belum ada yang dicatat. Mohon hubungi admin kantor.",
    errors.UnknownSop: "SOP itu tidak ditemukan. Ketik /sop untuk melihat daftar SOP.",
    errors.UnknownInstance: "Pelaksanaan itu tidak ditemukan, atau bukan untuk dilihat Bapak/Ibu.",
    errors.AnotherQuestion: (
        "Balasan ini bukan untuk pertanyaan yang sedang menunggu jawaban. "
        "Mohon balas pertanyaan yang terakhir, atau ketik /batal."
    ),
    errors.InvitationInvalid: (
        "Tautan undangan ini tidak berlaku, sudah dipakai, atau sudah kedaluwarsa. Mohon minta tautan baru "
        "kepada admin kantor."
    ),
    errors.AccountTaken: "Akun Telegram ini sudah terdaftar atas nama seorang pejabat.",
    errors.OfficerTaken: "Pejabat ini sudah memiliki akun Telegram yang terdaftar.",
    errors.StaleButton: BUTTON_UNKNOWN,
    errors.NotStored: STORE_DOWN,
}


def refusal(rejected: Rejected) -> str:
    """Say in one sentence why a command was refused; every kind has its own."""
    entry = _REFUSALS[type(rejected)]
    return entry if isinstance(entry, str) else entry(rejected.facts)
