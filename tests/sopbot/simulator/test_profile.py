import pytest

CAMAT, KASI = 101, 102


def commands(*names):
    return [{"command": name, "description": name.title()} for name in names]


async def test_the_bot_describes_itself(bot):
    me = await bot.ok("getMe")
    assert (me["is_bot"], me["username"], me["id"]) == (True, "simulasi_bot", int(bot.token.split(":")[0]))


async def test_commands_of_the_narrowest_scope_are_shown(bot, driver):
    await bot.ok("setMyCommands", commands=commands("start"))
    await bot.ok("setMyCommands", commands=commands("tugas"), scope={"type": "all_private_chats"}, language_code="id")
    await bot.ok("setMyCommands", commands=commands("mulai", "sop"), scope={"type": "chat", "chat_id": CAMAT})
    assert await driver.get(f"/people/{CAMAT}/commands") == commands("mulai", "sop")
    assert await driver.get(f"/people/{KASI}/commands") == commands("tugas")
    assert await bot.ok("getMyCommands") == commands("start")
    await bot.ok("deleteMyCommands", scope={"type": "chat", "chat_id": CAMAT})
    assert await driver.get(f"/people/{CAMAT}/commands") == commands("tugas")


@pytest.mark.parametrize(
    ("given", "description"),
    [
        ({"commands": commands("Mulai")}, "Bad Request: BOT_COMMAND_INVALID"),
        ({"commands": commands("a" * 33)}, "Bad Request: BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a", "description": ""}]}, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": commands("a") * 101}, "Bad Request: BOT_COMMANDS_TOO_MUCH"),
        ({"commands": commands("a"), "scope": {"type": "chat", "chat_id": 5}}, "Bad Request: chat not found"),
    ],
)
async def test_commands_that_are_refused(bot, given, description):
    assert await bot.refused("setMyCommands", **given) == description


async def test_names_and_descriptions_have_languages(bot):
    await bot.ok("setMyDescription", description="Bot SOP", language_code="id")
    assert await bot.ok("getMyDescription", language_code="id") == {"description": "Bot SOP"}
    assert await bot.ok("getMyDescription") == {"description": ""}
    await bot.ok("setMyShortDescription", short_description="SOP")
    assert await bot.ok("getMyShortDescription", language_code="id") == {"short_description": "SOP"}
    assert await bot.ok("getMyName") == {"name": "Bot Simulasi"}
    await bot.ok("setMyName", name="Sekretaris")
    assert await bot.ok("getMyName") == {"name": "Sekretaris"}
    await bot.refused("setMyName", name="x" * 65)


async def test_the_menu_button(bot):
    await bot.ok("setChatMenuButton", menu_button={"type": "commands"})
    assert await bot.ok("getChatMenuButton", chat_id=CAMAT) == {"type": "commands"}
    await bot.ok("setChatMenuButton", chat_id=CAMAT)
    assert await bot.ok("getChatMenuButton", chat_id=CAMAT) == {"type": "default"}
