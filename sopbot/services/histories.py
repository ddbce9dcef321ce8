"""Instances read back from the trail: the fold, and which record each event has.

Counterpart: `sopbot/services/execute.py`, which alone adds to a history.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from sopbot.domain.events import Event
from sopbot.domain.evolve import fold
from sopbot.domain.instance import Instance
from sopbot.services import codec
from sopbot.services.views import Receipt
from sopbot.store import trail


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One event and its place in the office's chain."""

    event: Event
    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """An instance with everything that happened to it."""

    instance: Instance
    records: tuple[Record, ...]


def read(conn: Connection, instance_id: int) -> History | None:
    """Return the instance's history, or None when there is no such instance."""
    records = tuple(_record(entry) for entry in trail.of_instance(conn, instance_id))
    instance = fold(record.event for record in records)
    return None if instance is None else History(instance=instance, records=records)


def _record(entry: trail.StoredEntry) -> Record:
    event = codec.decode(codec.name_of(entry.action), entry.value)
    return Record(event=event, receipt=Receipt(seq=entry.seq, link=entry.link.hex()))
