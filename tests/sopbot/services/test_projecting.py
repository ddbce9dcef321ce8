"""What follows from events in the tables: versions compared, next moments planned, messages put for each reader."""

from dataclasses import replace

import pytest

from sopbot.domain.commands import Answer
from sopbot.domain.notices import NoticeKind
from sopbot.services import projecting
from sopbot.services.projecting import REPEATABLE, URGENCY, VersionConflict
from sopbot.store import people
from tests.at_work import account
from tests.building import BUDI, EKA, RUDI, SARI, TINI, WATI, nov

NEXT = "SELECT n, next_at, next_rung FROM assignment WHERE ended_at IS NULL ORDER BY n"


def micros(at):
    return int(at.timestamp() * 1_000_000)


async def test_of_two_that_decided_on_the_same_version_one_is_refused(office):
    await office.begin()
    stale = office.instance()
    outcome = await office.accept(1, WATI)
    with pytest.raises(VersionConflict):
        office.write(lambda conn: projecting.write_instance(conn, stale, replace(outcome.after, step=4)))
    assert office.rows("SELECT step, version FROM instance") == [(1, 3)]


async def test_an_offered_step_rings_first_at_half_of_its_grace(office):
    await office.begin()
    assert office.rows(NEXT) == [(1, micros(nov(23, "09.30")), "belum_diterima")]


async def test_an_accepted_step_rings_next_when_it_is_due(office):
    await office.begin()
    await office.accept(1, WATI)
    assert office.rows(NEXT) == [(1, micros(nov(23, "09.15")), "jatuh_tempo")]


async def test_a_step_of_a_day_rings_at_half_of_its_time(office):
    await office.begin()
    await office.work(1, WATI)
    await office.accept(2, EKA)
    [(_, at, rung), (_, _, other)] = office.rows(NEXT)
    assert (rung, other) == ("separuh_waktu", "belum_diterima")
    assert micros(nov(23, "09.00")) < at < micros(nov(24, "09.00"))


async def test_an_ended_assignment_rings_no_more_and_its_buttons_are_void(office):
    await office.begin()
    await office.work(1, WATI)
    assert office.rows("SELECT next_at, next_rung, ended_at FROM assignment WHERE n = 1") == [
        (None, None, micros(nov(23, "09.00")))
    ]
    assert office.rows("SELECT assignment, retired FROM card ORDER BY assignment") == [(1, 1), (2, 0), (3, 0)]


async def test_parallel_work_gives_everybody_a_card_of_their_own(office):
    await office.begin()
    await office.work(1, WATI)
    assert office.rows("SELECT assignment, officer FROM card WHERE assignment > 1 ORDER BY assignment") == [
        (2, EKA),
        (3, RUDI),
    ]


async def test_participants_are_told_and_get_no_card(office):
    await office.begin()
    for n, who in ((1, WATI), (2, EKA), (3, RUDI)):
        await office.work(n, who)
    await office.answer(4, SARI, Answer.YES)
    await office.answer(5, TINI, Answer.YES)
    of_step_4 = [(who, kind) for who, kind, _, _ in office.outbox()][-3:]
    assert of_step_4 == [(TINI, "segarkan"), (BUDI, "kartu"), (WATI, "peserta")]


async def test_a_return_refreshes_the_cards_that_it_closes_and_gives_a_new_one(office):
    await office.begin()
    for n, who in ((1, WATI), (2, EKA), (3, RUDI)):
        await office.work(n, who)
    before = len(office.outbox())
    office.clock.advance(minutes=5)
    await office.answer(4, SARI, Answer.NO)
    assert [(who, kind) for who, kind, _, _ in office.outbox()][before:] == [
        (SARI, "segarkan"),  # accepted
        (SARI, "segarkan"),  # returned
        (WATI, "kartu"),
    ]
    assert office.rows("SELECT step, round FROM instance") == [(1, 2)]


async def test_somebody_without_an_account_gets_no_message_and_the_overseers_are_told(office):
    office.write(lambda conn: people.unbind(conn, WATI))
    await office.begin(by=SARI)
    assert [(who, kind) for who, kind, _, _ in office.outbox()] == [(SARI, "tanpa_pejabat"), (TINI, "tanpa_pejabat")]


async def test_a_role_that_becomes_vacant_is_told_to_the_overseers(office):
    await office.begin()
    office.write(lambda conn: [people.freeze(conn, one) for one in (EKA, RUDI)])
    before = len(office.outbox())
    await office.work(1, WATI)
    assert {(who, kind) for who, kind, _, _ in office.outbox()[before:]} == {
        (WATI, "segarkan"),
        (SARI, "tanpa_pejabat"),
        (TINI, "tanpa_pejabat"),
    }


async def test_a_cancellation_tells_whoever_worked_on_it_and_the_overseers_but_not_who_did_it(office):
    await office.begin()
    await office.work(1, WATI)
    before = len(office.outbox())
    await office.cancel(SARI)
    told = [who for who, kind, _, _ in office.outbox()[before:] if kind == "dihentikan"]
    assert sorted(told) == sorted([TINI, EKA, RUDI, WATI])  # not SARI, who cancelled it
    assert office.rows("SELECT count(*) FROM card WHERE retired = 0") == [(0,)]


async def test_a_card_is_issued_once_for_each_officer_and_assignment(office):
    await office.begin()
    token = office.token(1, WATI)
    again = office.write(lambda conn: projecting.issue_card(conn, 1, 1, WATI, office.clock.now()))
    assert again == token
    another = office.write(lambda conn: projecting.issue_card(conn, 1, 1, SARI, office.clock.now()))
    assert another != token
    assert office.rows("SELECT officer, chat_id FROM card WHERE token = :t", t=another) == [(SARI, account(SARI))]
    assert len(token) == 16  # 96 bits: nobody guesses it


def test_every_kind_of_notice_has_its_urgency():
    assert set(URGENCY) == set(NoticeKind)
    assert URGENCY[NoticeKind.REFRESH] == max(URGENCY.values())  # a press is answered before anything else leaves
    assert NoticeKind.CARD in REPEATABLE
    assert NoticeKind.TOLD not in REPEATABLE
