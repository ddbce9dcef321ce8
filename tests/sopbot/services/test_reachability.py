"""Who cannot be reached is told to the superior, once until they can be reached again."""

import pytest

from sopbot.services import reachability
from sopbot.services.reachability import UNREACHABLE
from sopbot.services.views import UnreachableView
from sopbot.store import people
from tests.at_work import BEGIN
from tests.building import SARI, TINI, WATI


@pytest.fixture
def lose(office):
    def losing(officer):
        return office.write(
            lambda conn: reachability.lost(conn, office.offices.now(conn, "contoh"), officer, office.clock.now())
        )

    return losing


def told(office):
    return office.rows("SELECT recipient, data, repeatable FROM outbox WHERE kind = :k ORDER BY id", k=UNREACHABLE)


def test_the_sekcam_is_told_of_everybody_else(office, lose):
    assert lose(WATI) == 1
    assert told(office) == [(SARI, f'{{"officer":{WATI}}}', 1)]


def test_the_camat_is_told_of_the_sekcam(office, lose):
    lose(SARI)
    assert [who for who, _, _ in told(office)] == [TINI]


def test_the_camat_is_told_where_the_sekcam_cannot_be_reached_either(office, lose):
    lose(SARI)
    lose(WATI)
    assert [who for who, _, _ in told(office)] == [TINI, TINI]


def test_the_sekcam_is_told_of_the_camat_and_of_both_nobody_can_be_told(office, lose):
    lose(TINI)
    assert [who for who, _, _ in told(office)] == [SARI]
    assert lose(SARI) == 0


def test_it_is_told_once_until_the_officer_can_be_reached_again(office, lose):
    lose(WATI)
    assert lose(WATI) == 0
    office.write(lambda conn: reachability.regained(conn, WATI))
    assert lose(WATI) == 1


def test_a_frozen_superior_is_not_told(office, lose):
    office.write(lambda conn: people.freeze(conn, SARI))
    lose(WATI)
    assert [who for who, _, _ in told(office)] == [TINI]


def test_an_unknown_officer_is_nobodys_loss(office, lose):
    assert lose(99) == 0
    office.write(lambda conn: reachability.regained(conn, 99))


async def test_the_notice_shows_whom_to_call_and_how_much_waits(office, lose):
    await office.begin()
    await office.delivery.drain()
    lose(WATI)
    await office.delivery.drain()
    [view] = [one.view for one in office.messenger.to(SARI)]
    assert isinstance(view, UnreachableView)
    assert (view.officer.id, view.whom.id, view.open_tasks) == (SARI, WATI, 1)


async def test_the_notice_is_withdrawn_when_the_officer_was_reached_meanwhile(office, lose):
    lose(WATI)
    office.write(lambda conn: reachability.regained(conn, WATI))
    await office.delivery.drain()
    assert office.messenger.shown == []
    assert office.clock.now() == BEGIN
