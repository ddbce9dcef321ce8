import asyncio
from pathlib import Path

import httpx
import pytest

from sopbot.simulator.errors import SimError
from sopbot.simulator.faults import BEFORE, KINDS, Faults, faulty_answer
from sopbot.simulator.ledger import Ledger

CAMAT, KASI = 101, 102


@pytest.fixture
def faults(tmp_path):
    ledger = Ledger(tmp_path / "l.sqlite3")
    yield Faults(ledger)
    ledger.close()


def test_a_fault_hits_its_method_and_chat_so_many_times(faults):
    faults.add({"method": "sendMessage", "kind": "500", "times": 2, "chat_id": CAMAT})
    assert faults.take("getMe", None, BEFORE) is None
    assert faults.take("sendMessage", KASI, BEFORE) is None
    assert [faults.take("sendMessage", str(CAMAT), BEFORE) is None for _ in range(3)] == [False, False, True]


def test_faults_survive_reading_again_and_can_be_cleared(faults):
    faults.add({"kind": "429", "retry_after": 7})
    faults.reload()
    assert [(f["method"], f["kind"], f["retry_after"]) for f in faults.waiting] == [("*", "429", 7)]
    faults.clear()
    faults.reload()
    assert faults.waiting == []


@pytest.mark.parametrize(
    "given", [{"kind": "418"}, {"kind": "500", "times": 0}, {}, {"kind": "429", "retry_after": "x"}]
)
def test_a_fault_that_does_not_exist(faults, given):
    with pytest.raises(SimError) as caught:
        faults.add(given)
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("kind", "status", "part"),
    [
        ("429", 429, '"parameters":{"retry_after":5}'),
        ("429_bare", 429, '"description":"Too Many Requests"}'),
        ("400", 400, "Bad Request"),
        ("401", 401, '"Unauthorized"'),
        ("403", 403, "Forbidden: bot was blocked by the user"),
        ("404", 404, '"Not Found"'),
        ("409", 409, "terminated by other getUpdates request"),
        ("500", 500, "Internal Server Error"),
        ("502_html", 502, "<html>"),
        ("garbage", 200, "<html>"),
        ("null_result", 200, '{"ok":true,"result":null}'),
    ],
)
def test_what_the_bot_sees(faults, kind, status, part):
    answer, _, _ = faulty_answer(faults.add({"kind": kind}))
    assert answer.status == status
    assert part in answer.body


@pytest.mark.parametrize(
    ("kind", "error", "arrives"),
    [
        ("500", None, False),
        ("garbage", None, False),
        ("reset", httpx.ReadError, False),
        ("timeout", httpx.ReadTimeout, False),
        ("reset_after_accept", httpx.ReadError, True),
        ("timeout_after_accept", httpx.ReadTimeout, True),
        ("500_after_accept", None, True),
    ],
)
async def test_whether_the_effect_happened(bot, driver, client, kind, error, arrives):
    await driver.post("/faults", method="sendMessage", kind=kind)
    work = client.post(f"/bot{bot.token}/sendMessage", json={"chat_id": CAMAT, "text": "x"}, timeout=0.3)
    if error:
        with pytest.raises(error):
            await work
    else:
        await work
    assert len(await driver.messages()) == arrives
    [entry] = await driver.get("/journal")
    assert (entry["accepted"], entry["fault"]) == (arrives, kind)
    await bot.ok("sendMessage", chat_id=CAMAT, text="lagi")


def test_every_kind_is_in_the_handbook():
    handbook = Path("docs/simulator.md").read_text(encoding="utf-8")
    assert [kind for kind in sorted(KINDS) if f"`{kind}`" not in handbook] == []


async def test_updates_may_come_twice_or_backwards(bot, driver):
    await driver.say(CAMAT, "satu")
    await driver.say(CAMAT, "dua")
    await driver.post("/faults", kind="duplicate_updates")
    assert [u["message"]["text"] for u in await bot.updates()] == ["satu", "satu", "dua", "dua"]
    await driver.post("/faults", kind="reversed_updates")
    assert [u["message"]["text"] for u in await bot.updates()] == ["dua", "satu"]
    assert [u["message"]["text"] for u in await bot.updates()] == ["satu", "dua"]


async def test_poison_is_an_update_that_no_library_can_read(bot, driver):
    await driver.post("/faults", kind="poison")
    [update] = await bot.updates()
    assert update["message"]["chat"] == 0


async def test_a_refused_connection(bot, driver, simulator):
    await driver.post("/faults", kind="refuse", seconds=0.3)
    await asyncio.sleep(0.05)
    async with httpx.AsyncClient(base_url=simulator.url, trust_env=False) as fresh:
        with pytest.raises(httpx.ConnectError):
            await fresh.get("/sim/clock")
    await asyncio.sleep(0.4)
    assert (await bot.ok("getMe"))["is_bot"]
