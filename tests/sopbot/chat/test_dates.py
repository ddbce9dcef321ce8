"""Indonesian dates as officers read them, and the sentence behind a due instant."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_datetime
from hypothesis import given
from hypothesis import strategies as st

from sopbot.chat import dates
from sopbot.domain.calendar import WorkingCalendar
from sopbot.domain.holidays import HolidayList
from sopbot.domain.standard_time import StandardTime
from sopbot.domain.working_hours import ENAM_HARI, PERPRES_5_HARI, DatedHours

WIB = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
YEARS = st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds
ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def test_a_full_date():
    assert dates.full(NOW, WIB) == "Jumat, 20 November 2026 pukul 10.00 WIB"
    assert dates.full(NOW, ZoneInfo("Asia/Jayapura")) == "Jumat, 20 November 2026 pukul 12.00 WIT"
    assert dates.full(at("2026-08-02 07:05:59"), WIB) == "Minggu, 2 Agustus 2026 pukul 07.05 WIB"


@given(YEARS, st.sampled_from(list(ZONES)))
def test_a_full_date_is_what_babel_writes(instant, zone):
    expected = format_datetime(instant, "EEEE, d MMMM y 'pukul' HH.mm z", tzinfo=ZoneInfo(zone), locale="id")
    assert dates.full(instant, ZoneInfo(zone)) == expected


@pytest.mark.parametrize(("zone", "letters"), ZONES.items())
def test_a_clock_names_its_zone(zone, letters):
    assert dates.clock(at("2026-11-20 10:00").replace(tzinfo=ZoneInfo(zone)), ZoneInfo(zone)) == f"10.00 {letters}"


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-11-20 10:00", "hari ini 10.00"),
        ("2026-11-20 00:00", "hari ini 00.00"),
        ("2026-11-20 23:59", "hari ini 23.59"),
        ("2026-11-21 07:30", "besok 07.30"),
        ("2026-11-19 16:00", "kemarin 16.00"),
        ("2026-11-23 10:00", "Sen 23 Nov 10.00"),
        ("2026-11-18 10:00", "Rab 18 Nov 10.00"),
        ("2027-01-04 10:00", "Sen 4 Jan 2027 10.00"),
    ],
)
def test_a_short_date(instant, expected):
    assert dates.short(at(instant), WIB, NOW) == expected


def test_today_is_the_offices_own():
    late = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)  # 23.30 in Jakarta, already the 21st in Jayapura
    assert dates.short(late, WIB, NOW) == "hari ini 23.30"
    assert dates.short(late, ZoneInfo("Asia/Jayapura"), NOW) == "besok 01.30"


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, "0 menit"),
        (-3, "0 menit"),
        (1, "1 menit"),
        (60, "1 jam"),
        (135, "2 jam 15 menit"),
        (2250, "37 jam 30 menit"),
    ],
)
def test_a_duration(minutes, expected):
    assert dates.duration_minutes(minutes) == expected
    assert dates.working_duration(minutes) == f"{expected} (jam kerja)"


HOLIDAYS = HolidayList(
    names={
        date(2026, 3, 18): "Cuti Bersama Hari Suci Nyepi",
        date(2026, 3, 19): "Hari Suci Nyepi",
        date(2026, 3, 20): "Cuti Bersama Hari Raya Idul Fitri",
        date(2026, 3, 21): "Hari Raya Idul Fitri",
        date(2026, 3, 23): "Cuti Bersama Hari Raya Idul Fitri",
        date(2026, 3, 24): "Cuti Bersama Hari Raya Idul Fitri",
        date(2026, 12, 24): "Cuti Bersama Hari Raya Natal",
        date(2026, 12, 25): "Hari Raya Natal",
        date(2026, 12, 31): "Cuti",
        date(2027, 1, 1): "Cuti",
    },
    complete_years=frozenset({2026}),
)


def reason(start, amount, hours=PERPRES_5_HARI, holidays=HOLIDAYS):
    calendar = WorkingCalendar(
        zone_name="Asia/Jakarta", hours=(DatedHours(since=date.min, hours=hours),), holidays=holidays
    )
    standard_time = StandardTime.parse(amount)
    return dates.reason(calendar.explain(at(start), standard_time), standard_time, calendar)


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2026-11-23 09:00", "15 menit", "15 Menit kerja sejak Senin, 23 November 2026 pukul 09.00 WIB"),
        (
            "2026-11-20 10:00",
            "1 Hari",
            "1 Hari kerja sejak Jumat, 20 November 2026 pukul 10.00 WIB, melewati Sabtu, Minggu",
        ),
        (
            "2026-11-23 11:50",
            "30 Menit",
            "30 Menit kerja sejak Senin, 23 November 2026 pukul 11.50 WIB, melewati istirahat",
        ),
        (
            "2026-11-23 15:50",
            "30 Menit",
            "30 Menit kerja sejak Senin, 23 November 2026 pukul 15.50 WIB, melewati jam pulang",
        ),
        (
            "2026-11-21 20:00",
            "1 Jam",
            (
                "1 Jam kerja sejak Sabtu, 21 November 2026 pukul 20.00 WIB, "
                "dihitung mulai Senin, 23 November 2026 pukul 07.30 WIB, melewati Sabtu, Minggu"
            ),
        ),
        (
            "2026-12-23 14:00",
            "1 Hari",
            (
                "1 Hari kerja sejak Rabu, 23 Desember 2026 pukul 14.00 WIB, "
                "melewati Cuti Bersama Hari Raya Natal (24 Des), Hari Raya Natal (25 Des), Sabtu, Minggu"
            ),
        ),
        (
            "2026-03-17 10:00",
            "1 Hari",
            (
                "1 Hari kerja sejak Selasa, 17 Maret 2026 pukul 10.00 WIB, melewati "
                "Cuti Bersama Hari Suci Nyepi (18 Mar), Hari Suci Nyepi (19 Mar), "
                "Cuti Bersama Hari Raya Idul Fitri (20, 23, 24 Mar), Sabtu, Minggu"
            ),
        ),
        (
            "2026-11-19 11:45",
            "1 Hari",
            "1 Hari kerja sejak Kamis, 19 November 2026 pukul 11.45 WIB, disesuaikan ke akhir istirahat",
        ),
        (
            "2026-11-20 16:20",
            "1 Hari",
            (
                "1 Hari kerja sejak Jumat, 20 November 2026 pukul 16.20 WIB, "
                "melewati Sabtu, Minggu, disesuaikan ke jam pulang"
            ),
        ),
        (
            "2026-12-30 10:00",
            "1 Hari",
            (
                "1 Hari kerja sejak Rabu, 30 Desember 2026 pukul 10.00 WIB, "
                "melewati Cuti (31 Des 2026, 1 Jan 2027), Sabtu, Minggu, "
                "cuti bersama 2027 belum diketahui sehingga jatuh tempo dapat berubah"
            ),
        ),
    ],
)
def test_why_a_deadline_is_what_it_is(start, amount, expected):
    assert reason(start, amount) == expected


def test_a_six_day_office_passes_over_sunday_only():
    assert reason("2026-11-21 10:00", "1 Hari", ENAM_HARI).endswith("melewati Minggu")


def test_an_explanation_stays_readable():
    many = HolidayList(
        names={date(2026, 6, 1) + timedelta(days=2 * number): f"Libur {number}" for number in range(12)},
        complete_years=frozenset({2026}),
    )
    assert reason("2026-06-02 10:00", "3 Pekan", holidays=many).endswith("Libur 8 (17 Jun), dan 2 libur lain")
