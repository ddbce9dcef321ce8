"""Working hours: the shipped tables in hours per week, and hours that nobody can keep."""

from datetime import date

import pytest

from sopbot.domain.working_hours import (
    DEFAULT_RAMADAN,
    PROFILES,
    Interval,
    InvalidWorkingHours,
    Ramadan,
    WorkingHours,
    day,
    merged,
    week,
)


def minutes_of(days):
    return sum(span.closes - span.opens for spans in days for span in spans)


@pytest.mark.parametrize(
    ("name", "normal", "ramadan", "days"),
    [
        ("perpres-5-hari", 37 * 60 + 30, 32 * 60 + 30, 5),
        ("banyumas-5-hari", 37 * 60 + 30, 32 * 60 + 30, 5),
        ("enam-hari", 37 * 60 + 30, 33 * 60, 6),
    ],
)
def test_profiles_have_the_hours_of_the_regulations(name, normal, ramadan, days):
    profile = PROFILES[name]
    assert minutes_of(profile.normal) == normal
    assert minutes_of(profile.ramadan) == ramadan
    assert profile.days_per_week == days


def test_an_interval_is_read_and_written_as_people_do():
    assert Interval.parse("07.30-12.00") == Interval.parse(" 7:30 – 12:00 ") == Interval(450, 720)
    assert str(Interval(450, 720)) == "07.30-12.00"
    assert day("07.30-11.30 13.00-16.30") == (Interval(450, 690), Interval(780, 990))
    assert day("") == ()
    assert Interval.parse("16.00-24.00").closes == 24 * 60


@pytest.mark.parametrize("text", ["", "07.30", "12.00-07.30", "08.00-08.00", "23.00-25.00", "07.75-12.00", "pagi"])
def test_an_interval_that_is_none_is_refused(text):
    with pytest.raises(InvalidWorkingHours):
        Interval.parse(text)


@pytest.mark.parametrize(
    "days",
    [
        week("", friday=""),
        week("07.30-12.00 11.00-16.00", friday=""),
        week("07.30-12.00 12.00-16.00", friday=""),
        week("13.00-16.00 07.30-12.00", friday=""),
        week("07.30-12.00", friday="")[:5],
    ],
)
def test_a_week_that_is_none_is_refused(days):
    with pytest.raises(InvalidWorkingHours):
        WorkingHours(name="x", normal=days, ramadan=PROFILES["enam-hari"].ramadan)
    with pytest.raises(InvalidWorkingHours):
        WorkingHours(name="x", normal=PROFILES["enam-hari"].normal, ramadan=days)


@pytest.mark.parametrize("last", [date(2026, 2, 18), date(2026, 4, 19)])
def test_a_ramadan_of_no_month_is_refused(last):
    with pytest.raises(InvalidWorkingHours):
        Ramadan(first=date(2026, 2, 19), last=last)


def test_a_confirmed_ramadan_replaces_the_shipped_one_and_leaves_the_others():
    confirmed = Ramadan(first=date(2027, 2, 9), last=date(2027, 3, 9))
    assert merged([confirmed], DEFAULT_RAMADAN) == (*DEFAULT_RAMADAN[:3], confirmed)


def test_a_year_can_hold_two_ramadans():
    january, december = (
        Ramadan(first=date(2030, 1, 6), last=date(2030, 2, 3)),
        Ramadan(first=date(2030, 12, 26), last=date(2031, 1, 24)),
    )
    assert merged([december], [january]) == (january, december)
