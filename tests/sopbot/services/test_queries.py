"""What people may look up: their own work, their own office, and nothing of anybody else."""

import pytest

from sopbot.domain.commands import Answer
from sopbot.domain.errors import UnknownInstance, UnknownSop
from sopbot.services.queries import PAGE
from sopbot.store import people
from tests.at_work import BEGIN, renamed
from tests.building import BUDI, EKA, KASUBAG, RUDI, SARI, STAF, TINI, WATI, nov, sop, step


async def test_tasks_are_the_members_own_the_most_urgent_first(office):
    await office.begin(subject="Kemudian")
    await office.begin(subject="Segera")
    await office.accept(1, WATI, instance=2)
    found = office.queries.tasks(office.member(WATI))
    assert [(one.facts.subject, bool(one.token)) for one in found] == [("Segera", True), ("Kemudian", True)]
    assert office.queries.tasks(office.member(EKA)) == []


async def test_an_offer_is_a_task_of_everybody_until_somebody_takes_it(working):
    office = working(sop=sop(step("kasi_kasubag"), step(STAF)))
    await office.begin(by=BUDI)
    assert [len(office.queries.tasks(office.member(one))) for one in (BUDI, EKA, RUDI)] == [1, 1, 1]
    await office.accept(1, EKA)
    assert [len(office.queries.tasks(office.member(one))) for one in (BUDI, EKA, RUDI)] == [0, 1, 0]


@pytest.mark.parametrize(("reader", "sees"), [(WATI, True), (SARI, True), (TINI, True), (EKA, False), (BUDI, False)])
async def test_an_instance_is_visible_to_those_who_take_part_and_to_the_overseers(office, reader, sees):
    await office.begin()
    if sees:
        assert office.queries.visible(office.member(reader), 1).instance.id == 1
    else:
        with pytest.raises(UnknownInstance):
            office.queries.visible(office.member(reader), 1)
    assert [one.instance for one in office.queries.instances_of(office.member(reader))] == ([1] if sees else [])


async def test_an_instance_of_another_office_does_not_exist_even_for_an_overseer(office):
    await office.begin()
    foreign = office.enrolment.offices.definitions["contoh"]
    office.enrolment.offices.definitions["lain"] = foreign
    office.write(lambda conn: conn.exec_driver_sql("UPDATE officer SET office = 'lain' WHERE id = 2"))
    sekcam = office.member(SARI)
    for ask in (office.queries.visible, office.queries.scene, office.queries.facts, office.queries.history):
        with pytest.raises(UnknownInstance):
            ask(sekcam, 1)
    assert office.queries.instances_of(sekcam) == []
    assert office.queries.overview(sekcam, 0, BEGIN).total == 0
    assert office.queries.sops(sekcam) == []
    with pytest.raises(UnknownSop):
        office.queries.sop(sekcam, "contoh-sop")


async def test_a_history_has_every_record(office):
    await office.begin()
    await office.work(1, WATI)
    scene, records = office.queries.history(office.member(WATI), 1)
    assert len(records) == scene.instance.version == 6


async def test_the_overview_shows_late_ones_first_and_counts_them(office):
    for number in range(3):
        await office.begin(subject=f"Berkas {number}")
    await office.accept(1, WATI, instance=3)
    view = office.queries.overview(office.member(SARI), 0, nov(23, "09.45"))
    assert (view.total, view.late, view.pages) == (3, 1, 1)
    assert [(row.facts.instance, row.late_minutes) for row in view.rows] == [(3, 30), (1, 0), (2, 0)]
    assert [one.id for one in view.rows[0].holders] == [WATI]


async def test_a_step_that_is_due_exactly_now_is_not_late(office):
    await office.begin()
    await office.accept(1, WATI)
    view = office.queries.overview(office.member(SARI), 0, nov(23, "09.15"))
    assert (view.late, view.rows[0].late_minutes) == (0, 0)


async def test_the_overview_turns_its_pages(office):
    for number in range(PAGE + 1):
        await office.begin(subject=f"Berkas {number}")
    pages = [office.queries.overview(office.member(SARI), page, BEGIN) for page in (0, 1, 9, -3)]
    assert [(one.page, len(one.rows)) for one in pages] == [(0, PAGE), (1, 1), (1, 1), (0, PAGE)]


async def test_an_office_without_work_has_one_empty_page(office):
    view = office.queries.overview(office.member(SARI), 0, BEGIN)
    assert (view.rows, view.page, view.pages, view.total) == ((), 0, 1, 0)


async def test_ended_instances_leave_the_overview_and_stay_in_the_list(office):
    await office.begin()
    await office.cancel(SARI)
    assert office.queries.overview(office.member(SARI), 0, BEGIN).total == 0
    assert len(office.queries.instances_of(office.member(WATI))) == 1


async def test_a_vacant_step_is_shown_as_such(office):
    await office.begin()
    office.write(lambda conn: people.freeze(conn, WATI))
    [row] = office.queries.overview(office.member(SARI), 0, BEGIN).rows
    assert not row.vacant  # it is somebody's still, though frozen
    office.write(lambda conn: [people.freeze(conn, one, frozen=False) for one in (WATI,)])
    office.write(lambda conn: [people.freeze(conn, one) for one in (EKA, RUDI)])
    await office.work(1, WATI)
    [row] = office.queries.overview(office.member(SARI), 0, BEGIN).rows
    assert (row.vacant, row.holders) == (True, ())


async def test_outside_parties_are_never_late_in_the_overview(working):
    office = working(sop=sop(step(KASUBAG, yes=2, no=1, outside="Bappeda"), step(STAF)))
    await office.begin(by=BUDI)
    await office.accept(1, BUDI)
    view = office.queries.overview(office.member(SARI), 0, nov(27, "09.00"))
    assert (view.late, view.rows[0].late_minutes) == (0, 0)


def test_what_may_be_started(office):
    office.publish(renamed(sop(step(KASUBAG)), "h2", "contoh-lain"))
    startable = {who: [one.slug for one in office.queries.startable(office.member(who))] for who in (WATI, BUDI, SARI)}
    assert startable == {WATI: ["contoh-sop"], BUDI: ["contoh-lain"], SARI: ["contoh-lain", "contoh-sop"]}
    assert office.queries.sop(office.member(WATI), "contoh-lain").sop.hash == "h2"
    with pytest.raises(UnknownSop):
        office.queries.sop(office.member(WATI), "tidak-ada")


async def test_who_decided_still_sees_it_afterwards(office):
    await office.begin()
    for n, who in ((1, WATI), (2, EKA), (3, RUDI)):
        await office.work(n, who)
    await office.answer(4, SARI, Answer.YES)
    assert office.queries.visible(office.member(EKA), 1)
