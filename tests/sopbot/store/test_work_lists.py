from datetime import timedelta

import pytest

from sopbot.store import instances, work_lists

HOUR = timedelta(hours=1)


@pytest.fixture
def filled(write, work, now):
    """Start four instances: two running with open work, one ended, one of another office."""

    def begin(conn):
        for number, changes in ((1, {}), (2, {}), (3, {"ended_at": now}), (4, {"office": "karawaci"})):
            instances.insert(conn, work.instance(number, **changes))
        for row in (
            work.assignment(1, 1, holder=work.staf, due_at=now + 2 * HOUR),
            work.assignment(1, 2, holder=work.camat, due_at=now + HOUR, role="camat"),
            work.assignment(2, 1, holder=work.staf),
            work.assignment(2, 2, due_at=now + HOUR),
            work.assignment(2, 3, holder=work.staf, state="selesai", ended_at=now, due_at=now),
            work.assignment(4, 1, office="karawaci", due_at=now),
        ):
            instances.save_assignment(conn, row)

    write(begin)


def places(found):
    assert all(instance.id == row.instance for row, instance in found)
    return [(row.instance, row.n) for row, _ in found]


def test_an_officer_sees_own_work_and_what_is_offered_to_the_role(filled, read, work):
    mine = read(lambda conn: work_lists.of_officer(conn, work.staf, "sumbang", ["staf", "pengelola"]))
    assert places(mine) == [(2, 2), (1, 1), (2, 1)]  # earliest deadline first, without deadline last
    assert places(read(lambda conn: work_lists.of_officer(conn, work.staf, "sumbang", ()))) == [(1, 1), (2, 1)]
    assert places(read(lambda conn: work_lists.of_officer(conn, work.camat, "sumbang", {"camat"}))) == [(1, 2)]


def test_running_instances_are_listed_and_counted_by_office(filled, read):
    listed = lambda *page: [one.id for one in read(lambda conn: work_lists.running(conn, "sumbang", *page))]  # noqa: E731
    assert (listed(0, 9), listed(1, 9), listed(0, 1)) == ([2, 1], [1], [2])
    assert read(lambda conn: work_lists.count_running(conn, "sumbang")) == 2
    assert [one.id for one in read(lambda conn: work_lists.latest(conn, "sumbang", 2))] == [3, 2]


def test_overdue_is_open_work_past_its_deadline(filled, read, now):
    overdue = lambda at: places(read(lambda conn: work_lists.overdue(conn, "sumbang", at)))  # noqa: E731
    assert overdue(now + HOUR) == []
    assert sorted(overdue(now + HOUR + timedelta(microseconds=1))) == [(1, 2), (2, 2)]
    assert overdue(now + 3 * HOUR)[-1] == (1, 1)
