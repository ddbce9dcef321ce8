import json

from sopbot.simulator.dispatch import METHODS
from sopbot.simulator.schema import schema

CAMAT = 101
REQUIRED = (
    "getMe getUpdates setWebhook deleteWebhook getWebhookInfo sendMessage sendPhoto sendDocument sendMediaGroup "
    "copyMessage forwardMessage editMessageText editMessageReplyMarkup editMessageCaption deleteMessage "
    "deleteMessages answerCallbackQuery sendChatAction setMessageReaction setMyCommands getMyCommands "
    "deleteMyCommands setMyName setMyDescription setMyShortDescription setChatMenuButton getChat getChatMember "
    "getChatMemberCount leaveChat getFile pinChatMessage unpinChatMessage logOut close"
)


def test_every_method_that_is_served_is_documented_and_none_is_missing():
    assert set(METHODS) <= set(schema()["methods"])
    assert set(REQUIRED.split()) <= set(METHODS) | {"getUpdates"}


async def test_a_method_that_does_not_exist_is_not_found(bot):
    assert await bot.refused("sendMesage", chat_id=CAMAT) == "Not Found"


async def test_a_method_that_is_not_implemented_is_checked_and_then_refused(bot):
    assert await bot.refused("sendDice", chat_id=CAMAT) == "Bad Request: sendDice is not implemented [simulator]"
    assert "unknown parameter" in await bot.refused("sendDice", chat_id=CAMAT, sides=20)


async def test_the_case_of_a_method_does_not_matter(bot):
    assert (await bot.ok("getme"))["is_bot"]


async def test_the_journal_tells_every_call_and_never_the_token(bot, driver, client):
    await bot.ok("sendMessage", chat_id=CAMAT, text=f"token {bot.token}")
    await bot.refused("sendMessage", chat_id=5, text="x")
    keys = json.dumps({"inline_keyboard": [[{"text": "x", "url": f"https://a.id/{bot.token}"}]]})
    form = {"chat_id": str(CAMAT), "text": "x", "reply_markup": keys}
    await client.post(f"/bot{bot.token}/sendMessage", data=form)
    response = await client.get("/sim/journal")
    assert bot.token not in response.text
    accepted, refused, form = response.json()
    assert (accepted["seq"], accepted["method"], accepted["accepted"], accepted["error"]) == (
        1,
        "sendMessage",
        True,
        None,
    )
    assert accepted["parameters"] == {"chat_id": CAMAT, "text": "token <token>"}
    assert accepted["message_ids"] == [1]
    assert (refused["accepted"], refused["error_code"]) == (False, 400)
    assert refused["error"] == "Bad Request: chat not found"
    assert await driver.get("/journal", since=1, limit=1) == [refused]
    assert form["parameters"]["chat_id"] == CAMAT
    assert form["parameters"]["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://a.id/<token>"


async def test_a_failure_inside_is_one_clear_sentence_and_changes_nothing(bot, driver, simulator, monkeypatch, caplog):
    def broken(call):
        call.world.new_message(CAMAT, call.world.bot, text="halfway")
        raise RuntimeError("defect")

    monkeypatch.setitem(METHODS, "sendMessage", broken)
    body = await bot.call("sendMessage", chat_id=CAMAT, text="x")
    assert (body["error_code"], "log" in body["description"]) == (500, True)
    assert "defect" in caplog.text
    assert await driver.messages() == []
