"""SOP versions: the files are loaded into the database, running instances keep the version they began with.

Counterpart: `sopbot/definitions/` reads the files; a bad one is left out whole and the last good version stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from sopbot.definitions.document import SopDocument
from sopbot.definitions.loader import canonical_json, from_stored, to_sop
from sopbot.domain.sop import Sop
from sopbot.services.ports import Clock
from sopbot.store import versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an SOP: the engine's value and the whole document."""

    sop: Sop
    document: SopDocument


@dataclass(slots=True)
class Catalogue:
    """Versions by hash; a version never changes, so what was read once is kept."""

    _versions: dict[str, Version] = field(default_factory=dict)

    def by_hash(self, conn: Connection, digest: str) -> Version:
        """Return the version with that hash; KeyError when the database has none."""
        version = self._versions.get(digest)
        if version is None:
            row = versions.get(conn, digest)
            if row is None:
                raise KeyError(digest)
            version = self._read(row.document)
            self._versions[digest] = version
        return version

    def current(self, conn: Connection, slug: str) -> Version | None:
        """Return the version that new instances of the SOP get, or None for an unknown slug."""
        row = versions.current(conn, slug)
        return None if row is None else self.by_hash(conn, row.hash)

    def of_office(self, conn: Connection, office: str) -> list[Version]:
        """Return the current versions of an office, by name."""
        found = [self.by_hash(conn, row.hash) for row in versions.all_current(conn, office)]
        return sorted(found, key=lambda version: version.sop.name.shown)

    @staticmethod
    def _read(document: str) -> Version:
        parsed = from_stored(document)
        return Version(sop=to_sop(parsed), document=parsed)


def publish(conn: Connection, documents: Sequence[SopDocument], clock: Clock) -> list[str]:
    """Store every document that is new or changed as the current version; return their slugs."""
    published = []
    for document in documents:
        sop = to_sop(document)
        row = versions.current(conn, sop.slug)
        if row is None or row.hash != sop.hash:
            versions.store(conn, sop.hash, sop.office, sop.slug, canonical_json(document), clock.now())
            published.append(sop.slug)
    return published
