"""`sopbot/definitions/rules.py`: what the keys of one document must say together."""

from datetime import date

import pytest

from sopbot.definitions.loader import load
from sopbot.definitions.problems import DefinitionErrors
from sopbot.definitions.rules import indonesian_date


def problems(path):
    with pytest.raises(DefinitionErrors) as caught:
        load(path)
    assert {each.file for each in caught.value.problems} == {path}
    return [(each.line, each.field, each.sentence) for each in caught.value.problems]


def test_the_smallest_document_is_sound(sop_file):
    assert [step.number for step in load(sop_file()).steps] == [1, 2, 3]


YES = ("      ya: 3\n", "      ya: 9\n")
BRANCH = "    keputusan:\n      ya: 3\n      tidak: 1\n    disimpulkan: [keputusan.tidak]\n"
RECORDER = BRANCH + "    pemutus_luar: Bappeda\n    pencatat: camat\n"


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "sentence"),
    [
        ("- no: 2", "- no: 4", 21, "langkah[2].no", "Steps are numbered one after the other: this is 4, not 2."),
        ("ya: 3", "ya: 9", 32, "langkah[2].keputusan.ya", "There is no step 9; the last one is 3."),
        ("tidak: 1", "tidak: 7", 33, "langkah[2].keputusan.tidak", "There is no step 7; the last one is 3."),
        (
            "tidak: 1",
            "tidak: 3",
            33,
            "langkah[2].keputusan.tidak",
            "TIDAK leads back or repeats the step; 3 would skip ahead.",
        ),
        (
            "    kolom: CAMAT",
            "    kolom: CAMATT",
            24,
            "langkah[2].kolom",
            '"CAMATT" is not among kolom_pelaksana. Did you mean "CAMAT"?',
        ),
        ("[CAMAT, SEKCAM, STAF]", "[CAMAT, CAMAT, STAF]", 8, "kolom_pelaksana", "A column stands here twice."),
        (
            "peran: camat",
            "peran: camatt",
            25,
            "langkah[2].peran",
            'The office has no role "camatt". Did you mean "camat"?',
        ),
        (
            "cara: satu\n    mutu",
            "cara: rapat\n    mutu",
            11,
            "langkah[1].peserta",
            "A meeting (rapat) needs participants.",
        ),
        (
            "cara: satu\n    mutu",
            "cara: satu\n    peserta: [kasi, kasi]\n    mutu",
            17,
            "langkah[1].peserta",
            "A role stands here twice.",
        ),
        (
            "cara: satu\n    mutu",
            "cara: satu\n    peserta: [staf]\n    mutu",
            17,
            "langkah[1].peserta",
            "staf performs this step and need not be told of it.",
        ),
        (
            BRANCH,
            BRANCH + "    pemutus_luar: Bappeda\n",
            21,
            "langkah[2].pencatat",
            '"Bappeda" is outside the office: pencatat must name the role that records for it.',
        ),
        (
            BRANCH,
            BRANCH + "    pencatat: camat\n",
            35,
            "langkah[2].pencatat",
            "Nobody outside the office acts here, so nobody records for it.",
        ),
        (
            RECORDER[: len(BRANCH)],
            RECORDER.replace("pencatat: camat", "pencatat: staf"),
            25,
            "langkah[2].peran",
            "Where somebody outside decides, the role that acts is the recorder, staf.",
        ),
        (
            BRANCH,
            RECORDER + "    ya_sebagai: tanda_tangan\n",
            37,
            "langkah[2].ya_sebagai",
            "Recording an outside party's verdict is no signature.",
        ),
        (
            "      output: [Konsep]\n",
            "      output: [Konsep]\n    ya_sebagai: tanda_tangan\n",
            21,
            "langkah[1].ya_sebagai",
            "Only a decision (keputusan) can have ya_sebagai.",
        ),
        (
            "      output: [Konsep]\n",
            "      output: [Konsep]\n    pengesahan: [{oleh: camat, luar: tidak, jenis: tanda_tangan}]\n",
            21,
            "langkah[1].pengesahan",
            "Only a decision (keputusan) can have pengesahan.",
        ),
        (
            "      output: [Arsip]\n",
            "      output: [Arsip]\n    kembalikan_ke: 3\n",
            45,
            "langkah[3].kembalikan_ke",
            "A step is returned to an earlier one, not to 3.",
        ),
        (
            "      output: [Konsep]\n",
            "      output: [Konsep]\n    disimpulkan: [peserta]\n",
            21,
            "langkah[1].disimpulkan[1]",
            "peserta is called inferred, but the step does not say it.",
        ),
        (
            "[keputusan.tidak]",
            "[keputusan.tidak, keputusan.tidak]",
            34,
            "langkah[2].disimpulkan[2]",
            "keputusan.tidak stands here twice.",
        ),
        (
            "1 Hari 35 Menit",
            "1 Hari 36 Menit",
            9,
            "jumlah_waktu",
            "The rows add up to 1 Hari 35 Menit, not to 1 Hari 36 Menit.",
        ),
        (
            "iso: '2026-01-02'",
            "iso: '2026-01-03'",
            7,
            "tanggal.pembuatan.iso",
            '"2 JANUARI 2026" is 2026-01-02, not 2026-01-03.',
        ),
        (", iso: '2026-01-02'", "", 7, "tanggal.pembuatan.iso", 'Write the date in ISO form, too: iso: "2026-01-02".'),
        (
            "2 JANUARI 2026",
            "awal tahun",
            7,
            "tanggal.pembuatan.iso",
            '"awal tahun" is no full date, so it has no ISO form.',
        ),
        (
            "uraian: Mengarsipkan",
            "uraian: Mengarsipkan\n    uraian_baku: Mengarsipkan",
            37,
            "langkah[3].uraian_baku",
            'This repeats "uraian" and corrects nothing.',
        ),
    ],
)
def test_each_rule_has_its_line_field_and_sentence(sop_file, old, new, line, field, sentence):
    assert problems(sop_file((old, new))) == [(line, field, sentence)]


