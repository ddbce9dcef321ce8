"""Working time as sorted integers, for a span of years; `calendar.py` asks it, in dates and instants.

Every position is a number of microseconds since local midnight of `EPOCH`. An office's zone has a fixed offset,
so local time is a plain line: intervals lie on it in order, and a prefix sum tells how much work lies before
each. Every question is then one or two binary searches. A position outside the span raises IndexError.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sopbot.domain.working_hours import DatedHours, Ramadan, WorkingHours

EPOCH = date(1990, 1, 1)
_EPOCH_ORDINAL = EPOCH.toordinal()
MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The working intervals of the years `first_year` to `last_year`, laid out for searching.

    `starts`, `ends` and `before` (work done before an interval), `after` (work done by its end) run parallel;
    `day_numbers` are the working days, `ranks` give for each day of the span how many of them lie before it.
    From each of `changes` on, a week counts as many working days as `week_lengths` has in its place (rule 5).
    """

    first_year: int
    last_year: int
    low: int
    starts: list[int]
    ends: list[int]
    before: list[int]
    after: list[int]
    day_numbers: list[int]
    openings: list[int]
    ranks: list[int]
    changes: list[int]
    week_lengths: list[int]

    def due(self, at: int, weeks: int, days: int, work: int) -> int:
        """Rules 2 to 6: the effective start, then weeks and days, then microseconds of work; the hot path."""
        if at < self.low:
            raise IndexError(at)
        index = bisect_right(self.ends, at)
        start = self.starts[index]
        at = max(at, start)
        if weeks:
            days += weeks * self.week_lengths[bisect_right(self.changes, at) - 1]
        if days:
            at = self._same_clock(at, days)
            if not work:
                return at
            index = bisect_right(self.ends, at)
            start = self.starts[index]
        elif not work:
            return at
        # Rule 3: the earliest instant by which the work lies behind, so 16.00 and never 07.30 the next day.
        target = self.before[index] + max(at - start, 0) + work
        index = bisect_left(self.after, target, index)
        return self.starts[index] + target - self.before[index]

    def _same_clock(self, at: int, days: int) -> int:
        """Rule 4: from a worked instant to the same clock time on the `days`-th following working day."""
        number = at // DAY
        target = self.day_numbers[self.ranks[number - self.low // DAY] + days]
        moved = at + (target - number) * DAY
        index = bisect_right(self.ends, moved)
        start = self.starts[index]
        if start >= (target + 1) * DAY:
            return self.ends[index - 1]
        return max(moved, start)

    def worked(self, at: int) -> int:
        """How much work lies between the span's beginning and this instant."""
        if at < self.low:
            raise IndexError(at)
        index = bisect_right(self.ends, at)
        start = self.starts[index]
        return self.before[index] + at - start if at > start else self.before[index]

    def latest_with(self, work: int) -> int:
        """The latest instant before which no more than this much work lies."""
        if work < 0:
            raise IndexError(work)
        index = bisect_right(self.before, work) - 1
        return self.starts[index] + work - self.before[index]

    def opening_after(self, at: int) -> int:
        """The first working day's opening strictly after this instant."""
        if at < self.low:
            raise IndexError(at)
        return self.openings[bisect_right(self.openings, at)]

    def spans_of(self, midnight: int) -> tuple[tuple[int, int], ...]:
        """The working intervals of the day that begins at this instant."""
        if midnight < self.low:
            raise IndexError(midnight)
        rank = self.ranks[(midnight - self.low) // DAY]
        if self.day_numbers[rank] != midnight // DAY:
            return ()
        first = bisect_left(self.starts, midnight)
        last = bisect_left(self.starts, midnight + DAY)
        return tuple(zip(self.starts[first:last], self.ends[first:last], strict=True))


EMPTY = Timeline(
    first_year=9999,
    last_year=0,
    low=10**20,
    starts=[],
    ends=[],
    before=[],
    after=[],
    day_numbers=[],
    openings=[],
    ranks=[],
    changes=[],
    week_lengths=[],
)
"""The timeline of no years: whatever it is asked lies outside."""


def lay_out(
    first_year: int,
    last_year: int,
    hours: tuple[DatedHours, ...],
    ramadan: tuple[Ramadan, ...],
    holidays: Container[date],
) -> Timeline:
    """Lay out the years, both included; about a millisecond for three of them."""
    low, high = day_number(date(first_year, 1, 1)), day_number(date(last_year + 1, 1, 1))
    starts: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    after: list[int] = []
    day_numbers: list[int] = []
    openings: list[int] = []
    ranks: list[int] = []
    work = 0
    changes = [low, *(number for dated in hours if low < (number := day_number(dated.since)) < high)]
    fasting = {number for window in ramadan for number in range(day_number(window.first), day_number(window.last) + 1)}
    for number, spans in _days([*changes, high], hours, fasting, holidays):
        ranks.append(len(day_numbers))
        if not spans:
            continue
        midnight = number * DAY
        day_numbers.append(number)
        openings.append(midnight + spans[0][0])
        for opens, closes in spans:
            starts.append(midnight + opens)
            ends.append(midnight + closes)
            before.append(work)
            work += closes - opens
            after.append(work)
    return Timeline(
        first_year=first_year,
        last_year=last_year,
        low=low * DAY,
        starts=starts,
        ends=ends,
        before=before,
        after=after,
        day_numbers=day_numbers,
        openings=openings,
        ranks=ranks,
        changes=[number * DAY for number in changes],
        week_lengths=[hours_on(_date(number), hours).days_per_week for number in changes],
    )


def day_number(day: date) -> int:
    """Days since EPOCH."""
    return day.toordinal() - _EPOCH_ORDINAL


def hours_on(day: date, hours: tuple[DatedHours, ...]) -> WorkingHours:
    """The profile in force: the last one that has begun, or the first where none has."""
    in_force = hours[0].hours
    for dated in hours[1:]:
        if dated.since <= day:
            in_force = dated.hours
    return in_force


def _date(number: int) -> date:
    return date.fromordinal(number + _EPOCH_ORDINAL)


_Spans = tuple[tuple[int, int], ...]


def _days(
    changes: list[int], hours: tuple[DatedHours, ...], fasting: set[int], holidays: Container[date]
) -> Iterator[tuple[int, _Spans]]:
    """Give every day between the changes with its intervals; a holiday, like a day off, has none (rule 1)."""
    for begin, end in pairwise(changes):
        profile = hours_on(_date(begin), hours)
        normal, ramadan = (
            [tuple((span.opens * MINUTE, span.closes * MINUTE) for span in spans) for spans in week]
            for week in (profile.normal, profile.ramadan)
        )
        for number in range(begin, end):
            day = _date(number)
            spans = (ramadan if number in fasting else normal)[day.weekday()]
            yield number, () if day in holidays else spans
