import pytest

CAMAT, KASI, STRANGER = 101, 102, 999
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x03"


async def test_a_text_arrives_with_its_markup(bot, driver):
    sent = await bot.ok("sendMessage", chat_id=CAMAT, text="<b>Halo</b> &amp; salam", parse_mode="HTML")
    assert (sent["text"], sent["entities"]) == ("Halo & salam", [{"type": "bold", "offset": 0, "length": 4}])
    assert sent["chat"] == {"id": CAMAT, "first_name": "Siti Aminah", "username": "siti_aminah", "type": "private"}
    [seen] = await driver.messages()
    assert (seen["from"], seen["text"], seen["html"]) == ("bot", "Halo & salam", "<b>Halo</b> &amp; salam")


@pytest.mark.parametrize(
    ("given", "description"),
    [
        ({"chat_id": 4711, "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": STRANGER, "text": "x"}, "Forbidden: bot can't initiate conversation with a user"),
        ({"chat_id": CAMAT, "text": " "}, "Bad Request: text must be non-empty"),
        ({"chat_id": CAMAT, "text": "x" * 4097}, "Bad Request: message is too long"),
        (
            {"chat_id": CAMAT, "text": "<b>x", "parse_mode": "HTML"},
            "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        (
            {"chat_id": CAMAT, "text": "x", "reply_parameters": {"message_id": 99}},
            "Bad Request: message to be replied not found",
        ),
        (
            {
                "chat_id": CAMAT,
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]]},
            },
            "Bad Request: BUTTON_DATA_INVALID",
        ),
    ],
)
async def test_what_is_refused_leaves_no_message(bot, driver, given, description):
    assert await bot.refused("sendMessage", **given) == description
    assert await driver.messages() == []


async def test_a_reply_shows_what_it_answers_and_quotes(bot, driver):
    first = await driver.say(CAMAT, "Kapan rapatnya, Bu?")
    parameters = {"message_id": first["message_id"], "quote": "rapatnya"}
    sent = await bot.ok("sendMessage", chat_id=CAMAT, text="Besok", reply_parameters=parameters)
    assert sent["reply_to_message"]["message_id"] == first["message_id"]
    assert sent["quote"] == {"text": "rapatnya", "position": 6, "is_manual": True}
    seen = (await driver.messages())[-1]
    assert (seen["reply_to"]["text"], seen["quote"]) == ("Kapan rapatnya, Bu?", "rapatnya")
    parameters["quote"] = "lain"
    assert await bot.refused("sendMessage", chat_id=CAMAT, text="x", reply_parameters=parameters) == (
        "Bad Request: QUOTE_TEXT_INVALID"
    )


async def test_a_reply_to_a_deleted_message_may_be_sent_without(bot):
    parameters = {"message_id": 99, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await bot.ok("sendMessage", chat_id=CAMAT, text="x", reply_parameters=parameters)


async def test_photo_and_document_are_uploaded_and_sent_again_by_id(bot, client, driver):
    path = f"/bot{bot.token}"
    data = {"chat_id": str(CAMAT), "caption": "<i>Bagan</i>", "parse_mode": "HTML"}
    response = await client.post(f"{path}/sendPhoto", data=data, files={"photo": ("bagan.png", PNG)})
    photo = response.json()["result"]
    assert (photo["caption"], photo["photo"][0]["width"]) == ("Bagan", 2)
    again = await bot.ok("sendPhoto", chat_id=KASI, photo=photo["photo"][0]["file_id"])
    assert again["photo"] == photo["photo"]
    response = await client.post(
        f"{path}/sendDocument", data={"chat_id": str(CAMAT)}, files={"document": ("a.csv", b"1;2")}
    )
    document = response.json()["result"]["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == ("a.csv", "text/csv", 3)
    seen = (await driver.messages())[-1]["file"]
    assert (seen["name"], seen["size"]) == ("a.csv", 3)
    assert (await client.get(seen["url"])).content == b"1;2"


async def test_an_album_is_one_group_of_messages(bot, client):
    media = '[{"type":"document","media":"attach://a","caption":"satu"},{"type":"document","media":"attach://b"}]'
    files = {"a": ("a.txt", b"a"), "b": ("b.txt", b"b")}
    response = await client.post(
        f"/bot{bot.token}/sendMediaGroup", data={"chat_id": str(CAMAT), "media": media}, files=files
    )
    messages = response.json()["result"]
    assert [message["document"]["file_name"] for message in messages] == ["a.txt", "b.txt"]
    assert len({message["media_group_id"] for message in messages}) == 1
    assert "2 to 10" in await bot.refused("sendMediaGroup", chat_id=CAMAT, media=[{"type": "photo", "media": "x"}])


async def test_copy_and_forward(bot):
    sent = await bot.ok("sendMessage", chat_id=CAMAT, text="Surat")
    source = {"from_chat_id": CAMAT, "message_id": sent["message_id"]}
    copied = await bot.ok("copyMessage", chat_id=KASI, **source)
    assert set(copied) == {"message_id"}
    forwarded = await bot.ok("forwardMessage", chat_id=KASI, **source)
    assert (forwarded["text"], forwarded["forward_origin"]["type"]) == ("Surat", "user")
    source["message_id"] = 4711
    assert await bot.refused("copyMessage", chat_id=KASI, **source) == "Bad Request: message to copy not found"
    assert await bot.refused("forwardMessage", chat_id=KASI, **source) == "Bad Request: message to forward not found"


async def test_a_forced_reply_waits_until_the_person_writes(bot, driver):
    sent = await bot.ok("sendMessage", chat_id=CAMAT, text="Alasan?", reply_markup={"force_reply": True})
    assert "reply_markup" not in sent
    assert await driver.get(f"/people/{CAMAT}/reply") == {"force_reply": True, "message_id": sent["message_id"]}
    await driver.say(CAMAT, "Karena hujan", reply_to=sent["message_id"])
    assert await driver.get(f"/people/{CAMAT}/reply") is None


async def test_a_reply_keyboard_stays_until_it_is_removed(bot, driver):
    await bot.ok("sendMessage", chat_id=CAMAT, text="x", reply_markup={"keyboard": [[{"text": "Menu"}]]})
    await driver.say(CAMAT, "Menu")
    assert (await driver.get(f"/people/{CAMAT}/reply"))["keyboard"] == [[{"text": "Menu"}]]
    await bot.ok("sendMessage", chat_id=CAMAT, text="x", reply_markup={"remove_keyboard": True})
    assert await driver.get(f"/people/{CAMAT}/reply") is None


async def test_chat_actions_have_names(bot):
    assert await bot.ok("sendChatAction", chat_id=CAMAT, action="typing") is True
    assert await bot.refused("sendChatAction", chat_id=CAMAT, action="dancing") == (
        "Bad Request: wrong parameter action in request"
    )


async def test_a_mention_by_id_names_a_person_that_the_bot_knows(bot):
    text = f'<a href="tg://user?id={KASI}">Budi</a> <a href="tg://user?id=5">?</a>'
    sent = await bot.ok("sendMessage", chat_id=CAMAT, text=text, parse_mode="HTML")
    assert [(e["type"], e["user"]["id"]) for e in sent["entities"]] == [("text_mention", KASI)]
