"""The desk: replies, changed messages and answers to presses go to the chat that asked."""

from handlers.desk import Incoming
from sopbot.chat.page import Page
from sopbot.services.execute import Origin
from tests.building import WATI


def incoming(office, query_id=None):
    return Incoming(member=office.member(WATI), chat_id=7, message_id=33, origin=Origin(), query_id=query_id)


async def test_a_reply_is_a_new_message_in_the_chat(desk, office, telegram):
    assert await incoming(office).reply(desk, Page(html="Halo")) == 501
    assert telegram.named("sendMessage")[0]["chat_id"] == 7


async def test_what_is_replaced_is_the_message_that_was_pressed(desk, office, telegram):
    await incoming(office).replace(desk, Page(html="Halo"))
    [edited] = telegram.named("editMessageText")
    assert (edited["chat_id"], edited["message_id"]) == (7, 33)


async def test_only_a_press_is_answered(desk, office, telegram):
    await incoming(office).toast(desk, "Halo")
    assert telegram.calls == []
    await incoming(office, "q").toast(desk, "Halo", alert=True)
    assert telegram.named("answerCallbackQuery") == [{"callback_query_id": "q", "text": "Halo", "show_alert": True}]
