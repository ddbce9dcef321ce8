"""Instances read back from the trail."""

from sopbot.domain.events import InstanceStarted, StepAccepted, StepAssigned, StepFinished
from sopbot.services import histories
from tests.building import WATI


async def test_a_history_is_the_fold_of_its_records_with_their_receipts(office):
    first = await office.begin()
    last = await office.work(1, WATI)
    history = office.read(lambda conn: histories.read(conn, 1))
    assert history.instance == last.after
    kinds = [type(record.event) for record in history.records]
    assert kinds == [InstanceStarted, StepAssigned, StepAccepted, StepFinished, StepAssigned, StepAssigned]
    assert [record.receipt.seq for record in history.records] == list(range(1, 7))
    assert tuple(record.receipt for record in history.records[:2]) == first.receipts
    assert tuple(record.receipt for record in history.records[3:]) == last.receipts


async def test_each_instance_has_its_own_history_and_shares_the_offices_chain(office):
    await office.begin(subject="Satu")
    await office.begin(subject="Dua")
    await office.accept(1, WATI, instance=2)
    one, two = (office.read(lambda conn, n=n: histories.read(conn, n)) for n in (1, 2))
    assert (one.instance.subject, two.instance.subject) == ("Satu", "Dua")
    assert [record.receipt.seq for record in two.records] == [3, 4, 5]


def test_an_unknown_instance_has_no_history(office):
    assert office.read(lambda conn: histories.read(conn, 9)) is None
