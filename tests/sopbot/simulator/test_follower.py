"""The follower takes over the simulator's time and reports as settled only what has been done."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from sopbot.simulator.follower import ClockFollower


class Clock:
    def __init__(self):
        self.shows = None

    def set(self, now):
        self.shows = now


async def until(true):
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - what is waited for happens inside the simulator
            await asyncio.sleep(0.001)


class Work:
    """What a bot would do at each moment; it finishes only when it may."""

    def __init__(self):
        self.begun = asyncio.Event()
        self.may_finish = asyncio.Event()
        self.clock = Clock()
        self.upcoming = None
        self.runs = 0

    async def settle(self):
        self.runs += 1
        if self.upcoming is not None and self.upcoming <= self.clock.shows:
            self.upcoming = None  # it has come, and is being dealt with
        self.begun.set()
        await self.may_finish.wait()
        return self.upcoming

    def next(self):
        return self.upcoming


@pytest.fixture
async def work():
    return Work()


@pytest.fixture
async def follower(simulator, work):
    """Yield a follower that runs, known to the simulator, and has done what was due at the start."""
    work.may_finish.set()
    made = ClockFollower(url=simulator.url, name="bot", clock=work.clock, settle=work.settle, upcoming=work.next)
    await made.introduce()
    running = asyncio.create_task(made.run())
    followers = simulator.clock._followers
    await until(lambda: "bot" in followers and followers["bot"].waiting)
    work.begun.clear()
    work.may_finish.clear()
    work.runs = 0
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_it_takes_over_the_time_before_it_runs(simulator):
    clock = Clock()
    await simulator.clock.advance(86_400)
    made = ClockFollower(url=simulator.url, name="bot", clock=clock, settle=Work().settle, upcoming=lambda: None)
    await made.introduce()
    assert abs(clock.shows - simulator.clock.now()) < timedelta(seconds=10)


async def test_it_cannot_be_introduced_to_nobody():
    made = ClockFollower(
        url="http://127.0.0.1:9", name="bot", clock=Clock(), settle=Work().settle, upcoming=lambda: None
    )
    with pytest.raises(httpx.HTTPError):
        await made.introduce()


async def test_a_jump_is_not_over_before_the_work_is_done_even_if_a_next_moment_is_named_meanwhile(
    simulator, driver, follower, work
):
    simulator.clock._patience = 10
    jump = asyncio.create_task(driver.post("/clock", advance=60))
    await work.begun.wait()
    work.upcoming = datetime.now(UTC) + timedelta(days=1)
    follower.changed()
    await until(lambda: simulator.clock._followers["bot"].next == work.upcoming)
    assert not jump.done()
    assert simulator.clock._followers["bot"].version < simulator.clock.version
    work.may_finish.set()
    answer = await jump
    assert simulator.clock._followers["bot"].version == answer["version"]
    assert answer["next"] == work.upcoming.isoformat()


async def test_the_clock_stops_at_every_moment_that_it_names(simulator, driver, follower, work):
    simulator.clock._patience = 10
    work.may_finish.set()
    work.upcoming = simulator.clock.now() + timedelta(hours=1)
    follower.changed()
    await until(lambda: simulator.clock.next() == work.upcoming)
    before = simulator.clock.version
    await driver.post("/clock", advance=2 * 3600)
    assert simulator.clock.version == before + 2
    assert work.runs == 2


async def test_a_jump_does_not_wait_for_a_follower_that_is_gone_once_another_took_its_place(simulator, driver, work):
    simulator.clock._patience = 10
    await simulator.clock.settle("bot", simulator.clock.version, None)
    jump = asyncio.create_task(driver.post("/clock", advance=60))
    version = simulator.clock.version + 1
    await until(lambda: simulator.clock.version == version)
    again = ClockFollower(url=simulator.url, name="bot", clock=work.clock, settle=work.settle, upcoming=work.next)
    await again.introduce()
    running = asyncio.create_task(again.run())
    await work.begun.wait()
    assert not jump.done()
    work.may_finish.set()
    await jump
    assert simulator.clock._followers["bot"].version == version
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
