"""Ends of chains noted outside the database, where who changes the database cannot reach them.

The file has a line of JSON for each office and time, and is only ever added to:
`{"office": "sumbang", "seq": 1234, "link": "a1b2…", "at": "2026-11-21T01:02:03.000000Z"}`; `link` is hex, `at`
the moment of that entry. Counterpart: `sopbot/store/verification.py` holds the trail against them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from sopbot.store.instants import from_micros
from sopbot.store.tables.record import chain, trail
from sopbot.store.trail import moment_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The link (hex) of one entry of an office, as it was known at the time; `at` is ISO 8601, UTC."""

    office: str
    seq: int
    link: str
    at: str


def heads(conn: Connection) -> list[Anchor]:
    """Return the end of every office's chain, ordered by office."""
    rows = conn.execute(
        select(chain.c.office, chain.c.seq, chain.c.link, trail.c.at)
        .join(trail, (trail.c.office == chain.c.office) & (trail.c.seq == chain.c.seq))
        .order_by(chain.c.office),
    )
    return [
        Anchor(office=row.office, seq=row.seq, link=bytes(row.link).hex(), at=moment_text(from_micros(row.at)))
        for row in rows
    ]


def write_anchor(conn: Connection, path: Path) -> list[Anchor]:
    """Add the end of every chain to the file, durably, and return what was added."""
    noted = heads(conn)
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in noted)
        file.flush()
        os.fsync(file.fileno())
    return noted


def read_anchors(path: Path) -> list[Anchor]:
    """Return what the file holds; raise ValueError, naming the line, for what is no anchor."""
    with path.open(encoding="utf-8") as file:
        return list(_anchors(file, path))


def _anchors(lines: Iterable[str], path: Path) -> Iterable[Anchor]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            yield Anchor(
                office=str(fields["office"]),
                seq=int(fields["seq"]),
                link=str(fields["link"]),
                at=str(fields["at"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"Line {number} of {path} is no anchor.") from error
