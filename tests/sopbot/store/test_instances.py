from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from sopbot.store import instances

SECOND = timedelta(seconds=1)
RUNG = {"next_rung": "tenggat", "epoch": 1}


@pytest.fixture
def started(write, work, now):
    """Start instance 1 with two open assignments and one that is done."""
    rows = [
        work.assignment(n=1, state="selesai", ended_at=now),
        work.assignment(n=2, next_at=now + 2 * SECOND, **RUNG),
        work.assignment(n=3, next_at=now + SECOND, **RUNG),
    ]

    def begin(conn):
        instances.insert(conn, work.instance())
        for row in rows:
            instances.save_assignment(conn, row)

    write(begin)
    return rows


def test_ids_follow_each_other(write, work):
    assert write(instances.next_id) == 1
    write(lambda conn: instances.insert(conn, work.instance(7)))
    assert write(instances.next_id) == 8


def test_an_instance_comes_back_as_it_went_in(write, read, work):
    write(lambda conn: instances.insert(conn, work.instance()))
    assert read(lambda conn: instances.get(conn, 1)) == work.instance()
    assert read(lambda conn: instances.get(conn, 2)) is None
    assert read(instances.all_ids) == [1]


def test_of_two_changes_decided_on_the_same_version_one_wins(write, read, started, work, now):
    def move(conn, step):
        return instances.advance(conn, 1, 1, version=2, state="berjalan", step=step, round=1, ended_at=None)

    assert [write(lambda conn, step=step: move(conn, step)) for step in (2, 3)] == [True, False]
    assert read(lambda conn: instances.get(conn, 1)) == work.instance(version=2, step=2)
    end = {"version": 5, "state": "selesai", "step": 9, "round": 2, "ended_at": now}
    assert write(lambda conn: instances.advance(conn, 1, 2, **end))
    assert read(lambda conn: instances.get(conn, 1)) == work.instance(**end)


def test_saving_an_assignment_again_replaces_it(write, read, started, work):
    changed = replace(started[1], state="diterima", holder=work.staf, automatic=True)
    write(lambda conn: instances.save_assignment(conn, changed))
    assert read(lambda conn: instances.assignment(conn, 1, 2)) == changed
    assert read(lambda conn: instances.assignment(conn, 1, 9)) is None


def test_open_are_those_that_have_not_ended(read, started):
    assert read(lambda conn: instances.open_assignments(conn, 1)) == started[1:]


def test_due_are_the_open_ones_whose_moment_has_come_the_earliest_first(read, started, now):
    assert read(lambda conn: instances.due(conn, now, 9)) == []
    assert read(lambda conn: instances.due(conn, now + SECOND, 9)) == [started[2]]
    assert read(lambda conn: instances.due(conn, now + 2 * SECOND, 9)) == [started[2], started[1]]
    assert read(lambda conn: instances.due(conn, now + 2 * SECOND, 1)) == [started[2]]
    assert read(instances.next_moment) == now + SECOND


def test_the_next_moment_is_planned_only_on_what_was_read(write, read, started, now):
    later = now + 9 * SECOND
    assert not write(lambda conn: instances.set_next(conn, 1, 3, 0, "tenggat", later, "akhir"))
    assert not write(lambda conn: instances.set_next(conn, 1, 3, 1, "lain", later, "akhir"))
    assert not write(lambda conn: instances.set_next(conn, 1, 3, 1, None, later, "akhir"))
    assert not write(lambda conn: instances.set_next(conn, 1, 1, 0, None, later, "akhir"))  # it has ended
    assert write(lambda conn: instances.set_next(conn, 1, 3, 1, "tenggat", later, "akhir"))
    assert not write(lambda conn: instances.set_next(conn, 1, 3, 1, "tenggat", later, "akhir"))
    assert write(lambda conn: instances.set_next(conn, 1, 3, 1, "akhir", None, None))
    assert write(lambda conn: instances.set_next(conn, 1, 3, 1, None, later, "lagi"))
    assert read(lambda conn: instances.assignment(conn, 1, 3)) == replace(started[2], next_at=later, next_rung="lagi")


def test_nothing_falls_due_for_what_has_ended(write, started, now):
    with pytest.raises(IntegrityError):
        write(lambda conn: instances.save_assignment(conn, replace(started[0], next_at=now)))


def test_without_assignments_there_is_no_next_moment(read):
    assert read(instances.next_moment) is None


def test_what_is_due_is_found_by_its_index(read):
    def plan(conn):
        text = instances._DUE._compile(conn.dialect).text
        return str(conn.exec_driver_sql("EXPLAIN QUERY PLAN " + text, (1,) * text.count("?")).all())

    assert "ix_assignment_next_at" in read(plan)
