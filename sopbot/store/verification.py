"""Proof that nobody changed the trail: every hash computed anew, every number in its place, the guards there.

What the chain alone cannot show is one rebuilt or cut by somebody who can write the database. For that there are
anchors: ends of chains noted elsewhere (`sopbot/store/anchors.py`, and the receipts on officers' phones).
Counterpart: `sopbot trail verify`; that folding the trail gives the tables is checked in `sopbot/services/`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import DatabaseError

from sopbot.store import guards, meta
from sopbot.store.anchors import Anchor, read_anchors, write_anchor
from sopbot.store.canonical import genesis_of, leaf_of, link_of
from sopbot.store.instants import from_micros
from sopbot.store.tables.record import chain, trail
from sopbot.store.trail import moment_text

__all__ = ["ALTERED", "GUARDS_MISSING", "TRUNCATED", "Anchor", "Finding", "read_anchors", "verify", "write_anchor"]

ALTERED: Final = 10
TRUNCATED: Final = 11
GUARDS_MISSING: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong with the trail; `code` is the exit code that it deserves."""

    code: int
    office: str | None
    seq: int | None
    sentence: str


@dataclass(slots=True, kw_only=True)
class _Walk:
    """One office's chain, followed from its genesis."""

    office: str
    link: bytes | None  # of the last entry; None where it cannot be known
    anchored: dict[int, set[str]]
    seq: int = 0
    found: list[Finding] = field(default_factory=list)

    def altered(self, seq: int, sentence: str) -> None:
        """Note that the trail is not what was written."""
        self.found.append(Finding(code=ALTERED, office=self.office, seq=seq, sentence=sentence))

    def step(self, row: Row[*tuple[object, ...]]) -> None:
        """Check one entry against the one before it."""
        seq = row.seq
        if not isinstance(seq, int):
            self.altered(self.seq + 1, f"An entry of {self.office} has no number.")
            return
        if seq != self.seq + 1:
            self.altered(self.seq + 1, f"Entries {self.seq + 1} to {seq - 1} of {self.office} are missing.")
            self.link = None
        body, leaf, link = _blob(row.body), _blob(row.leaf), _blob(row.link)
        if leaf != leaf_of(body):
            self.altered(seq, f"Entry {seq} of {self.office} was altered.")
        elif _columns_differ(row, body):
            self.altered(seq, f"The searchable columns of entry {seq} of {self.office} were altered.")
        if self.link is not None and link != link_of(self.link, leaf):
            self.altered(seq, f"Entry {seq} of {self.office} does not follow from the one before it.")
        if any(wanted != link.hex() for wanted in self.anchored.pop(seq, ())):
            self.altered(seq, f"Entry {seq} of {self.office} is not the one that was anchored.")
        self.seq, self.link = seq, link

    def end(self, head: tuple[int, bytes] | None) -> None:
        """Check the chain's noted end and the anchors that were not passed."""
        if head is None:
            if self.seq:
                self.altered(self.seq, f"The end of the chain of {self.office} is not noted.")
        elif head[0] > self.seq:
            sentence = f"The trail of {self.office} ends at entry {self.seq}, but had {head[0]}."
            self.found.append(Finding(code=TRUNCATED, office=self.office, seq=self.seq, sentence=sentence))
        elif head[0] < self.seq or (self.link is not None and head[1] != self.link):
            self.altered(self.seq, f"The noted end of the chain of {self.office} does not fit its last entry.")
        for seq in sorted(self.anchored):
            sentence = f"The trail of {self.office} ends at entry {self.seq}, but entry {seq} was anchored."
            self.found.append(Finding(code=TRUNCATED, office=self.office, seq=self.seq, sentence=sentence))


def verify(conn: Connection, anchors: Sequence[Anchor] = ()) -> list[Finding]:
    """Return everything that is wrong with the trail; nothing when it is sound as far as `anchors` can tell."""
    try:
        found = list(_walk_all(conn, anchors))
    except (DatabaseError, ValueError, TypeError) as error:
        reason = error.orig if isinstance(error, DatabaseError) else error
        sentence = f"The trail cannot be read: {str(reason).rstrip('.')}."
        found = [Finding(code=ALTERED, office=None, seq=None, sentence=sentence)]
    except LookupError:
        found = [Finding(code=ALTERED, office=None, seq=None, sentence="The deployment's name is missing.")]
    broken = guards.missing(conn)
    if broken:
        sentence = f"The trail's guards are missing or altered: {', '.join(broken)}."
        found.append(Finding(code=GUARDS_MISSING, office=None, seq=None, sentence=sentence))
    return found


def _walk_all(conn: Connection, anchors: Sequence[Anchor]) -> Iterator[Finding]:
    uuid = meta.deployment(conn).uuid
    heads = {row.office: (int(row.seq), bytes(row.link)) for row in conn.execute(select(chain))}
    anchored: dict[str, dict[int, set[str]]] = {}
    for anchor in anchors:
        anchored.setdefault(anchor.office, {}).setdefault(anchor.seq, set()).add(anchor.link)

    def walk_of(office: str) -> _Walk:
        return _Walk(office=office, link=genesis_of(uuid, office), anchored=anchored.pop(office, {}))

    walk: _Walk | None = None
    query = select(trail).order_by(trail.c.office, trail.c.seq)
    for row in conn.execute(query, execution_options={"yield_per": 1000}):
        if walk is None or walk.office != row.office:
            if walk is not None:
                walk.end(heads.pop(walk.office, None))
                yield from walk.found
            walk = walk_of(row.office)
        walk.step(row)
    if walk is not None:
        walk.end(heads.pop(walk.office, None))
        yield from walk.found
    for office in sorted({*heads, *anchored}):
        walk = walk_of(office)
        walk.end(heads.get(office))
        yield from walk.found


def _columns_differ(row: Row[*tuple[object, ...]], body: bytes) -> bool:
    """Tell whether the columns beside the hashed bytes say something else than the bytes."""
    try:
        fields = json.loads(body)
        at = moment_text(from_micros(row.at))
    except (ValueError, TypeError, OverflowError):
        return True
    if not isinstance(fields, dict):
        return True
    return (row.office, row.seq, row.instance, row.instance_seq, row.action, at) != (
        fields.get("office"),
        fields.get("seq"),
        fields.get("instance"),
        fields.get("instance_seq"),
        fields.get("action"),
        fields.get("at"),
    )


def _blob(value: object) -> bytes:
    """Return bytes, none where somebody put something else: then no hash fits."""
    return bytes(value) if isinstance(value, (bytes, memoryview)) else b""
