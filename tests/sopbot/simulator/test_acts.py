import pytest

CAMAT, KASI, STRANGER = 101, 102, 999
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x03"
KEYS = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}


async def message(bot):
    return (await bot.updates())[-1]["message"]


async def test_the_first_word_of_a_stranger_starts_the_bot(bot, driver):
    await driver.say(STRANGER, "/start KODE-123")
    seen = await message(bot)
    assert (seen["text"], seen["entities"]) == (
        "/start KODE-123",
        [{"type": "bot_command", "offset": 0, "length": 6}],
    )
    await bot.ok("sendMessage", chat_id=STRANGER, text="Selamat datang")


async def test_what_a_person_types_is_never_markup(bot, driver):
    said = await driver.say(CAMAT, "<b>x</b> & *y*")
    assert said["text"] == "<b>x</b> & *y*"
    assert (await message(bot)).get("entities") is None


async def test_a_reply_holds_what_it_answers(bot, driver):
    sent = await bot.ok("sendMessage", chat_id=CAMAT, text="Alasan?")
    await driver.say(CAMAT, "Hujan", reply_to=sent["message_id"])
    assert (await message(bot))["reply_to_message"]["text"] == "Alasan?"
    assert (await driver.refused(f"/people/{CAMAT}/messages", text="x", reply_to=77))[0] == 404


async def test_stickers_contacts_and_forwards(bot, driver):
    place = f"/people/{CAMAT}/messages"
    await driver.post(place, sticker="👍")
    assert (await message(bot))["sticker"]["emoji"] == "👍"
    await driver.post(place, contact="me")
    assert (await message(bot))["contact"]["user_id"] == CAMAT
    await driver.post(place, contact=KASI)
    assert (await message(bot))["contact"]["first_name"] == "Budi Santoso"
    await driver.post(place, contact={"phone_number": "+62811", "first_name": "X"})
    assert "user_id" not in (await message(bot))["contact"]
    await driver.post(place, text="Surat", forward_from=KASI)
    assert (await message(bot))["forward_origin"]["sender_user"]["id"] == KASI
    forwarded = await driver.post(place, text="Surat", forward_from="Seseorang")
    assert (await message(bot))["forward_origin"]["type"] == "hidden_user"
    assert forwarded["forwarded_from"] == "Seseorang"


async def test_pictures_are_photos_and_everything_else_is_a_document(bot, client):
    place = f"/sim/people/{CAMAT}/messages"
    await client.post(place, files={"file": ("a.png", PNG)}, data={"caption": "bukti"})
    seen = await message(bot)
    assert (seen["caption"], seen["photo"][0]["height"]) == ("bukti", 3)
    await client.post(place, files={"file": ("a.png", PNG)}, data={"as_document": "1"})
    assert (await message(bot))["document"]["mime_type"] == "image/png"
    response = await client.post(place, files={"file": ("kosong.txt", b"")})
    assert (response.status_code, response.json()) == (400, {"error": "Bad Request: file must be non-empty"})


async def test_an_edit_becomes_an_update(bot, driver, client):
    said = await driver.say(CAMAT, "salah")
    place = f"/sim/people/{CAMAT}/messages/{said['message_id']}"
    response = await client.patch(place, json={"text": "benar"})
    assert (response.json()["text"], response.json()["edited"]) == ("benar", True)
    assert (await bot.updates())[-1]["edited_message"]["text"] == "benar"
    sent = await bot.ok("sendMessage", chat_id=CAMAT, text="x")
    assert (
        await client.patch(f"/sim/people/{CAMAT}/messages/{sent['message_id']}", json={"text": "y"})
    ).status_code == 403
    assert (await client.delete(place)).status_code == 200
    assert (await client.patch(place, json={"text": "y"})).status_code == 404


async def test_a_tap_needs_a_message_and_a_button(bot, driver):
    sent = await bot.ok("sendMessage", chat_id=CAMAT, text="?", reply_markup=KEYS)
    taps = f"/people/{CAMAT}/taps"
    assert (await driver.refused(taps, message_id=77, data="y"))[0] == 404
    assert (await driver.refused(f"/people/{KASI}/taps", message_id=sent["message_id"], data="y"))[0] == 404
    assert (await driver.refused(taps, message_id=sent["message_id"], data="n"))[0] == 409
    assert (await driver.refused(taps, message_id=sent["message_id"]))[0] == 400
    said = await driver.say(CAMAT, "x")
    assert (await driver.refused(taps, message_id=said["message_id"], data="y", force=True))[0] == 404


async def test_a_stale_or_forged_client_presses_what_is_not_there(bot, driver):
    sent = await bot.ok("sendMessage", chat_id=CAMAT, text="?", reply_markup=KEYS)
    await bot.ok("editMessageReplyMarkup", chat_id=CAMAT, message_id=sent["message_id"])
    tap = driver.tap(CAMAT, sent["message_id"], "forged", force=True)
    [update] = await bot.updates(timeout=5)
    assert update["callback_query"]["data"] == "forged"
    await bot.ok("answerCallbackQuery", callback_query_id=update["callback_query"]["id"], text="Tidak berlaku")
    assert (await tap).json()["answer"] == "Tidak berlaku"


async def test_blocking_stops_both_sides_and_the_bot_is_told(bot, driver):
    await driver.post(f"/people/{CAMAT}/block", blocked=True)
    change = (await bot.updates())[-1]["my_chat_member"]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "kicked")
    assert await bot.refused("sendMessage", chat_id=CAMAT, text="x") == "Forbidden: bot was blocked by the user"
    assert (await driver.refused(f"/people/{CAMAT}/messages", text="x"))[0] == 409
    await driver.post(f"/people/{CAMAT}/block", blocked=False)
    assert (await bot.updates())[-1]["my_chat_member"]["new_chat_member"]["status"] == "member"
    await bot.ok("sendMessage", chat_id=CAMAT, text="x")


async def test_a_deleted_account(bot, driver):
    await driver.post(f"/people/{KASI}/block", deactivated=True)
    assert await bot.refused("sendMessage", chat_id=KASI, text="x") == "Forbidden: user is deactivated"


@pytest.mark.parametrize("given", [{}, {"text": " "}, {"text": "x" * 4097}, {"contact": {"first_name": "x"}}])
async def test_messages_that_can_not_be_sent(driver, given):
    assert (await driver.refused(f"/people/{CAMAT}/messages", **given))[0] == 400
