"""An office as the core sees it: who works there in which roles, its working calendar, its settings.

Counterpart: `sopbot/services/offices.py` builds it from the roster and the office's definition.
"""

from dataclasses import dataclass, field
from typing import NewType

from sopbot.domain.calendar import WorkingCalendar
from sopbot.domain.sop import Role

OfficerId = NewType("OfficerId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """A person of the office's register; names come from there, never from Telegram."""

    id: OfficerId
    name: str
    title: str  # jabatan, e.g. "Kepala Seksi Pemerintahan"
    roles: frozenset[Role]
    honorific: str | None = None  # "Bapak" or "Ibu"; never guessed
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One office at one moment: a value, read anew for every command."""

    slug: str
    name: str
    calendar: WorkingCalendar
    grace_minutes: int = 60  # working minutes after which an untouched step is accepted by itself
    roster: tuple[Officer, ...] = field(default=())

    def officer(self, officer_id: OfficerId) -> Officer | None:
        """Return the officer with that id, active or not, or None."""
        return next((one for one in self.roster if one.id == officer_id), None)

    def holders(self, role: Role) -> tuple[Officer, ...]:
        """Return the active holders of a role, in the roster's order."""
        return tuple(one for one in self.roster if one.active and role in one.roles)
