"""What explains a deadline: days off with their names, breaks and closings that minutes ran into, moved clocks."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from sopbot.domain.calendar import WorkingCalendar
from sopbot.domain.deadline import ClockMove, SkipKind, Skipped
from sopbot.domain.holidays import HolidayList
from sopbot.domain.standard_time import StandardTime
from sopbot.domain.working_hours import DEFAULT_RAMADAN, ENAM_HARI, PERPRES_5_HARI, DatedHours

JAKARTA = ZoneInfo("Asia/Jakarta")
NAMES = {
    date(2026, 12, 24): "Cuti Bersama Hari Raya Natal",
    date(2026, 12, 25): "Hari Raya Natal",
    date(2026, 11, 21): "Hari Jadi",
}


def explained(start, amount, hours=PERPRES_5_HARI):
    calendar = WorkingCalendar(
        zone_name="Asia/Jakarta",
        hours=(DatedHours(since=date.min, hours=hours),),
        ramadan=DEFAULT_RAMADAN,
        holidays=HolidayList(names=NAMES, complete_years=frozenset({2026})),
    )
    return calendar.explain(at(start), StandardTime.parse(amount))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=JAKARTA)


def skipped(day, kind, name=""):
    return Skipped(day=date.fromisoformat(day), kind=kind, name=name)


SATURDAY = skipped("2026-11-21", SkipKind.WEEKEND, "Hari Jadi")
SUNDAY = skipped("2026-11-22", SkipKind.WEEKEND)


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2026-11-23 09:00", "15 Menit", ()),
        ("2026-11-23 15:45", "15 Menit", ()),
        ("2026-11-23 11:45", "15 Menit", ()),
        ("2026-11-23 11:50", "30 Menit", (skipped("2026-11-23", SkipKind.BREAK),)),
        ("2026-11-23 12:20", "5 Menit", (skipped("2026-11-23", SkipKind.BREAK),)),
        ("2026-11-23 15:50", "30 Menit", (skipped("2026-11-23", SkipKind.CLOSING),)),
        ("2026-11-23 16:00", "5 Menit", (skipped("2026-11-23", SkipKind.CLOSING),)),
        ("2026-11-23 05:00", "5 Menit", ()),
        ("2026-11-23 10:00", "1 Hari", ()),
        ("2026-11-20 10:00", "1 Hari", (SATURDAY, SUNDAY)),
        ("2026-11-20 15:00", "4 Jam", (skipped("2026-11-20", SkipKind.CLOSING), SATURDAY, SUNDAY)),
        ("2026-11-21 20:00", "1 Jam", (SATURDAY, SUNDAY)),
        ("2026-11-19 15:50", "1 Hari 1 Jam", (skipped("2026-11-20", SkipKind.CLOSING), SATURDAY, SUNDAY)),
        (
            "2026-12-23 14:00",
            "1 Hari",
            (
                skipped("2026-12-24", SkipKind.HOLIDAY, "Cuti Bersama Hari Raya Natal"),
                skipped("2026-12-25", SkipKind.HOLIDAY, "Hari Raya Natal"),
                skipped("2026-12-26", SkipKind.WEEKEND),
                skipped("2026-12-27", SkipKind.WEEKEND),
            ),
        ),
    ],
)
def test_what_was_passed_over(start, amount, expected):
    assert explained(start, amount).skipped == expected


def test_a_holiday_on_a_worked_saturday_is_a_holiday():
    kinds = [passed.kind for passed in explained("2026-11-20 10:00", "1 Hari", ENAM_HARI).skipped]
    assert kinds == [SkipKind.HOLIDAY, SkipKind.WEEKEND]


@pytest.mark.parametrize(
    ("start", "amount", "moved"),
    [
        ("2026-11-23 10:00", "1 Hari", None),
        ("2026-11-19 11:45", "1 Hari", ClockMove.BREAK_END),
        ("2026-11-20 16:20", "1 Hari", ClockMove.CLOSING),
        ("2026-02-18 07:30", "1 Hari", ClockMove.OPENING),
        ("2026-11-20 16:20", "1 Hari 30 Menit", ClockMove.CLOSING),
        ("2026-11-23 11:50", "30 Menit", None),
        ("2026-11-23 20:00", "1 Hari", None),
    ],
)
def test_where_the_clock_time_went(start, amount, moved):
    assert explained(start, amount).moved is moved


def test_the_start_is_told_with_the_effective_one():
    deadline = explained("2026-11-23 12:20", "5 Menit")
    assert (deadline.start, deadline.effective_start) == (at("2026-11-23 12:20"), at("2026-11-23 13:00"))
    assert deadline.start.tzinfo is not JAKARTA
    assert deadline.unknown_years == ()
