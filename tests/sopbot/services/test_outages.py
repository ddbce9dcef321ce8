"""After a gap in polling: officers with open work are asked once to press again."""

from datetime import timedelta

import pytest

from sopbot.services.outages import GAP, Outages
from sopbot.services.rendering import RETAP
from sopbot.services.views import RetapView
from sopbot.store import people
from tests.building import SARI, WATI

ASKED = "SELECT recipient FROM outbox WHERE kind = :k ORDER BY id"


@pytest.fixture
def outages(office):
    return Outages(office.database, office.offices, office.clock)


async def test_those_with_open_work_are_asked_once_each(office, outages):
    await office.begin()
    await office.begin(subject="Lain")
    assert await outages.noticed(timedelta(minutes=3)) == 1
    assert office.rows(ASKED, k=RETAP) == [(WATI,)]
    await office.delivery.drain()
    [view] = [one.view for one in office.messenger.to(WATI) if isinstance(one.view, RetapView)]
    assert view.open_tasks == 2


async def test_nobody_without_work_or_account_or_access_is_asked(office, outages):
    assert await outages.noticed(timedelta(minutes=3)) == 0
    await office.begin()
    office.write(lambda conn: people.freeze(conn, WATI))
    assert await outages.noticed(timedelta(minutes=3)) == 0


async def test_who_has_finished_meanwhile_is_not_asked(office, outages):
    await office.begin()
    await outages.noticed(timedelta(minutes=3))
    await office.cancel(SARI)
    await office.delivery.drain()
    assert not [one for one in office.messenger.shown if isinstance(one.view, RetapView)]


@pytest.mark.parametrize(("away", "asked"), [(GAP, 0), (GAP + timedelta(seconds=1), 1), (timedelta(days=1), 1)])
async def test_a_restart_after_a_gap_asks_too(office, outages, away, asked):
    await office.begin()
    await outages.polled(office.clock.now())
    office.clock.set(office.clock.now() + away)
    assert await Outages(office.database, office.offices, office.clock).after_start() == asked


async def test_the_first_start_ever_asks_nobody(office, outages):
    await office.begin()
    assert await outages.after_start() == 0
