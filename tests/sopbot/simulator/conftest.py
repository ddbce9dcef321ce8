"""A running simulator, a bot and a test driver that speak to it over HTTP and know nothing else of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sopbot.simulator.server import Simulator
from sopbot.simulator.world import Person

CAMAT, KASI, STRANGER = 101, 102, 999
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x03\x08\x06\x00\x00\x00"
    b"\xb9\xea\xde\x81\x00\x00\x00\x00IEND\xaeB`\x82"
)


def people() -> list[Person]:
    return [
        Person(id=CAMAT, name="Siti Aminah", username="siti_aminah", roles=["camat"], office="karawaci"),
        Person(id=KASI, name="Budi Santoso", roles=["kasi", "kasi_kasubag"], office="karawaci"),
        Person(id=STRANGER, name="Orang Asing", started=False),
    ]


class Bot:
    """Calls Bot API methods; `ok` and `refused` say what the test expects."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self.client = client
        self.token = token

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        response = await self.client.post(f"/bot{self.token}/{method}", json=parameters)
        body: dict[str, Any] = response.json()
        assert body["ok"] == (response.status_code == 200)
        return body

    async def ok(self, method: str, **parameters: Any) -> Any:
        body = await self.call(method, **parameters)
        assert body["ok"], body
        return body["result"]

    async def refused(self, method: str, **parameters: Any) -> str:
        body = await self.call(method, **parameters)
        assert not body["ok"], body
        assert body["description"].startswith(
            {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}[
                body["error_code"]
            ],
        )
        return str(body["description"])

    async def updates(self, **parameters: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.ok("getUpdates", **parameters)
        return found


class Driver:
    """Calls `/sim`; `say` and `tap` are what a person does most."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **query: Any) -> Any:
        response = await self.client.get(f"/sim{path}", params=query)
        assert response.status_code == 200, response.text
        return response.json()

    async def post(self, path: str, **body: Any) -> Any:
        response = await self.client.post(f"/sim{path}", json=body)
        assert response.status_code in (200, 201), response.text
        return response.json()

    async def refused(self, path: str, **body: Any) -> tuple[int, str]:
        response = await self.client.post(f"/sim{path}", json=body)
        return response.status_code, response.json()["error"]

    async def say(self, person: int, text: str, **more: Any) -> Any:
        return await self.post(f"/people/{person}/messages", text=text, **more)

    async def messages(self, person: int = CAMAT) -> Any:
        return await self.get(f"/people/{person}/messages")

    def tap(self, person: int, message_id: int, data: str, **more: Any) -> "asyncio.Task[httpx.Response]":
        body = {"message_id": message_id, "data": data, **more}
        return asyncio.create_task(self.client.post(f"/sim/people/{person}/taps", json=body))


@pytest.fixture
async def simulator(tmp_path) -> AsyncIterator[Simulator]:
    running = Simulator(data=tmp_path / "sim", tap_patience=0.5, step_patience=1.0)
    running.enrol(people())
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def client(simulator) -> AsyncIterator[httpx.AsyncClient]:
    # It speaks plain HTTP; reading certificates would take half of every test's time.
    async with httpx.AsyncClient(base_url=simulator.url, timeout=10, trust_env=False, verify=False) as opened:  # noqa: S501
        yield opened


@pytest.fixture
def bot(client, simulator) -> Bot:
    return Bot(client, simulator.token)


@pytest.fixture
def driver(client) -> Driver:
    return Driver(client)


@pytest.fixture
def telegram(simulator):
    """The parts, for tests of a module that needs no HTTP."""
    return simulator.telegram
