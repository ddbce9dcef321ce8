"""National holidays and Ramadan windows as the `holidays` package has them; `domain/holidays.py` holds them.

Both categories are read: public (libur nasional) and government (cuti bersama); the package leaves the second out
unless asked, and 24 December 2026 would be a working day. It matches the joint decrees (SKB) of 2025 and 2026.
"""

import importlib.util
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import ModuleType

from sopbot.domain.calendar import WorkingCalendar
from sopbot.domain.holidays import HolidayList
from sopbot.domain.working_hours import DEFAULT_RAMADAN, DatedHours, Ramadan, WorkingHours, merged

FIRST_YEAR, LAST_YEAR = 2015, 2045
"""Enough for every instance that runs or is looked up; beyond them a year is just not complete."""


@cache
def national_holidays(first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> HolidayList:
    """Indonesia's holidays with their Indonesian names, years included; read once per process (about 100 ms).

    A year counts as complete if it has any joint leave; there is none yet from 2028 on.
    """
    indonesia = _indonesia().Indonesia
    years = range(first_year, last_year + 1)
    joint_leave = indonesia(years=years, categories=("government",), language="id")
    every = indonesia(years=years, categories=("public", "government"), language="id")
    return HolidayList(names=dict(every), complete_years=frozenset(day.year for day in joint_leave))


@cache
def ramadan_windows(first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> tuple[Ramadan, ...]:
    """Ramadan in these years: the known windows first, for other years what the package computes.

    Computed windows may be a day off until the isbat; an office's own configuration wins over all of them.
    """
    islamic = _indonesia().IndonesiaIslamicHolidays()
    years = range(first_year, last_year + 1)
    begins = sorted({day for year in years for day, _ in islamic.ramadan_beginning_dates(year)})
    feasts = sorted({day for year in range(first_year, last_year + 2) for day, _ in islamic.eid_al_fitr_dates(year)})
    computed = []
    for begin in begins:
        feast = next((day for day in feasts if day > begin), None)
        if feast and begin.year in years:
            computed.append(Ramadan(first=begin, last=feast - timedelta(days=1)))
    return merged((window for window in DEFAULT_RAMADAN if window.first.year in years), computed)


def national_calendar(hours: WorkingHours, zone_name: str) -> WorkingCalendar:
    """The calendar of an office that has these hours and overrides nothing."""
    return WorkingCalendar(
        zone_name=zone_name,
        hours=(DatedHours(since=date.min, hours=hours),),
        ramadan=ramadan_windows(),
        holidays=national_holidays(),
    )


@cache
def _indonesia() -> ModuleType:
    """Load the package's one module for Indonesia from its file.

    Importing it by its name would first import `holidays.countries`, which imports all 250 countries and more
    than doubles the time of a start (200 ms instead of 80).
    """
    package = importlib.util.find_spec("holidays")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("The package `holidays` is not installed.", name="holidays")
    file = Path(package.submodule_search_locations[0], "countries", "indonesia.py")
    spec = importlib.util.spec_from_file_location("sopbot_holidays_indonesia", file)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"The package `holidays` has no module {file.name}.", name="holidays")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
