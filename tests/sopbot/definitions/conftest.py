"""The smallest sound SOP and office, and a way to write changed copies of them."""

from collections.abc import Callable
from pathlib import Path

import pytest

SHIPPED = Path(__file__).parents[3] / "sop_definitions"

MINIMAL = """\
slug: contoh-surat
kantor: contoh
nomor: 001/SOP/2026
nama: Contoh
unit: KECAMATAN CONTOH
tanggal:
  pembuatan: {teks: 2 JANUARI 2026, iso: '2026-01-02'}
kolom_pelaksana: [CAMAT, SEKCAM, STAF]
jumlah_waktu: 1 Hari 35 Menit
langkah:
  - no: 1
    uraian: Menyusun konsep
    pelaksana: Staf
    kolom: STAF
    peran: staf
    cara: satu
    mutu_baku:
      kelengkapan: [Disposisi]
      waktu: 1 Hari
      output: [Konsep]
  - no: 2
    uraian: Memeriksa konsep
    pelaksana: Camat
    kolom: CAMAT
    peran: camat
    cara: satu
    mutu_baku:
      kelengkapan: [Konsep]
      waktu: 30 Menit
      output: [Surat]
    keputusan:
      ya: 3
      tidak: 1
    disimpulkan: [keputusan.tidak]
  - no: 3
    uraian: Mengarsipkan
    pelaksana: Staf
    kolom: STAF
    peran: staf
    cara: satu
    mutu_baku:
      kelengkapan: [Surat]
      waktu: 5 Menit
      output: [Arsip]
"""

OFFICE = """\
slug: contoh
nama: Kecamatan Contoh
wilayah: Kabupaten Contoh
zona: Asia/Jakarta
jam_kerja:
  - profil: perpres-5-hari
peran:
  camat: Camat
  sekcam: Sekcam
  staf: Staf
"""

OFFICERS = """\
kantor: contoh
pejabat:
  - id_telegram: 610000001
    nama: Budi Contoh
    username: budi_contoh
    nip: '198001012005011001'
    jabatan: Camat Contoh
    sapaan: Bapak
    peran: [camat]
  - id_telegram: 610000002
    nama: Siti Contoh
    jabatan: Pengadministrasi
    peran: [staf]
"""


def changed(text: str, *changes: tuple[str, str]) -> str:
    """Replace the first occurrence of each old text; a change that finds nothing is a mistake of the test."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


@pytest.fixture
def shipped() -> Path:
    return SHIPPED


@pytest.fixture
def sop_file(tmp_path: Path) -> Callable[..., Path]:
    """Write the smallest SOP, with changes, into a folder without an office."""

    def write(*changes: tuple[str, str]) -> Path:
        path = tmp_path / "contoh-surat.yaml"
        path.write_text(changed(MINIMAL, *changes), encoding="utf-8")
        return path

    return write


@pytest.fixture
def office_file(tmp_path: Path) -> Callable[..., Path]:
    def write(*changes: tuple[str, str]) -> Path:
        path = tmp_path / "kantor.yaml"
        path.write_text(changed(OFFICE, *changes), encoding="utf-8")
        return path

    return write


@pytest.fixture
def officers_file(tmp_path: Path) -> Callable[..., Path]:
    def write(*changes: tuple[str, str]) -> Path:
        path = tmp_path / "pejabat_simulasi.yaml"
        path.write_text(changed(OFFICERS, *changes), encoding="utf-8")
        return path

    return write
