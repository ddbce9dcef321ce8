"""Presses of officers: on cards, and to look around."""

from dataclasses import replace

import pytest

from handlers import taps
from handlers.desk import Incoming
from sopbot.chat import texts
from sopbot.domain.errors import StaleButton
from sopbot.domain.instance import AssignmentState
from sopbot.services.asking import Asked
from sopbot.services.execute import Origin
from tests.at_work import account
from tests.building import EKA, RUDI, SARI, WATI


async def to_the_decision(office):
    await office.begin()
    for n, who in ((1, WATI), (2, EKA), (3, RUDI)):
        await office.work(n, who)


async def test_taking_a_step_tells_when_it_is_due(chatting):
    await chatting.office.begin()
    [answer] = await chatting.tap(WATI, chatting.card(1, WATI, "t"))
    assert answer == "Tugas diterima. Jatuh tempo: Senin, 23 November 2026 pukul 09.15 WIB."


async def test_finishing_a_step_thanks_and_says_who_is_next(chatting):
    await chatting.office.begin()
    await chatting.tap(WATI, chatting.card(1, WATI, "t"))
    [answer] = await chatting.tap(WATI, chatting.card(1, WATI, "s"))
    assert answer.startswith("Terima kasih. Langkah 1 tercatat selesai pukul 09.00 WIB dan diteruskan kepada ")
    assert len(answer) <= 200


async def test_returning_asks_for_the_reason_and_changes_nothing_yet(chatting):
    await to_the_decision(chatting.office)
    await chatting.tap(SARI, chatting.card(4, SARI, "t"))
    [question] = await chatting.tap(SARI, chatting.card(4, SARI, "n"))
    assert "Mohon tuliskan alasan pengembalian." in question
    sent = chatting.telegram.named("sendMessage")[0]
    assert sent["reply_markup"]["force_reply"] is True
    assert chatting.office.instance().assignments[3].state is AssignmentState.ACCEPTED
    pending = chatting.office.asking.pending(account(SARI), 501)
    assert (pending.kind, pending.data) == (Asked.RETURN_REASON, {"instance": 1, "n": 4})


async def test_a_task_opened_anew_is_the_card_from_then_on(chatting):
    await chatting.office.begin()
    await chatting.office.delivery.drain()
    [card] = await chatting.tap(WATI, "o|1|1")
    assert "Kegiatan" in card
    assert chatting.buttons() == [("Terima Tugas", chatting.card(1, WATI, "t"))]
    assert chatting.office.rows("SELECT message_id FROM card") == [(501,)]


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ("s", "Silakan pilih"),
        ("s|contoh-sop", "SOP Contoh"),
        ("s|contoh-sop|0", "halaman 1"),
        ("s|contoh-sop|99", "halaman 1"),
        ("j|1|0", "Jejak"),
        ("j|1|99", "Jejak"),
    ],
)
async def test_looking_around_replaces_the_message(chatting, data, shown):
    await chatting.office.begin()
    [page] = await chatting.tap(WATI, data, message_id=33)
    assert shown in page
    assert chatting.telegram.named("editMessageText")[0]["message_id"] == 33


async def test_starting_an_sop_by_buttons_and_text_begins_it_once(chatting):
    [question] = await chatting.tap(WATI, "m|contoh-sop")
    assert "Mohon tuliskan perihalnya" in question
    [confirm] = await chatting.say(WATI, "Renja\n 2027 <b>")
    assert "Renja 2027 &lt;b&gt;" in confirm
    (_, yes), (_, no) = chatting.buttons()
    assert no.startswith("B|")
    [started] = await chatting.tap(WATI, yes)
    assert "Pelaksanaan dimulai" in started
    assert "Rekod 1·" in started
    assert await chatting.tap(WATI, yes) == [texts.BUTTON_UNKNOWN]
    assert chatting.office.rows("SELECT subject FROM instance") == [("Renja 2027 <b>",)]


async def test_a_confirmation_of_somebody_else_begins_nothing(chatting):
    await chatting.tap(WATI, "m|contoh-sop")
    await chatting.say(WATI, "Renja 2027")
    yes = chatting.buttons()[0][1]
    assert await chatting.tap(SARI, yes) == [texts.BUTTON_UNKNOWN]
    assert chatting.office.rows("SELECT count(*) FROM instance") == [(0,)]


async def test_not_beginning_after_all(chatting):
    await chatting.tap(WATI, "m|contoh-sop")
    await chatting.say(WATI, "Renja 2027")
    yes, no = (data for _, data in chatting.buttons())
    assert await chatting.tap(WATI, no) == [texts.CANCELLED_DIALOG]
    assert await chatting.tap(WATI, yes) == [texts.BUTTON_UNKNOWN]


