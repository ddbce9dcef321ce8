import asyncio
import json

import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

CAMAT = 101
ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Hook(RequestHandler):
    def post(self):
        received, statuses = self.settings["received"], self.settings["statuses"]
        self.set_status(statuses.pop(0) if statuses else 200)
        received.put_nowait((self.request.headers, json.loads(self.request.body), self.get_status()))


@pytest.fixture
async def hook():
    received: asyncio.Queue = asyncio.Queue()
    application = Application([("/hook", Hook)], received=received, statuses=[], log_function=lambda _: None)
    server = HTTPServer(application)
    sockets = bind_sockets(0, "127.0.0.1")
    server.add_sockets(sockets)
    application.settings["url"] = f"http://127.0.0.1:{sockets[0].getsockname()[1]}/hook"
    yield application.settings
    server.stop()
    await server.close_all_connections()


async def test_updates_are_posted_in_order_with_the_secret(bot, driver, hook):
    await driver.say(CAMAT, "satu")
    await bot.ok("setWebhook", url=hook["url"], secret_token="rahasia")
    await driver.say(CAMAT, "dua")
    got = [await asyncio.wait_for(hook["received"].get(), 5) for _ in range(2)]
    assert [body["message"]["text"] for _, body, _ in got] == ["satu", "dua"]
    assert {headers["X-Telegram-Bot-Api-Secret-Token"] for headers, _, _ in got} == {"rahasia"}


async def test_an_update_that_is_not_taken_comes_again(bot, driver, hook):
    hook["statuses"].append(500)
    await bot.ok("setWebhook", url=hook["url"])
    await driver.say(CAMAT, "satu")
    first = await asyncio.wait_for(hook["received"].get(), 5)
    second = await asyncio.wait_for(hook["received"].get(), 5)
    assert (first[2], second[2], first[1]) == (500, 200, second[1])
    info = await bot.ok("getWebhookInfo")
    assert info["last_error_message"].startswith("Wrong response from the webhook: 500")


async def test_polling_is_refused_while_a_webhook_is_set(bot, driver, hook):
    poll = asyncio.create_task(bot.refused("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    await bot.ok("setWebhook", url=hook["url"], allowed_updates=["message"])
    assert await poll == "Conflict: terminated by setWebhook request"
    assert await bot.refused("getUpdates") == ACTIVE
    info = await bot.ok("getWebhookInfo")
    assert (info["url"], info["pending_update_count"], info["allowed_updates"]) == (hook["url"], 0, ["message"])
    await bot.ok("deleteWebhook")
    assert (await bot.ok("getWebhookInfo"))["url"] == ""
    assert await bot.updates() == []


async def test_waiting_updates_can_be_dropped(bot, driver):
    await driver.say(CAMAT, "satu")
    await bot.ok("deleteWebhook", drop_pending_updates=True)
    assert await bot.updates() == []


async def test_webhooks_that_are_refused(bot, hook):
    assert await bot.refused("setWebhook", url="http://example.org/x") == (
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    )
    assert await bot.refused("setWebhook", url=hook["url"], secret_token="a b") == (
        "Bad Request: secret token contains unallowed characters"
    )
