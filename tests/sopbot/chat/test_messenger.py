"""Pages through the Bot API: markup, buttons, cutting, edits, answers; and what is done when Telegram refuses."""

from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pytest

from sopbot.chat.messenger import ATTEMPTS, TelegramMessenger
from sopbot.chat.page import LONGEST_TEXT, Button, Page, Style, utf16
from sopbot.services.ports import DeliveryFailed, Failure

PAGE = Page(html="<b>Halo</b> &amp; dunia", buttons=((Button(text="Ya", data="k|1|y", style=Style.YES),),))
UNREADABLE = "Bad Request: can't parse entities: Unsupported start tag"


@pytest.fixture
def messenger(telegram):
    return TelegramMessenger(telegram.bot)


async def test_a_page_goes_out_as_html_with_styled_buttons_and_no_preview(messenger, telegram):
    number = await messenger.send_page(7, PAGE)
    [sent] = telegram.named("sendMessage")
    assert (sent["chat_id"], sent["text"], sent["parse_mode"]) == (7, PAGE.html, "HTML")
    assert sent["link_preview_options"] == {"is_disabled": True}
    assert sent["reply_markup"] == {"inline_keyboard": [[{"text": "Ya", "callback_data": "k|1|y", "style": "success"}]]}
    assert number == 501


async def test_markup_that_telegram_refuses_goes_out_plain(messenger, telegram):
    telegram.refuse("sendMessage", 400, UNREADABLE)
    await messenger.send_page(7, PAGE)
    first, second = telegram.named("sendMessage")
    assert "parse_mode" not in second
    assert second["text"] == "Halo & dunia"
    assert second["reply_markup"] == first["reply_markup"]


async def test_an_edit_falls_back_to_plain_too(messenger, telegram):
    telegram.refuse("editMessageText", 400, UNREADABLE)
    await messenger.edit_page(7, 3, PAGE)
    second = telegram.named("editMessageText")[1]
    assert (second["text"], second["message_id"], "parse_mode" in second) == ("Halo & dunia", 3, False)


async def test_an_edit_that_changes_nothing_is_a_success(messenger, telegram):
    telegram.refuse("editMessageText", 400, "Bad Request: message is not modified: the same")
    await messenger.edit_page(7, 3, PAGE)


async def test_a_text_that_is_too_long_goes_out_cut_and_plain(messenger, telegram):
    await messenger.send_page(7, Page(html=f"<b>{'😀' * 3000}</b>"))
    [sent] = telegram.named("sendMessage")
    assert "parse_mode" not in sent
    assert utf16(sent["text"]) <= LONGEST_TEXT
    assert sent["text"].endswith("…")


async def test_a_text_just_within_the_limit_keeps_its_markup(messenger, telegram):
    await messenger.send_page(7, Page(html=f"<b>{'a' * LONGEST_TEXT}</b>"))
    [sent] = telegram.named("sendMessage")
    assert sent["parse_mode"] == "HTML"


async def test_a_question_forces_a_reply(messenger, telegram):
    await messenger.send_page(7, Page(html="Alasan?", question="Alasan " + "panjang " * 20))
    [sent] = telegram.named("sendMessage")
    assert sent["reply_markup"]["force_reply"] is True
    assert utf16(sent["reply_markup"]["input_field_placeholder"]) <= 64


async def test_a_reply_quotes_what_it_answers_even_if_that_has_gone(messenger, telegram):
    await messenger.send_page(7, PAGE, reply_to=44)
    [sent] = telegram.named("sendMessage")
    assert sent["reply_parameters"] == {"message_id": 44, "allow_sending_without_reply": True}


async def test_what_fails_is_judged(messenger, telegram):
    telegram.refuse("sendMessage", 403, "Forbidden: bot was blocked by the user")
    with pytest.raises(DeliveryFailed) as failed:
        await messenger.send_page(7, PAGE)
    assert failed.value.failure is Failure.UNREACHABLE
    telegram.refuse("editMessageText", 400, "Bad Request: message to edit not found")
    with pytest.raises(DeliveryFailed) as failed:
        await messenger.edit_page(7, 3, PAGE)
    assert failed.value.failure is Failure.GONE


@pytest.mark.parametrize("result", [None, {}, [], "x"])
async def test_an_answer_that_is_no_message_is_uncertain_and_no_crash(messenger, telegram, result):
    telegram.arrange("sendMessage", httpx.Response(200, json={"ok": True, "result": result}))
    with pytest.raises(DeliveryFailed) as failed:
        await messenger.send_page(7, PAGE)
    assert failed.value.failure is Failure.UNCERTAIN


async def test_a_press_is_answered_within_two_hundred_letters(messenger, telegram):
    await messenger.answer("q", "a" * 500, alert=True)
    await messenger.answer("q")
    first, second = telegram.named("answerCallbackQuery")
    assert (len(first["text"]), first["show_alert"]) == (200, True)
    assert "text" not in second


