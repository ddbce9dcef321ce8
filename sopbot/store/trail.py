"""The trail (pencatatan): append only, one hash chain per office, the truth that all else is folded from.

Nothing but `append` writes here; triggers (`sopbot/store/guards.py`) stop every other statement.
Counterpart: `sopbot/store/verification.py` proves that nobody changed it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update

from sopbot.store import meta
from sopbot.store.canonical import canonical, genesis_of, leaf_of, link_of
from sopbot.store.instants import from_micros_or_none
from sopbot.store.statement import Statement, insert_all
from sopbot.store.tables.record import chain, trail

VERSION: Final = 1

_HEAD = Statement(select(chain.c.seq, chain.c.link).where(chain.c.office == bindparam("office")).with_for_update())
_LOOK = Statement(select(chain.c.seq, chain.c.link).where(chain.c.office == bindparam("office")))
_BEGIN = Statement(insert_all(chain))
_ADVANCE = Statement(
    update(chain)
    .where(chain.c.office == bindparam("office"))
    .values(seq=bindparam("new_seq"), link=bindparam("new_link")),
)
_ADD = Statement(insert_all(trail))
_COLUMNS = (trail.c.office, trail.c.seq, trail.c.body, trail.c.leaf, trail.c.link)
_LAST_AT = Statement(
    select(trail.c.at).where(trail.c.office == bindparam("office")).order_by(trail.c.seq.desc()).limit(1),
)
_OF_INSTANCE = Statement(
    select(*_COLUMNS)
    .where(trail.c.instance == bindparam("instance"), trail.c.instance_seq > bindparam("after"))
    .order_by(trail.c.instance_seq),
)
_PAGE = Statement(
    select(*_COLUMNS)
    .where(trail.c.instance == bindparam("instance"))
    .order_by(trail.c.instance_seq)
    .limit(bindparam("limit"))
    .offset(bindparam("offset")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who did it: the officer, the Telegram account, the role, and the officer acted for; all empty for sopbot."""

    officer: int | None = None
    telegram_id: int | None = None
    role: str | None = None
    acting_for: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What happened, before it has a place in the chain; `at` is an aware datetime."""

    at: datetime
    instance: int | None
    instance_seq: int | None
    actor: Actor
    action: str
    from_state: str | None
    to_state: str | None
    value: Mapping[str, object]
    reason: str | None = None
    update_id: int | None = None
    update_hash: str | None = None
    definition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """An entry as it stands in the trail, read back from the bytes that were hashed."""

    office: str
    seq: int
    instance: int | None
    instance_seq: int | None
    at: datetime
    actor: Actor
    action: str
    from_state: str | None
    to_state: str | None
    value: dict[str, Any]
    reason: str | None
    update_id: int | None
    update_hash: str | None
    definition: str | None
    leaf: bytes
    link: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Where an entry stands: its number in the office's chain and the link, in hex, that commits to all before."""

    seq: int
    link_hex: str


def append(conn: Connection, office: str, entries: Sequence[Entry]) -> list[Receipt]:
    """Put `entries` at the end of the office's chain and return their receipts.

    Raises TypeError or ValueError where a value has no canonical form (`sopbot/store/canonical.py`).
    """
    if not entries:
        return []
    seq, link = _locked_head(conn, office)
    rows: list[dict[str, object]] = []
    receipts = []
    for entry in entries:
        seq += 1
        body = canonical(_body(entry, office, seq))
        leaf = leaf_of(body)
        link = link_of(link, leaf)
        rows.append(
            {
                "office": office,
                "seq": seq,
                "instance": entry.instance,
                "instance_seq": entry.instance_seq,
                "at": entry.at,
                "action": entry.action,
                "body": body,
                "leaf": leaf,
                "link": link,
            },
        )
        receipts.append(Receipt(seq=seq, link_hex=link.hex()))
    _ADD.run_many(conn, rows)
    _ADVANCE.run(conn, office=office, new_seq=seq, new_link=link)
    return receipts