async def test_who_may_not_start_an_sop_is_refused_at_the_button_and_at_the_end(chatting):
    assert await chatting.tap(RUDI, "m|contoh-sop") == [texts.refusal(texts.errors.MayNotStart())]
    nonce = await chatting.office.asking.ask_confirmation(account(RUDI), "contoh-sop", "Renja 2027")
    assert await chatting.tap(RUDI, f"M|{nonce}") == [texts.refusal(texts.errors.MayNotStart())]
    assert [why for _, _, why in chatting.denials()] == ["MayNotStart", "MayNotStart"]
    assert chatting.office.rows("SELECT count(*) FROM instance") == [(0,)]


async def test_the_overview_is_for_overseers(chatting):
    await chatting.office.begin()
    [page] = await chatting.tap(SARI, "p|0")
    assert "Berjalan: 1" in page
    assert await chatting.tap(WATI, "p|0") == [texts.BUTTON_UNKNOWN]
    assert len(chatting.denials()) == 1


async def test_an_instance_is_shown_with_the_way_to_cancel_it_for_overseers_alone(chatting):
    await chatting.office.begin()
    await chatting.tap(WATI, "l|1")
    assert [data for _, data in chatting.buttons()] == ["j|1|0"]
    await chatting.tap(SARI, "l|1")
    assert [data for _, data in chatting.buttons()] == ["j|1|0", "x|1"]


async def test_cancelling_asks_for_the_reason_and_only_those_who_may(chatting):
    await chatting.office.begin()
    [question] = await chatting.tap(SARI, "x|1")
    assert "alasan pembatalan" in question
    assert await chatting.tap(WATI, "x|1") == [texts.refusal(texts.errors.MayNotCancel())]
    assert chatting.office.instance().state == "berjalan"


def test_every_button_that_pages_make_has_its_handler():
    from sopbot.chat import cards, menus, sop_pages

    keys = {
        value
        for module in (cards, menus, sop_pages)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str) and len(value) == 1 and name != "IDENTITY"
    }
    assert keys == set(taps._HANDLERS)


async def test_the_cancel_button_of_an_old_confirmation_leaves_a_newer_question_alone(chatting):
    await to_the_decision(chatting.office)
    await chatting.tap(SARI, chatting.card(4, SARI, "t"))
    nonce = await chatting.office.asking.ask_confirmation(account(SARI), "contoh-sop", "Renja 2027")
    await chatting.tap(SARI, chatting.card(4, SARI, "n"))
    assert await chatting.tap(SARI, f"B|{nonce}") == [texts.BUTTON_UNKNOWN]
    assert await chatting.tap(SARI, "B|") == [texts.BUTTON_UNKNOWN]
    assert chatting.office.asking.pending(account(SARI), None).kind is Asked.RETURN_REASON


async def test_a_question_whose_sending_failed_is_remembered_as_it_may_have_arrived(chatting):
    await to_the_decision(chatting.office)
    await chatting.tap(SARI, chatting.card(4, SARI, "t"))
    chatting.telegram.refuse("sendMessage", 500, "Internal Server Error")
    await chatting.tap(SARI, chatting.card(4, SARI, "n"))
    assert chatting.office.asking.pending(account(SARI), None).data == {"instance": 1, "n": 4}


async def test_an_answer_to_the_press_that_fails_does_not_swallow_the_question(chatting):
    await to_the_decision(chatting.office)
    await chatting.tap(SARI, chatting.card(4, SARI, "t"))
    chatting.telegram.refuse("answerCallbackQuery", 500, "Internal Server Error")
    await chatting.tap(SARI, chatting.card(4, SARI, "n"))
    assert "Mohon tuliskan alasan pengembalian." in chatting.telegram.named("sendMessage")[-1]["text"]


async def test_a_fault_of_ours_is_not_taken_for_an_old_button(desk, office):
    class Broken:
        def visible(self, member, instance):
            raise ValueError("a fault of ours")

    pressed = Incoming(member=office.member(WATI), chat_id=7, message_id=33, origin=Origin(), query_id="q")
    with pytest.raises(ValueError, match="a fault of ours"):
        await taps.tap(replace(desk, queries=Broken()), pressed, "j|1|0")


@pytest.mark.parametrize(
    "data", ["j", "j|1", "j|x|0", "j|1|-1", "j|99999999999999999999|0", "k|token", "k|token|q", "?"]
)
async def test_data_that_no_button_of_ours_carries_is_refused(desk, office, data):
    pressed = Incoming(member=office.member(WATI), chat_id=7, message_id=33, origin=Origin(), query_id="q")
    await office.begin()
    with pytest.raises(StaleButton):
        await taps.tap(desk, pressed, data)
