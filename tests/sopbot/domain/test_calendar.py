"""The working calendar: 28 worked examples, its smaller questions, its edges; `test_timeline.py` has properties."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sopbot.domain.calendar import NotAWorkingDay, OutsideCalendar, WorkingCalendar
from sopbot.domain.holidays import HolidayList
from sopbot.domain.standard_time import StandardTime
from sopbot.domain.working_hours import (
    BANYUMAS_5_HARI,
    DEFAULT_RAMADAN,
    ENAM_HARI,
    PERPRES_5_HARI,
    DatedHours,
)

ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")
JAKARTA = ZoneInfo("Asia/Jakarta")
# National holidays and joint leave by the joint decree (SKB) of 2026, and what is known of 2027.
CLOSED = """
    2026-01-01 2026-01-16 2026-02-16 2026-02-17 2026-03-18 2026-03-19 2026-03-20 2026-03-21 2026-03-22 2026-03-23
    2026-03-24 2026-04-03 2026-04-05 2026-05-01 2026-05-14 2026-05-15 2026-05-27 2026-05-28 2026-05-31 2026-06-01
    2026-06-16 2026-08-17 2026-08-25 2026-12-24 2026-12-25
    2027-01-01 2027-01-05 2027-02-05 2027-02-06 2027-03-08 2027-03-09 2027-03-10 2027-03-11 2027-03-12 2027-03-15
    2027-03-25 2027-03-26 2027-05-01 2027-05-06 2027-05-17 2027-05-18 2027-05-19 2027-05-20 2027-06-01 2027-06-06
    2027-08-15 2027-08-17 2027-12-24 2027-12-25 2027-12-26
