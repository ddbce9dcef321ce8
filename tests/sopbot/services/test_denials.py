"""The record of what was denied: one row for each update, and none for everyday refusals."""

import pytest

from sopbot.domain import errors
from sopbot.domain.errors import AlreadyDone, NotYours, Rejected, StaleButton
from sopbot.services.denials import Denials
from sopbot.services.execute import Origin
from tests.at_work import account
from tests.building import EKA, WATI

ROWS = "SELECT telegram_id, update_id, what, why FROM denial"


@pytest.fixture
def denials(office):
    return Denials(office.database.writer, office.clock)


async def test_a_denial_names_account_update_and_kind_and_ends_the_update(office, denials):
    origin = office.receive(update_id=5, who=account(EKA))
    await denials.refused(origin, "button", StaleButton())
    assert office.rows(ROWS) == [(account(EKA), 5, "button", "StaleButton")]
    assert office.rows("SELECT state FROM inbox") == [("done",)]


async def test_what_the_core_recorded_is_not_recorded_again(office, denials):
    await office.begin()
    origin = office.receive(who=account(EKA))
    with pytest.raises(NotYours) as refusal:
        await office.accept(1, EKA, origin=origin)
    await denials.refused(origin, "button", refusal.value)
    assert len(office.rows(ROWS)) == 1


async def test_everyday_refusals_are_no_denials(office, denials):
    await denials.refused(office.receive(), "button", AlreadyDone())
    assert office.rows(ROWS) == []
    assert office.rows("SELECT state FROM inbox") == [("new",)]


async def test_strangers_are_recorded_by_their_account(office, denials):
    await denials.stranger(office.receive(who=4711), "button")
    assert office.rows(ROWS) == [(4711, 900, "button", "Stranger")]


async def test_without_an_update_it_is_recorded_all_the_same(office, denials):
    await denials.refused(Origin(telegram_id=account(WATI)), "message", NotYours())
    assert office.rows(ROWS) == [(account(WATI), None, "message", "NotYours")]


async def test_a_database_that_cannot_be_written_does_not_stop_the_reply(office, denials):
    with office.database._writing.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        await denials.refused(Origin(), "button", NotYours())
        other.rollback()
    assert office.rows(ROWS) == []


@pytest.mark.parametrize("kind", errors.Forbidden.__subclasses__())
async def test_every_forbidden_kind_is_recorded(office, denials, kind: type[Rejected]):
    await denials.refused(Origin(), "button", kind())
    assert [why for *_, why in office.rows(ROWS)] == [kind.__name__]
