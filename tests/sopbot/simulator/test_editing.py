import pytest

CAMAT, KASI = 101, 102
KEYS = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


@pytest.fixture
async def sent(bot):
    return await bot.ok("sendMessage", chat_id=CAMAT, text="Lama", reply_markup=KEYS)


async def test_an_edit_replaces_text_and_keyboard(bot, driver, sent):
    edited = await bot.ok("editMessageText", chat_id=CAMAT, message_id=sent["message_id"], text="Baru")
    assert (edited["text"], "reply_markup" in edited) == ("Baru", False)
    [seen] = await driver.messages()
    assert (seen["text"], seen["buttons"], seen["edited"]) == ("Baru", [], True)


async def test_an_edit_that_changes_nothing_is_refused(bot, sent):
    same = {"chat_id": CAMAT, "message_id": sent["message_id"]}
    assert await bot.refused("editMessageText", **same, text="<b></b>Lama ", parse_mode="HTML", reply_markup=KEYS) == (
        NOT_MODIFIED
    )
    assert await bot.refused("editMessageReplyMarkup", **same, reply_markup=KEYS) == NOT_MODIFIED
    await bot.ok("editMessageReplyMarkup", **same)
    assert await bot.refused("editMessageReplyMarkup", **same) == NOT_MODIFIED


async def test_what_can_not_be_edited(bot, driver, sent):
    assert await bot.refused("editMessageText", chat_id=CAMAT, message_id=99, text="x") == (
        "Bad Request: message to edit not found"
    )
    assert await bot.refused("editMessageText", chat_id=CAMAT, text="x") == (
        "Bad Request: message identifier is not specified"
    )
    assert await bot.refused("editMessageCaption", chat_id=CAMAT, message_id=sent["message_id"], caption="x") == (
        "Bad Request: there is no caption in the message to edit"
    )
    own = await driver.say(CAMAT, "punya saya")
    assert await bot.refused("editMessageText", chat_id=CAMAT, message_id=own["message_id"], text="x") == (
        "Bad Request: message can't be edited"
    )


async def test_captions_are_edited_and_have_no_text(bot, client):
    response = await client.post(
        f"/bot{bot.token}/sendDocument", data={"chat_id": str(CAMAT)}, files={"document": ("a.txt", b"a")}
    )
    named = {"chat_id": CAMAT, "message_id": response.json()["result"]["message_id"]}
    assert (await bot.ok("editMessageCaption", **named, caption="Surat"))["caption"] == "Surat"
    assert await bot.refused("editMessageText", **named, text="x") == (
        "Bad Request: there is no text in the message to edit"
    )


async def test_deleting(bot, driver, sent):
    named = {"chat_id": CAMAT, "message_id": sent["message_id"]}
    assert await bot.ok("deleteMessage", **named) is True
    assert await driver.messages() == []
    assert await bot.refused("deleteMessage", **named) == "Bad Request: message to delete not found"
    assert await bot.ok("deleteMessages", chat_id=CAMAT, message_ids=[sent["message_id"]]) is True


async def test_after_two_days_a_message_can_not_be_deleted(bot, driver, sent):
    await driver.post("/clock", advance=49 * 3600)
    named = {"chat_id": CAMAT, "message_id": sent["message_id"]}
    assert await bot.refused("deleteMessage", **named) == "Bad Request: message can't be deleted"


async def test_the_answer_of_a_tap_reaches_who_pressed(bot, driver, sent):
    tap = driver.tap(CAMAT, sent["message_id"], "y")
    [update] = await bot.updates(timeout=5)
    query = update["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["text"]) == ("y", CAMAT, "Lama")
    assert await bot.ok("answerCallbackQuery", callback_query_id=query["id"], text="Tercatat", show_alert=True)
    assert (await tap).json() == {"answer": "Tercatat", "alert": True}


async def test_an_answer_without_text_and_one_that_is_too_long(bot, driver, sent):
    tap = driver.tap(CAMAT, sent["message_id"], "y")
    [update] = await bot.updates(timeout=5)
    query_id = update["callback_query"]["id"]
    assert await bot.refused("answerCallbackQuery", callback_query_id=query_id, text="x" * 201) == (
        "Bad Request: MESSAGE_TOO_LONG"
    )
    await bot.ok("answerCallbackQuery", callback_query_id=query_id)
    assert (await tap).json() == {"answer": None, "alert": False}


async def test_an_unknown_tap_is_too_old(bot):
    assert await bot.refused("answerCallbackQuery", callback_query_id="1") == (
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )


async def test_a_reaction_is_one_of_telegrams(bot, driver, sent):
    named = {"chat_id": CAMAT, "message_id": sent["message_id"]}
    await bot.ok("setMessageReaction", **named, reaction=[{"type": "emoji", "emoji": "👍"}])
    assert (await driver.messages())[0]["reactions"] == ["👍"]
    assert await bot.refused("setMessageReaction", **named, reaction=[{"type": "emoji", "emoji": "✅"}]) == (
        "Bad Request: REACTION_INVALID"
    )
    await bot.ok("setMessageReaction", **named)
    assert "reactions" not in (await driver.messages())[0]
    assert await bot.refused("setMessageReaction", chat_id=CAMAT, message_id=99) == (
        "Bad Request: message to react not found"
    )
