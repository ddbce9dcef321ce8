import asyncio
import threading

import httpx
import pytest
import telebot
from telegram import Bot as LibraryBot
from telegram import Update

CAMAT = 101


async def test_parameters_come_in_every_form(client, bot):
    path = f"/bot{bot.token}/sendMessage"
    given = {"chat_id": str(CAMAT), "text": "é & 1"}
    keys = '{"inline_keyboard":[[{"text":"Ya","callback_data":"y"}]]}'
    responses = [
        await client.get(path, params=given),
        await client.post(path, params=given),
        await client.post(path, data=given),
        await client.post(path, data={**given, "reply_markup": keys}),
        await client.post(path, files={"text": (None, "é & 1"), "chat_id": (None, str(CAMAT))}),
        await client.post(path, json={"chat_id": CAMAT, "text": "é & 1", "reply_markup": keys}),
    ]
    assert [response.json()["result"]["text"] for response in responses] == ["é & 1"] * 6
    assert "reply_markup" in responses[-1].json()["result"]


@pytest.mark.parametrize(
    ("token", "status", "description"),
    [("1234567890:WRONG", 401, "Unauthorized"), ("nonsense", 404, "Not Found")],
)
async def test_a_wrong_token(client, token, status, description):
    response = await client.get(f"/bot{token}/getMe")
    assert (response.status_code, response.json()) == (
        status,
        {"ok": False, "error_code": status, "description": description},
    )
    assert (await client.get(f"/file/bot{token}/documents/a")).status_code == 401


async def test_a_body_that_is_no_json_is_refused(client, bot):
    response = await client.post(f"/bot{bot.token}/getMe", content=b"{", headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["ok"]) == (400, False)


async def test_a_file_that_does_not_exist(client, bot):
    response = await client.get(f"/file/bot{bot.token}/documents/none.txt")
    assert response.json() == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_stopping_ends_waiting_polls(simulator, client, bot):
    poll = asyncio.create_task(client.post(f"/bot{bot.token}/getUpdates", json={"timeout": 50}))
    await asyncio.sleep(0.05)
    await simulator.stop()
    with pytest.raises(httpx.TransportError):
        await poll


async def test_a_bot_of_another_library_can_not_tell_the_difference(simulator, driver, monkeypatch):
    """PyTelegramBotAPI knows nothing of this project: it polls, answers, edits, uploads and downloads."""
    monkeypatch.setattr(telebot.apihelper, "API_URL", simulator.url + "/bot{0}/{1}")
    monkeypatch.setattr(telebot.apihelper, "FILE_URL", simulator.url + "/file/bot{0}/{1}")
    library = telebot.TeleBot(simulator.token, threaded=False)
    downloaded = []

    @library.message_handler(commands=["start"])
    def start(message):
        keys = telebot.types.InlineKeyboardMarkup()
        keys.add(telebot.types.InlineKeyboardButton("Ya", callback_data="ya"))
        library.reply_to(message, "<b>Mulai?</b>", parse_mode="HTML", reply_markup=keys)

    @library.callback_query_handler(func=lambda query: query.data == "ya")
    def tapped(query):
        library.edit_message_text("Dimulai", query.message.chat.id, query.message.message_id)
        library.answer_callback_query(query.id, "Tercatat", show_alert=True)

    @library.message_handler(content_types=["document"])
    def received(message):
        downloaded.append(library.download_file(library.get_file(message.document.file_id).file_path))
        library.send_document(message.chat.id, b"balasan", visible_file_name="balas.txt", caption="ini")

    def poll():
        while not downloaded:
            for update in library.get_updates(offset=library.last_update_id + 1, timeout=1):
                library.process_new_updates([update])
                library.last_update_id = update.update_id

    thread = threading.Thread(target=poll)
    thread.start()
    try:
        await driver.say(CAMAT, "/start")
        question = await until(driver, lambda messages: messages[-1]["buttons"])
        assert (await driver.tap(CAMAT, question["message_id"], "ya")).json() == {"answer": "Tercatat", "alert": True}
        files = {"file": ("a.txt", b"isi")}
        await driver.client.post(f"/sim/people/{CAMAT}/messages", files=files)
        answer = await until(driver, lambda messages: messages[-1].get("file", {}).get("name") == "balas.txt")
        assert (answer["text"], downloaded) == ("ini", [b"isi"])
        assert [item["text"] for item in await driver.messages() if item["edited"]] == ["Dimulai"]
    finally:
        downloaded.append(None)
        await asyncio.to_thread(thread.join)
        session = telebot.util.per_thread("req_session", lambda: None)
        if session:
            session.close()


async def until(driver, wanted):
    """Ask again until the latest message is the wanted one."""
    for _ in range(100):
        messages = await driver.messages()
        if messages and wanted(messages):
            return messages[-1]
        await asyncio.sleep(0.05)
    raise AssertionError(f"it never came: {messages}")


async def test_python_telegram_bot_reads_everything_that_comes_back(simulator, driver):
    library = LibraryBot(simulator.token, base_url=simulator.url + "/bot", base_file_url=simulator.url + "/file/bot")
    async with library:
        sent = await library.send_message(CAMAT, "<b>Halo</b>", parse_mode="HTML", disable_notification=True)
        assert sent.text_html == "<b>Halo</b>"
        assert (await library.get_chat(CAMAT)).first_name == "Siti Aminah"
        await library.set_my_commands([("tugas", "Tugas saya")])
        assert (await library.get_my_commands())[0].command == "tugas"
        document = await library.send_document(CAMAT, b"isi", filename="a.txt")
        file = await library.get_file(document.document.file_id)
        assert await file.download_as_bytearray() == b"isi"
        await driver.say(CAMAT, "halo", reply_to=sent.message_id)
        group = await driver.post("/chats", title="Rapat", members=[CAMAT])
        updates = await library.get_updates(allowed_updates=Update.ALL_TYPES)
        assert [update.effective_chat.id for update in updates] == [CAMAT, group["id"], group["id"]]
        assert updates[1].my_chat_member.new_chat_member.status == "member"
        assert (await library.get_webhook_info()).pending_update_count == 3
