"""Searching the timeline against walking it: a minute-by-minute oracle, and properties over profiles and zones."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopbot.domain.calendar import WorkingCalendar
from sopbot.domain.holidays import HolidayList
from sopbot.domain.standard_time import StandardTime
from sopbot.domain.timeline import DAY, EMPTY, EPOCH, MINUTE, day_number, lay_out
from sopbot.domain.working_hours import (
    DEFAULT_RAMADAN,
    ENAM_HARI,
    PERPRES_5_HARI,
    PROFILES,
    DatedHours,
    WorkingHours,
    week,
)

ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")
ONE_MINUTE, ONE_DAY = timedelta(minutes=1), timedelta(days=1)
LEBARAN = [date(2026, 3, day) for day in (18, 19, 20, 21, 22, 23, 24)]
OTHERS = [date(2026, 1, 1), date(2026, 5, 1), date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1)]
HOLIDAYS = HolidayList(names=dict.fromkeys([*LEBARAN, *OTHERS], "Libur"))
ODD_HOURS = WorkingHours(
    name="ganjil",
    normal=week("00.00-01.15 06.00-06.01 22.00-24.00", friday="09.00-09.20"),
    ramadan=week("10.00-10.10", friday="", saturday="00.00-24.00"),
)
ALL_HOURS = (*PROFILES.values(), ODD_HOURS)


def calendar_of(hours, zone, holidays=HOLIDAYS):
    return WorkingCalendar(
        zone_name=zone,
        hours=(DatedHours(since=date.min, hours=hours),),
        ramadan=DEFAULT_RAMADAN,
        holidays=holidays,
    )


# -------------------------------------------------------------------------------------------------------- the oracle


class Walker:
    """The deadline rules read literally on an office's naive local clock, one minute after the other."""

    def __init__(self, hours, holidays):
        self.hours, self.holidays = hours, holidays

    def worked_minutes_of(self, day):
        if day in self.holidays.names:
            return ()
        fasting = any(window.first <= day <= window.last for window in DEFAULT_RAMADAN)
        return (self.hours.ramadan if fasting else self.hours.normal)[day.weekday()]

    def works(self, minute):
        clock = minute.hour * 60 + minute.minute
        return any(span.opens <= clock < span.closes for span in self.worked_minutes_of(minute.date()))

    def effective(self, start):
        minute = start.replace(second=0, microsecond=0)
        while not self.works(minute):
            minute += ONE_MINUTE
        return max(start, minute)

    def days_later(self, start, days):
        day = start.date()
        while days:
            day += ONE_DAY
            days -= bool(self.worked_minutes_of(day))
        wanted = datetime.combine(day, start.time())
        minute = wanted.replace(second=0, microsecond=0)
        while minute.date() == day:
            if self.works(minute):
                return max(wanted, minute)
            minute += ONE_MINUTE
        while not self.works(minute - ONE_MINUTE):
            minute -= ONE_MINUTE
        return minute

    def work_later(self, start, work):
        minute = start.replace(second=0, microsecond=0)
        while True:
            if self.works(minute):
                begin = max(start, minute)
                if begin + work <= minute + ONE_MINUTE:
                    return begin + work
                work -= minute + ONE_MINUTE - begin
            minute += ONE_MINUTE

    def due(self, start, amount):
        instant = self.effective(start)
        days = amount.days + amount.weeks * self.hours.days_per_week
        if days:
            instant = self.days_later(instant, days)
        work = timedelta(hours=amount.hours, minutes=amount.minutes)
        return self.work_later(instant, work) if work else instant


