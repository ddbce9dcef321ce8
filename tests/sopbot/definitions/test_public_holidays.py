"""National holidays as the package has them, checked against the joint decrees and against its usual entrance."""

import subprocess
import sys
from datetime import UTC, date, datetime

import holidays
import pytest

from sopbot.definitions.public_holidays import (
    FIRST_YEAR,
    LAST_YEAR,
    national_calendar,
    national_holidays,
    ramadan_windows,
)
from sopbot.domain.standard_time import StandardTime
from sopbot.domain.working_hours import DEFAULT_RAMADAN, PERPRES_5_HARI

# The joint decree (SKB) of 2026: 17 national holidays and 8 days of joint leave.
PUBLIC_2026 = """
    01-01 01-16 02-17 03-19 03-21 03-22 04-03 04-05 05-01 05-14 05-27 05-31 06-01 06-16 08-17 08-25 12-25
"""
JOINT_LEAVE_2026 = "02-16 03-18 03-20 03-23 03-24 05-15 05-28 12-24"


def test_2026_is_the_joint_decree():
    expected = {date.fromisoformat(f"2026-{day}") for day in f"{PUBLIC_2026} {JOINT_LEAVE_2026}".split()}
    names = national_holidays().names
    assert {day for day in names if day.year == 2026} == expected
    assert names[date(2026, 12, 25)] == "Hari Raya Natal"
    assert all(names[date.fromisoformat(f"2026-{day}")].startswith("Cuti Bersama") for day in JOINT_LEAVE_2026.split())


def test_years_with_joint_leave_are_complete():
    complete = national_holidays().complete_years
    assert {2024, 2025, 2026, 2027} <= complete
    assert 2028 not in complete
    assert 2028 in {day.year for day in national_holidays().names}


def test_loading_the_one_module_gives_what_the_whole_package_gives():
    usual = holidays.country_holidays(
        "ID", years=range(FIRST_YEAR, LAST_YEAR + 1), categories=("public", "government"), language="id"
    )
    assert dict(sorted(usual.items())) == national_holidays().names


def test_importing_this_module_does_not_import_the_package():
    program = (
        "import sys, sopbot.definitions.public_holidays as here\n"
        "assert 'holidays' not in sys.modules\n"
        "here.national_holidays()\n"
        "assert 'holidays.countries' not in sys.modules\n"
        "print('lazy')"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.stdout == "lazy\n", ran.stderr


def test_it_is_read_once():
    assert national_holidays() is national_holidays()
    assert ramadan_windows() is ramadan_windows()


def test_known_ramadans_win_and_others_are_proposed():
    windows = ramadan_windows()
    assert set(DEFAULT_RAMADAN) <= set(windows)
    begins = [window.first for window in windows]
    assert begins == sorted(begins)
    assert [begin for begin in begins if begin.year == 2025] == [date(2025, 3, 1)]
    assert [begin for begin in begins if begin.year == 2028] == [date(2028, 1, 28)]
    assert len([begin for begin in begins if begin.year == 2030]) == 2
    assert all(27 <= (window.last - window.first).days <= 29 for window in windows)


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("Asia/Jakarta", datetime(2026, 12, 28, 7, tzinfo=UTC)),
        ("Asia/Makassar", datetime(2026, 12, 28, 7, tzinfo=UTC)),
        # 14.00 WIB is 16.00 WIT, closing time: there the day counts from the next morning.
        ("Asia/Jayapura", datetime(2026, 12, 28, 22, 30, tzinfo=UTC)),
    ],
)
def test_the_national_calendar_counts_with_joint_leave(zone, due):
    calendar = national_calendar(PERPRES_5_HARI, zone)
    assert calendar.deadline(datetime(2026, 12, 23, 7, tzinfo=UTC), StandardTime(days=1)) == due
