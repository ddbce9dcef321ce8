"""The tables are held against the fold of the trail, column by column, and can be written anew from it."""

import pytest

from sopbot.domain.commands import Answer
from sopbot.services import verifying
from sopbot.store.verification import ALTERED, GUARDS_MISSING, TRUNCATED
from tests.building import EKA, RUDI, SARI, TINI, WATI

# What is not derived from the trail, or names the row.
NOT_COMPARED = {"next_at", "next_rung", "epoch"}


async def play(office):
    """Play two instances: one through a return, the other cancelled."""
    await office.begin()
    await office.work(1, WATI)
    await office.work(2, EKA)
    await office.work(3, RUDI)
    await office.answer(4, SARI, Answer.NO)
    await office.accept(5, WATI)
    await office.begin(subject="Renja 2028")
    await office.cancel(TINI, instance=2)


def sentences(office):
    return [one.sentence for one in office.read(verifying.compare)]


async def test_what_was_played_is_sound(office):
    await play(office)
    assert office.read(verifying.verify) == []


def test_an_empty_database_is_sound(office):
    assert office.read(verifying.verify) == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE instance SET step = 3 WHERE id = 1", "Instance 1: the tables differ from the trail in step."),
        ("UPDATE instance SET state = 'selesai', ended_at = 5 WHERE id = 1", "in state, ended_at."),
        (
            "UPDATE instance SET subject = 'Lain' WHERE id = 2",
            "Instance 2: the tables differ from the trail in subject.",
        ),
        ("UPDATE assignment SET due_at = due_at + 1 WHERE instance = 1 AND n = 5", "in assignment 5 (due_at)."),
        ("UPDATE assignment SET holder = 3 WHERE instance = 1 AND n = 2", "in assignment 2 (holder)."),
        ("UPDATE assignment SET automatic = 1 WHERE instance = 1 AND n = 1", "in assignment 1 (automatic)."),
        ("DELETE FROM card", None),
        ("UPDATE assignment SET next_at = 7, epoch = 9 WHERE n = 5", None),
    ],
)
async def test_a_row_that_was_changed_is_told(office, statement, expected):
    await play(office)
    office.write(lambda conn: conn.exec_driver_sql(statement))
    found = office.read(verifying.verify)
    assert [one.code for one in found] == [ALTERED] * (expected is not None)
    assert not found or found[0].sentence.endswith(expected)


async def test_rows_that_are_missing_or_made_up_are_told(office):
    await play(office)

    def tamper(conn):
        conn.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        conn.exec_driver_sql("DELETE FROM card")
        conn.exec_driver_sql("DELETE FROM outbox")
        conn.exec_driver_sql("DELETE FROM assignment WHERE instance = 1 AND n = 3")
        conn.exec_driver_sql("DELETE FROM assignment WHERE instance = 2")
        conn.exec_driver_sql("DELETE FROM instance WHERE id = 2")
        columns = "office, slug, definition, subject, state, step, round, version, started_by, started_at, ended_at"
        conn.exec_driver_sql(f"INSERT INTO instance (id, {columns}) SELECT 9, {columns} FROM instance WHERE id = 1")  # noqa: S608
        names = "office, step, round, task, role, state, holder, assigned_at, automatic, ended_at, epoch"
        conn.exec_driver_sql(
            f"INSERT INTO assignment (instance, n, {names}) SELECT 1, 8, {names} FROM assignment"  # noqa: S608
            " WHERE instance = 1 AND n = 2"
        )

    office.write(tamper)
    assert sentences(office) == [
        "Instance 1: the tables differ from the trail in assignment 3 (missing), assignment 8 (unknown to the trail).",
        "Instance 2: its row is missing.",
        "Instance 9: the trail does not tell of it.",
    ]


async def test_findings_come_with_the_lowest_code_first(office):
    await play(office)

    def tamper(conn):
        conn.exec_driver_sql("DROP TRIGGER trail_no_delete")
        conn.exec_driver_sql("DELETE FROM trail WHERE seq = (SELECT max(seq) FROM trail)")

    office.write(tamper)
    # The cancelled instance runs again, going by the trail: that is a difference as well.
    assert [one.code for one in office.read(verifying.verify)] == [ALTERED, TRUNCATED, GUARDS_MISSING]


async def test_a_history_that_cannot_be_read_is_told_and_not_raised(office):
    await play(office)

    def tamper(conn):
        conn.exec_driver_sql("DROP TRIGGER trail_no_update")
        conn.exec_driver_sql(
            """UPDATE trail SET body = CAST('{"action": "apa"}' AS BLOB) WHERE instance = 1 AND instance_seq = 2"""
        )

    office.write(tamper)
    assert sentences(office) == ["Instance 1: its history in the trail cannot be read."]
    assert office.read(verifying.verify)[0].code == ALTERED


async def test_the_tables_are_rebuilt_from_the_trail(office):
    await play(office)
    kept = office.rows("SELECT * FROM instance"), office.rows("SELECT * FROM assignment ORDER BY instance, n")

    def tamper(conn):
        conn.exec_driver_sql("DELETE FROM card")
        conn.exec_driver_sql("UPDATE instance SET step = 3, slug = 'lain', version = 77 WHERE id = 1")
        conn.exec_driver_sql("UPDATE assignment SET state = 'ditarik', due_at = NULL, next_at = NULL WHERE n = 5")

    office.write(tamper)
    assert office.write(lambda conn: verifying.rebuild(conn, office.catalogue, office.offices)) == [1]
    assert office.read(verifying.verify) == []
    assert (office.rows("SELECT * FROM instance"), office.rows("SELECT * FROM assignment ORDER BY instance, n")) == kept


async def test_rebuilding_removes_what_the_trail_does_not_know(office):
    await play(office)
    names = "office, step, round, task, role, state, holder, assigned_at, automatic, ended_at, epoch"
    office.write(
        lambda conn: conn.exec_driver_sql(
            f"INSERT INTO assignment (instance, n, {names}) SELECT 1, 8, {names} FROM assignment"  # noqa: S608
            " WHERE instance = 1 AND n = 2"
        )
    )
    assert office.write(lambda conn: verifying.rebuild(conn, office.catalogue, office.offices)) == [1]
    assert office.read(verifying.verify) == []


def test_every_column_but_the_next_moment_is_compared():
    row = verifying.AssignmentRow
    assert {one for one in row.__dataclass_fields__ if one.startswith(("next", "epoch"))} == NOT_COMPARED
