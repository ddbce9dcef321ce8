"""Reminders: each rung once, at its moment, to its readers; after a long pause each reader only the latest."""

import pytest

from sopbot.domain.commands import Answer
from sopbot.domain.reminders import Rung
from sopbot.domain.sop import SEKCAM
from sopbot.services.reminding import LATER, REMINDER, REPEATABLE, SUMMARISED
from sopbot.services.views import ReminderView
from sopbot.store import instances, people
from tests.building import EKA, KASI, RUDI, SARI, STAF, TINI, WATI, nov, sop, step

RUNGS = "SELECT recipient, kind, rung, repeatable FROM outbox WHERE rung IS NOT NULL ORDER BY id"
NEXT = "SELECT next_rung FROM assignment WHERE instance = 1 AND n = 1"
DAILY = sop(step(STAF, time="1 Hari"), step(SEKCAM))


async def sweep(office, at):
    office.clock.set(at)
    return await office.reminding.sweep(at)


async def accepted(office):
    await office.begin()
    await office.accept(1, WATI)
    return office


async def test_before_its_moment_nothing_rings(office):
    await office.begin()
    assert await sweep(office, nov(23, "09.29")) == 0
    assert office.rows(RUNGS) == []


async def test_at_half_of_the_grace_the_officer_is_reminded_once(office):
    await office.begin()
    assert await sweep(office, nov(23, "09.30")) == 1
    assert await sweep(office, nov(23, "09.30")) == 0
    assert office.rows(RUNGS) == [(WATI, REMINDER, "belum_diterima", 0)]
    assert office.rows(NEXT) == [("diterima_otomatis",)]


async def test_at_the_end_of_the_grace_the_time_begins_by_itself_without_a_message(office):
    await office.begin()
    await sweep(office, nov(23, "09.30"))
    assert await sweep(office, nov(23, "10.00")) == 1
    [assignment] = office.instance().assignments
    assert (assignment.automatic, assignment.started_at, assignment.due_at) == (
        True,
        nov(23, "10.00"),
        nov(23, "10.15"),
    )
    assert [rung for _, _, rung, _ in office.rows(RUNGS)] == ["belum_diterima"]
    assert office.rows(NEXT) == [("jatuh_tempo",)]


async def test_a_machine_that_notices_late_counts_from_the_end_of_the_grace(office):
    await office.begin()
    await sweep(office, nov(24, "09.00"))
    assert office.instance().assignments[0].due_at == nov(23, "10.15")


async def test_the_ladder_of_an_overdue_step_by_reader(working):
    office = await accepted(working())
    ladder = [("09.15", 1), ("09.16", 1), ("10.15", 1)]
    for clock, rings in ladder:
        assert await sweep(office, nov(23, clock)) == rings
    assert office.rows(RUNGS) == [
        (WATI, REMINDER, "jatuh_tempo", 0),
        (WATI, REMINDER, "terlambat", 1),
        (SARI, REMINDER, "ke_sekcam", 1),
    ]
    await sweep(office, nov(24, "07.30"))
    await sweep(office, nov(24, "09.15"))
    assert office.rows(RUNGS)[3:] == [
        (WATI, REMINDER, "setiap_pagi:2026-11-24", 0),
        (TINI, REMINDER, "ke_camat", 1),
    ]


async def test_every_working_morning_rings_again_and_no_holiday(working):
    office = await accepted(working())
    for day in range(24, 31):
        await sweep(office, nov(day, "07.30"))
        await sweep(office, nov(day, "12.00"))
    mornings = [rung for _, _, rung, _ in office.rows(RUNGS) if rung.startswith("setiap_pagi")]
    # Wednesday the 25th is a holiday, then a weekend.
    assert mornings == [f"setiap_pagi:2026-11-{day}" for day in (24, 26, 27, 30)]


async def test_after_a_long_outage_each_reader_gets_only_the_latest_rung_and_the_rest_is_recorded(working):
    office = await accepted(working())
    await office.delivery.drain()
    office.messenger.take()
    assert await sweep(office, nov(30, "08.00")) == 1
    rows = office.rows(RUNGS)
    told = [(who, rung) for who, kind, rung, _ in rows if kind == REMINDER]
    assert sorted(told) == sorted(
        [(WATI, "setiap_pagi:2026-11-30"), (SARI, "ke_sekcam"), (TINI, "ke_camat")],
    )
    skipped = [rung for who, kind, rung, _ in rows if kind == SUMMARISED]
    assert skipped[:2] == ["jatuh_tempo", "terlambat"]
    assert len(skipped) == 5  # and the mornings of the 24th, 26th and 27th
    await office.delivery.drain()
    assert [type(one.view) for one in office.messenger.to(WATI)] == [ReminderView]
    assert office.rows("SELECT count(*) FROM outbox WHERE kind = 'ringkas' AND state = 'skipped'") == [(5,)]


async def test_a_rung_rings_once_even_if_its_moment_is_set_again(working):
    office = await accepted(working())
    await sweep(office, nov(23, "09.15"))
    office.write(
        lambda conn: instances.set_next(conn, 1, 1, 0, "terlambat", nov(23, "09.15"), "jatuh_tempo"),
    )
    await sweep(office, nov(23, "09.15"))
    assert [rung for _, _, rung, _ in office.rows(RUNGS)] == ["jatuh_tempo"]


