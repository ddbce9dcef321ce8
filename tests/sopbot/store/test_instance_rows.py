from dataclasses import fields

import pytest

from sopbot.store import instance_rows
from sopbot.store.instance_rows import AssignmentRow, InstanceRow
from sopbot.store.instants import to_micros
from sopbot.store.tables.work import assignment, instance


@pytest.mark.parametrize(("row", "table"), [(InstanceRow, instance), (AssignmentRow, assignment)])
def test_a_row_holds_every_column_of_its_table(row, table):
    assert {one.name for one in fields(row)} == set(table.c.keys())


@pytest.mark.parametrize(
    "changes", [{}, {"holder": 2, "due_at": "now", "next_at": "now", "next_rung": "x", "epoch": 4}]
)
def test_every_field_comes_from_its_own_column(work, now, changes):
    changes = {name: now if value == "now" else value for name, value in changes.items()}
    for made, read in (
        (work.instance(ended_at=now, step=2, round=3, version=4), instance_rows.instance_row),
        (work.assignment(step=2, round=3, automatic=True, started_at=now, **changes), instance_rows.assignment_row),
    ):
        values = [getattr(made, one.name) for one in fields(made)]
        assert read([to_micros(value) if hasattr(value, "tzinfo") else value for value in values]) == made