def head(conn: Connection, office: str) -> Receipt | None:
    """Return the end of the office's chain, or None where nothing was recorded yet."""
    row = _LOOK.run(conn, office=office).first()
    return Receipt(seq=row[0], link_hex=bytes(row[1]).hex()) if row is not None and row[0] else None


def last_at(conn: Connection, office: str) -> datetime | None:
    """Return when the office's last entry was made, aware UTC, or None where nothing was recorded yet."""
    return from_micros_or_none(_LAST_AT.run(conn, office=office).scalar())


def of_instance(conn: Connection, instance: int, after: int = 0) -> list[StoredEntry]:
    """Return the instance's entries whose own number is above `after`, in order."""
    return [parse(*row) for row in _OF_INSTANCE.run(conn, instance=instance, after=after)]


def page(conn: Connection, instance: int, offset: int, limit: int) -> list[StoredEntry]:
    """Return at most `limit` entries of the instance from the `offset`-th on, in order."""
    return [parse(*row) for row in _PAGE.run(conn, instance=instance, offset=offset, limit=limit)]


def export(conn: Connection, office: str | None = None, instance: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield each entry as a plain mapping for people and programs outside, ordered by office and number."""
    query = select(*_COLUMNS).order_by(trail.c.office, trail.c.seq)
    if office is not None:
        query = query.where(trail.c.office == office)
    if instance is not None:
        query = query.where(trail.c.instance == instance)
    for row in conn.execute(query):
        body = json.loads(row.body)
        yield {
            "seq": row.seq,
            "at": body["at"],
            "office": row.office,
            "instance": body["instance"],
            "instance_seq": body["instance_seq"],
            "actor": body["actor"],
            "action": body["action"],
            "from": body["from"],
            "to": body["to"],
            "value": body["value"],
            "reason": body["reason"],
            "leaf": bytes(row.leaf).hex(),
            "link": bytes(row.link).hex(),
        }


def parse(office: str, seq: int, body: bytes, leaf: bytes, link: bytes) -> StoredEntry:
    """Return the entry of a stored row; what is searched for is read from the hashed bytes too."""
    fields = json.loads(body)
    return StoredEntry(
        office=office,
        seq=seq,
        instance=fields["instance"],
        instance_seq=fields["instance_seq"],
        at=datetime.fromisoformat(fields["at"]),
        actor=Actor(**fields["actor"]),
        action=fields["action"],
        from_state=fields["from"],
        to_state=fields["to"],
        value=fields["value"],
        reason=fields["reason"],
        update_id=fields["update_id"],
        update_hash=fields["update_hash"],
        definition=fields["definition"],
        leaf=bytes(leaf),
        link=bytes(link),
    )


def moment_text(moment: datetime) -> str:
    """Return the one spelling of a moment in an entry: UTC, always six decimals, `Z`."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _body(entry: Entry, office: str, seq: int) -> dict[str, object]:
    return {
        "v": VERSION,
        "seq": seq,
        "at": moment_text(entry.at),
        "office": office,
        "instance": entry.instance,
        "instance_seq": entry.instance_seq,
        "actor": {
            "officer": entry.actor.officer,
            "telegram_id": entry.actor.telegram_id,
            "role": entry.actor.role,
            "acting_for": entry.actor.acting_for,
        },
        "action": entry.action,
        "from": entry.from_state,
        "to": entry.to_state,
        "value": entry.value,
        "reason": entry.reason,
        "update_id": entry.update_id,
        "update_hash": entry.update_hash,
        "definition": entry.definition,
    }


def _locked_head(conn: Connection, office: str) -> tuple[int, bytes]:
    """Return the chain's end, locked until the commit where several processes write."""
    row = _HEAD.run(conn, office=office).first()
    if row is not None:
        return row[0], bytes(row[1])
    genesis = genesis_of(meta.deployment(conn).uuid, office)
    _BEGIN.run(conn, office=office, seq=0, link=genesis)
    return 0, genesis
