"""What the operator's commands show of instances and officers."""

from sopbot.services import inspecting
from tests.building import EKA, TINI, WATI


async def test_an_instance_is_shown_where_it_stands(office):
    await office.begin()
    await office.accept(1, WATI)
    [found] = office.read(inspecting.instances)
    assert found == {
        "id": 1,
        "slug": "contoh-sop",
        "subject": "Renja 2027",
        "state": "berjalan",
        "step": 1,
        "round": 1,
        "due_at": "2026-11-23T02:15:00.000000Z",
        "office": "contoh",
        "started_at": "2026-11-23T02:00:00.000000Z",
        "ended_at": None,
    }


async def test_of_parallel_work_the_earliest_due_time_counts(office):
    await office.begin()
    await office.work(1, WATI)
    office.clock.advance(minutes=30)
    await office.accept(2, EKA)
    [found] = office.read(inspecting.instances)
    assert (found["step"], found["due_at"]) == (2, "2026-11-24T02:30:00.000000Z")


async def test_instances_are_chosen_by_office_and_state(office):
    await office.begin()
    await office.begin(subject="Renja 2028")
    await office.cancel(TINI)
    assert [one["id"] for one in office.read(inspecting.instances)] == [1, 2]
    assert [one["id"] for one in office.read(lambda conn: inspecting.instances(conn, "contoh", running=True))] == [2]
    assert office.read(lambda conn: inspecting.instances(conn, "lain")) == []


async def test_one_instance_is_shown_with_every_assignment(office):
    await office.begin()
    await office.work(1, WATI)
    found = office.read(lambda conn: inspecting.instance(conn, 1))
    assert found["definition"] == "abc123"
    assert [(one["n"], one["step"], one["state"], one["holder"]) for one in found["assignments"]] == [
        (1, 1, "selesai", WATI),
        (2, 2, "ditugaskan", EKA),
        (3, 2, "ditugaskan", 5),
    ]
    assert office.read(lambda conn: inspecting.instance(conn, 2)) is None


def test_officers_are_shown_of_every_office_or_of_one(office):
    found = office.read(inspecting.officers)
    assert found[0] == {
        "id": 1,
        "office": "contoh",
        "name": "Tini",
        "title": "Camat",
        "honorific": found[0]["honorific"],
        "roles": ["camat"],
        "telegram_id": 1001,
        "enrolled": True,
        "active": True,
        "reachable": True,
    }
    assert len(found) == 6
    assert office.read(lambda conn: inspecting.officers(conn, "lain")) == []


async def test_the_last_record_is_the_latest_of_all_offices(office):
    assert office.read(lambda conn: inspecting.last_record(conn, ["contoh", "lain"])) is None
    await office.begin()
    assert office.read(lambda conn: inspecting.last_record(conn, ["contoh", "lain"])) == office.clock.now()
