"""The composition root: everything is wired, works together against the simulator, and is closed again."""

import asyncio

import httpx
import pytest

from sopbot.app import NoToken, building_bot, open_services, run_bot
from sopbot.clock import OffsetClock, SystemClock
from sopbot.services.ports import DeliveryFailed
from sopbot.settings import Settings
from sopbot.simulator.server import DEFAULT_TOKEN

OFFICE = "neglasari"


async def messages(telegram, person):
    async with httpx.AsyncClient(base_url=telegram.url, trust_env=False, verify=False) as client:  # noqa: S501 plain HTTP
        return (await client.get(f"/sim/people/{person}/messages")).json()


async def say(telegram, person, text):
    async with httpx.AsyncClient(base_url=telegram.url, trust_env=False, verify=False) as client:  # noqa: S501
        (await client.post(f"/sim/people/{person}/messages", json={"text": text})).raise_for_status()


async def until_answered(telegram, person):
    while not [one for one in await messages(telegram, person) if one["from"] == "bot"]:  # noqa: ASYNC110 another server
        await asyncio.sleep(0.02)
    return [one for one in await messages(telegram, person) if one["from"] == "bot"]


async def test_without_a_token_nothing_is_built(settings):
    with pytest.raises(NoToken):
        async with building_bot(settings.model_copy(update={"token": None})):
            pass
    assert not settings.data.exists()


async def test_a_bot_is_wired_without_reaching_anybody_and_closed_again(settings):
    async with building_bot(settings) as bot:
        services = bot.services
        assert isinstance(services.clock, SystemClock)
        assert bot.follower is None
        assert bot.webhook is None
        assert list(services.offices.definitions) == [OFFICE]
        with services.database.read() as conn:
            [version] = services.presenting.catalogue.of_office(conn, OFFICE)
        assert version.sop.slug == "neglasari-rencana-aksi"
        assert bot.upcoming() is None
        with pytest.raises(DeliveryFailed):  # nobody listens there
            await bot.messenger.answer("1")
    with pytest.raises(Exception, match="closed"):
        await services.database.writer.run(lambda conn: None)


async def test_beside_a_simulator_it_has_its_clock_and_the_made_up_officers(beside):
    async with building_bot(beside) as bot:
        assert isinstance(bot.services.clock, OffsetClock)
        assert bot.follower is not None
        for one in bot.services.definitions.training[OFFICE]:
            member = bot.services.queries.member(one.telegram_id)
            assert member is not None
            assert member.officer.name == one.name


async def test_a_message_is_answered_and_stopping_ends_cleanly(beside, local_telegram, own_logging):
    stop = asyncio.Event()
    running = asyncio.create_task(run_bot(beside, stop))
    person = next(iter(local_telegram.world.people))
    await say(local_telegram, person, "/start")
    [answer, *_] = await asyncio.wait_for(until_answered(local_telegram, person), 20)
    assert "selamat datang" in answer["text"]
    stop.set()
    await asyncio.wait_for(running, 20)
    assert not (beside.data / "heartbeat").exists()


async def test_being_cancelled_ends_cleanly_too(beside, local_telegram, own_logging):
    running = asyncio.create_task(run_bot(beside, asyncio.Event()))
    person = next(iter(local_telegram.world.people))
    await say(local_telegram, person, "/start")
    await asyncio.wait_for(until_answered(local_telegram, person), 20)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(asyncio.all_tasks()) < 30  # the simulator's own


async def test_the_services_alone_need_no_network(settings):
    settings.prepare_data()
    async with building_bot(settings):
        pass
    services = open_services(settings, SystemClock())
    assert services.queries.member(1) is None
    services.database.close()


async def test_a_faulty_definition_is_left_out_and_the_rest_works(settings, caplog):
    (settings.definitions / OFFICE / "rusak.yaml").write_text("slug: [", encoding="utf-8")
    async with building_bot(settings) as bot:
        assert list(bot.services.definitions.documents) == ["neglasari-rencana-aksi"]
    assert "definition_left_out" in caplog.text


async def test_a_commit_wakes_the_delivery(settings):
    async with building_bot(settings) as bot:
        bot.delivery._wake.clear()
        bot.services.execution.on_commit()
        assert bot.delivery._wake.is_set()


def test_the_simulators_token_is_no_secret_of_anybody():
    assert Settings(token=DEFAULT_TOKEN).token is not None
