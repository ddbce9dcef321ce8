"""SOPs as people read them in the chat: the office's list, one SOP's identity, its steps.

Counterparts: `sopbot/definitions/document.py` holds the document, `records/` prints it.
"""

from collections.abc import Sequence
from typing import Final

from sopbot.chat.cards import INFERRED
from sopbot.chat.menus import START, indicative_warning, label, turning
from sopbot.chat.page import Button, Page, Style, cut, data, esc, listed
from sopbot.definitions.document import SopDocument
from sopbot.domain.sop import Step
from sopbot.services.catalogue import Version
from sopbot.services.enrolment import Member
from sopbot.services.presenting import step_facts

SOPS: Final = "s"  # s: the list; s|slug: one SOP; s|slug|page: its steps; s|slug|i|section: its identity
IDENTITY: Final = "i"
STEPS_SHOWN: Final = 4
ITEM: Final = 330  # letters of one item: the longest lists of the sources then fit one message


def sop_list(member: Member, versions: Sequence[Version]) -> Page:
    """List the office's SOPs."""
    if not versions:
        return Page(html="Belum ada SOP yang dimuat untuk kantor ini. Mohon hubungi admin kantor.")
    buttons = tuple(
        (Button(text=label(version.sop.name.shown), data=data(SOPS, version.sop.slug)),) for version in versions
    )
    return Page(html=f"<b>SOP {esc(member.office.name)}</b>\nSilakan pilih:", buttons=buttons)


def sop_page(version: Version, *, startable: bool) -> Page:
    """Show one SOP's identity."""
    sop, document = version.sop, version.document
    inferred = sum(bool(step.inferred) for step in sop.steps)
    lines = [
        f"<b>{esc(sop.name.shown)}</b>",
        f"Nomor: {esc(sop.number or '(tidak ada dalam naskah)')}",
        f"Unit: {esc(document.unit)}",
        f"Jumlah langkah: {len(sop.steps)}",
    ]
    if inferred:
        lines.append(f"<i>{INFERRED}: ada pada {inferred} langkah, belum dikonfirmasi kantor.</i>")
    if sop.indicative_times:
        lines.append(f"⚠️ {indicative_warning()}")
    if document.cautions:
        cautions = [f"• {esc(cut(item, ITEM))}" for item in document.cautions_corrected or document.cautions]
        lines += ["\n<b>Peringatan</b>", *_sentence(document.cautions_lead), *cautions]
    buttons = [
        (Button(text="Lihat langkah-langkah", data=data(SOPS, sop.slug, 0)),),
    ]
    if _cells(document):
        buttons.append((Button(text="Dasar hukum dan lainnya", data=data(SOPS, sop.slug, IDENTITY, 0)),))
    if startable:
        buttons.append((Button(text="Mulai SOP ini", data=data(START, sop.slug), style=Style.MAIN),))
    buttons.append((Button(text="Daftar SOP", data=SOPS),))
    return Page(html="\n".join(lines), buttons=tuple(buttons))


def sop_steps(version: Version, page: int) -> Page:
    """Show some of an SOP's steps, inferred facts marked."""
    sop = version.sop
    pages = -(-len(sop.steps) // STEPS_SHOWN)
    page = min(max(page, 0), pages - 1)
    steps = sop.steps[page * STEPS_SHOWN : (page + 1) * STEPS_SHOWN]
    parts = [f"<b>{esc(sop.name.shown)}</b> · halaman {page + 1} dari {pages}", *(_step(step) for step in steps)]
    if any(step.inferred for step in steps):
        parts.append(f"<i>{INFERRED} dari naskah, belum dikonfirmasi kantor.</i>")
    turn = turning(page, pages, SOPS, sop.slug)
    back = (Button(text="Kembali ke SOP", data=data(SOPS, sop.slug)),)
    return Page(html="\n\n".join(parts), buttons=(turn, back) if turn else (back,))


def _step(step: Step) -> str:
    facts = step_facts(step)
    mark = dict.fromkeys(step.inferred, " *)")
    lines = [
        f"<b>{step.number}. {esc(cut(facts.activity, 500))}</b>",
        f"Pelaksana: {esc(facts.performer)}{mark.get('pelaksana', '')}",
        f"Kelengkapan: {listed(facts.requirements)}",
        f"Waktu: {esc(facts.standard_time)} · Output: {listed(facts.output)}",
    ]
    if step.outside_decider is not None:
        lines.append(f"Diputuskan oleh {esc(step.outside_decider)} (pihak luar)")
    if step.decision is not None:
        yes, no = step.decision.on_yes, step.decision.on_no
        lines.append(
            f"Ya → langkah {yes}{mark.get('keputusan.ya', '')} · Tidak → langkah {no}{mark.get('keputusan.tidak', '')}"
        )
    elif step.returns_to is not None:
        lines.append(f"Dapat dikembalikan ke langkah {step.returns_to}{mark.get('kembalikan_ke', '')}")
    return "\n".join(lines)


def sop_identity(version: Version, page: int) -> Page:
    """Show one cell of an SOP's identity block: legal basis, qualifications, and so on."""
    cells = _cells(version.document)
    if not cells:
        return sop_page(version, startable=False)
    page = min(max(page, 0), len(cells) - 1)
    title, lead, items, end = cells[page]
    numbered = [f"{number}. {esc(cut(item, ITEM))}" for number, item in enumerate(items, start=1)]
    shown = "\n".join([*_sentence(lead), *numbered, *_sentence(end)])
    text = f"<b>{esc(version.sop.name.shown)}</b>\n\n<b>{title}</b>\n{shown}"
    turn = turning(page, len(cells), SOPS, version.sop.slug, IDENTITY)
    back = (Button(text="Kembali ke SOP", data=data(SOPS, version.sop.slug)),)
    return Page(html=text, buttons=(turn, back) if turn else (back,))


def _sentence(text: str | None) -> list[str]:
    return [] if text is None else [esc(text)]


def _cells(document: SopDocument) -> list[tuple[str, str | None, Sequence[str], str | None]]:
    """Return title, sentence before, items, sentence after of each cell that is not empty."""
    cautions = document.cautions_corrected or document.cautions
    records = document.records_corrected or document.records
    cells = [
        ("Dasar Hukum", None, document.legal_basis_corrected or document.legal_basis, None),
        ("Kualifikasi Pelaksana", None, document.qualifications_corrected or document.qualifications, None),
        ("Keterkaitan", None, document.related_sops_corrected or document.related_sops, None),
        ("Peralatan/Perlengkapan", None, document.equipment_corrected or document.equipment, None),
        ("Peringatan", document.cautions_lead, cautions, None),
        ("Pencatatan dan Pendataan", None, records, document.records_end),
        ("Catatan atas naskah", None, document.notes, None),
    ]
    return [cell for cell in cells if cell[2]]
