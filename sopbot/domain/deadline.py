"""A due instant and the facts that explain it; `calendar.py` computes it, `chat/dates.py` puts it in words.

The deadline rules, by which other modules name them:

1. A working day has at least one working interval: no weekend, national holiday, joint leave or local holiday.
2. Effective start: an instant outside the working intervals moves to the next interval's start; exactly at
   closing time it moves too.
3. Menit and Jam count only inside intervals; due is the earliest instant that completes the amount: 16.00,
   never 07.30 of the next day.
4. N Hari: rule 2 first, then the same clock time on the N-th following working day; before opening it becomes the
   opening, in a break or exactly where one begins the break's end, after closing the closing.
5. 1 Pekan = 1 Minggu = the working days of the office's week (5 or 6); holidays extend it.
6. Mixed amounts: weeks and days first, then hours and minutes.
7. Late means finished after due; lateness is told in working minutes.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class SkipKind(StrEnum):
    """Why time between the start and the due instant did not count."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    BREAK = "break"
    CLOSING = "closing"


class ClockMove(StrEnum):
    """Where the same clock time went on a day that does not work at it (rule 4)."""

    OPENING = "opening"
    BREAK_END = "break_end"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A local date whose work was passed over, wholly (weekend, holiday) or at its break or closing time."""

    day: date
    kind: SkipKind
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """When an amount that starts at `start` is due; all instants are aware UTC.

    `effective_start` differs from `start` where that lies outside working time; `moved` tells that the clock
    time of a count in days had to give way; `unknown_years` are years passed whose joint leave is not known.
    """

    start: datetime
    effective_start: datetime
    due: datetime
    skipped: tuple[Skipped, ...] = ()
    moved: ClockMove | None = None
    unknown_years: tuple[int, ...] = ()
