import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from sopbot.simulator.clock import SimulatorClock
from sopbot.simulator.errors import SimError
from sopbot.simulator.ledger import Ledger

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def ledger(tmp_path):
    opened = Ledger(tmp_path / "l.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def clock(ledger):
    return SimulatorClock(ledger, wall=lambda: START, patience=0.2)


class Follower:
    """Has work due at each of some moments; notes when it did it."""

    def __init__(self, clock, *due, name="bot"):
        self.clock, self.due, self.name = clock, sorted(due), name
        self.done = []

    async def run(self):
        version = self.clock.version
        await self.settle(version)
        while True:
            await self.clock.follow(self.name, version, 5)
            version = self.clock.version
            while self.due and self.due[0] <= self.clock.now():
                self.done.append(self.clock.now())
                self.due.pop(0)
            await self.settle(version)

    async def settle(self, version):
        await self.clock.settle(self.name, version, self.due[0] if self.due else None)


@pytest.fixture
async def following(clock):
    tasks = []

    async def follow(*due, name="bot"):
        follower = Follower(clock, *due, name=name)
        tasks.append(asyncio.create_task(follower.run()))
        await asyncio.sleep(0)
        return follower

    yield follow
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_it_shows_real_time_plus_its_offset(clock):
    assert clock.now() == START
    await clock.advance(90)
    assert clock.now() == START + timedelta(seconds=90)
    await clock.move_to(START + HOUR)
    assert clock.describe() == {"now": "2026-11-20T02:00:00+00:00", "version": 2, "next": None}


async def test_it_never_goes_back(clock):
    with pytest.raises(SimError) as caught:
        await clock.move_to(START - HOUR)
    assert caught.value.status == 409
    with pytest.raises(SimError):
        await clock.advance(-1)
    assert clock.version == 0


async def test_the_offset_survives_a_restart(clock, ledger):
    await clock.advance(3600)
    again = SimulatorClock(ledger, wall=lambda: START)
    assert (again.now(), again.version) == (START + HOUR, 1)


async def test_it_stops_at_every_moment_that_a_follower_waits_for(clock, following):
    follower = await following(START + HOUR, START + 2 * HOUR, START + 9 * HOUR)
    assert clock.next() == START + HOUR
    await clock.move_to(START + 5 * HOUR)
    assert follower.done == [START + HOUR, START + 2 * HOUR]
    assert clock.now() == START + 5 * HOUR
    assert clock.describe()["next"] == (START + 9 * HOUR).isoformat()


async def test_work_that_is_already_due_gets_a_step_of_its_own(clock, following):
    follower = await following(START - HOUR, START + HOUR)
    await clock.move_to(START + 2 * HOUR)
    assert follower.done == [START, START + HOUR]


async def test_work_that_never_gets_done_does_not_hold_the_clock(clock):
    await clock.settle("stuck", 0, START - HOUR)
    await clock.move_to(START + HOUR)
    assert clock.now() == START + HOUR


async def test_two_followers_are_both_waited_for(clock, following):
    one = await following(START + 2 * HOUR, name="one")
    two = await following(START + HOUR, name="two")
    await clock.move_to(START + 3 * HOUR)
    assert (one.done, two.done) == ([START + 2 * HOUR], [START + HOUR])


async def test_following_ends_without_news_after_its_limit(clock):
    await clock.follow("bot", 0, 0.01)
    assert clock.version == 0


async def test_closing_ends_every_wait(clock):
    waiting = asyncio.create_task(clock.follow("bot", 0, 60))
    await asyncio.sleep(0)
    await clock.close()
    await asyncio.wait_for(waiting, 5)
