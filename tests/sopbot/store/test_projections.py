"""The tables that follow from the trail are read whole, and one row is put right whatever it said."""

from dataclasses import replace

from sopbot.store import instances, projections


def test_instances_and_their_assignments_are_read_in_order(work, write, read):
    rows = [work.instance(2), work.instance(1)]
    for row in rows:
        write(lambda conn, row=row: projections.put_instance(conn, row))
    for n in (2, 1):
        write(lambda conn, n=n: instances.save_assignment(conn, work.assignment(1, n)))
    assert [one.id for one in read(lambda conn: list(projections.all_instances(conn)))] == [1, 2]
    assert [one.n for one in read(lambda conn: projections.assignments_of(conn, 1))] == [1, 2]
    assert read(lambda conn: projections.assignments_of(conn, 2)) == []


def test_an_instance_is_put_right_in_every_column(work, write, read):
    row = work.instance(1)
    write(lambda conn: projections.put_instance(conn, replace(row, step=9, version=8, subject="Lain", slug="lain")))
    write(lambda conn: projections.put_instance(conn, row))
    assert read(lambda conn: list(projections.all_instances(conn))) == [row]


def test_surplus_assignments_are_forgotten(work, write, read):
    write(lambda conn: projections.put_instance(conn, work.instance(1)))
    for n in (1, 2, 3):
        write(lambda conn, n=n: instances.save_assignment(conn, work.assignment(1, n)))
    assert write(lambda conn: projections.forget_assignments_after(conn, 1, 1)) == 2
    assert [one.n for one in read(lambda conn: projections.assignments_of(conn, 1))] == [1]


def test_no_instance_is_told_of_by_an_empty_trail(read):
    assert read(projections.traced_ids) == set()
