"""`sopbot/definitions/catalogue.py`, and what ships with it: the 11 SOPs against independent copies of the facts.

`data/facts.tsv` holds who performs each of the 100 steps, where the answers lead and what of it is inferred;
`data/wording.tsv` holds the original wording of their rows, taken from the source documents.
"""

import csv
import shutil
from pathlib import Path

import pytest

from sopbot.definitions.catalogue import load_all
from sopbot.definitions.loader import to_sop
from sopbot.domain.sop import Mode, Seal

DATA = Path(__file__).parent / "data"


def table(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return {(row["slug"], int(row["no"])): row for row in csv.DictReader(file, delimiter="\t")}


@pytest.fixture(scope="module")
def catalogue():
    return load_all(Path(__file__).parents[3] / "sop_definitions")


@pytest.fixture(scope="module")
def steps(catalogue):
    return {(slug, step.number): step for slug, document in catalogue.documents.items() for step in document.steps}


def test_everything_loads(catalogue):
    assert catalogue.problems == ()
    assert list(catalogue.offices) == ["karawaci", "neglasari", "ngargoyoso", "sumbang"]
    assert len(catalogue.documents) == 11
    assert [len(catalogue.documents_of(office)) for office in catalogue.offices] == [2, 1, 1, 7]


def test_there_are_100_steps_and_20_decisions(steps):
    assert len(steps) == 100
    assert sum(step.decision is not None for step in steps.values()) == 20


def test_every_step_has_the_facts_of_the_table(steps):
    facts = table("facts.tsv")
    assert facts.keys() == steps.keys()
    for key, row in facts.items():
        step = steps[key]
        targets = (step.decision.on_yes, step.decision.on_no) if step.decision else (None, None)
        expected = tuple(int(row[field]) if row[field] else None for field in ("ya", "tidak"))
        assert (key, step.performer, targets) == (key, row["pelaksana"], expected)
        inferred = {
            field
            for field, basis in (("pelaksana", "pelaksana"), ("keputusan.ya", "ya"), ("keputusan.tidak", "tidak"))
            if row[f"{basis}_dasar"] == "inferred"
        }
        assert (key, inferred) == (key, set(step.inferred) & {"pelaksana", "keputusan.ya", "keputusan.tidak"})
        assert step.note.startswith(row["catatan"]), key


def test_every_step_has_the_original_wording(steps):
    wording = table("wording.tsv")
    assert wording.keys() == steps.keys()
    for key, row in wording.items():
        standard = steps[key].standard
        assert (key, steps[key].activity) == (key, row["uraian"])
        assert (key, " | ".join(standard.requirements)) == (key, row["kelengkapan"])
        assert (key, standard.time) == (key, row["waktu"])
        assert (key, " | ".join(standard.output)) == (key, row["output"])


def test_corrections_stand_exactly_where_a_mistake_was_seen(catalogue, steps):
    activities = {key: step.activity_corrected for key, step in steps.items() if step.activity_corrected}
    assert activities == {
        (
            "karawaci-renja",
            9,
        ): "Verifikasi rancangan awal rencana kerja oleh Bappeda untuk dijadikan rancangan akhir renja",
        ("sumbang-renja", 5): "Memverifikasi usulan Renja unit kerja",
        ("sumbang-renstra", 1): "Menindaklanjuti surat dari Sekretariat Daerah mengenai penyusunan Renstra",
        ("sumbang-renstra", 7): "Membuat surat pengantar untuk Bappeda",
        ("sumbang-renstra", 9): "Mendistribusikan Renstra ke Bappeda dan semua seksi dan mempublikasikan melalui laman"
        " website kecamatan",
        ("sumbang-rka", 9): "Mendokumentasikan dan memublikasikan RKA",
    }
    assert {
        key: step.standard.requirements_corrected for key, step in steps.items() if step.standard.requirements_corrected
    } == {("ngargoyoso-renja", 6): ("Konsep hasil Penyusunan Renja PD dan Surat Pengantar",)}
    assert {key: step.standard.output_corrected for key, step in steps.items() if step.standard.output_corrected} == {
        ("sumbang-dpa", 5): ("Dokumen DPA, Disposisi",)
    }
    columns = {
        slug: document.columns_corrected for slug, document in catalogue.documents.items() if document.columns_corrected
    }
    assert columns == {
        "karawaci-pelaporan-kinerja": ("CAMAT", "SEKRETARIS CAMAT", "KASI", "TIM SAKIP (KASUBAG PERKEU)", "STAF"),
        "ngargoyoso-renja": ("Pengguna Anggaran", "Perencana", "Kepala Bidang", "Stakeholder"),
        "sumbang-evaluasi-kinerja": ("CAMAT", "SEKCAM", "KASI/KASUBAG", "PENGELOLA"),
    }
    assert all(document.name_corrected is None for document in catalogue.documents.values())


def test_a_law_of_the_year_24_is_corrected_in_four_documents(catalogue):
    corrected = {slug for slug, document in catalogue.documents.items() if document.legal_basis_corrected}
    assert corrected == {"sumbang-evaluasi-kinerja", "sumbang-dpa", "sumbang-rka", "sumbang-renstra"}
    for slug in corrected:
        document = catalogue.documents[slug]
        assert document.legal_basis[1] == "Undang-Undang Nomor 23 Tahun 24 tentang Pemerintahan Daerah;"
        assert document.legal_basis_corrected[1] == "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah;"


def test_second_actors_of_a_row(steps):
    sealed = {
        key: [(each.by, each.outside, each.seal) for each in step.ratifications]
        for key, step in steps.items()
        if step.ratifications
    }
    budget = [("camat", False, Seal.RATIFICATION), ("Kepala BKAD", True, Seal.RATIFICATION)]
    assert sealed == {
        ("karawaci-renja", 6): [("camat", False, Seal.SIGNATURE)],
        ("karawaci-renja", 11): [("camat", False, Seal.SIGNATURE)],
        ("sumbang-dpa", 7): budget,
        ("sumbang-rka", 7): budget,
    }
    outside = {key: (step.outside_decider, step.recorder) for key, step in steps.items() if step.outside_decider}
    assert outside == {
        ("karawaci-renja", 9): ("Bappeda", "kasubag_pk"),
        ("sumbang-dpa", 7): ("Tim Verifikasi Kabupaten", "kasi_kasubag"),
        ("sumbang-rka", 7): ("Tim Verifikasi Kabupaten", "kasi_kasubag"),
    }
    assert {key: step.returns_to for key, step in steps.items() if step.returns_to} == {
        ("karawaci-renja", 5): 4,
        ("ngargoyoso-renja", 6): 5,
    }
    assert {key for key, step in steps.items() if step.yes_is} == {
        ("karawaci-pelaporan-kinerja", 4),
        ("sumbang-dpa", 5),
        ("sumbang-pengukuran-kinerja", 11),
        ("sumbang-pengumpulan-data-kinerja", 9),
    }


def test_meetings_and_parallel_work(steps):
    assert {key: step.role for key, step in steps.items() if step.mode is Mode.MEETING} == {
        ("neglasari-rencana-aksi", 4): "sekcam",
        ("sumbang-dpa", 3): "kasubag_pk",
        ("sumbang-evaluasi-kinerja", 4): "sekcam",
        ("sumbang-pengukuran-kinerja", 5): "sekcam",
        ("sumbang-pengumpulan-data-kinerja", 7): "sekcam",
        ("sumbang-renja", 3): "kasubag_pk",
        ("sumbang-renstra", 3): "kasubag_pk",
        ("sumbang-rka", 3): "kasubag_pk",
    }
    assert [key for key, step in steps.items() if step.mode is Mode.ALL] == [("sumbang-pengukuran-kinerja", 7)]


def test_only_renstra_has_indicative_times_and_only_neglasari_a_total(catalogue):
    documents = catalogue.documents.values()
    assert [each.slug for each in documents if each.indicative_times] == ["sumbang-renstra"]
    assert [(each.slug, each.total_time) for each in documents if each.total_time] == [
        ("neglasari-rencana-aksi", "4 Hari 55 Menit")
    ]
    evaluation, copied = (catalogue.documents[slug] for slug in ("sumbang-evaluasi-kinerja", "sumbang-renstra"))
    assert [step.standard for step in copied.steps] == [step.standard for step in evaluation.steps]


def test_the_documents_carry_their_identity(catalogue):
    assert catalogue.documents["ngargoyoso-renja"].number is None
    numbers = {slug: document.number for slug, document in catalogue.documents.items()}
    assert numbers["sumbang-pengumpulan-data-kinerja"] == "SOP.PK.06/1/2025"
    assert catalogue.documents["sumbang-renstra"].approved_by.name == "HERMAYAT NOVIANTO, S.H., M.H."
    assert [len(document.legal_basis) for document in catalogue.documents.values()] == [
        11,
        9,
        11,
        6,
        4,
        4,
        0,
        4,
        4,
        4,
        4,
    ]
    assert all(document.notes for document in catalogue.documents.values())


def test_every_role_of_every_sop_has_a_training_officer(catalogue):
    for slug, document in catalogue.documents.items():
        held = {role for officer in catalogue.training[document.office] for role in officer.roles}
        needed = set()
        for step in to_sop(document).steps:
            needed |= {step.role, *step.participants}
            needed |= {each.by for each in step.ratifications if not each.outside}
        assert (slug, needed - held) == (slug, set())


def test_training_officers_are_people_of_their_own(catalogue):
    everyone = [officer for officers in catalogue.training.values() for officer in officers]
    for field in ("telegram_id", "username", "nip", "name"):
        assert len({getattr(officer, field) for officer in everyone}) == len(everyone)
    for officer in everyone:
        assert (officer.nip[14], officer.honorific) in {("1", "Bapak"), ("2", "Ibu")}
        born, appointed = int(officer.nip[:4]), int(officer.nip[8:12])
        assert 18 <= appointed - born <= 35
    for officers in catalogue.training.values():
        holders = [role for officer in officers for role in officer.roles]
        assert [holders.count(role) for role in ("camat", "sekcam", "kasubag_pk")] == [1, 1, 1]
        assert holders.count("kasi") >= 3


@pytest.fixture
def copied(tmp_path, shipped):
    return Path(shutil.copytree(shipped, tmp_path / "sop_definitions"))


def test_a_bad_file_is_left_out_whole_and_the_rest_loads(copied):
    bad = copied / "sumbang" / "sumbang-dpa.yaml"
    bad.write_text(bad.read_text(encoding="utf-8").replace("ya: 8", "ya: 88"), encoding="utf-8")
    catalogue = load_all(copied)
    assert len(catalogue.documents) == 10
    assert "sumbang-dpa" not in catalogue.documents
    assert [(each.file, each.field) for each in catalogue.problems] == [(bad, "langkah[7].keputusan.ya")]


def test_an_office_without_a_sound_file_is_left_out_with_its_sops(copied):
    (copied / "neglasari" / "kantor.yaml").unlink()
    catalogue = load_all(copied)
    assert "neglasari" not in catalogue.offices
    assert len(catalogue.documents) == 10
    assert {each.file.name for each in catalogue.problems} == {"kantor.yaml", "neglasari-rencana-aksi.yaml"}


def test_an_office_stands_in_the_folder_of_its_name(copied):
    (copied / "neglasari").rename(copied / "lain")
    catalogue = load_all(copied)
    assert "neglasari" not in catalogue.offices
    assert "belongs into a folder of that name" in catalogue.problems[0].sentence


def test_an_sop_stands_in_the_folder_of_its_office(copied):
    path = copied / "neglasari" / "neglasari-rencana-aksi.yaml"
    path.rename(copied / "karawaci" / path.name)
    catalogue = load_all(copied)
    assert len(catalogue.documents) == 10
    assert "kantor" in {each.field for each in catalogue.problems}


def test_a_slug_is_used_once(copied):
    path = copied / "karawaci" / "karawaci-renja.yaml"
    shutil.copy(path, path.with_name("z.yaml"))
    catalogue = load_all(copied)
    assert len(catalogue.documents) == 11
    assert [(each.file.name, each.line, each.field) for each in catalogue.problems] == [("z.yaml", 5, "slug")]


def test_an_officers_id_is_used_once_in_all_offices(copied):
    path = copied / "sumbang" / "pejabat_simulasi.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("6040100001", "610100001"), encoding="utf-8")
    catalogue = load_all(copied)
    assert "sumbang" not in catalogue.training
    assert "610100001" in catalogue.problems[0].sentence


def test_a_folder_that_is_not_there_is_a_problem(tmp_path):
    [problem] = load_all(tmp_path / "missing").problems
    assert "no such folder" in problem.sentence
