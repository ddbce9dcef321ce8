"""Holidays as plain data, with an office's overrides; `definitions/public_holidays.py` has the national ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayList:
    """The dates on which an office is closed, each with its Indonesian name.

    `complete_years` are those whose joint leave (cuti bersama) is known too; in any other year a deadline may
    still move when the government announces it, so callers warn.
    """

    names: Mapping[date, str] = field(default_factory=dict, hash=False)
    complete_years: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        """Take a copy, in order of date, so that the list stays the value it is."""
        object.__setattr__(self, "names", dict(sorted(self.names.items())))

    def with_added(self, names: Mapping[date, str]) -> "HolidayList":
        """Add holidays, such as a region's own; a date already listed takes the new name."""
        return replace(self, names={**self.names, **names})

    def without(self, dates: Iterable[date]) -> "HolidayList":
        """Remove holidays, as when a Keppres shrinks the joint decree; unlisted dates are ignored."""
        removed = set(dates)
        return replace(self, names={day: name for day, name in self.names.items() if day not in removed})

    def with_year(self, year: int, names: Mapping[date, str]) -> "HolidayList":
        """Replace a whole year, complete from then on; raises ValueError for a date of another year."""
        strays = [day for day in names if day.year != year]
        if strays:
            raise ValueError(f"The holidays of {year} include {min(strays)}, which is not in that year.")
        kept = {day: name for day, name in self.names.items() if day.year != year}
        return replace(self, names={**kept, **names}, complete_years=self.complete_years | {year})
