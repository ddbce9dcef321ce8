import asyncio
import json
from datetime import datetime, timedelta

import pytest

CAMAT = 101


async def follow(driver, name, due, done):
    """A follower as the bot is one: settles what is due, then waits for the next version."""
    version = (await driver.get("/clock"))["version"]
    while True:
        now = datetime.fromisoformat((await driver.get("/clock"))["now"])
        while due and due[0] <= now:
            done.append(due.pop(0))
        body = {"name": name, "version": version, "next": due[0].isoformat() if due else None}
        await driver.post("/clock/settled", **body)
        version = (await driver.get("/clock/follow", name=name, version=version))["version"]


async def test_the_clock_waits_for_its_followers_at_every_step(driver):
    start = datetime.fromisoformat((await driver.get("/clock"))["now"])
    due, done = [start + timedelta(hours=hours) for hours in (1, 2, 30)], []
    follower = asyncio.create_task(follow(driver, "bot", due, done))
    await asyncio.sleep(0.1)
    clock = await driver.post("/clock", advance=3 * 3600)
    assert len(done) == 2
    assert datetime.fromisoformat(clock["next"]) == due[0]
    assert datetime.fromisoformat(clock["now"]) >= start + timedelta(hours=3)
    assert clock["version"] == 3
    follower.cancel()


async def test_the_clock_is_set_to_a_moment_but_never_back(driver):
    clock = await driver.post("/clock", to="2099-01-01T08:00:00+07:00")
    assert clock["now"].startswith("2099-01-01T01:00:00")
    status, error = await driver.refused("/clock", to="2098-01-01T08:00:00+07:00")
    assert (status, "can't go backwards" in error) == (409, True)
    assert (await driver.refused("/clock", advance=-1))[0] == 409


@pytest.mark.parametrize(
    "body", [{}, {"to": "besok"}, {"to": "2099-01-01T08:00:00"}, {"advance": "x"}, {"advance": True}]
)
async def test_what_is_no_moment(driver, body):
    assert (await driver.refused("/clock", **body))[0] == 400


async def test_messages_carry_simulated_time(bot, driver):
    await driver.post("/clock", to="2099-01-01T08:00:00+07:00")
    sent = await bot.ok("sendMessage", chat_id=CAMAT, text="x")
    assert datetime.fromtimestamp(sent["date"]).astimezone().year == 2099
    assert (await driver.get("/journal"))[0]["at"].startswith("2099-01-01T01:00")


async def test_events_are_streamed(bot, client):
    async with client.stream("GET", "/sim/events") as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        lines = stream.aiter_lines()
        await anext(lines)
        await bot.ok("sendMessage", chat_id=CAMAT, text="Halo")
        async for line in lines:
            if line.startswith("data: "):
                event = json.loads(line.removeprefix("data: "))
                break
    assert (event["type"], event["person"], event["message"]["text"]) == ("message", CAMAT, "Halo")


async def test_faults_are_listed_and_removed(driver, client):
    await driver.post("/faults", method="sendMessage", kind="429", retry_after=3, times=2)
    [fault] = await driver.get("/faults")
    assert (fault["kind"], fault["times"], fault["retry_after"]) == ("429", 2, 3)
    await client.delete("/sim/faults")
    assert await driver.get("/faults") == []
    assert (await driver.refused("/faults", kind="418"))[0] == 400
    assert (await driver.refused("/faults", kind="refuse", seconds="x"))[0] == 400


async def test_a_raw_update_is_delivered_as_it_is(bot, driver):
    await driver.post("/updates", raw={"update_id": 7, "new_kind_of_update": {"x": 1}})
    await driver.post("/updates", raw={"strange": True})
    expected = [{"update_id": 7, "new_kind_of_update": {"x": 1}}, {"strange": True, "update_id": 8}]
    assert await bot.updates() == expected
    assert await driver.get("/updates") == expected
    assert (await driver.refused("/updates", raw="x"))[0] == 400