def agrees_with_walking(dice):
    hours, zone = dice.choice(ALL_HOURS), dice.choice(ZONES)
    begin = datetime(2026, 1, 1) if dice.random() < 0.5 else datetime(2026, 3, 10)  # noqa: DTZ001 -- the local clock
    start = begin + timedelta(minutes=dice.randrange(60 * 24 * (400 if begin.month == 1 else 20)))
    start += dice.choice((timedelta(0), timedelta(seconds=dice.randrange(60), microseconds=dice.randrange(10**6))))
    holidays = HOLIDAYS.with_added(
        {start.date() + dice.randrange(6) * ONE_DAY: "Libur" for _ in range(dice.randrange(3))}
    )
    amount = StandardTime(
        weeks=dice.choice((0, 0, 0, 1)),
        days=dice.choice((0, 0, 1, 2, 6)),
        hours=dice.choice((0, 0, 1, 5)),
        minutes=dice.choice((0, 1, 15, 30, 240, dice.randrange(600))),
    )
    calendar = calendar_of(hours, zone, holidays)
    due = calendar.deadline(start.replace(tzinfo=ZoneInfo(zone)), amount)
    walked = Walker(hours, holidays).due(start, amount)
    assert calendar.local(due).replace(tzinfo=None) == walked, (hours.name, zone, start, str(amount))


def test_deadlines_are_those_of_walking_every_minute(seed):
    dice = random.Random(seed)
    for _ in range(60):
        agrees_with_walking(dice)


@pytest.mark.thorough
def test_deadlines_are_those_of_walking_every_minute_at_length(seed):
    dice = random.Random(seed)
    for _ in range(3000):
        agrees_with_walking(dice)


# ------------------------------------------------------------------------------------------------ the table by itself


def line_of(first_year=2026, last_year=2026, holidays=()):
    hours = (DatedHours(since=date.min, hours=PERPRES_5_HARI), DatedHours(since=date(2026, 7, 1), hours=ENAM_HARI))
    return lay_out(first_year, last_year, hours, (), holidays)


def test_positions_run_parallel_and_in_order():
    line = line_of(holidays=LEBARAN)
    assert len(line.starts) == len(line.ends) == len(line.before) == len(line.after)
    assert all(start < end for start, end in zip(line.starts, line.ends, strict=True))
    assert line.starts == sorted(line.starts)
    assert [0, *line.after[:-1]] == line.before
    assert len(line.ranks) == 365
    assert line.week_lengths == [5, 6]
    assert line.changes == [day_number(date(2026, 1, 1)) * DAY, day_number(date(2026, 7, 1)) * DAY]


def test_a_day_shows_its_intervals():
    line, monday = line_of(holidays=LEBARAN), day_number(date(2026, 3, 16)) * DAY
    assert line.spans_of(monday) == (
        (monday + 450 * MINUTE, monday + 720 * MINUTE),
        (monday + 780 * MINUTE, monday + 960 * MINUTE),
    )
    assert line.spans_of(monday + 2 * DAY) == ()
    assert line.spans_of(monday + 5 * DAY) == ()


def test_days_count_from_the_epoch():
    assert day_number(EPOCH) == 0
    assert day_number(date(1991, 1, 1)) == 365


@pytest.mark.parametrize("day", [date(2024, 6, 15), date(2025, 12, 22), date(2027, 1, 4), date(2028, 6, 15)])
@pytest.mark.parametrize("line", [EMPTY, line_of()], ids=["empty", "2026"])
def test_questions_outside_the_years_have_no_answer(line, day):
    at = day_number(day) * DAY
    for question in (line.worked, line.opening_after, line.spans_of):
        with pytest.raises(IndexError):
            question(at)
    for amount in ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)):
        with pytest.raises(IndexError):
            line.due(at, *amount)


def test_an_answer_outside_the_years_is_none():
    line, at = line_of(), day_number(date(2026, 12, 28)) * DAY
    for amount in ((2, 0, 0), (0, 9, 0), (0, 0, 9000 * MINUTE)):
        with pytest.raises(IndexError):
            line.due(at, *amount)
    with pytest.raises(IndexError):
        line.latest_with(-1)


# -------------------------------------------------------------------------------------------------------- properties

