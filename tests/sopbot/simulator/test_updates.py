import asyncio

from sopbot.simulator.updates import FIRST_UPDATE

CAMAT = 101
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


def texts(updates):
    return [update["message"]["text"] for update in updates]


async def test_updates_come_again_until_a_higher_offset_acknowledges_them(bot, driver):
    for text in ("satu", "dua", "tiga"):
        await driver.say(CAMAT, text)
    first = await bot.updates()
    assert texts(first) == ["satu", "dua", "tiga"]
    assert [update["update_id"] for update in first] == [FIRST_UPDATE, FIRST_UPDATE + 1, FIRST_UPDATE + 2]
    assert texts(await bot.updates(limit=2)) == ["satu", "dua"]
    assert texts(await bot.updates(offset=FIRST_UPDATE + 1)) == ["dua", "tiga"]
    assert texts(await bot.updates()) == ["dua", "tiga"]
    assert await bot.updates(offset=FIRST_UPDATE + 3) == []


async def test_a_negative_offset_keeps_only_the_latest(bot, driver):
    for text in ("satu", "dua", "tiga"):
        await driver.say(CAMAT, text)
    assert texts(await bot.updates(offset=-1)) == ["tiga"]
    assert texts(await bot.updates()) == ["tiga"]


async def test_a_long_poll_ends_when_something_comes(bot, driver):
    poll = asyncio.create_task(bot.updates(timeout=30))
    await asyncio.sleep(0.05)
    assert not poll.done()
    await driver.say(CAMAT, "halo")
    assert texts(await poll) == ["halo"]


async def test_a_long_poll_ends_empty_after_its_timeout(bot):
    assert await bot.updates(timeout=1) == []


async def test_of_two_pollers_the_earlier_one_is_terminated(bot, driver):
    earlier = asyncio.create_task(bot.refused("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    later = asyncio.create_task(bot.updates(timeout=30))
    assert await earlier == CONFLICT
    await driver.say(CAMAT, "halo")
    assert texts(await later) == ["halo"]


async def test_allowed_updates_are_remembered(bot, driver):
    await bot.updates(allowed_updates=["callback_query"])
    await driver.say(CAMAT, "tidak terdengar")
    assert await bot.updates() == []
    await bot.updates(allowed_updates=[])
    await driver.say(CAMAT, "terdengar")
    assert texts(await bot.updates()) == ["terdengar"]


async def test_a_tap_is_dropped_after_150_seconds_and_a_message_after_a_day(bot, driver):
    sent = await bot.ok(
        "sendMessage",
        chat_id=CAMAT,
        text="?",
        reply_markup={"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]},
    )
    await driver.say(CAMAT, "halo")
    assert (await driver.tap(CAMAT, sent["message_id"], "y")).status_code == 504
    await driver.post("/clock", advance=140)
    assert ["callback_query" in update for update in await bot.updates()] == [False, True]
    await driver.post("/clock", advance=20)
    assert texts(await bot.updates()) == ["halo"]
    await driver.post("/clock", advance=86_400)
    assert await bot.updates() == []


async def test_after_a_week_without_updates_ids_are_chosen_anew(bot, driver):
    await driver.say(CAMAT, "satu")
    last = (await bot.updates())[-1]["update_id"]
    await bot.updates(offset=last + 1)
    await driver.post("/clock", advance=8 * 86_400)
    await driver.say(CAMAT, "dua")
    again = await bot.updates(offset=last + 1)
    assert texts(again) == ["dua"]
    assert abs(again[0]["update_id"] - last) > 10


async def test_an_offset_far_in_the_future_acknowledges_nothing(bot, driver):
    await driver.post("/updates", next_update_id=500)
    await driver.say(CAMAT, "baru")
    assert [u["update_id"] for u in await bot.updates(offset=100_000_500)] == [500]


async def test_a_bot_that_hangs_up_leaves_no_poll_behind(bot, driver, client, simulator):
    poll = asyncio.create_task(client.post(f"/bot{bot.token}/getUpdates", json={"timeout": 30}))
    await asyncio.sleep(0.05)
    poll.cancel()
    await asyncio.sleep(0.05)
    await driver.say(CAMAT, "halo")
    assert texts(await bot.updates()) == ["halo"]