def test_a_time_that_cannot_be_read_is_reported_once(sop_file):
    [(line, field, sentence)] = problems(sop_file(("waktu: 30 Menit", "waktu: 30 Detik")))
    assert (line, field) == (29, "langkah[2].mutu_baku.waktu")
    assert "30 Detik" in sentence


def test_a_total_that_cannot_be_read_is_reported(sop_file):
    [(line, field, _)] = problems(sop_file(("1 Hari 35 Menit", "sehari")))
    assert (line, field) == (9, "jumlah_waktu")


def test_days_and_minutes_of_a_total_are_never_converted(sop_file):
    [(_, field, _)] = problems(sop_file(("1 Hari 35 Menit", "485 Menit")))
    assert field == "jumlah_waktu"


def test_a_decision_has_one_decider_and_both_answers(sop_file):
    second = "    peran: camat\n    cara: satu"
    assert problems(sop_file((second, second.replace("satu", "semua")))) == [
        (26, "langkah[2].cara", "A decision has one decider, so its cara cannot be semua.")
    ]
    assert problems(sop_file(("      ya: 3\n", ""))) == [(31, "langkah[2].keputusan.ya", 'The key "ya" is missing.')]


def test_the_last_step_is_no_decision(sop_file):
    found = problems(sop_file(("      output: [Arsip]\n", "      output: [Arsip]\n    keputusan: {ya: 3, tidak: 1}\n")))
    assert (45, "langkah[3].keputusan", "The last step cannot be a decision: add the step that follows YA.") in found


FOURTH = """\
  - no: 4
    uraian: Mengirim
    pelaksana: Staf
    kolom: STAF
    peran: staf
    cara: satu
    mutu_baku: {kelengkapan: [Surat], waktu: 5 Menit, output: [Tanda terima]}
"""


def test_a_step_that_nothing_leads_to_is_reported(sop_file):
    last = "      output: [Arsip]\n"
    changes = [(last, last + FOURTH), ("ya: 3", "ya: 4"), ("1 Hari 35 Menit", "1 Hari 40 Menit")]
    assert problems(sop_file(*changes)) == [(35, "langkah[3]", "No way leads from step 1 to step 3.")]


def test_yes_that_leads_back_cuts_off_the_end(sop_file):
    assert problems(sop_file(("ya: 3", "ya: 2"))) == [
        (11, "langkah[1]", "No way leads from step 1 to the end, step 3."),
        (21, "langkah[2]", "No way leads from step 2 to the end, step 3."),
        (32, "langkah[2].keputusan.ya", "YA leads on to a later step, not to 2."),
        (35, "langkah[3]", "No way leads from step 1 to step 3."),
    ]


def test_outside_ratifications_need_a_recorder(sop_file):
    seal = BRANCH + "    pengesahan: [{oleh: Kepala BKAD, luar: ya, jenis: pengesahan}]\n"
    [(line, field, _)] = problems(sop_file((BRANCH, seal)))
    assert (line, field) == (21, "langkah[2].pencatat")
    assert load(sop_file((BRANCH, seal + "    pencatat: staf\n"))).steps[1].recorder == "staf"


def test_the_role_of_a_ratification_must_be_known(sop_file):
    seal = BRANCH + "    pengesahan: [{oleh: Kepala BKAD, luar: tidak, jenis: pengesahan}]\n"
    [(line, field, _)] = problems(sop_file((BRANCH, seal)))
    assert (line, field) == (35, "langkah[2].pengesahan[1].oleh")


def test_all_problems_are_reported_not_only_the_first(sop_file):
    found = problems(sop_file(("- no: 2", "- no: 5"), ("peran: camat", "peran: x"), ("35 Menit", "36 Menit")))
    assert [field for _, field, _ in found] == ["jumlah_waktu", "langkah[2].no", "langkah[2].peran"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("01 Juli 2025", date(2025, 7, 1)),
        ("2 JANUARI 2025", date(2025, 1, 2)),
        ("31 Februari 2025", None),
        ("1 Juny 2025", None),
        ("-", None),
    ],
)
def test_dates_of_the_documents(text, expected):
    assert indonesian_date(text) == expected
