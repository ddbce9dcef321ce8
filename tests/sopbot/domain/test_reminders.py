"""The ladder of reminders: for minutes, days and weeks, not accepted, outside parties, over nights and holidays."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given, strategies

from sopbot.domain.instance import Assignment, AssignmentState, Task
from sopbot.domain.reminders import Ring, Rung, next_ring
from sopbot.domain.sop import CAMAT, SEKCAM, Sop
from sopbot.domain.standard_time import StandardTime
from tests.building import BUDI, CALENDAR, KASUBAG, nov, sop, step

INSTANT = timedelta(microseconds=1)


def plan(time: str, *, indicative: bool = False) -> Sop:
    return sop(step(KASUBAG, time=time, yes=2, no=1), step(KASUBAG), indicative=indicative)


def offered(at: datetime, *, grace: int = 60) -> Assignment:
    return Assignment(
        n=1,
        step=1,
        round=1,
        task=Task.DECIDE,
        ratification=None,
        role=KASUBAG,
        state=AssignmentState.OFFERED,
        holder=BUDI,
        assigned_at=at,
        accept_by=CALENDAR.add_minutes(at, grace),
        started_at=None,
        automatic=False,
        due_at=None,
        ended_at=None,
    )


def running(of: Sop, at: datetime, *, task: Task = Task.DECIDE) -> Assignment:
    due_at = CALENDAR.deadline(at, of.step(1).standard.time)
    state = AssignmentState.ACCEPTED
    return replace(offered(at), state=state, started_at=at, due_at=due_at, task=task)


def ladder(of: Sop, assignment: Assignment, most: int) -> list[tuple[datetime, Rung]]:
    """The first rings, each asked for with the one before."""

    def rings():
        last = None
        while (last := next_ring(of, CALENDAR, assignment, last)) is not None:
            yield last.at, last.rung

    return list(islice(rings(), most))


def test_not_accepted():
    # Half of the grace, then its end: no message, but the time begins to run.
    assert ladder(plan("1 Hari"), offered(nov(23, "11.30")), 9) == [
        (nov(23, "12.00"), Rung.UNACCEPTED),
        (nov(23, "13.30"), Rung.GRACE_OVER),
    ]
    assert ladder(plan("1 Hari"), offered(nov(20, "16.00")), 9) == [
        (nov(20, "16.30"), Rung.UNACCEPTED),
        (nov(23, "08.00"), Rung.GRACE_OVER),
    ]


def test_fifteen_minutes():
    quarter = plan("15 Menit")
    assert ladder(quarter, running(quarter, nov(23, "09.00")), 7) == [
        (nov(23, "09.15"), Rung.DUE),
        (nov(23, "09.16"), Rung.OVERDUE),
        (nov(23, "10.15"), Rung.TO_SEKCAM),
        (nov(24, "07.30"), Rung.MORNING),
        (nov(24, "09.15"), Rung.TO_CAMAT),
        (nov(26, "07.30"), Rung.MORNING),  # the 25th is a holiday
        (nov(27, "07.30"), Rung.MORNING),
    ]


def test_one_day():
    day = plan("1 Hari")
    assert ladder(day, running(day, nov(23, "10.00")), 9) == [
        (nov(23, "14.45"), Rung.HALF),  # 450 working minutes: 225 of them
        (nov(24, "09.00"), Rung.HOUR_BEFORE),
        (nov(24, "10.00"), Rung.DUE),
        (nov(24, "10.01"), Rung.OVERDUE),
        (nov(24, "11.00"), Rung.TO_SEKCAM),
        (nov(26, "07.30"), Rung.MORNING),
        (nov(26, "10.00"), Rung.TO_CAMAT),
        (nov(27, "07.30"), Rung.MORNING),
        (nov(30, "07.30"), Rung.MORNING),  # no morning on a weekend
    ]


def test_one_week_over_weekend_and_holiday():
    week = plan("1 Pekan")
    # Friday the 20th and five working days: 23, 24, 26, 27 and the 30th.
    assert ladder(week, running(week, nov(20, "08.00")), 5) == [
        (nov(24, "11.45"), Rung.HALF),  # 2250 working minutes: 420 on Friday, 450 on Monday, 255 on Tuesday
        (nov(27, "16.00"), Rung.HOUR_BEFORE),
        (nov(30, "08.00"), Rung.DUE),
        (nov(30, "08.01"), Rung.OVERDUE),
        (nov(30, "09.00"), Rung.TO_SEKCAM),
    ]


def test_due_at_closing_time():
    quarter = plan("15 Menit")
    assert ladder(quarter, running(quarter, nov(20, "16.15")), 7) == [
        (nov(20, "16.30"), Rung.DUE),
        (nov(23, "07.31"), Rung.OVERDUE),
        (nov(23, "08.30"), Rung.TO_SEKCAM),
        (nov(24, "07.30"), Rung.TO_CAMAT),  # a day from Monday's opening
        (nov(24, "07.30"), Rung.MORNING),
        (nov(26, "07.30"), Rung.MORNING),
        (nov(27, "07.30"), Rung.MORNING),
    ]


def test_due_at_opening_no_morning_is_lost_to_the_rung_at_the_same_instant():
    day = plan("1 Hari")
    assert ladder(day, running(day, nov(21, "20.00")), 8)[2:] == [
        (nov(24, "07.30"), Rung.DUE),
        (nov(24, "07.31"), Rung.OVERDUE),
        (nov(24, "08.30"), Rung.TO_SEKCAM),
        (nov(26, "07.30"), Rung.TO_CAMAT),
        (nov(26, "07.30"), Rung.MORNING),
        (nov(27, "07.30"), Rung.MORNING),
    ]


@pytest.mark.parametrize("task", [Task.RECORD_VERDICT, Task.RECORD_RATIFICATION])
def test_an_outside_party_s_time_is_told_and_never_escalated(task):
    day = plan("1 Hari")
    assert ladder(day, running(day, nov(23, "10.00"), task=task), 9) == [(nov(24, "10.00"), Rung.DUE)]


def test_indicative_times_are_told_and_never_escalated():
    day = plan("1 Hari", indicative=True)
    assert ladder(day, running(day, nov(23, "10.00")), 9) == [(nov(24, "10.00"), Rung.DUE)]


def test_a_ratification_has_no_rungs_before_it_is_due():
    day = plan("1 Hari")
    signing = replace(running(day, nov(23, "10.00"), task=Task.RATIFY), ratification=0)
    assert [rung for _, rung in ladder(day, signing, 3)] == [Rung.DUE, Rung.OVERDUE, Rung.TO_SEKCAM]


def test_offered_to_several_its_running_time_rings_too():
    quarter = plan("15 Menit")
    untaken = replace(running(quarter, nov(23, "10.00")), state=AssignmentState.OFFERED, holder=None, automatic=True)
    after = Ring(at=nov(23, "10.00"), rung=Rung.GRACE_OVER)
    assert next_ring(quarter, CALENDAR, untaken, after) == Ring(at=nov(23, "10.15"), rung=Rung.DUE)


@pytest.mark.parametrize("state", [state for state in AssignmentState if not state.is_open])
def test_what_is_over_rings_no_more(state):
    day = plan("1 Hari")
    assert next_ring(day, CALENDAR, replace(running(day, nov(23, "10.00")), state=state), None) is None


def test_one_is_told_of_escalations_instead_of_the_officer():
    assert {rung: rung.escalates_to for rung in Rung if rung.escalates_to} == {
        Rung.TO_SEKCAM: SEKCAM,
        Rung.TO_CAMAT: CAMAT,
    }


def test_every_rung_rings_somewhere():
    day = plan("1 Hari")
    rung = {
        one for _, one in [*ladder(day, offered(nov(23, "09.00")), 9), *ladder(day, running(day, nov(23, "9.00")), 9)]
    }
    assert rung == set(Rung)


amounts = strategies.builds(
    StandardTime,
    weeks=strategies.integers(0, 2),
    days=strategies.integers(0, 6),
    hours=strategies.integers(0, 9),
    minutes=strategies.integers(1, 600),
)
instants = strategies.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1), timezones=strategies.just(UTC))  # noqa: DTZ001


@given(amounts, instants, strategies.booleans(), strategies.sampled_from(Task), strategies.integers(0, 200))
def test_rings_go_on_strictly_later_and_only_while_people_work(amount, at, accepted, task, grace):
    of = plan(str(amount))
    assignment = running(of, at, task=task) if accepted else offered(at, grace=grace)
    rings = ladder(of, assignment, 12)
    assert ladder(of, assignment, 12) == rings
    order = list(Rung)
    assert all(
        (earlier[0], order.index(earlier[1])) < (later[0], order.index(later[1])) for earlier, later in pairwise(rings)
    )
    rungs = [rung for _, rung in rings if rung is not Rung.MORNING]
    assert len(rungs) == len(set(rungs))
    for moment, rung in rings:
        # A closing time (or the beginning of a break) is the last instant of work, so it may ring then.
        assert CALENDAR.is_working(moment) or CALENDAR.is_working(moment - INSTANT), rung


@given(amounts, instants)
def test_mornings_go_on_and_none_is_left_out(amount, at):
    of = plan(str(amount))
    assignment = running(of, at)
    mornings = [moment for moment, rung in ladder(of, assignment, 30) if rung is Rung.MORNING]
    assert len(mornings) >= 30 - 6
    expected = CALENDAR.next_opening(CALENDAR.add_minutes(assignment.due_at, 1))
    for morning in mornings:
        assert morning == expected
        expected = CALENDAR.next_opening(morning)
