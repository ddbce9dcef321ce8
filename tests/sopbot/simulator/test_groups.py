import pytest

CAMAT, KASI, STRANGER = 101, 102, 999
KEYS = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}


@pytest.fixture
async def group(driver, bot):
    created = await driver.post("/chats", title="Rapat", members=[CAMAT, KASI])
    await bot.updates(offset=-1)
    await bot.updates(offset=(await bot.updates())[-1]["update_id"] + 1)
    return created["id"]


async def test_creating_a_group_tells_the_bot_that_it_is_in(bot, driver):
    created = await driver.post("/chats", title="Rapat", members=[CAMAT, KASI])
    assert created["id"] < 0
    assert await driver.get("/chats") == [created]
    first, second = await bot.updates()
    assert first["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert second["message"]["new_chat_members"][0]["username"] == "simulasi_bot"
    await bot.ok("sendMessage", chat_id=created["id"], text="Halo semua")


async def test_privacy_mode_shows_the_bot_only_what_is_meant_for_it(bot, driver, group):
    place = f"/chats/{group}/messages"
    sent = await bot.ok("sendMessage", chat_id=group, text="?")
    await driver.post(place, person=CAMAT, text="antara kita")
    await driver.post(place, person=CAMAT, text="/tugas")
    await driver.post(place, person=KASI, text="/tugas@simulasi_bot")
    await driver.post(place, person=KASI, text="/tugas@bot_lain")
    await driver.post(place, person=KASI, text="jawab", reply_to=sent["message_id"])
    assert [u["message"]["text"] for u in await bot.updates()] == ["/tugas", "/tugas@simulasi_bot", "jawab"]
    seen = await driver.get(place, person=KASI)
    assert [item["from"] for item in seen[-3:]] == ["me", "me", "me"]


async def test_an_administrator_reads_everything(bot, driver, group):
    await driver.post(f"/chats/{group}/members", bot="administrator")
    said = await driver.post(f"/chats/{group}/messages", person=CAMAT, text="apa saja")
    assert (await bot.updates())[-1]["message"]["text"] == "apa saja"
    assert await bot.ok("deleteMessage", chat_id=group, message_id=said["message_id"])


async def test_a_member_taps_in_a_group(bot, driver, group):
    sent = await bot.ok("sendMessage", chat_id=group, text="?", reply_markup=KEYS)
    tap = driver.tap(KASI, sent["message_id"], "y", chat=group)
    [update] = await bot.updates(timeout=5)
    assert (update["callback_query"]["from"]["id"], update["callback_query"]["message"]["chat"]["id"]) == (KASI, group)
    await bot.ok("answerCallbackQuery", callback_query_id=update["callback_query"]["id"])
    assert (await tap).status_code == 200
    assert (await driver.tap(STRANGER, sent["message_id"], "y", chat=group)).status_code == 403


async def test_members_come_and_go(bot, driver, group):
    changed = await driver.post(f"/chats/{group}/members", add=[STRANGER], remove=[KASI])
    assert changed["members"] == [CAMAT, STRANGER]
    added, removed = [u["message"] for u in await bot.updates()]
    assert (added["new_chat_members"][0]["id"], removed["left_chat_member"]["id"]) == (STRANGER, KASI)


async def test_the_bot_is_thrown_out(bot, driver, group):
    await driver.post(f"/chats/{group}/members", bot="kicked")
    assert (await bot.updates())[-1]["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert await bot.refused("sendMessage", chat_id=group, text="x") == (
        "Forbidden: bot was kicked from the group chat"
    )


async def test_an_upgraded_group_has_moved(bot, driver, group):
    upgraded = await driver.post(f"/chats/{group}/upgrade")
    old, new = [u["message"] for u in await bot.updates()]
    assert (old["chat"]["id"], old["migrate_to_chat_id"]) == (group, upgraded["id"])
    assert (new["chat"]["id"], new["migrate_from_chat_id"]) == (upgraded["id"], group)
    body = await bot.call("sendMessage", chat_id=group, text="x")
    assert body["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert body["parameters"] == {"migrate_to_chat_id": upgraded["id"]}
    await bot.ok("sendMessage", chat_id=upgraded["id"], text="x")
    assert (await driver.refused(f"/chats/{group}/upgrade"))[0] == 409


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"title": "x"},
        {"title": "x", "members": ["a"]},
        {"title": "x", "members": [CAMAT], "type": "channel"},
        {"title": "x", "members": [CAMAT], "by": "x"},
    ],
)
async def test_groups_that_can_not_be_created(driver, given):
    assert (await driver.refused("/chats", **given))[0] == 400
