import pytest

CAMAT, KASI, STRANGER = 101, 102, 999


@pytest.fixture
async def group(driver):
    created = await driver.post("/chats", title="Rapat", members=[CAMAT, KASI])
    return created["id"]


async def test_a_private_chat(bot):
    chat = await bot.ok("getChat", chat_id=CAMAT)
    assert (chat["type"], chat["first_name"], chat["active_usernames"]) == ("private", "Siti Aminah", ["siti_aminah"])
    assert await bot.ok("getChatMemberCount", chat_id=CAMAT) == 2
    assert (await bot.ok("getChatMember", chat_id=CAMAT, user_id=CAMAT))["status"] == "member"
    assert await bot.refused("leaveChat", chat_id=CAMAT) == (
        "Bad Request: chat member status can't be changed in private chats"
    )


async def test_members_of_a_group(bot, group):
    assert (await bot.ok("getChat", chat_id=group))["title"] == "Rapat"
    assert await bot.ok("getChatMemberCount", chat_id=group) == 3
    statuses = {
        user: (await bot.ok("getChatMember", chat_id=group, user_id=user))["status"]
        for user in (CAMAT, KASI, STRANGER, int(bot.token.split(":")[0]))
    }
    assert list(statuses.values()) == ["creator", "member", "left", "member"]
    assert [a["user"]["id"] for a in await bot.ok("getChatAdministrators", chat_id=group)] == [CAMAT]
    assert await bot.refused("getChatMember", chat_id=group, user_id=5) == "Bad Request: user not found"


async def test_leaving_a_group(bot, group):
    await bot.ok("leaveChat", chat_id=group)
    update = (await bot.updates())[-1]["my_chat_member"]
    assert (update["old_chat_member"]["status"], update["new_chat_member"]["status"]) == ("member", "left")
    assert await bot.refused("sendMessage", chat_id=group, text="x") == (
        "Forbidden: bot is not a member of the group chat"
    )


async def test_pins(bot, driver):
    sent = await bot.ok("sendMessage", chat_id=CAMAT, text="Penting")
    await bot.ok("pinChatMessage", chat_id=CAMAT, message_id=sent["message_id"])
    assert (await driver.messages())[0]["pinned"] is True
    assert (await bot.ok("getChat", chat_id=CAMAT))["pinned_message"]["message_id"] == sent["message_id"]
    await bot.ok("unpinChatMessage", chat_id=CAMAT)
    assert "pinned" not in (await driver.messages())[0]
    assert await bot.refused("unpinChatMessage", chat_id=CAMAT) == "Bad Request: message to unpin not found"
    assert await bot.refused("pinChatMessage", chat_id=CAMAT, message_id=9) == "Bad Request: message to pin not found"


async def test_a_file_is_downloaded_by_its_path(bot, client):
    files = {"file": ("surat.txt", b"isi surat")}
    await client.post(f"/sim/people/{CAMAT}/messages", files=files)
    document = (await bot.updates())[0]["message"]["document"]
    file = await bot.ok("getFile", file_id=document["file_id"])
    assert (file["file_size"], file["file_unique_id"]) == (9, document["file_unique_id"])
    assert (await client.get(f"/file/bot{bot.token}/{file['file_path']}")).content == b"isi surat"
    assert await bot.refused("getFile", file_id="x") == "Bad Request: invalid file_id"
