"""The simulator with the bot beside it, as one command starts them."""

import asyncio

import httpx
import pytest

from sopbot.definitions.catalogue import load_all
from sopbot.simulation import forget_simulation, simulate, training_people


@pytest.mark.parametrize("with_bot", [True, False])
async def test_the_page_is_served_until_it_is_told_to_stop(settings, own_logging, with_bot):
    stop, address = asyncio.Event(), asyncio.get_running_loop().create_future()
    given = {"port": 0, "offices": [], "fresh": False, "with_bot": with_bot, "ready": address.set_result}
    running = asyncio.create_task(simulate(settings.model_copy(update={"token": None}), **given, stop=stop))
    url = await asyncio.wait_for(asyncio.shield(address), 20)
    async with httpx.AsyncClient(base_url=url, trust_env=False, verify=False) as client:  # noqa: S501 plain HTTP
        people = (await client.get("/sim/people")).json()
        assert {one["office"] for one in people} == {"neglasari"}
        if with_bot:
            while not (await client.get("/sim/journal")).json():  # noqa: ASYNC110 another server
                await asyncio.sleep(0.05)
    stop.set()
    await asyncio.wait_for(running, 20)
    assert (settings.data / "sopbot.db").exists() == with_bot
    async with httpx.AsyncClient(base_url=url, trust_env=False, verify=False) as client:  # noqa: S501 plain HTTP
        with pytest.raises(httpx.ConnectError):
            await client.get("/")


def test_only_the_offices_asked_for(settings):
    definitions = load_all(settings.definitions)
    people = training_people(definitions, [])
    assert people == training_people(definitions, ["neglasari"])
    assert {one.id for one in people} == {one.telegram_id for one in definitions.training["neglasari"]}
    assert training_people(definitions, ["lain"]) == []


def test_beginning_anew_forgets_the_bots_database_and_nothing_else(tmp_path):
    for name in ("sopbot.db", "sopbot.db-wal", "anchors.txt"):
        (tmp_path / name).touch()
    forget_simulation(tmp_path)
    forget_simulation(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["anchors.txt"]