CALENDARS = [calendar_of(hours, zone) for hours in ALL_HOURS for zone in ZONES]
calendars = st.sampled_from(CALENDARS)
instants = st.datetimes(datetime(2025, 12, 20), datetime(2027, 6, 30), timezones=st.just(UTC))  # noqa: DTZ001
minutes = st.integers(0, 3000)
amounts = st.builds(
    StandardTime, weeks=st.integers(0, 2), days=st.integers(0, 7), hours=st.integers(0, 9), minutes=minutes
)


@given(calendars, instants, amounts)
def test_due_lies_in_working_time_and_never_before_the_start(calendar, start, amount):
    effective, due = calendar.effective_start(start), calendar.deadline(start, amount)
    assert start <= effective <= due
    assert calendar.is_working(effective)
    day = calendar.local(due).date()
    closes_an_interval = due > effective and calendar.is_working(due - timedelta(microseconds=1))
    assert calendar.is_working(due) or closes_an_interval
    assert calendar.is_working_day(day) or due == calendar.closing(day - timedelta(days=1))


@given(calendars, instants, instants, amounts)
def test_who_starts_later_is_due_no_earlier(calendar, one, other, amount):
    first, second = sorted((one, other))
    assert calendar.deadline(first, amount) <= calendar.deadline(second, amount)


@given(calendars, instants, amounts, amounts)
def test_more_work_is_due_no_earlier(calendar, start, amount, extra):
    assert calendar.deadline(start, amount) <= calendar.deadline(start, amount + extra)


@given(calendars, instants, minutes)
def test_adding_and_measuring_agree(calendar, start, worked):
    due = calendar.add_minutes(start, worked)
    assert calendar.working_minutes(start, due) == worked
    if worked:
        assert calendar.working_minutes(start, due - timedelta(microseconds=1)) == worked - 1


@given(calendars, instants, minutes, minutes)
def test_two_amounts_in_turn_are_their_sum(calendar, start, first, second):
    in_turn = calendar.deadline(calendar.add_minutes(start, first), StandardTime(minutes=second))
    if second:
        assert in_turn == calendar.add_minutes(start, first + second)
    else:
        assert in_turn == calendar.effective_start(calendar.add_minutes(start, first))


@given(calendars, instants, st.integers(1, 3000))
def test_subtracting_inverts_adding_and_finds_the_latest_start(calendar, start, worked):
    end = calendar.add_minutes(start, worked)
    latest = calendar.subtract_minutes(end, worked)
    assert start <= latest
    assert calendar.add_minutes(latest, worked) == end
    assert calendar.add_minutes(latest + timedelta(microseconds=1), worked) > end


@given(calendars, instants)
def test_the_next_opening_is_the_first(calendar, after):
    opening = calendar.next_opening(after)
    day = calendar.local(opening).date()
    assert after < opening == calendar.opening(day)
    day -= timedelta(days=1)
    while day >= calendar.local(after).date():
        assert not calendar.is_working_day(day) or calendar.opening(day) <= after
        day -= timedelta(days=1)


@given(calendars, instants, amounts, st.sampled_from(ZONES))
def test_the_zone_of_the_question_does_not_matter(calendar, start, amount, zone):
    assert calendar.deadline(start.astimezone(ZoneInfo(zone)), amount) == calendar.deadline(start, amount)


@given(calendars, instants, amounts, st.sets(st.dates(date(2025, 12, 20), date(2027, 6, 30)), max_size=8))
def test_a_further_holiday_never_brings_a_deadline_forward(calendar, start, amount, closed):
    poorer = WorkingCalendar(
        zone_name=calendar.zone_name,
        hours=calendar.hours,
        ramadan=calendar.ramadan,
        holidays=HOLIDAYS.with_added(dict.fromkeys(closed, "Libur")),
    )
    # A clock time that a shorter day would have cut off may come out later in the day after: never earlier by a day.
    before, after = calendar.deadline(start, amount), poorer.deadline(start, amount)
    assert calendar.local(before).date() <= calendar.local(after).date()
