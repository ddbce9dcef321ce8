"""Working hours as plain data: weeks of intervals, shipped profiles, Ramadan; `timeline.py` lays them out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Self

_CLOCKS = re.compile(r"\s*([0-2]?[0-9])[.:]([0-5][0-9])\s*[-–]\s*([0-2]?[0-9])[.:]([0-5][0-9])\s*")
_MINUTES_OF_A_DAY = 24 * 60


class InvalidWorkingHours(ValueError):
    """Hours that no office can keep; its message is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of work within a day, in minutes after midnight: `opens` included, `closes` excluded."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        """Refuse an interval that is empty, runs backwards or leaves its day."""
        if not 0 <= self.opens < self.closes <= _MINUTES_OF_A_DAY:
            raise InvalidWorkingHours(f"A working interval must open before it closes within one day, not {self}.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "07.30-12.00" (a colon and an en dash will do); raises InvalidWorkingHours."""
        clocks = _CLOCKS.fullmatch(text)
        if clocks is None:
            raise InvalidWorkingHours(f'A working interval is written like "07.30-12.00", not {text!r}.')
        hour, minute, end_hour, end_minute = (int(number) for number in clocks.groups())
        return cls(hour * 60 + minute, end_hour * 60 + end_minute)

    def __str__(self) -> str:
        """Write it as `parse` reads it."""
        opens, closes = divmod(self.opens, 60), divmod(self.closes, 60)
        return f"{opens[0]:02}.{opens[1]:02}-{closes[0]:02}.{closes[1]:02}"


Day = tuple[Interval, ...]
Week = tuple[Day, Day, Day, Day, Day, Day, Day]
"""Seven days from Monday; a day without intervals is not worked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """A profile: the hours of a normal week and those of a week in Ramadan."""

    name: str
    normal: Week
    ramadan: Week

    def __post_init__(self) -> None:
        """Refuse a week that is not seven days, has no work, or intervals out of order or overlapping."""
        for days in (self.normal, self.ramadan):
            if len(days) != 7 or not any(days):  # noqa: PLR2004 -- the days of a week
                raise InvalidWorkingHours(f"The working hours {self.name!r} need seven days with some work in them.")
            for spans in days:
                if any(later.opens <= earlier.closes for earlier, later in pairwise(spans)):
                    raise InvalidWorkingHours(
                        f"The intervals {', '.join(map(str, spans))} of {self.name!r} touch or overlap."
                    )

    @property
    def days_per_week(self) -> int:
        """How many working days make one Pekan (rule 5): 5, or 6 in a six-day office."""
        return sum(1 for spans in self.normal if spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedHours:
    """Working hours and the first local date on which they hold; they hold until the next ones begin."""

    since: date
    hours: WorkingHours


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramadan:
    """A window of local dates, both included, in which the Ramadan hours hold."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse a window longer than a month can be, or running backwards."""
        if not timedelta(0) <= self.last - self.first <= timedelta(days=30):
            raise InvalidWorkingHours(f"Ramadan cannot last from {self.first} to {self.last}.")


def day(text: str) -> Day:
    """Build a day from text like "07.30-12.00 13.00-16.00"; the empty text is a day off."""
    return tuple(Interval.parse(part) for part in text.split())


def week(weekdays: str, *, friday: str, saturday: str = "") -> Week:
    """Build a week from the texts of Monday to Thursday, of Friday and of Saturday; Sunday is off."""
    usual = day(weekdays)
    return (usual, usual, usual, usual, day(friday), day(saturday), ())


# Source: Perpres 21/2023; Banyumas's breaks are inferred from its weekly total.
PERPRES_5_HARI = WorkingHours(
    name="perpres-5-hari",
    normal=week("07.30-12.00 13.00-16.00", friday="07.30-11.30 13.00-16.30"),
    ramadan=week("08.00-12.00 12.30-15.00", friday="08.00-11.30 12.30-15.30"),
)
BANYUMAS_5_HARI = WorkingHours(
    name="banyumas-5-hari",
    normal=week("07.15-12.00 12.30-15.30", friday="07.15-11.30 13.00-15.15"),
    ramadan=week("07.30-14.45", friday="07.30-11.00"),
)
ENAM_HARI = WorkingHours(
    name="enam-hari",
    normal=week("07.00-14.00", friday="07.00-11.00", saturday="07.00-12.30"),
    ramadan=week("08.00-12.00 12.30-14.00", friday="08.00-11.30 12.30-14.30", saturday="08.00-12.00 12.30-14.00"),
)
PROFILES = {hours.name: hours for hours in (PERPRES_5_HARI, BANYUMAS_5_HARI, ENAM_HARI)}

# As the isbat had it, and an estimate for 2027; they win over computed dates, which have 2025 a day late.
DEFAULT_RAMADAN = (
    Ramadan(first=date(2024, 3, 12), last=date(2024, 4, 9)),
    Ramadan(first=date(2025, 3, 1), last=date(2025, 3, 30)),
    Ramadan(first=date(2026, 2, 19), last=date(2026, 3, 20)),
    Ramadan(first=date(2027, 2, 8), last=date(2027, 3, 9)),
)


def merged(preferred: Iterable[Ramadan], others: Iterable[Ramadan]) -> tuple[Ramadan, ...]:
    """Put windows in order, leaving out each of `others` that stands for the same Ramadan as a preferred one.

    So what an office has confirmed wins over what is shipped, and what is shipped over what is computed. Two
    windows mean the same Ramadan if they begin less than half a month apart: one calendar year can hold two.
    """
    chosen = list(preferred)
    firsts = [window.first for window in chosen]
    chosen += [w for w in others if all(abs(w.first - first) > timedelta(days=15) for first in firsts)]
    return tuple(sorted(chosen, key=lambda window: window.first))
