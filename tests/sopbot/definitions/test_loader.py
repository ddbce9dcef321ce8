"""`sopbot/definitions/loader.py`: from a file to a document, to the engine's value, to the database and back."""

import contextlib
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopbot.definitions.loader import (
    canonical_json,
    check,
    content_hash,
    document_json,
    from_stored,
    load,
    to_sop,
)
from sopbot.definitions.problems import DefinitionErrors
from sopbot.definitions.schema import InvalidDefinition
from sopbot.domain.sop import Decision, Mode, Ratification, Seal, Wording
from sopbot.domain.standard_time import StandardTime

SHIPPED = Path(__file__).parents[3] / "sop_definitions"
STEP_KEYS = [
    "no",
    "uraian",
    "pelaksana",
    "kolom",
    "peran",
    "cara",
    "peserta",
    "mutu_baku",
    "keputusan",
    "pemutus_luar",
    "pencatat",
    "pengesahan",
    "kembalikan_ke",
    "disimpulkan",
    "catatan",
]


@pytest.fixture
def renja(shipped):
    return load(shipped / "karawaci" / "karawaci-renja.yaml")


@pytest.fixture
def dpa(shipped):
    return load(shipped / "sumbang" / "sumbang-dpa.yaml")


def lines(error):
    return [(each.line, each.field, each.sentence) for each in error.value.problems]


def test_unknown_keys_are_refused_with_a_suggestion(sop_file):
    with pytest.raises(DefinitionErrors) as caught:
        load(sop_file(("uraian: Memeriksa konsep", "urain: Memeriksa konsep")))
    assert lines(caught) == [
        (21, "langkah[2].uraian", 'The key "uraian" is missing.'),
        (22, "langkah[2].urain", 'There is no key "urain" here. Did you mean "uraian"?'),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "about"),
    [
        ("nomor: 001/SOP/2026", "nomor: 12", 3, "nomor", "write 12 in quotes"),
        ("nomor: 001/SOP/2026", "nomor: NO", 3, "nomor", "true or false"),
        ("nama: Contoh", "nama:", 4, "nama", "empty"),
        ("slug: contoh-surat", "slug: Contoh", 1, "slug", "hyphens"),
        ("no: 2", "no: '2'", 21, "langkah[2].no", "without quotes"),
        ("ya: 3", "ya: tiga", 32, "langkah[2].keputusan.ya", "whole number"),
        ("cara: satu", "cara: sato", 16, "langkah[1].cara", 'Did you mean "satu"?'),
        ("[keputusan.tidak]", "[keputusan.tida]", 34, "langkah[2].disimpulkan[1]", 'Did you mean "keputusan.tidak"?'),
        ("[CAMAT, SEKCAM, STAF]", "CAMAT", 8, "kolom_pelaksana", "list"),
        ("waktu: 30 Menit", "waktu: 12:30", 29, "langkah[2].mutu_baku.waktu", "quotes"),
        ("unit: KECAMATAN CONTOH\n", "", 1, "unit", "missing"),
    ],
)
def test_each_strictness_has_its_line_field_and_sentence(sop_file, old, new, line, field, about):
    with pytest.raises(DefinitionErrors) as caught:
        load(sop_file((old, new)))
    [(found_line, found_field, sentence)] = lines(caught)
    assert (found_line, found_field) == (line, field)
    assert about in sentence


def test_the_roles_and_slug_of_the_office_beside_hold(sop_file, office_file):
    path = sop_file(("kantor: contoh", "kantor: lain"), ("peran: staf", "peran: kasi"))
    office_file()
    with pytest.raises(DefinitionErrors) as caught:
        load(path)
    assert lines(caught) == [
        (2, "kantor", 'This folder holds the SOPs of "contoh".'),
        (15, "langkah[1].peran", 'The office has no role "kasi".'),
    ]


