import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from sopbot.simulator.server import Simulator
from sopbot.simulator.world import Person

CAMAT = 101
ALONE = """
import asyncio, sys
from pathlib import Path
from sopbot.simulator.server import Simulator

async def main():
    simulator = Simulator(data=Path(sys.argv[1]))
    print(await simulator.start(), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_it_listens_on_loopback_only(simulator):
    address = simulator._servers[0]._sockets
    assert {opened.getsockname()[0] for opened in address.values()} == {"127.0.0.1"}
    assert simulator.url == f"http://127.0.0.1:{simulator.port}"


async def test_a_port_that_is_taken_is_told(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        simulator = Simulator(data=tmp_path, port=taken.getsockname()[1])
        with pytest.raises(OSError, match="in use"):
            await simulator.start()
        await simulator.stop()


async def test_fresh_wipes_its_own_data_and_nothing_else(tmp_path):
    first = Simulator(data=tmp_path)
    first.enrol([Person(id=CAMAT, name="Siti")])
    await first.stop()
    (tmp_path / "sopbot.sqlite3").write_text("the bot's own")
    kept = Simulator(data=tmp_path)
    assert list(kept.world.people) == [CAMAT]
    await kept.stop()
    wiped = Simulator(data=tmp_path, fresh=True)
    assert list(wiped.world.people) == []
    await wiped.stop()
    assert (tmp_path / "sopbot.sqlite3").exists()


async def test_everything_survives_a_kill(tmp_path):
    """State, queue, faults, journal and clock are on disk before a call is answered."""
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}

    def start():
        process = subprocess.Popen(
            [sys.executable, "-c", ALONE, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=environment
        )
        return process, int(process.stdout.readline())

    def kill(process):
        process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        process.wait()
        process.stdout.close()

    async def ask(port, method, path, **body):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            return (await client.request(method, path, **body)).json()

    process, port = await asyncio.to_thread(start)
    try:
        bot = "/bot1234567890:SIMULATOR-0000000000000000000000000"
        await ask(port, "POST", "/sim/people", json={"id": CAMAT, "name": "Siti"})
        await ask(port, "POST", f"/sim/people/{CAMAT}/messages", json={"text": "/start"})
        await ask(port, "POST", f"{bot}/sendMessage", json={"chat_id": CAMAT, "text": "Halo"})
        await ask(port, "POST", f"{bot}/setMyCommands", json={"commands": [{"command": "a", "description": "b"}]})
        await ask(port, "POST", "/sim/faults", json={"kind": "500", "method": "getMe"})
        await ask(port, "POST", "/sim/clock", json={"to": "2099-01-01T00:00:00+00:00"})
        paths = [
            f"/sim/people/{CAMAT}/messages",
            "/sim/people",
            "/sim/updates",
            "/sim/faults",
            "/sim/journal",
            f"/sim/people/{CAMAT}/commands",
        ]
        before = [await ask(port, "GET", path) for path in paths]
        kill(process)
        process, port = await asyncio.to_thread(start)
        assert [await ask(port, "GET", path) for path in paths] == before
        assert [len(found) for found in before] == [2, 1, 1, 1, 2, 1]
        assert (await ask(port, "GET", "/sim/clock"))["now"].startswith("2099-01-01T00:00")
    finally:
        kill(process)


async def test_the_page_is_served(client):
    response = await client.get("/")
    assert (response.status_code, response.headers["Content-Type"].split(";")[0]) == (200, "text/html")
    assert (await client.get("/page/app.js")).status_code == 200
    assert (await client.get("/page/../server.py")).status_code == 404


async def test_stopping_leaves_no_task_behind(tmp_path):
    before = asyncio.all_tasks()
    simulator = Simulator(data=tmp_path)
    simulator.enrol([Person(id=CAMAT, name="Siti")])
    await simulator.start()
    async with httpx.AsyncClient(base_url=simulator.url, trust_env=False, timeout=5) as client:
        waiting = [
            asyncio.create_task(client.get(path))
            for path in (
                "/sim/clock/follow?version=9&name=x",
                "/sim/events",
                f"/bot{simulator.token}/getUpdates?timeout=50",
            )
        ]
        await asyncio.sleep(0.1)
        await simulator.stop()
        await asyncio.gather(*waiting, return_exceptions=True)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() - before == set()
