import pytest

CAMAT, KASI = 101, 102


@pytest.fixture
def told(simulator):
    queue = simulator._hub.listen()

    def read():
        return [queue.get_nowait() for _ in range(queue.qsize())]

    yield read
    simulator._hub.leave(queue)


async def test_the_page_is_told_what_a_chat_shows(bot, driver, told):
    sent = await bot.ok("sendMessage", chat_id=CAMAT, text="Halo")
    await bot.ok("sendChatAction", chat_id=CAMAT, action="typing")
    await bot.ok("editMessageText", chat_id=CAMAT, message_id=sent["message_id"], text="Hai")
    await bot.ok("deleteMessage", chat_id=CAMAT, message_id=sent["message_id"])
    events = told()
    assert [(event["type"], event["person"], event["chat"]) for event in events] == [
        ("message", CAMAT, CAMAT),
        ("typing", CAMAT, CAMAT),
        ("edited", CAMAT, CAMAT),
        ("deleted", CAMAT, CAMAT),
    ]
    assert (events[0]["message"]["text"], events[2]["message"]["edited"]) == ("Halo", True)
    assert events[3]["message_id"] == sent["message_id"]


async def test_a_message_has_the_shape_of_the_list(bot, driver, told):
    await driver.say(CAMAT, "/start KODE")
    assert [event["message"] for event in told() if event["type"] == "message"] == await driver.messages()


async def test_every_member_of_a_group_is_told(bot, driver, told):
    group = await driver.post("/chats", title="Rapat", members=[CAMAT, KASI])
    told()
    await bot.ok("sendMessage", chat_id=group["id"], text="Semua")
    assert [(event["person"], event["chat"]) for event in told()] == [(CAMAT, group["id"]), (KASI, group["id"])]


async def test_commands_clock_and_people_are_told(bot, driver, told):
    await bot.ok("setMyCommands", commands=[], scope={"type": "chat", "chat_id": CAMAT})
    await driver.post("/clock", advance=60)
    await driver.post("/people", name="Baru")
    assert [event["type"] for event in told()] == ["commands", "clock", "people"]


async def test_nothing_is_told_of_what_is_refused(bot, told):
    await bot.refused("sendMessage", chat_id=CAMAT, text="")
    assert told() == []


async def test_a_listener_that_does_not_read_is_cut_off(simulator, monkeypatch):
    monkeypatch.setattr("sopbot.simulator.events.BACKLOG", 2)
    queue = simulator._hub.listen()
    for _ in range(4):
        simulator._hub.tell({"type": "people"})
    assert [queue.get_nowait() for _ in range(queue.qsize())][-1] is None