def test_the_engine_gets_what_runs(renja):
    sop = to_sop(renja)
    assert (sop.slug, sop.office, sop.number, len(sop.steps)) == (
        "karawaci-renja",
        "karawaci",
        "B/335.10/000.8.3.3/VII/2025",
        12,
    )
    sixth, ninth = sop.step(6), sop.step(9)
    assert sixth.decision == Decision(on_yes=7, on_no=5)
    assert sixth.ratifications == (Ratification(by="camat", outside=False, seal=Seal.SIGNATURE),)
    assert sixth.standard.time == StandardTime(days=1)
    assert sixth.inferred == {"keputusan.tidak"}
    assert (ninth.outside_decider, ninth.recorder, ninth.role) == ("Bappeda", "kasubag_pk", "kasubag_pk")
    assert ninth.activity.shown.count("Bappeda") == 1
    assert ninth.activity.original.count("bappeda") == 1
    assert sop.step(5).returns_to == 4
    assert not sop.indicative_times


def test_the_engine_gets_outside_ratifications_corrections_and_meetings(dpa):
    sop = to_sop(dpa)
    assert sop.name == Wording(original="SOP Penyusunan DPA", corrected="Penyusunan DPA")
    assert sop.step(5).standard.output == (
        Wording(original="okumen DPA, Disposisi", corrected="Dokumen DPA, Disposisi"),
    )
    assert [(each.by, each.outside) for each in sop.step(7).ratifications] == [("camat", False), ("Kepala BKAD", True)]
    assert (sop.step(3).mode, sop.step(3).participants) == (Mode.MEETING, ("kasi",))


def test_indicative_times_reach_the_engine(shipped):
    assert to_sop(load(shipped / "sumbang" / "sumbang-renstra.yaml")).indicative_times


def test_shown_documents_have_the_keys_of_the_yaml(renja):
    shown = document_json(renja)
    assert json.loads(json.dumps(shown)) == shown
    assert list(shown)[:4] == ["slug", "kantor", "nomor", "nama"]
    assert shown["dasar_hukum"][1].startswith("Undang-undang Nomor 25 Tahun 2004")
    sixth = shown["langkah"][5]
    assert list(sixth) == STEP_KEYS
    assert sixth["mutu_baku"] == {
        "kelengkapan": ["Draft rancangan awal rencana kerja"],
        "waktu": "1 Hari",
        "output": ["Rancangan awal rencana kerja"],
    }
    assert sixth["keputusan"] == {"ya": 7, "tidak": 5}
    assert sixth["pengesahan"] == [{"oleh": "camat", "luar": False, "jenis": "tanda_tangan"}]
    assert sixth["disimpulkan"] == ["keputusan.tidak"]
    first = shown["langkah"][0]
    assert (first["keputusan"], first["pemutus_luar"], first["peserta"]) == (None, None, [])


def test_a_corrected_text_has_a_key_only_where_it_is_corrected(renja):
    steps = document_json(renja)["langkah"]
    assert [step["no"] for step in steps if "uraian_baku" in step] == [9]


def test_the_number_of_ngargoyoso_is_null(shipped):
    assert document_json(load(shipped / "ngargoyoso" / "ngargoyoso-renja.yaml"))["nomor"] is None


def test_a_stored_document_comes_back_the_same(shipped):
    for path in sorted(shipped.glob("*/*-*.yaml")):
        document = load(path)
        stored = canonical_json(document)
        assert from_stored(stored) == document
        assert canonical_json(from_stored(stored)) == stored
        assert content_hash(document) == hashlib.sha256(stored.encode()).hexdigest() == to_sop(document).hash


def test_the_hash_follows_the_content_and_not_the_notation(sop_file):
    plain = content_hash(load(sop_file()))
    assert content_hash(load(sop_file(("slug: contoh-surat\n", "# komentar\nslug:  'contoh-surat'\n")))) == plain
    assert content_hash(load(sop_file(("no: 1\n", "no: 1\n    peserta: []\n")))) == plain
    assert content_hash(load(sop_file(("Menyusun konsep", "Menyusun  konsep")))) == plain
    assert content_hash(load(sop_file(("Menyusun konsep", "Menyusun draf")))) != plain


