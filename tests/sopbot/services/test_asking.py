"""Questions that wait for an answer: one a person, kept, not for ever, and confirmed once."""

from datetime import timedelta

import pytest

from sopbot.domain.errors import AnotherQuestion, StaleButton
from sopbot.services.asking import FRESH, Asked, Asking
from tests.at_work import account
from tests.building import EKA, WATI

ME, OTHER = account(WATI), account(EKA)


async def test_a_question_waits_for_its_person(office):
    await office.asking.ask(ME, Asked.SUBJECT, {"slug": "contoh-sop"}, 11)
    question = office.asking.pending(ME, None)
    assert (question.kind, question.data) == (Asked.SUBJECT, {"slug": "contoh-sop"})
    assert office.asking.pending(OTHER, None) is None


async def test_a_newer_question_replaces_the_older(office):
    await office.asking.ask(ME, Asked.SUBJECT, {}, 11)
    await office.asking.ask(ME, Asked.CANCEL_REASON, {"instance": 1}, 12)
    assert office.asking.pending(ME, None).kind is Asked.CANCEL_REASON


async def test_a_restart_does_not_forget_it(office):
    await office.asking.ask(ME, Asked.SUBJECT, {"slug": "contoh-sop"}, 11)
    assert Asking(office.database, office.clock).pending(ME, None) is not None


async def test_after_a_while_only_a_reply_to_the_question_answers_it(office):
    await office.asking.ask(ME, Asked.SUBJECT, {}, 11)
    office.clock.set(office.clock.now() + FRESH)
    assert office.asking.pending(ME, None) is not None
    office.clock.set(office.clock.now() + timedelta(microseconds=1))
    assert office.asking.pending(ME, None) is None
    assert office.asking.pending(ME, 12) is None
    assert office.asking.pending(ME, 11) is not None


async def test_a_reply_to_an_earlier_message_answers_no_later_question(office):
    await office.asking.ask(ME, Asked.RETURN_REASON, {"instance": 1, "n": 5}, 11)
    await office.asking.ask(ME, Asked.RETURN_REASON, {"instance": 2, "n": 5}, 14)
    with pytest.raises(AnotherQuestion):
        office.asking.pending(ME, 11)
    assert office.asking.pending(ME, 14).data["instance"] == 2
    assert office.asking.pending(ME, 15).data["instance"] == 2  # the bot's "too long, please shorten" came after it


async def test_it_can_be_forgotten(office):
    await office.asking.ask(ME, Asked.SUBJECT, {}, 11)
    assert await office.asking.forget(ME)
    assert not await office.asking.forget(ME)
    assert office.asking.pending(ME, 11) is None


async def test_a_confirmation_is_its_persons_alone_and_used_up_once(office):
    nonce = await office.asking.ask_confirmation(ME, "contoh-sop", "Renja 2027")
    assert office.asking.confirmed(ME, nonce) == ("contoh-sop", "Renja 2027")
    with pytest.raises(StaleButton):
        office.asking.confirmed(OTHER, nonce)
    with pytest.raises(StaleButton):
        office.asking.confirmed(ME, "lain")
    with pytest.raises(StaleButton):
        office.asking.confirmed(ME, "")
    office.write(lambda conn: Asking.take(conn, ME, nonce))
    with pytest.raises(StaleButton):
        office.write(lambda conn: Asking.take(conn, ME, nonce))


async def test_another_question_ends_a_confirmation(office):
    nonce = await office.asking.ask_confirmation(ME, "contoh-sop", "Renja 2027")
    await office.asking.ask(ME, Asked.SUBJECT, {}, 11)
    with pytest.raises(StaleButton):
        office.asking.confirmed(ME, nonce)
