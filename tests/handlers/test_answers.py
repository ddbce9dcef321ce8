"""Text that answers a question: a subject or a reason; anything else is told to be none."""

import pytest

from sopbot.chat import menus, texts
from sopbot.domain.decide import LONGEST_REASON, LONGEST_SUBJECT
from tests.building import EKA, RUDI, SARI, WATI


async def asked_for_a_reason(chatting):
    office = chatting.office
    await office.begin()
    for n, who in ((1, WATI), (2, EKA), (3, RUDI)):
        await office.work(n, who)
    await office.accept(4, SARI)
    await chatting.tap(SARI, chatting.card(4, SARI, "n"))


async def test_text_that_nobody_asked_for(chatting):
    assert await chatting.say(WATI, "Selamat pagi") == [texts.UNKNOWN_TEXT]


async def test_a_reason_returns_the_step_and_gives_the_receipt(chatting):
    await asked_for_a_reason(chatting)
    [answer] = await chatting.say(SARI, "Angka <belum> cocok")
    assert "dikembalikan kepada staf (langkah 1) untuk diperbaiki" in answer
    assert "Rekod " in answer
    assert chatting.office.instance().returned.reason == "Angka <belum> cocok"
    assert await chatting.say(SARI, "Lagi") == [texts.UNKNOWN_TEXT]  # it was answered


@pytest.mark.parametrize("text", ["\u202e\u202c", " \n "])
async def test_an_empty_reason_is_asked_for_again(chatting, text):
    await asked_for_a_reason(chatting)
    await chatting.say(SARI, text)
    assert chatting.office.instance().state == "berjalan"
    assert chatting.office.rows("SELECT count(*) FROM trail WHERE action = 'tidak'") == [(0,)]
    await chatting.say(SARI, "Angka belum cocok")
    assert chatting.office.rows("SELECT count(*) FROM trail WHERE action = 'tidak'") == [(1,)]


async def test_a_reason_that_is_too_long_may_be_shortened(chatting):
    await asked_for_a_reason(chatting)
    [answer] = await chatting.say(SARI, "a" * (LONGEST_REASON + 1))
    assert answer == texts.refusal(texts.errors.ReasonTooLong())
    [answer] = await chatting.say(SARI, "a" * LONGEST_REASON)
    assert "dikembalikan" in answer


async def test_a_greeting_much_later_is_not_taken_for_the_reason_but_a_reply_is(chatting):
    await asked_for_a_reason(chatting)
    [(prompt,)] = chatting.office.rows("SELECT prompt_id FROM dialog")
    chatting.office.clock.advance(minutes=16)
    assert await chatting.say(SARI, "Selamat pagi") == [texts.UNKNOWN_TEXT]
    reply = {"reply_to_message": chatting.message(1, "?") | {"message_id": prompt}}
    [answer] = await chatting.say(SARI, "Angka belum cocok", **reply)
    assert "dikembalikan" in answer


async def test_a_reason_for_cancelling(chatting):
    await chatting.office.begin(subject="Renja <2027>")
    await chatting.tap(SARI, "x|1")
    [answer] = await chatting.say(SARI, "Salah berkas")
    assert "Renja &lt;2027&gt;" in answer
    assert "Rekod 3·" in answer
    assert chatting.office.instance().state == "dibatalkan"


async def test_a_subject_must_have_words_and_not_too_many(chatting):
    await chatting.tap(WATI, "m|contoh-sop")
    assert await chatting.say(WATI, "\u202e") == [texts.refusal(texts.errors.SubjectRequired())]
    assert await chatting.say(WATI, "a" * (LONGEST_SUBJECT + 1)) == [texts.refusal(texts.errors.SubjectTooLong())]
    assert "Apakah sudah benar?" in (await chatting.say(WATI, "a" * LONGEST_SUBJECT))[0]


async def test_text_instead_of_the_confirming_button(chatting):
    await chatting.tap(WATI, "m|contoh-sop")
    await chatting.say(WATI, "Renja 2027")
    assert await chatting.say(WATI, "ya") == [menus.PRESS_A_BUTTON]
    assert chatting.office.rows("SELECT count(*) FROM instance") == [(0,)]


async def test_the_question_of_one_is_not_answered_by_another(chatting):
    await asked_for_a_reason(chatting)
    assert await chatting.say(WATI, "Angka belum cocok") == [texts.UNKNOWN_TEXT]
