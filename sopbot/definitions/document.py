"""An SOP document: everything its printed original holds, under the Indonesian keys of the YAML files.

Counterparts: `rules.py` checks what one key says against another, `loader.py` reads and writes, and
`sopbot/domain/sop.py` is the part of it that runs.

Every text is the original, letter for letter. A field `…_corrected` (key `…_baku`) beside one holds the corrected
text, only where the original has a typing, spelling or spacing mistake that can be seen; other doubts are `notes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sopbot.definitions.schema import CORRECTED, Definition, IsoDate, RoleName, Slug, StepNumber, Text, YesNo
from sopbot.domain.sop import Mode, Seal, Wording

Texts = Annotated[tuple[Text, ...], Field(max_length=100)]
SomeTexts = Annotated[tuple[Text, ...], Field(min_length=1, max_length=100)]

InferredField = Literal[
    "pelaksana",
    "keputusan.ya",
    "keputusan.tidak",
    "cara",
    "peserta",
    "pemutus_luar",
    "pencatat",
    "pengesahan",
    "kembalikan_ke",
    "ya_sebagai",
]


class Corrected(Definition):
    """A model whose lists of corrections may leave entries empty where the original is right."""

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, values: Any) -> Any:  # noqa: ANN401 -- whatever the file holds
        if not isinstance(values, Mapping):
            return values
        completed = dict(values)
        for key, value in values.items():
            original = values.get(str(key).removesuffix(CORRECTED))
            if str(key).endswith(CORRECTED) and isinstance(value, list) and isinstance(original, list):
                missing = original[: len(value)] + value[len(original) :]
                completed[key] = [old if new is None else new for new, old in zip(value, missing, strict=True)]
        return completed


class Dated(Corrected):
    """A date of the identity block: its text, its ISO form where it can be read, its label where that is peculiar."""

    text: Text | None = Field(None, alias="teks")
    iso: IsoDate | None = None
    label: Text | None = None
    label_corrected: Text | None = Field(None, alias="label_baku")


class Dates(Definition):
    """The dates of the identity block; None where the original leaves one out or empty."""

    made: Dated | None = Field(None, alias="pembuatan")
    revised: Dated | None = Field(None, alias="revisi")
    ratified: Dated | None = Field(None, alias="pengesahan")
    effective: Dated | None = Field(None, alias="efektif")


class Approval(Corrected):
    """Who ratified the SOP, as the original writes it."""

    position: Text | None = Field(None, alias="jabatan")
    position_corrected: Text | None = Field(None, alias="jabatan_baku")
    name: Text | None = Field(None, alias="nama")
    name_corrected: Text | None = Field(None, alias="nama_baku")
    rank: Text | None = Field(None, alias="pangkat")
    rank_corrected: Text | None = Field(None, alias="pangkat_baku")
    nip: Text | None = None


class Closing(Approval):
    """The signature block after the table, where the original has one."""

    place_and_date: Text | None = Field(None, alias="tempat_tanggal")


class ColumnHeadings(Corrected):
    """The table's headings as the original writes them; None where it has none."""

    number: Text | None = Field(None, alias="no")
    activity: Text | None = Field(None, alias="uraian")
    performers: Text | None = Field(None, alias="pelaksana")
    standard: Text | None = Field(None, alias="mutu")
    standard_corrected: Text | None = Field(None, alias="mutu_baku")
    requirements: Text | None = Field(None, alias="kelengkapan")
    time: Text | None = Field(None, alias="waktu")
    output: Text | None = None
    remarks: Text | None = Field(None, alias="keterangan")


class QualityStandard(Corrected):
    """Mutu baku: what must be there before, how long it may take, what comes out."""

    requirements: SomeTexts = Field(alias="kelengkapan")
    requirements_corrected: SomeTexts | None = Field(None, alias="kelengkapan_baku")
    time: Text = Field(alias="waktu")
    time_corrected: Text | None = Field(None, alias="waktu_baku")
    output: SomeTexts
    output_corrected: SomeTexts | None = Field(None, alias="output_baku")


class Decision(Definition):
    """Where the two answers lead."""

    on_yes: StepNumber = Field(alias="ya")
    on_no: StepNumber = Field(alias="tidak")


class Ratification(Definition):
    """A signature or ratification that follows YA inside the same row."""

    by: Text = Field(alias="oleh")
    outside: YesNo = Field(alias="luar")
    seal: Seal = Field(alias="jenis")


