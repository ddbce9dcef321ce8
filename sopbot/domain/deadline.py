"""A due instant and the facts that explain it; `calendar.py` computes it, `chat/dates.py` puts it in words."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sopbot.domain.standard_time import StandardTime


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
    amount: StandardTime
    effective_start: datetime
    due: datetime
    skipped: tuple[Skipped, ...] = ()
    moved: ClockMove | None = None
    unknown_years: tuple[int, ...] = ()
