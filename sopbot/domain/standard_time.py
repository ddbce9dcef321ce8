"""Standard time (waktu baku), the working time a step may take; `calendar.py` turns it into a due instant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

_UNITS = {"pekan": "weeks", "minggu": "weeks", "hari": "days", "jam": "hours", "menit": "minutes"}
# Five digits are far beyond any SOP and keep a typing slip from becoming a deadline in another century.
_PART = re.compile(r"([0-9]{1,5})\s*(pekan|minggu|hari|jam|menit)(?:\s+kerja)?(?![a-z])", re.IGNORECASE)
_JOINT = re.compile(r"\s*(?:,|\bdan\b)?\s*", re.IGNORECASE)


class InvalidStandardTime(ValueError):
    """A text or a number that is no standard time; its message is one sentence for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardTime:
    """An amount of working time in four fields that are never converted into each other.

    A week (Pekan = Minggu) is the office's own working week, a day leads to the same clock time on the next
    working day, hours and minutes count inside working intervals only. `deadline.py` lists
    the rules.
    """

    weeks: int = 0
    days: int = 0
    hours: int = 0
    minutes: int = 0

    def __post_init__(self) -> None:
        """Refuse negative fields: time that runs backwards is not a standard."""
        if min(self.weeks, self.days, self.hours, self.minutes) < 0:
            raise InvalidStandardTime(f"A standard time cannot be negative, but this one is {self!r}.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read Indonesian text such as "30 Menit", "1 Hari 30 Menit" or "1 Pekan", in any case.

        Raises InvalidStandardTime for anything else, a unit given twice, or an amount of nothing.
        """
        fields: dict[str, int] = {}
        for number, unit in _parts(text):
            field = _UNITS[unit]
            if field in fields:
                raise InvalidStandardTime(_refusal(text, "names the same unit twice"))
            fields[field] = number
        if not any(fields.values()):
            raise InvalidStandardTime(_refusal(text, "amounts to nothing"))
        return cls(**fields)

    def __add__(self, other: "StandardTime") -> "StandardTime":
        """Add field by field, as the sources' own totals do: 4 Hari 55 Menit, not 4 Hari 1 Jam."""
        if not isinstance(other, StandardTime):
            return NotImplemented
        return StandardTime(
            weeks=self.weeks + other.weeks,
            days=self.days + other.days,
            hours=self.hours + other.hours,
            minutes=self.minutes + other.minutes,
        )

    def __str__(self) -> str:
        """Write it as the SOPs do, largest unit first: "1 Hari 30 Menit"; `parse` reads it back."""
        named = ((self.weeks, "Pekan"), (self.days, "Hari"), (self.hours, "Jam"), (self.minutes, "Menit"))
        return " ".join(f"{number} {unit}" for number, unit in named if number) or "0 Menit"

    @property
    def at_least_a_day(self) -> bool:
        """Whether it counts days or weeks, so that reminders a day ahead make sense."""
        return bool(self.weeks or self.days)


def _parts(text: str) -> Iterator[tuple[int, str]]:
    rest = text.strip()
    if not rest:
        raise InvalidStandardTime(_refusal(text, "is empty"))
    while rest:
        part = _PART.match(rest)
        if part is None:
            raise InvalidStandardTime(_refusal(text, f"cannot be read at {rest[:20]!r}"))
        yield int(part[1]), part[2].lower()
        rest = rest[part.end() :]
        joint = _JOINT.match(rest)
        rest, trailing = (rest[joint.end() :], joint[0].strip()) if joint else (rest, "")
        if trailing and not rest:
            raise InvalidStandardTime(_refusal(text, f"ends in {trailing!r}"))


def _refusal(text: str, why: str) -> str:
    return f'The standard time {text[:60]!r} {why}; write it like "30 Menit", "1 Hari 30 Menit" or "1 Pekan".'