class Step(Corrected):
    """One row of the SOP."""

    number: StepNumber = Field(alias="no")
    activity: Text = Field(alias="uraian")
    activity_corrected: Text | None = Field(None, alias="uraian_baku")
    performer: Text = Field(alias="pelaksana")
    column: Text = Field(alias="kolom")
    role: RoleName = Field(alias="peran")
    mode: Mode = Field(alias="cara")
    participants: tuple[RoleName, ...] = Field((), alias="peserta")
    standard: QualityStandard = Field(alias="mutu_baku")
    remarks: Text | None = Field(None, alias="keterangan")
    decision: Decision | None = Field(None, alias="keputusan")
    outside_decider: Text | None = Field(None, alias="pemutus_luar")
    recorder: RoleName | None = Field(None, alias="pencatat")
    ratifications: tuple[Ratification, ...] = Field((), alias="pengesahan")
    returns_to: StepNumber | None = Field(None, alias="kembalikan_ke")
    yes_is: Seal | None = Field(None, alias="ya_sebagai")
    inferred: tuple[InferredField, ...] = Field((), alias="disimpulkan")
    note: Text | Literal[""] = Field("", alias="catatan")


class SopDocument(Corrected):
    """One SOP, complete: the identity block, its cells, the table and what is doubtful about them."""

    slug: Slug
    office: Slug = Field(alias="kantor")
    number: Text | None = Field(None, alias="nomor")
    name: Text = Field(alias="nama")
    name_corrected: Text | None = Field(None, alias="nama_baku")
    short_name: Text | None = Field(None, alias="sebutan")
    unit: Text
    letterhead: Texts = Field((), alias="kop")
    dates: Dates = Field(Dates(), alias="tanggal")
    approved_by: Approval | None = Field(None, alias="disahkan_oleh")
    legal_basis: Texts = Field((), alias="dasar_hukum")
    legal_basis_corrected: Texts | None = Field(None, alias="dasar_hukum_baku")
    qualifications: Texts = Field((), alias="kualifikasi")
    qualifications_corrected: Texts | None = Field(None, alias="kualifikasi_baku")
    related_sops: Texts = Field((), alias="keterkaitan")
    related_sops_corrected: Texts | None = Field(None, alias="keterkaitan_baku")
    equipment: Texts = Field((), alias="peralatan")
    equipment_corrected: Texts | None = Field(None, alias="peralatan_baku")
    cautions_lead: Text | None = Field(None, alias="peringatan_pengantar")
    cautions: Texts = Field((), alias="peringatan")
    cautions_corrected: Texts | None = Field(None, alias="peringatan_baku")
    records: Texts = Field((), alias="pencatatan")
    records_corrected: Texts | None = Field(None, alias="pencatatan_baku")
    records_end: Text | None = Field(None, alias="pencatatan_penutup")
    table_title: Text | None = Field(None, alias="judul_tabel")
    headings: ColumnHeadings = Field(ColumnHeadings(), alias="judul_kolom")
    columns: SomeTexts = Field(alias="kolom_pelaksana")
    columns_corrected: SomeTexts | None = Field(None, alias="kolom_pelaksana_baku")
    total_time: Text | None = Field(None, alias="jumlah_waktu")
    indicative_times: Text | None = Field(None, alias="waktu_indikatif")
    closing: Closing | None = Field(None, alias="penutup")
    notes: Texts = Field((), alias="catatan")
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=99)] = Field(alias="langkah")


def wording(original: str, corrected: str | None) -> Wording:
    """Pair an original text with its correction; a correction equal to the original is none."""
    return Wording(original=original, corrected=None if corrected == original else corrected)


def wordings(originals: tuple[str, ...], corrected: tuple[str, ...] | None) -> tuple[Wording, ...]:
    """Pair a list of texts with its corrections, entry by entry."""
    return tuple(wording(old, new) for old, new in zip(originals, corrected or originals, strict=True))


def confirmed(document: SopDocument, number: int, field: str) -> SopDocument:
    """Return the document, a new version, with one inferred fact of a step confirmed by the office.

    Raises ValueError when that step has no such inferred fact.
    """
    if not any(step.number == number and field in step.inferred for step in document.steps):
        raise ValueError(f"Step {number} of {document.slug} has no inferred {field} to confirm.")
    steps = tuple(
        step.model_copy(update={"inferred": tuple(each for each in step.inferred if each != field)})
        if step.number == number
        else step
        for step in document.steps
    )
    return document.model_copy(update={"steps": steps})