async def test_a_finished_step_rings_no_more_and_what_waits_is_not_sent(working):
    office = await accepted(working())
    await office.delivery.drain()
    office.messenger.take()
    await sweep(office, nov(23, "09.15"))
    await office.finish(1, WATI)
    await office.delivery.drain()
    assert not [one for one in office.messenger.to(WATI) if isinstance(one.view, ReminderView)]
    assert office.rows("SELECT state, error FROM outbox WHERE kind = 'pengingat'") == [
        ("skipped", "tugas sudah berubah")
    ]


async def test_a_reminder_to_accept_is_withdrawn_by_the_acceptance(office):
    await office.begin()
    await sweep(office, nov(23, "09.30"))
    await office.accept(1, WATI)
    await office.delivery.drain()
    assert office.rows("SELECT state FROM outbox WHERE kind = 'pengingat'") == [("skipped",)]


async def test_an_offered_step_reminds_everybody_to_whom_it_is_offered(working):
    office = working(sop=sop(step(KASI), step(SEKCAM)))
    await office.begin(by=EKA)
    await sweep(office, nov(23, "09.30"))
    assert [who for who, _, _, _ in office.rows(RUNGS)] == [EKA, RUDI]


async def test_whoever_is_late_is_not_told_of_it_as_their_own_superior(working):
    office = working(sop=sop(step(SEKCAM), step(STAF)))
    await office.begin(by=SARI)
    await office.accept(1, SARI)
    await sweep(office, nov(24, "09.15"))
    assert {(who, rung) for who, _, rung, _ in office.rows(RUNGS) if rung.startswith("ke_")} == {(TINI, "ke_camat")}


async def test_indicative_times_ring_once_and_never_escalate(working):
    office = working(sop=sop(step(STAF), step(SEKCAM), indicative=True))
    await accepted(office)
    await sweep(office, nov(30, "08.00"))
    assert [(who, rung) for who, _, rung, _ in office.rows(RUNGS)] == [(WATI, "jatuh_tempo")]
    assert office.rows(NEXT) == [(None,)]


async def test_a_step_of_a_day_is_reminded_at_half_and_an_hour_before(working):
    office = working(sop=DAILY)
    await accepted(office)
    for at in (nov(23, "16.00"), nov(24, "08.00")):
        await sweep(office, at)
    assert [rung for _, _, rung, _ in office.rows(RUNGS)] == ["separuh_waktu", "satu_jam_sebelum"]


async def test_one_assignment_that_cannot_be_rung_does_not_stop_the_others(office):
    await office.begin(subject="Rusak")
    await office.begin(subject="Baik")
    office.write(
        lambda conn: conn.exec_driver_sql("UPDATE assignment SET next_rung = 'tidak_ada' WHERE instance = 1"),
    )
    assert await sweep(office, nov(23, "09.30")) == 1
    assert [(who, rung) for who, _, rung, _ in office.rows(RUNGS)] == [(WATI, "belum_diterima")]
    [(at,)] = office.rows("SELECT next_at FROM assignment WHERE instance = 1")
    assert at == int((nov(23, "09.30") + LATER).timestamp() * 1_000_000)


async def test_a_step_whose_grace_cannot_end_is_looked_at_again_later(office):
    await office.begin()
    office.write(
        lambda conn: conn.exec_driver_sql("UPDATE assignment SET next_rung = 'diterima_otomatis', next_at = 0"),
    )
    assert await sweep(office, nov(23, "09.00")) == 0  # it is not over yet, whatever the table says
    [(at, rung)] = office.rows("SELECT next_at, next_rung FROM assignment")
    assert (at, rung) == (int((nov(23, "09.00") + LATER).timestamp() * 1_000_000), "diterima_otomatis")


async def test_a_sweep_wakes_the_delivery_only_if_something_rang(office):
    woken = []
    office.reminding.on_commit = lambda: woken.append(1)
    await office.begin()
    await sweep(office, nov(23, "09.29"))
    assert woken == []
    await sweep(office, nov(23, "09.30"))
    assert woken == [1]


async def test_a_vacant_step_reminds_nobody_and_moves_on(office):
    await office.begin()
    office.write(lambda conn: [people.freeze(conn, one) for one in (EKA, RUDI)])
    await office.work(1, WATI)
    await sweep(office, nov(23, "09.30"))
    assert office.rows(RUNGS) == []
    assert office.rows("SELECT next_rung FROM assignment WHERE n = 2") == [("diterima_otomatis",)]


async def test_a_returned_step_begins_its_ladder_anew(office):
    await office.begin()
    for n, who in ((1, WATI), (2, EKA), (3, RUDI)):
        await office.work(n, who)
    await office.answer(4, SARI, Answer.NO)
    await sweep(office, nov(23, "09.30"))
    assert [(who, rung) for who, _, rung, _ in office.rows(RUNGS)] == [(WATI, "belum_diterima")]


@pytest.mark.parametrize("rung", list(Rung))
def test_escalations_and_the_last_word_are_repeated_when_uncertain_the_middle_rungs_are_not(rung):
    assert (rung in REPEATABLE) == (rung is Rung.OVERDUE or rung.escalates_to is not None)
