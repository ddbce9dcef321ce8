"""Presses on cards: looked up, authorised, carried out once; cards opened anew."""

import pytest

from sopbot.domain.errors import (
    AlreadyDone,
    MayNotCancel,
    NotAcceptedYet,
    NotStored,
    NotYours,
    OwnWork,
    ReasonRequired,
    StaleButton,
    UnknownAssignment,
    WrongKindOfStep,
)
from sopbot.domain.instance import AssignmentState
from sopbot.domain.sop import SEKCAM
from sopbot.services.acting import Press
from sopbot.services.rendering import RETIRE
from tests.building import EKA, RUDI, SARI, STAF, TINI, WATI, sop, step

CARDS = "SELECT officer, message_id FROM card ORDER BY officer"


async def press(office, officer, token, what, message=101):
    return await office.acting.press(
        office.member(officer),
        token,
        what,
        message,
        office.receive(update_id=len(office.rows("SELECT id FROM inbox")) + 1),
    )


async def test_accepting_and_finishing(office):
    await office.begin()
    token = office.token(1, WATI)
    card = await press(office, WATI, token, Press.ACCEPT)
    assert (card.state, card.token, card.due_at is not None) == (AssignmentState.ACCEPTED, token, True)
    card = await press(office, WATI, token, Press.FINISH)
    assert (card.state, card.next_performer, card.receipt is not None) == (
        AssignmentState.DONE,
        "kasi (langkah 2)",
        True,
    )


async def test_yes_on_a_decision(working):
    office = working(sop=sop(step(STAF), step(SEKCAM, yes=3, no=1), step(STAF)))
    await office.begin()
    await office.work(1, WATI)
    token = office.token(2, SARI)
    await press(office, SARI, token, Press.ACCEPT)
    card = await press(office, SARI, token, Press.YES)
    assert card.state is AssignmentState.DONE


async def test_no_changes_nothing_yet_and_asks_whether_it_may(office):
    await office.begin()
    for n, who in ((1, WATI), (2, EKA), (3, RUDI)):
        await office.work(n, who)
    token = office.token(4, SARI)
    with pytest.raises(NotAcceptedYet):
        await press(office, SARI, token, Press.NO)
    await press(office, SARI, token, Press.ACCEPT)
    card = await press(office, SARI, token, Press.NO)
    assert (card.state, card.next_on_no) == (AssignmentState.ACCEPTED, "staf (langkah 1)")
    with pytest.raises(ReasonRequired):
        await office.acting.give_back(office.member(SARI), 1, 4, "  ", office.receive())
    card = await office.acting.give_back(office.member(SARI), 1, 4, "Belum cocok", office.receive(update_id=901))
    assert (card.state, card.reason) == (AssignmentState.RETURNED, "Belum cocok")


async def test_a_step_that_cannot_be_returned_says_so(office):
    await office.begin()
    token = office.token(1, WATI)
    await press(office, WATI, token, Press.ACCEPT)
    with pytest.raises(WrongKindOfStep):
        await press(office, WATI, token, Press.NO)


async def test_a_token_that_never_was_is_refused(office):
    await office.begin()
    with pytest.raises(StaleButton):
        await press(office, WATI, "tebakan", Press.ACCEPT)
    assert office.instance().version == 2


async def test_the_token_of_somebody_else_is_refused(office):
    await office.begin()
    with pytest.raises(NotYours):
        await press(office, EKA, office.token(1, WATI), Press.ACCEPT)
    assert office.instance().assignments[0].state is AssignmentState.OFFERED


async def test_pressed_again_after_it_is_done(office):
    await office.begin()
    token = office.token(1, WATI)
    await press(office, WATI, token, Press.ACCEPT)
    await press(office, WATI, token, Press.FINISH)
    with pytest.raises(AlreadyDone):
        await press(office, WATI, token, Press.FINISH)


async def test_nobody_decides_on_their_own_work(working):
    office = working(sop=sop(step(SEKCAM), step(SEKCAM, yes=3, no=1), step(STAF)))
    await office.begin(by=SARI)
    await office.work(1, SARI)
    with pytest.raises(OwnWork):
        await press(office, SARI, office.token(2, SARI), Press.ACCEPT)


async def test_a_press_makes_its_message_the_card(office):
    await office.begin()
    await office.delivery.drain()
    await press(office, WATI, office.token(1, WATI), Press.ACCEPT, message=55)
    assert office.rows(CARDS) == [(WATI, 55)]
    assert office.rows("SELECT data FROM outbox WHERE kind = :k", k=RETIRE) == [('{"message_id":101}',)]


async def test_a_refused_press_adopts_nothing_and_lets_its_message_show_what_is_true(office):
    await office.begin()
    await office.delivery.drain()
    token = office.token(1, WATI)
    with pytest.raises(NotAcceptedYet):
        await press(office, WATI, token, Press.FINISH, message=55)
    assert office.rows(CARDS) == [(WATI, 101)]
    assert office.rows("SELECT data FROM outbox WHERE kind = :k", k=RETIRE) == [('{"message_id":55}',)]
    with pytest.raises(NotAcceptedYet):
        await press(office, WATI, token, Press.FINISH, message=101)
    assert office.rows("SELECT kind FROM outbox ORDER BY id")[-1] == ("segarkan",)


async def test_while_nothing_can_be_stored_the_press_is_refused_as_such(office):
    await office.begin()
    token, origin = office.token(1, WATI), office.receive()
    with office.database._writing.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(NotStored):
            await office.acting.press(office.member(WATI), token, Press.ACCEPT, 1, origin)
        other.rollback()


async def test_a_card_opened_anew_has_the_same_token_and_its_message_is_the_card(office):
    await office.begin()
    await office.delivery.drain()
    card = await office.acting.reopen(office.member(WATI), 1, 1)
    assert card.token == office.token(1, WATI)
    await office.acting.shown(card, 77, "contoh")
    assert office.rows(CARDS) == [(WATI, 77)]
    assert office.rows("SELECT count(*) FROM outbox WHERE kind = :k", k=RETIRE) == [(1,)]
    await office.acting.shown(card, 77, "contoh")
    assert office.rows("SELECT count(*) FROM outbox WHERE kind = :k", k=RETIRE) == [(1,)]


@pytest.mark.parametrize(("officer", "refusal"), [(EKA, NotYours), (TINI, NotYours)])
async def test_nobody_opens_the_card_of_somebody_else(office, officer, refusal):
    await office.begin()
    with pytest.raises(refusal):
        await office.acting.reopen(office.member(officer), 1, 1)
    assert office.rows(CARDS) == [(WATI, None)]


@pytest.mark.parametrize(("instance", "n"), [(9, 1), (1, 9), (1, 0), (0, 1)])
async def test_guessed_numbers_open_nothing(office, instance, n):
    await office.begin()
    with pytest.raises(UnknownAssignment):
        await office.acting.reopen(office.member(WATI), instance, n)


async def test_cancelling(office):
    await office.begin()
    with pytest.raises(MayNotCancel):
        await office.acting.cancel(office.member(WATI), 1, "Salah", office.receive())
    outcome = await office.acting.cancel(office.member(SARI), 1, "Salah", office.receive(update_id=901))
    assert outcome.after.state == "dibatalkan"