def test_the_hash_of_a_known_document_never_changes(sop_file):
    # Running instances pin this hash: if this fails, old versions in the database no longer match theirs.
    assert content_hash(load(sop_file())) == "8f2f68bf1e3fc89a1ab867d45b26acb0095681934fe5c815d5a454051158d819"


def test_what_is_no_stored_document_is_refused():
    with pytest.raises(InvalidDefinition):
        from_stored('{"slug": "a"}')


def test_check_reads_files_and_folders_and_reports_everything(tmp_path, sop_file, office_file, officers_file):
    sop_file(("uraian: Memeriksa konsep", "urain: Memeriksa konsep"))
    office_file(("Asia/Jakarta", "Asia/Tokyo"))
    officers_file(("610000002", "610000001"))
    found = check([tmp_path, tmp_path / "missing.yaml", tmp_path / "kantor.yaml"])
    assert [(each.file.name, each.line, each.field) for each in found] == [
        ("contoh-surat.yaml", 21, "langkah[2].uraian"),
        ("contoh-surat.yaml", 22, "langkah[2].urain"),
        ("kantor.yaml", 4, "zona"),
        ("missing.yaml", 1, ""),
        ("pejabat_simulasi.yaml", 10, "pejabat[2].id_telegram"),
    ]


def test_check_finds_a_slug_used_twice(tmp_path, sop_file):
    path = sop_file()
    (tmp_path / "z.yaml").write_bytes(path.read_bytes())
    [problem] = check([tmp_path])
    assert (problem.file.name, problem.line, problem.field) == ("z.yaml", 1, "slug")


def test_check_says_when_a_folder_holds_nothing(tmp_path):
    [problem] = check([tmp_path])
    assert "no YAML file" in problem.sentence


def test_the_shipped_definitions_are_sound(shipped):
    assert check([shipped]) == []


TOKENS = st.sampled_from(
    [
        "slug",
        "kantor",
        "nama",
        "unit",
        "langkah",
        "keputusan",
        "ya",
        "tidak",
        "no",
        "mutu_baku",
        "waktu",
        "satu",
        "[",
        "]",
        "{",
        "}",
        ":",
        "-",
        ",",
        "1",
        "99",
        "NO",
        "''",
        "'5 Menit'",
        "\n",
        "\n  ",
        "\n    ",
        ": ",
        "- ",
    ]
)


@given(st.lists(TOKENS, max_size=40).map(" ".join))
def test_load_raises_nothing_but_definition_errors(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "fuzz-sop.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionErrors):
        load(path)


VALUES = st.recursive(
    st.none() | st.integers(-5, 120) | st.text(max_size=8) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(data=st.data(), value=VALUES)
def test_any_value_in_any_place_gives_definition_errors_or_a_document(tmp_path_factory, data, value):
    values = document_json(load(SHIPPED / "sumbang" / "sumbang-dpa.yaml"))
    place = values
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            place[key] = value
            break
        place = place[key]
    path = tmp_path_factory.getbasetemp() / "fuzz-dpa.yaml"
    path.write_text(json.dumps(values), encoding="utf-8")
    with contextlib.suppress(DefinitionErrors):
        to_sop(load(path))


def test_the_examples_of_the_documentation_are_sound(tmp_path):
    page = (SHIPPED.parent / "docs" / "definitions.md").read_text(encoding="utf-8")
    examples = [block.split("```", 1)[0] for block in page.split("```yaml\n")[1:]]
    for name, start in (("contoh-surat", "slug"), ("kantor", "slug"), ("pejabat_simulasi", "kantor")):
        text = next(block for block in examples if block.startswith(start) and block not in written(tmp_path))
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert check([tmp_path]) == []


def written(folder):
    return [path.read_text(encoding="utf-8") for path in folder.iterdir()]
