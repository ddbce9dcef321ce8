"""Dates, times and durations in Indonesian, and the sentence that explains a due instant.

Counterpart: `domain/deadline.py` has the facts. The names of days and months and the zones' abbreviations (WIB,
WITA, WIT) are Babel's; they are cached, since Babel takes 50 microseconds a time and every message shows a date.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import assert_never
from zoneinfo import ZoneInfo

from sopbot.domain.calendar import WorkingCalendar
from sopbot.domain.deadline import ClockMove, Deadline, SkipKind, Skipped
from sopbot.domain.standard_time import StandardTime

_LOCALE = "id"
_MOVES = {
    ClockMove.OPENING: "disesuaikan ke jam masuk",
    ClockMove.BREAK_END: "disesuaikan ke akhir istirahat",
    ClockMove.CLOSING: "disesuaikan ke jam pulang",
}
# A longer explanation is not read; Lebaran with Nyepi and a weekend needs five.
_NAMES_SHOWN = 8


def full(at: datetime, zone: ZoneInfo) -> str:
    """Write "Jumat, 20 November 2026 pukul 10.00 WIB"; `at` is aware, `zone` the office's."""
    local = at.astimezone(zone)
    return f"{day(local.date())} pukul {local:%H.%M} {abbreviation(zone)}"


def clock(at: datetime, zone: ZoneInfo) -> str:
    """Write "10.00 WIB"."""
    return f"{at.astimezone(zone):%H.%M} {abbreviation(zone)}"


def short(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Write "hari ini 10.00", "besok 07.30", "Sen 23 Nov 10.00", or with the year where it is not this one."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    days = (local.date() - today).days
    named = {-1: "kemarin", 0: "hari ini", 1: "besok"}.get(days)
    pattern = "EEE d MMM" if local.year == today.year else "EEE d MMM y"
    return f"{named or _formatted(local.date(), pattern)} {local:%H.%M}"


def day(local_date: date) -> str:
    """Write "Jumat, 20 November 2026"."""
    return _formatted(local_date, "EEEE, d MMMM y")


@lru_cache(maxsize=16)
def abbreviation(zone: ZoneInfo) -> str:
    """Write the zone as officers know it: WIB, WITA or WIT."""
    from babel.dates import get_timezone_name

    # Without a variant Babel answers with the city: "Waktu Indonesia (Jakarta)".
    return get_timezone_name(zone, width="short", zone_variant="standard", locale=_LOCALE)


def duration_minutes(minutes: int) -> str:
    """Write "2 jam 15 menit"; hours are of the clock, never of working days."""
    hours, rest = divmod(max(minutes, 0), 60)
    return " ".join(f"{number} {unit}" for number, unit in ((hours, "jam"), (rest, "menit")) if number) or "0 menit"


def working_duration(minutes: int) -> str:
    """Write "2 jam 15 menit (jam kerja)", as lateness is told."""
    return f"{duration_minutes(minutes)} (jam kerja)"


def reason(deadline: Deadline, amount: StandardTime, calendar: WorkingCalendar) -> str:
    """Say in one line how a due instant came about.

    "1 Hari kerja sejak Jumat, 20 November 2026 pukul 10.00 WIB, melewati Sabtu, Minggu".
    """
    zone = calendar.zone
    parts = [f"{amount} kerja sejak {full(deadline.start, zone)}"]
    if deadline.effective_start != deadline.start:
        parts.append(f"dihitung mulai {full(deadline.effective_start, zone)}")
    if passed := _passed(deadline.skipped):
        parts.append("melewati " + ", ".join(passed))
    if deadline.moved:
        parts.append(_MOVES[deadline.moved])
    if years := ", ".join(map(str, deadline.unknown_years)):
        parts.append(f"cuti bersama {years} belum diketahui sehingga jatuh tempo dapat berubah")
    return ", ".join(parts)


def _passed(skipped: Iterable[Skipped]) -> list[str]:
    """Name each thing passed over once, in order of first appearance; holidays with their dates."""
    named: dict[str, list[date]] = {}
    for passed in skipped:
        match passed.kind:
            case SkipKind.BREAK:
                named.setdefault("istirahat", [])
            case SkipKind.CLOSING:
                named.setdefault("jam pulang", [])
            case SkipKind.WEEKEND:
                named.setdefault(_formatted(passed.day, "EEEE"), [])
            case SkipKind.HOLIDAY:
                named.setdefault(passed.name, []).append(passed.day)
            case _:
                assert_never(passed.kind)
    names = [f"{name} ({_dates(days)})" if days else name for name, days in named.items()]
    if len(names) <= _NAMES_SHOWN:
        return names
    return [*names[:_NAMES_SHOWN], f"dan {len(names) - _NAMES_SHOWN} libur lain"]


def _dates(days: list[date]) -> str:
    """Write "20, 23, 24 Mar", with every month named where they differ."""
    if len({(local_date.year, local_date.month) for local_date in days}) == 1:
        return ", ".join([*(str(local_date.day) for local_date in days[:-1]), _formatted(days[-1], "d MMM")])
    return ", ".join(_formatted(local_date, "d MMM y") for local_date in days)


@lru_cache(maxsize=4096)
def _formatted(local_date: date, pattern: str) -> str:
    from babel.dates import format_date

    return format_date(local_date, pattern, locale=_LOCALE)