async def test_a_press_too_old_to_be_answered_needs_no_answer(messenger, telegram):
    telegram.refuse("answerCallbackQuery", 400, "Bad Request: query is too old and response timeout expired")
    await messenger.answer("q", "Selesai")
    telegram.refuse("answerCallbackQuery", 401, "Unauthorized")
    with pytest.raises(DeliveryFailed):
        await messenger.answer("q", "Selesai")


async def test_command_menus_for_everybody_and_for_one(messenger, telegram):
    await messenger.set_commands({"tugas": "Tugas saya"})
    await messenger.set_commands({"pantau": "Pantau"}, 7)
    everybody, one = telegram.named("setMyCommands")
    assert everybody["scope"] == {"type": "all_private_chats"}
    assert everybody["commands"] == [{"command": "tugas", "description": "Tugas saya"}]
    assert one["scope"] == {"type": "chat", "chat_id": 7}
    telegram.refuse("setMyCommands", 400, "Bad Request: chat not found")
    with pytest.raises(DeliveryFailed):
        await messenger.set_commands({}, 8)


async def test_leaving_a_group(messenger, telegram):
    await messenger.leave(-5)
    assert telegram.named("leaveChat") == [{"chat_id": -5}]
    telegram.refuse("leaveChat", 403, "Forbidden: bot is not a member of the group chat")
    with pytest.raises(DeliveryFailed):
        await messenger.leave(-5)


async def test_an_answer_waits_for_its_turn(telegram):
    waits = [timedelta(milliseconds=1), timedelta()]
    asked = []

    def pace(chat, edit):
        asked.append((chat, edit))
        return waits.pop(0)

    await TelegramMessenger(telegram.bot, pace).send_page(7, PAGE)
    assert asked == [(7, False), (7, False)]
    assert len(telegram.named("sendMessage")) == 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """Notes how long was waited, and whose turn was asked for."""

    pauses: list[float] = field(default_factory=list)
    asked: list[tuple[int, bool]] = field(default_factory=list)

    def messenger(self, telegram):
        return TelegramMessenger(telegram.bot, self.pace, self.pause)

    def pace(self, chat, edit):
        self.asked.append((chat, edit))
        return timedelta()

    async def pause(self, seconds):
        self.pauses.append(seconds)


async def test_an_answer_that_was_surely_not_sent_is_tried_again_each_time_in_its_turn(telegram):
    waiting = Waiting()
    telegram.arrange("sendMessage", httpx.ConnectError("refused"), httpx.PoolTimeout("full"))
    telegram.refuse("sendMessage", 429, "Too Many Requests", retry_after=7)
    assert await waiting.messenger(telegram).send_page(7, PAGE) == 501
    assert waiting.pauses == [1, 2, 7]
    assert waiting.asked == [(7, False)] * 4
    assert len(telegram.named("sendMessage")) == 4


async def test_an_edit_is_tried_again_too_but_not_for_ever(telegram):
    waiting = Waiting()
    telegram.arrange("editMessageText", *[httpx.ConnectError("refused") for _ in range(9)])
    with pytest.raises(DeliveryFailed) as failed:
        await waiting.messenger(telegram).edit_page(7, 3, PAGE)
    assert failed.value.failure is Failure.NOT_SENT
    assert waiting.asked == [(7, True)] * ATTEMPTS
    assert waiting.pauses == [1, 2, 4]


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (httpx.ReadTimeout("silence"), Failure.UNCERTAIN),
        (httpx.Response(502, html="<html>"), Failure.UNCERTAIN),
        (httpx.Response(403, json={"ok": False, "description": "Forbidden: user is deactivated"}), Failure.UNREACHABLE),
        (httpx.Response(401, json={"ok": False, "description": "Unauthorized"}), Failure.UNAUTHORISED),
        (httpx.Response(400, json={"ok": False, "description": "Bad Request: text is empty"}), Failure.REFUSED),
    ],
)
async def test_what_may_have_arrived_or_never_will_is_not_tried_again(telegram, answer, failure):
    waiting = Waiting()
    telegram.arrange("sendMessage", answer)
    with pytest.raises(DeliveryFailed) as failed:
        await waiting.messenger(telegram).send_page(7, PAGE)
    assert failed.value.failure is failure
    assert len(telegram.named("sendMessage")) == 1
    assert waiting.pauses == []


async def test_without_a_pace_nothing_is_tried_again(messenger, telegram):
    telegram.arrange("sendMessage", httpx.ConnectError("refused"))
    with pytest.raises(DeliveryFailed):
        await messenger.send_page(7, PAGE)
    assert len(telegram.named("sendMessage")) == 1


async def test_an_answer_that_would_come_too_late_is_given_up(telegram):
    patient = TelegramMessenger(telegram.bot, lambda _chat, _edit: timedelta())
    telegram.refuse("sendMessage", 429, "Too Many Requests", retry_after=31)
    with pytest.raises(DeliveryFailed):
        await patient.send_page(7, PAGE)  # an answer after so long is worth nothing
    assert len(telegram.named("sendMessage")) == 1
