import asyncio

import pytest

from sopbot.simulator.errors import BotApiError, SimError
from sopbot.simulator.taps import Taps

CAMAT = 101
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
def taps(telegram):
    return Taps(telegram.world, patience=0.05)


async def test_who_taps_gets_the_answer(taps):
    query_id = taps.open(CAMAT)
    waiting = asyncio.create_task(taps.answer_to(query_id))
    await asyncio.sleep(0)
    taps.answer(query_id, {"answer": "Tercatat", "alert": False})
    assert await waiting == {"answer": "Tercatat", "alert": False}


async def test_without_an_answer_the_tap_ends_with_504(taps):
    with pytest.raises(SimError) as caught:
        await taps.answer_to(taps.open(CAMAT))
    assert caught.value.status == 504


def test_an_unknown_query_is_too_old(taps):
    with pytest.raises(BotApiError, match=TOO_OLD):
        taps.answer("1", {})


async def test_so_is_one_after_150_seconds(taps, simulator):
    query_id = taps.open(CAMAT)
    await simulator.clock.advance(140)
    taps.answer(query_id, {"answer": None, "alert": False})
    await simulator.clock.advance(20)
    with pytest.raises(BotApiError, match=TOO_OLD):
        taps.answer(query_id, {})


async def test_closing_ends_every_wait(taps):
    waiting = asyncio.create_task(taps.answer_to(taps.open(CAMAT)))
    await asyncio.sleep(0)
    taps.close()
    with pytest.raises(SimError) as caught:
        await waiting
    assert caught.value.status == 503
