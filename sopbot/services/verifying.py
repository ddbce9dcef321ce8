"""Proof that the record holds: the trail is what was written, and folding it gives the tables.

Counterparts: `sopbot/store/verification.py` follows the chains, `projecting.py` writes the tables. When an assignment
rings next is not compared: it depends on the calendar as well, and on what rang already.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace

from sqlalchemy import Connection

from sopbot.domain.instance import Instance
from sopbot.services import histories
from sopbot.services.catalogue import Catalogue
from sopbot.services.offices import Offices
from sopbot.services.projecting import assignment_row, instance_row, write_assignments
from sopbot.store import projections, verification
from sopbot.store.instance_rows import AssignmentRow, InstanceRow
from sopbot.store.verification import ALTERED, Anchor, Finding


def verify(conn: Connection, anchors: Sequence[Anchor] = ()) -> list[Finding]:
    """Return everything that is wrong with trail and tables, the lowest code first; nothing when all is sound."""
    found = [*verification.verify(conn, anchors), *compare(conn)]
    return sorted(found, key=lambda one: one.code)


def compare(conn: Connection) -> list[Finding]:
    """Return where the tables of instances and assignments differ from what the trail gives."""
    return list(_differences(conn))


def rebuild(conn: Connection, catalogue: Catalogue, offices: Offices) -> list[int]:
    """Write the differing tables anew from the trail, inside a writer's job; return the instances put right.

    Reminders of an instance that was put right begin again; those that were sent are not sent twice. An instance
    that the trail does not tell of is left for people to look at.
    """
    wrong = sorted({one for one, _ in _wrong(conn)} & projections.traced_ids(conn))
    for instance_id in wrong:
        instance = _folded(conn, instance_id)
        if instance is None:
            continue
        projections.put_instance(conn, instance_row(instance))
        sop = catalogue.by_hash(conn, instance.definition).sop
        write_assignments(conn, sop, offices.now(conn, instance.office), None, instance)
        projections.forget_assignments_after(conn, instance_id, len(instance.assignments))
    return wrong


def _differences(conn: Connection) -> Iterator[Finding]:
    for instance_id, sentence in _wrong(conn):
        yield Finding(code=ALTERED, office=None, seq=None, sentence=f"Instance {instance_id}: {sentence}")


def _wrong(conn: Connection) -> Iterator[tuple[int, str]]:
    """Yield the instances whose rows are not what the trail gives, and what is wrong with each."""
    rows = {row.id: row for row in projections.all_instances(conn)}
    for instance_id in sorted({*rows, *projections.traced_ids(conn)}):
        try:
            instance = _folded(conn, instance_id)
        except (LookupError, TypeError, ValueError, AttributeError):
            yield instance_id, "its history in the trail cannot be read."
            continue
        if instance is None:
            yield instance_id, "the trail does not tell of it."
        elif instance_id not in rows:
            yield instance_id, "its row is missing."
        else:
            found = [*_differing(rows[instance_id], instance_row(instance)), *_assignments(conn, instance)]
            if found:
                yield instance_id, f"the tables differ from the trail in {', '.join(found)}."


def _folded(conn: Connection, instance_id: int) -> Instance | None:
    history = histories.read(conn, instance_id)
    return None if history is None else history.instance


def _assignments(conn: Connection, instance: Instance) -> Iterator[str]:
    wanted = [assignment_row(instance, one, None) for one in instance.assignments]
    stored = {
        row.n: replace(row, next_at=None, next_rung=None, epoch=0)
        for row in projections.assignments_of(conn, instance.id)
    }
    for row in wanted:
        if row.n not in stored:
            yield f"assignment {row.n} (missing)"
            continue
        for name in _differing(stored.pop(row.n), row):
            yield f"assignment {row.n} ({name})"
    for n in stored:
        yield f"assignment {n} (unknown to the trail)"


def _differing(stored: InstanceRow | AssignmentRow, wanted: InstanceRow | AssignmentRow) -> list[str]:
    return [one.name for one in fields(wanted) if getattr(stored, one.name) != getattr(wanted, one.name)]