"""
HOLIDAYS = HolidayList(
    names={date.fromisoformat(day): "Libur" for day in CLOSED.split()}, complete_years=frozenset({2026, 2027})
)


def calendar_of(hours, zone="Asia/Jakarta", holidays=HOLIDAYS):
    return WorkingCalendar(
        zone_name=zone,
        hours=(DatedHours(since=date.min, hours=hours),),
        ramadan=DEFAULT_RAMADAN,
        holidays=holidays,
    )


def at(text, zone=JAKARTA):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


PERPRES, BANYUMAS, SIX_DAYS = (calendar_of(hours) for hours in (PERPRES_5_HARI, BANYUMAS_5_HARI, ENAM_HARI))
EXAMPLES = [
    ("E1", PERPRES, "2026-11-23 09:00", "15 Menit", "2026-11-23 09:15"),
    ("E2 over the break", PERPRES, "2026-11-23 11:50", "30 Menit", "2026-11-23 13:20"),
    ("E3 assigned in the break", PERPRES, "2026-11-23 12:20", "5 Menit", "2026-11-23 13:05"),
    ("E4 over closing time", PERPRES, "2026-11-23 15:50", "30 Menit", "2026-11-24 07:50"),
    ("E5 exactly closing time stays", PERPRES, "2026-11-23 15:45", "15 Menit", "2026-11-23 16:00"),
    ("E6 Friday's long break", PERPRES, "2026-11-20 10:00", "240 Menit", "2026-11-20 15:30"),
    ("E7 over the weekend", PERPRES, "2026-11-20 15:00", "240 Menit", "2026-11-23 10:00"),
    ("E8 after closing on Friday", PERPRES, "2026-11-20 16:45", "5 Menit", "2026-11-23 07:35"),
    ("E9 on Saturday night", PERPRES, "2026-11-21 20:00", "1 Jam", "2026-11-23 08:30"),
    ("E10 same clock next day", PERPRES, "2026-11-23 10:00", "1 Hari", "2026-11-24 10:00"),
    ("E11 Friday to Monday", PERPRES, "2026-11-20 10:00", "1 Hari", "2026-11-23 10:00"),
    ("E12 clock falls into the break", PERPRES, "2026-11-19 11:45", "1 Hari", "2026-11-20 13:00"),
    ("E13 clock falls after closing", PERPRES, "2026-11-20 16:20", "1 Hari", "2026-11-23 16:00"),
    ("E14 a week is five days", PERPRES, "2026-11-20 10:00", "1 Pekan", "2026-11-27 10:00"),
    ("E15 joint leave and Christmas", PERPRES, "2026-12-23 14:00", "1 Hari", "2026-12-28 14:00"),
    ("E16 holidays extend a week", PERPRES, "2026-12-22 10:00", "1 Minggu", "2026-12-31 10:00"),
    ("E17 over 17 August", PERPRES, "2026-08-14 13:30", "240 Menit", "2026-08-18 08:30"),
    ("E18 into Ramadan", PERPRES, "2026-02-18 15:30", "1 Jam", "2026-02-19 08:30"),
    ("E19 clock after Ramadan's closing", PERPRES, "2026-02-18 15:30", "1 Hari", "2026-02-19 15:00"),
    ("E20 Friday in Ramadan", PERPRES, "2026-02-27 10:30", "120 Menit", "2026-02-27 13:30"),
    ("E21 Nyepi and Lebaran", PERPRES, "2026-03-17 10:00", "3 Hari", "2026-03-27 10:00"),
    ("E22 out of Ramadan", PERPRES, "2026-03-17 14:30", "60 Menit", "2026-03-25 08:00"),
    ("E23 Banyumas", BANYUMAS, "2026-11-20 10:00", "240 Menit", "2026-11-23 07:30"),
    ("E24 Saturday is worked", SIX_DAYS, "2026-11-20 10:00", "1 Hari", "2026-11-21 10:00"),
    ("E25 a week is six days", SIX_DAYS, "2026-11-20 10:00", "1 Minggu", "2026-11-27 10:00"),
    ("E26 an SOP's total", PERPRES, "2026-11-23 08:00", "4 Hari 55 Menit", "2026-11-27 08:55"),
    ("E27 Idul Adha 2027", PERPRES, "2027-05-14 10:00", "3 Hari", "2027-05-25 10:00"),
    ("E28 days first, then minutes", PERPRES, "2026-11-23 10:00", "1 Hari 30 Menit", "2026-11-24 10:30"),
]


@pytest.mark.parametrize(
    ("calendar", "start", "amount", "due"), [case[1:] for case in EXAMPLES], ids=[case[0] for case in EXAMPLES]
)
def test_worked_examples(calendar, start, amount, due):
    computed = calendar.deadline(at(start), StandardTime.parse(amount))
    assert computed == at(due)
    assert computed.tzinfo is UTC
    assert calendar.explain(at(start), StandardTime.parse(amount)).due == computed


@pytest.mark.parametrize(("calendar", "start", "amount", "due"), [case[1:] for case in EXAMPLES])
@pytest.mark.parametrize("zone", ZONES)
def test_worked_examples_hold_by_every_local_clock(calendar, start, amount, due, zone):
    here = calendar_of(calendar.hours[0].hours, zone)
    assert here.deadline(at(start, ZoneInfo(zone)), StandardTime.parse(amount)) == at(due, ZoneInfo(zone))


def test_an_example_that_chains_the_six_steps_of_its_sop():
    instant = at("2026-11-23 08:00")
    for amount in ("2 Hari", "15 Menit", "1 Hari", "30 Menit", "1 Hari", "10 Menit"):
        instant = PERPRES.deadline(instant, StandardTime.parse(amount))
    assert instant == at("2026-11-27 08:55")


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-11-23 09:00:20", "15 Menit", "2026-11-23 09:15:20"),
        ("2026-11-23 15:45:00.000001", "15 Menit", "2026-11-24 07:30:00.000001"),
        ("2026-11-23 15:59:59", "1 Menit", "2026-11-24 07:30:59"),
        ("2026-11-19 11:30", "1 Hari", "2026-11-20 13:00"),  # exactly where Friday's break begins
        ("2026-11-19 11:29:59", "1 Hari", "2026-11-20 11:29:59"),
        ("2026-11-23 16:00", "1 Hari", "2026-11-25 07:30"),  # exactly at closing the start moves
        ("2026-11-23 05:00", "1 Hari", "2026-11-24 07:30"),
        ("2026-11-20 16:20", "1 Hari 30 Menit", "2026-11-24 08:00"),  # closing, then half an hour
        ("2026-02-18 07:30", "1 Hari", "2026-02-19 08:00"),  # before Ramadan's opening
        ("2026-11-23 10:00", "1 Pekan 1 Hari 1 Jam", "2026-12-01 11:00"),
    ],
)
def test_seconds_and_edges(start, amount, due):
    assert PERPRES.deadline(at(start), StandardTime.parse(amount)) == at(due)


def test_nothing_to_do_is_due_when_work_could_begin():
    assert PERPRES.deadline(at("2026-11-21 20:00"), StandardTime()) == at("2026-11-23 07:30")
    assert PERPRES.deadline(at("2026-11-23 09:00"), StandardTime()) == at("2026-11-23 09:00")


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-23 09:00", "2026-11-23 09:15", 15),
        ("2026-11-23 09:00", "2026-11-23 09:15:59", 15),
        ("2026-11-23 11:00", "2026-11-23 14:00", 120),
        ("2026-11-20 16:00", "2026-11-23 08:00", 60),
        ("2026-11-21 08:00", "2026-11-22 20:00", 0),
        ("2026-11-23 09:15", "2026-11-23 09:00", 0),
        ("2026-11-16 00:00", "2026-11-23 00:00", 37 * 60 + 30),
    ],
)
def test_lateness_is_told_in_working_minutes(start, end, minutes):
    assert PERPRES.working_minutes(at(start), at(end)) == minutes


@pytest.mark.parametrize(
    ("end", "minutes", "start"),
    [
        ("2026-11-23 09:15", 15, "2026-11-23 09:00"),
        ("2026-11-23 13:20", 30, "2026-11-23 11:50"),
        ("2026-11-23 16:00", 60, "2026-11-23 15:00"),
        ("2026-11-23 08:00", 60, "2026-11-20 16:00"),
        ("2026-11-23 08:00", 30, "2026-11-23 07:30"),  # the latest: Friday 16.30 would do too
        ("2026-11-22 12:00", 30, "2026-11-20 16:00"),  # Sunday stands for Friday's closing
        ("2026-11-22 12:00", 0, "2026-11-22 12:00"),
    ],
)
def test_minutes_before(end, minutes, start):
    assert PERPRES.subtract_minutes(at(end), minutes) == at(start)


def test_negative_minutes_are_refused():
    with pytest.raises(ValueError, match="negative"):
        PERPRES.subtract_minutes(at("2026-11-23 09:00"), -1)
    with pytest.raises(ValueError, match="negative"):
        PERPRES.add_minutes(at("2026-11-23 09:00"), -1)


@pytest.mark.parametrize(
    ("after", "opening"),
    [
        ("2026-11-23 07:29:59", "2026-11-23 07:30"),
        ("2026-11-23 07:30", "2026-11-24 07:30"),
        ("2026-11-23 12:30", "2026-11-24 07:30"),
        ("2026-11-20 10:00", "2026-11-23 07:30"),
        ("2026-12-23 17:00", "2026-12-28 07:30"),
    ],
)
def test_the_next_morning(after, opening):
    assert PERPRES.next_opening(at(after)) == at(opening)


@pytest.mark.parametrize(
    ("instant", "working"),
    [
        ("2026-11-23 07:30", True),
        ("2026-11-23 07:29:59.999999", False),
        ("2026-11-23 12:00", False),
        ("2026-11-23 13:00", True),
        ("2026-11-23 16:00", False),
        ("2026-11-21 10:00", False),
        ("2026-12-24 10:00", False),
    ],
)
def test_working_or_not(instant, working):
    assert PERPRES.is_working(at(instant)) is working


def test_a_day_opens_and_closes():
    friday, saturday, leave = date(2026, 11, 20), date(2026, 11, 21), date(2026, 12, 24)
    assert PERPRES.opening(friday) == at("2026-11-20 07:30")
    assert PERPRES.closing(friday) == at("2026-11-20 16:30")
    assert SIX_DAYS.closing(saturday) == at("2026-11-21 12:30")
    assert [PERPRES.is_working_day(day) for day in (friday, saturday, leave)] == [True, False, False]
    for day in (saturday, leave):
        with pytest.raises(NotAWorkingDay, match=str(day)):
            PERPRES.closing(day)
        with pytest.raises(NotAWorkingDay, match=str(day)):
            PERPRES.opening(day)


def test_ramadan_begins_and_ends_with_its_window():
    plain = calendar_of(PERPRES_5_HARI, holidays=HolidayList())
    closings = ["2026-02-18 16:00", "2026-02-19 15:00", "2026-03-20 15:30", "2026-03-23 16:00"]
    assert [plain.closing(at(text).date()) for text in closings] == [at(text) for text in closings]


def test_hours_change_on_their_date_and_the_week_with_them():
    changed = WorkingCalendar(
        zone_name="Asia/Jakarta",
        hours=(
            DatedHours(since=date(2026, 11, 23), hours=ENAM_HARI),
            DatedHours(since=date(2025, 1, 1), hours=PERPRES_5_HARI),
        ),
    )
    assert changed.hours_on(date(2020, 1, 1)) is PERPRES_5_HARI
    assert changed.hours_on(date(2026, 11, 22)) is PERPRES_5_HARI
    assert changed.hours_on(date(2026, 11, 23)) is ENAM_HARI
    assert changed.closing(date(2026, 11, 20)) == at("2026-11-20 16:30")
    assert changed.closing(date(2026, 11, 27)) == at("2026-11-27 11:00")
    assert not changed.is_working_day(date(2026, 11, 21))
    assert changed.is_working_day(date(2026, 11, 28))
    # A week counts by the hours in force when it begins.
    assert changed.deadline(at("2026-11-20 10:00"), StandardTime(weeks=1)) == at("2026-11-27 10:00")
    assert changed.deadline(at("2026-11-23 10:00"), StandardTime(weeks=1)) == at("2026-11-30 10:00")


def test_office_overrides_move_deadlines():
    start, day = at("2026-12-23 14:00"), StandardTime(days=1)
    shrunk = calendar_of(PERPRES_5_HARI, holidays=HOLIDAYS.without([date(2026, 12, 24)]))
    local = calendar_of(PERPRES_5_HARI, holidays=HOLIDAYS.with_added({date(2026, 12, 28): "Hari Jadi"}))
    emptied = calendar_of(PERPRES_5_HARI, holidays=HOLIDAYS.with_year(2026, {}))
    assert shrunk.deadline(start, day) == at("2026-12-24 14:00")
    assert local.deadline(start, day) == at("2026-12-29 14:00")
    assert emptied.deadline(start, StandardTime(days=2)) == at("2026-12-25 14:00")


def test_years_without_joint_leave_are_named():
    assert PERPRES.unknown_years(at("2026-11-23 10:00"), at("2027-12-30 10:00")) == ()
    assert PERPRES.unknown_years(at("2027-12-30 10:00"), at("2029-01-02 10:00")) == (2028, 2029)
    # The year is that of the office's clock: 31 December in UTC is already the new year in Jakarta.
    assert PERPRES.unknown_years(*(datetime(2027, 12, 31, 17, tzinfo=UTC),) * 2) == (2028,)
    assert PERPRES.explain(at("2027-12-31 15:00"), StandardTime(days=1)).unknown_years == (2028,)


def test_naive_instants_are_refused():
    for question in (PERPRES.effective_start, PERPRES.next_opening, PERPRES.is_working):
        with pytest.raises(TypeError):
            question(datetime(2026, 11, 23, 9))  # noqa: DTZ001 -- that is the point
    with pytest.raises(TypeError):
        PERPRES.deadline(datetime(2026, 11, 23, 9), StandardTime(days=1))  # noqa: DTZ001 -- the same


@pytest.mark.parametrize("instant", ["1989-12-31 23:59", "0001-01-02 00:00", "2101-01-01 00:00", "9999-12-30 00:00"])
def test_years_out_of_reach_are_refused(instant):
    with pytest.raises(OutsideCalendar, match="from 1990 to 2100"):
        PERPRES.deadline(at(instant), StandardTime(days=1))
    with pytest.raises(OutsideCalendar):
        PERPRES.is_working_day(at(instant).date())


def test_an_amount_beyond_all_years_is_refused():
    with pytest.raises(OutsideCalendar):
        calendar_of(PERPRES_5_HARI).deadline(at("2026-11-23 10:00"), StandardTime(weeks=99999))


def test_an_office_that_never_works_again_is_refused_not_waited_for():
    every_day = {date(2098, 1, 1) + timedelta(days=number): "Libur" for number in range(3 * 365 + 1)}
    never = calendar_of(PERPRES_5_HARI, holidays=HolidayList(names=every_day))
    with pytest.raises(OutsideCalendar):
        never.deadline(at("2099-06-01 10:00"), StandardTime(minutes=1))


@pytest.mark.parametrize("zone", ["Asia/Atlantis", "Europe/Berlin", "../Jakarta", ""])
def test_a_zone_unknown_or_with_summer_time_is_refused(zone):
    with pytest.raises(ValueError, match="time zone"):
        calendar_of(PERPRES_5_HARI, zone)


def test_hours_must_be_there_and_begin_apart():
    with pytest.raises(ValueError, match="needs working hours"):
        WorkingCalendar(zone_name="Asia/Jakarta", hours=())
    twice = DatedHours(since=date(2026, 1, 1), hours=ENAM_HARI)
    with pytest.raises(ValueError, match="2026-01-01"):
        WorkingCalendar(zone_name="Asia/Jakarta", hours=(twice, twice))


def test_calendars_are_values_whatever_they_were_asked():
    asked, fresh = calendar_of(PERPRES_5_HARI), calendar_of(PERPRES_5_HARI)
    asked.is_working(at("2031-11-23 09:00"))
    assert asked == fresh
    assert hash(asked) == hash(fresh)
    assert asked != SIX_DAYS
    assert "_line" not in repr(asked)


def test_answers_do_not_depend_on_what_was_asked_before():
    start, end = at("2026-11-23 10:00"), at("2033-11-23 10:00")
    wandering = calendar_of(PERPRES_5_HARI)
    for year in (2030, 2001, 2026, 2060):
        wandering.is_working(at(f"{year}-06-15 10:00"))
    assert wandering.working_minutes(start, end) == calendar_of(PERPRES_5_HARI).working_minutes(start, end)
    assert wandering.deadline(start, StandardTime(days=1500)) == calendar_of(PERPRES_5_HARI).deadline(
        start, StandardTime(days=1500)
    )
