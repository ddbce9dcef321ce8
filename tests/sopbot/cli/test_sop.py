"""The definitions as commands show them, for people and for programs, and as they are checked."""

import pytest

from sopbot.settings import ROOT

SLUGS = [
    "karawaci-pelaporan-kinerja",
    "karawaci-renja",
    "neglasari-rencana-aksi",
    "ngargoyoso-renja",
    "sumbang-dpa",
    "sumbang-evaluasi-kinerja",
    "sumbang-pengukuran-kinerja",
    "sumbang-pengumpulan-data-kinerja",
    "sumbang-renja",
    "sumbang-renstra",
    "sumbang-rka",
]


def test_every_sop_is_listed(cli):
    found = cli("sop", "list", "--json").json
    assert [one["slug"] for one in found] == SLUGS
    assert found[1] == {
        "slug": "karawaci-renja",
        "kantor": "karawaci",
        "nomor": "B/335.10/000.8.3.3/VII/2025",
        "nama": "Penyusunan Rencana Kerja",
        "jumlah_langkah": 12,
        "hash": found[1]["hash"],
    }
    assert [line.split("\t")[0] for line in cli("sop", "list").out.splitlines()] == SLUGS
    assert [one["slug"] for one in cli("sop", "list", "--office", "neglasari", "--json").json] == [SLUGS[2]]


def test_a_program_gets_the_keys_of_the_yaml(cli):
    found = cli("sop", "show", "karawaci-renja", "--json").json
    assert (found["slug"], found["kantor"], len(found["langkah"])) == ("karawaci-renja", "karawaci", 12)
    assert found["langkah"][5]["keputusan"] == {"ya": 7, "tidak": 5}


def test_people_see_what_the_office_has_not_confirmed(cli):
    lines = cli("sop", "show", "karawaci-renja").out.splitlines()
    assert lines[0] == "Penyusunan Rencana Kerja (Kecamatan Karawaci)"
    assert any(line.startswith("6\t") and line.endswith("\t7\t5 *)") for line in lines)
    assert lines[-1] == "*) disimpulkan, belum dikonfirmasi oleh kantor"


def test_people_are_told_of_indicative_times(cli):
    assert "Waktu indikatif: " in cli("sop", "show", "sumbang-renstra").out
    assert "Waktu indikatif: " not in cli("sop", "show", "sumbang-rka").out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "karawaci-renj"], 'There is no SOP "karawaci-renj". Did you mean "karawaci-renja"?'),
        (["show", "\u0001"], "There are: karawaci-pelaporan-kinerja, karawaci-renja,"),
        (["list", "--office", "sumbamg"], 'There is no office "sumbamg". Did you mean "sumbang"?'),
    ],
)
def test_an_unknown_slug_is_told(cli, arguments, sentence):
    cli("sop", *arguments).refused(sentence)


def test_what_is_shipped_has_no_problems(cli):
    assert (cli("sop", "check").code, cli("sop", "check").out) == (0, "No problems.\n")
    assert cli("sop", "check", ROOT / "sop_definitions" / "sumbang", "--json").json == []


def test_a_faulty_file_is_told_with_its_line_and_left_out_elsewhere(cli, tmp_path, monkeypatch):
    folder = tmp_path / "definisi" / "karawaci"
    folder.mkdir(parents=True)
    for name in ("kantor.yaml", "karawaci-renja.yaml"):
        text = (ROOT / "sop_definitions" / "karawaci" / name).read_text(encoding="utf-8")
        (folder / name).write_text(text, encoding="utf-8")
    file = folder / "karawaci-renja.yaml"
    file.write_text(text.replace("slug: karawaci-renja", "slug: [1]"), encoding="utf-8")
    result = cli("sop", "check", folder)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith(f"{file}:")
    as_json = cli("sop", "check", folder, "--json")
    assert as_json.code == 1
    assert '"field": "slug' in as_json.out
    monkeypatch.setenv("SOPBOT_DEFINITIONS", str(folder.parent))
    listed = cli("sop", "list", "--json")
    assert listed.json == []
    assert listed.err.startswith(f"Left out: {file}:")


def test_a_missing_file_is_told(cli, tmp_path):
    result = cli("sop", "check", tmp_path / "none.yaml")
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert "none.yaml" in result.err


def test_definitions_that_are_not_there_are_told(cli, monkeypatch, tmp_path):
    monkeypatch.setenv("SOPBOT_DEFINITIONS", str(tmp_path / "none"))
    cli("sop", "list").refused("SOPBOT_DEFINITIONS must be a folder that exists.")
