"""The offices as the core sees them: definition and calendar from the files, the roster from the database.

The roster is read anew inside every transaction: authority is what it is at the commit, not at the tap.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from sopbot.definitions.office import OfficeDefinition
from sopbot.domain.office import Office, Officer, OfficerId
from sopbot.domain.sop import Role
from sopbot.store import people


@dataclass(frozen=True, slots=True)
class Offices:
    """Every office that the definitions describe, by slug."""

    definitions: Mapping[str, OfficeDefinition]

    def now(self, conn: Connection, slug: str) -> Office:
        """Return the office with the roster as it stands in this transaction; KeyError if there is none."""
        definition = self.definitions[slug]
        return Office(
            slug=slug,
            name=definition.name,
            calendar=definition.calendar,
            grace_minutes=definition.grace_minutes,
            roster=tuple(officer_of(row) for row in people.of_office(conn, slug)),
        )

    def role_labels(self, slug: str, roles: frozenset[Role]) -> list[str]:
        """Return what the office calls these roles, in order of rank."""
        return [label for role, label in self.definitions[slug].roles.items() if role in roles]


def officer_of(row: people.OfficerRow) -> Officer:
    """Return a row of the register as the core's value."""
    return Officer(
        id=OfficerId(row.id),
        name=row.name,
        title=row.title,
        roles=frozenset(Role(role) for role in row.roles),
        honorific=row.honorific,
        active=row.active,
    )
