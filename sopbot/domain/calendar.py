"""An office's working calendar: due instants, working minutes, openings; `timeline.py` does the searching.

Instants go in aware, in any zone, and come out aware UTC. They keep their seconds and microseconds: due is
the earliest instant that completes the amount, so work begun at 09.00.20 is due after 15 minutes at 09.15.20.
A naive instant raises TypeError, one outside 1990 to 2100 OutsideCalendar.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import TypeVar
from zoneinfo import ZoneInfo

from sopbot.domain.deadline import ClockMove, Deadline, SkipKind, Skipped
from sopbot.domain.holidays import HolidayList
from sopbot.domain.standard_time import StandardTime
from sopbot.domain.timeline import (
    DAY,
    EMPTY,
    EPOCH,
    MINUTE,
    Timeline,
    day_number,
    hours_on,
    lay_out,
)
from sopbot.domain.working_hours import DatedHours, Ramadan, WorkingHours

FIRST_YEAR, LAST_YEAR = EPOCH.year, 2100
_END = day_number(date(LAST_YEAR + 1, 1, 1)) * DAY
_T = TypeVar("_T")
_ONE_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)


class OutsideCalendar(ValueError):
    """A question about years that no working calendar reaches; its message is one sentence for people."""


class NotAWorkingDay(ValueError):
    """The opening or closing time of a day on which the office does not work; its message is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """When an office works: zone, dated working hours, Ramadan windows and holidays; an immutable value.

    The timeline is a cache that grows by whole years when a question reaches beyond it; two threads that grow
    it at once do the same work twice and harm nothing. `deadline.py` lists the rules.
    """

    zone_name: str
    hours: tuple[DatedHours, ...]
    ramadan: tuple[Ramadan, ...] = ()
    holidays: HolidayList = field(default_factory=HolidayList)
    _midnight: datetime = field(init=False, repr=False, compare=False)
    _line: Timeline = field(init=False, repr=False, compare=False, default=EMPTY)

    def __post_init__(self) -> None:
        """Put the hours in order; raises ValueError for none, two that begin at once, or an unfit zone."""
        hours = tuple(sorted(self.hours, key=lambda dated: dated.since))
        if not hours:
            raise ValueError("A working calendar needs working hours.")
        for earlier, later in pairwise(hours):
            if earlier.since == later.since:
                raise ValueError(f"Two sets of working hours begin on {later.since}.")
        object.__setattr__(self, "hours", hours)
        object.__setattr__(self, "_midnight", _midnight_of_epoch(self.zone_name))

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.zone_name)

    def deadline(self, start: datetime, amount: StandardTime) -> datetime:
        """The earliest instant that completes `amount` of working time from `start` (rules 2 to 6)."""
        at = self._position(start)
        work = (amount.hours * 60 + amount.minutes) * MINUTE
        try:
            due = self._line.due(at, amount.weeks, amount.days, work)
        except IndexError:
            due = self._ask(at, lambda line: line.due(at, amount.weeks, amount.days, work))
        return self._instant(due)

    def explain(self, start: datetime, amount: StandardTime) -> Deadline:
        """Give the same due instant as `deadline`, with what it passes over."""
        effective = self.effective_start(start)
        in_days = StandardTime(weeks=amount.weeks, days=amount.days)
        counted = self.deadline(start, in_days)
        due = self.deadline(start, amount)
        return Deadline(
            start=start.astimezone(UTC),
            effective_start=effective,
            due=due,
            skipped=tuple(self._skipped(start, effective, counted, due)),
            moved=self._moved(effective, counted) if amount.at_least_a_day else None,
            unknown_years=self.unknown_years(start, due),
        )

    def effective_start(self, at: datetime) -> datetime:
        """The same instant if it is worked, else the next interval's start, also exactly at closing."""
        position = self._position(at)
        return self._instant(self._ask(position, lambda line: line.due(position, 0, 0, 0)))

    def working_minutes(self, start: datetime, end: datetime) -> int:
        """Whole working minutes between two instants, rounded down; 0 if `end` is not after `start`."""
        first, last = self._position(start), self._position(end)
        if last <= first:
            return 0
        # Both in one question: two answers from two timelines, one of them grown, would have no common zero.
        return self._ask(first, lambda line: line.worked(last) - line.worked(first)) // MINUTE

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        """The earliest instant that completes `minutes` of work; for 0 the effective start."""
        return self.deadline(start, StandardTime(minutes=minutes))

    def subtract_minutes(self, end: datetime, minutes: int) -> datetime:
        """The latest instant from which `minutes` of work lead to `end`; for 0 that is `end` itself.

        An `end` outside working time stands for the closing (or the break's beginning) before it.
        """
        if minutes < 0:
            raise ValueError("Working minutes to subtract cannot be negative.")
        if minutes == 0:
            return end.astimezone(UTC)
        at = self._position(end)
        return self._instant(self._ask(at, lambda line: line.latest_with(line.worked(at) - minutes * MINUTE)))

    def next_opening(self, after: datetime) -> datetime:
        """The opening of a working morning, strictly after this instant."""
        at = self._position(after)
        return self._instant(self._ask(at, lambda line: line.opening_after(at)))

    def is_working(self, at: datetime) -> bool:
        """Whether work counts at this instant; at opening it does, at closing no more."""
        position = self._position(at)
        return self._ask(position, lambda line: line.due(position, 0, 0, 0)) == position

    def is_working_day(self, day: date) -> bool:
        """Whether this local date has any working interval (rule 1)."""
        return bool(self._spans(day))

    def opening(self, day: date) -> datetime:
        """When work begins on this local date; raises NotAWorkingDay."""
        return self._worked_spans(day)[0][0]

    def closing(self, day: date) -> datetime:
        """When work ends on this local date (what a bare date means as a deadline); raises NotAWorkingDay."""
        return self._worked_spans(day)[-1][1]

    def local(self, at: datetime) -> datetime:
        """Show the instant as the office's clock does."""
        return at.astimezone(self.zone)

    def hours_on(self, day: date) -> WorkingHours:
        """The profile in force on this local date."""
        return hours_on(day, self.hours)

    def unknown_years(self, start: datetime, end: datetime) -> tuple[int, ...]:
        """The local years between two instants whose joint leave (cuti bersama) is unknown: warn."""
        years = range(self.local(start).year, self.local(end).year + 1)
        return tuple(year for year in years if year not in self.holidays.complete_years)

    def _skipped(self, start: datetime, effective: datetime, counted: datetime, due: datetime) -> Iterator[Skipped]:
        """Days off between start and due; breaks and closings where minutes ran, or the start fell, into them."""
        idle = ((start, effective), (counted, due))
        day, last = self.local(start).date(), self.local(due).date()
        while day <= last:
            spans = self._spans(day)
            if not spans:
                name = self.holidays.names.get(day, "")
                worked_else = self.hours_on(day).normal[day.weekday()]
                yield Skipped(day=day, kind=SkipKind.HOLIDAY if name and worked_else else SkipKind.WEEKEND, name=name)
            gaps = [(SkipKind.BREAK, earlier[1], later[0]) for earlier, later in pairwise(spans)]
            if spans:
                gaps.append((SkipKind.CLOSING, spans[-1][1], self._instant((day_number(day) + 1) * DAY)))
            for kind, begins, ends in gaps:
                if any(max(begins, since) < min(ends, until) for since, until in idle):
                    yield Skipped(day=day, kind=kind)
            day += _ONE_DAY

    def _moved(self, effective: datetime, counted: datetime) -> ClockMove | None:
        before, after = self.local(effective).time(), self.local(counted).time()
        if before == after:
            return None
        if after < before:
            return ClockMove.CLOSING
        at_opening = counted == self.opening(self.local(counted).date())
        return ClockMove.OPENING if at_opening else ClockMove.BREAK_END

    def _worked_spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        spans = self._spans(day)
        if not spans:
            raise NotAWorkingDay(f"The office does not work on {day}.")
        return spans

    def _spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        at = day_number(day) * DAY
        spans = self._ask(at, lambda line: line.spans_of(at))
        return tuple((self._instant(begins), self._instant(ends)) for begins, ends in spans)

    def _position(self, at: datetime) -> int:
        return (at - self._midnight) // _MICROSECOND

    def _instant(self, position: int) -> datetime:
        return self._midnight + position * _MICROSECOND

    def _ask(self, at: int, question: Callable[[Timeline], _T]) -> _T:
        line = self._line
        while True:
            try:
                return question(line)
            except IndexError:
                line = self._grown(line, at)
                object.__setattr__(self, "_line", line)

    def _grown(self, line: Timeline, at: int) -> Timeline:
        """Reach the asked instant or, where only the answer was out of reach, thrice as many years."""
        if not 0 <= at < _END:
            raise OutsideCalendar(f"The working calendar reaches from {FIRST_YEAR} to {LAST_YEAR} only.")
        year = (EPOCH + timedelta(days=at // DAY)).year
        if line.first_year <= year <= line.last_year:
            reach = line.last_year - line.first_year + 1
            first, last = line.first_year - reach, line.last_year + reach
        else:
            first, last = min(line.first_year, year - 1), max(line.last_year, year + 1)
        first, last = max(first, FIRST_YEAR), min(last, LAST_YEAR)
        if (first, last) == (line.first_year, line.last_year):
            raise OutsideCalendar(f"The working calendar reaches from {FIRST_YEAR} to {LAST_YEAR} only.")
        return lay_out(first, last, self.hours, self.ramadan, self.holidays.names)


@cache
def _midnight_of_epoch(zone_name: str) -> datetime:
    """Local midnight of EPOCH in UTC; raises ValueError for an unknown zone or one whose offset changes.

    Indonesia has no daylight saving time and its zones have not changed since 1988, so one offset serves and
    instants need no conversion; a zone where that is not so would make every answer wrong, and is refused.
    """
    try:
        zone = ZoneInfo(zone_name)
    except (LookupError, OSError, ValueError):
        raise ValueError(f"There is no time zone {zone_name!r}.") from None
    midnight = datetime.combine(EPOCH, time(), zone)
    offsets = {
        datetime(year, month, 1, tzinfo=zone).utcoffset()
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for month in (1, 4, 7, 10)
    }
    if len(offsets) > 1:
        raise ValueError(f"The time zone {zone_name!r} changes its offset, which a working calendar cannot count with.")
    return midnight.astimezone(UTC)
