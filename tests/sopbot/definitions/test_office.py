"""`sopbot/definitions/office.py`: an office's file becomes its working calendar and its roles."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from sopbot.definitions.office import load_office
from sopbot.definitions.problems import DefinitionErrors

HOURS = "  - profil: perpres-5-hari\n"


def local(*parts):
    return datetime(*parts, tzinfo=ZoneInfo("Asia/Jakarta"))


def problems(path):
    with pytest.raises(DefinitionErrors) as caught:
        load_office(path)
    return [(each.line, each.field, each.sentence) for each in caught.value.problems]


def test_the_smallest_office(office_file):
    office = load_office(office_file())
    assert (office.slug, office.name, office.region) == ("contoh", "Kecamatan Contoh", "Kabupaten Contoh")
    assert (office.zone, office.grace_minutes) == ("Asia/Jakarta", 60)
    assert list(office.roles) == ["camat", "sekcam", "staf"]
    assert office.calendar.is_working(local(2026, 11, 23, 9))
    assert not office.calendar.is_working(local(2026, 12, 24, 9))  # cuti bersama
    assert not office.calendar.is_working(local(2026, 11, 22, 9))  # Sunday


def test_the_folder_will_do(office_file):
    assert load_office(office_file().parent).slug == "contoh"


def test_hours_hold_from_their_date_on(office_file):
    later = HOURS + "  - {sejak: '2027-01-04', profil: enam-hari}\n"
    calendar = load_office(office_file((HOURS, later))).calendar
    assert not calendar.is_working(local(2026, 11, 21, 9))  # a Saturday
    assert calendar.is_working(local(2027, 1, 9, 9))


def test_an_office_may_have_weeks_of_its_own(office_file):
    own = "  - biasa: {senin: 08.00-12.00 13.00-15.00, jumat: 08.00-11.00}\n    ramadan: {senin: 08.00-11.00}\n"
    calendar = load_office(office_file((HOURS, own))).calendar
    assert calendar.is_working(local(2026, 11, 23, 14))
    assert not calendar.is_working(local(2026, 11, 24, 9))  # Tuesday is off
    assert not calendar.is_working(local(2026, 2, 23, 14))  # a Monday in Ramadan


def test_holidays_are_added_removed_and_replaced(office_file):
    text = (
        "libur:\n"
        "  - tahun: 2026\n"
        "    tambah: [{tanggal: '2026-11-23', nama: Hari Jadi}]\n"
        "    hapus: ['2026-12-24']\n"
        "  - tahun: 2028\n"
        "    ganti: [{tanggal: '2028-01-03', nama: Tahun Baru}]\n"
        "peran:\n"
    )
    calendar = load_office(office_file(("peran:\n", text))).calendar
    assert calendar.holidays.names[date(2026, 11, 23)] == "Hari Jadi"
    assert calendar.is_working(local(2026, 12, 24, 9))
    assert [day for day in calendar.holidays.names if day.year == 2028] == [date(2028, 1, 3)]
    assert 2028 in calendar.holidays.complete_years


def test_the_offices_ramadan_wins(office_file):
    text = "ramadan:\n  - {mulai: '2027-02-09', selesai: '2027-03-10'}\nperan:\n"
    windows = load_office(office_file(("peran:\n", text))).calendar.ramadan
    assert [window.first for window in windows if window.first.year == 2027] == [date(2027, 2, 9)]
    assert [window.first for window in windows if window.first.year == 2026] == [date(2026, 2, 19)]


def test_grace_may_be_nothing(office_file):
    assert load_office(office_file(("peran:\n", "tenggang_terima: 0\nperan:\n"))).grace_minutes == 0


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "about"),
    [
        ("Asia/Jakarta", "Asia/Tokyo", 4, "zona", "must be one of"),
        ("perpres-5-hari", "perpres-5-har", 6, "jam_kerja[1].profil", 'Did you mean "perpres-5-hari"?'),
        (HOURS, HOURS + HOURS, 7, "jam_kerja[2]", "same date"),
        (HOURS, "  - {sejak: '2026-01-01', profil: enam-hari}\n", 6, "jam_kerja[1].sejak", "no sejak"),
        (HOURS, "  - {sejak: , biasa: , profil: }\n", 6, "jam_kerja[1]", "one of the two"),
        (HOURS, HOURS + "    biasa: {senin: 08.00-12.00}\n", 6, "jam_kerja[1]", "one of the two"),
        (
            HOURS,
            "  - biasa: {senin: 8-12}\n    ramadan: {senin: 08.00-12.00}\n",
            6,
            "jam_kerja[1].biasa.senin",
            "07.30-12.00",
        ),
        (HOURS, "  - biasa: {}\n", 6, "jam_kerja[1]", "some work"),
        ("  camat: Camat\n", "", 7, "peran", 'the role "camat"'),
        ("  staf: Staf\n", "  Staf: Staf\n", 10, "peran.Staf", "underscores"),
        (
            "peran:\n",
            "libur: [{tahun: 2026, tambah: [{tanggal: '2027-01-01', nama: X}]}]\nperan:\n",
            7,
            "libur[1].tambah[1]",
            "not in 2026",
        ),
        ("peran:\n", "libur: [{tahun: 2026, hapus: ['2026-11-23']}]\nperan:\n", 7, "libur[1].hapus[1]", "no holiday"),
        ("peran:\n", "libur: [{tahun: 2026}, {tahun: 2026}]\nperan:\n", 7, "libur[2].tahun", "twice"),
        ("peran:\n", "ramadan: [{mulai: '2027-03-10', selesai: '2027-02-09'}]\nperan:\n", 7, "ramadan[1]", "Ramadan"),
        ("peran:\n", "tenggang_terima: '60'\nperan:\n", 7, "tenggang_terima", "without quotes"),
        ("peran:\n", "tenggang: 60\nperan:\n", 7, "tenggang", 'Did you mean "tenggang_terima"?'),
    ],
)
def test_each_defect_has_its_line_field_and_sentence(office_file, old, new, line, field, about):
    [(found_line, found_field, sentence)] = problems(office_file((old, new)))
    assert (found_line, found_field) == (line, field)
    assert about in sentence
