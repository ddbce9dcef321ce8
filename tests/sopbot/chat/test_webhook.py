"""Updates that Telegram delivers itself: refused without the secret, answered only after the commit."""

import asyncio
import json
import logging
import socket
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from sopbot.chat.webhook import HEADER, LARGEST_BODY, Webhook
from sopbot.store.failures import StoreUnavailable
from tests.at_work import BEGIN, SetClock

SECRET = "rahasia-0123456789"
UPDATE = b'{ "update_id" : 41,\n "message": {"text": "\\u00e9"}}'


class Inbox:
    """Keeps what it is given, unless it cannot be written."""

    def __init__(self):
        self.stored = []
        self.full = False
        self.may_commit = asyncio.Event()
        self.may_commit.set()

    async def receive(self, updates):
        await self.may_commit.wait()
        if self.full:
            raise StoreUnavailable("The change was not stored.")
        self.stored += [(one.update_id, one.raw) for one in updates]
        return len(updates)


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def clock():
    return SetClock()


@asynccontextmanager
async def listening(inbox, clock):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    webhook = Webhook(
        url="https://bot.contoh.invalid/telegram/kait", secret=SECRET, port=port, clock=clock, receive=inbox.receive
    )
    webhook.listen("127.0.0.1")
    try:
        yield webhook
    finally:
        await webhook.stop()


@pytest.fixture
async def webhook(inbox, clock):
    async with listening(inbox, clock) as running:
        yield running


async def post(webhook, body=UPDATE, *, secret=SECRET, path="/telegram/kait", method="POST"):
    """Return the status of the answer and its body."""
    request = HTTPRequest(
        f"http://127.0.0.1:{webhook._port}{path}",
        method=method,
        headers={} if secret is None else {HEADER: secret},
        body=body if method == "POST" else None,
    )
    client = AsyncHTTPClient(force_instance=True)
    try:
        answer = await client.fetch(request, raise_error=False)
    finally:
        client.close()
    return answer.code, answer.body


async def test_an_update_is_stored_with_its_own_bytes(webhook, inbox, clock):
    assert webhook.last_success is None
    clock.advance(minutes=5)
    assert await post(webhook) == (200, b"")
    assert inbox.stored == [(41, UPDATE)]
    assert webhook.last_success == BEGIN + timedelta(minutes=5)


@pytest.mark.parametrize("secret", [None, "", "rahasia", SECRET + "0", SECRET.upper(), "ra\xe9hasia"])
async def test_without_the_secret_nothing_is_stored_and_nothing_told(webhook, inbox, secret):
    assert await post(webhook, secret=secret) == (403, b"")
    assert (await post(webhook, b"no JSON", secret=secret))[0] == 403
    assert inbox.stored == []
    assert webhook.last_success is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"<html>",
        b"[]",
        b"17",
        b'"update_id"',
        b"null",
        b"{}",
        b'{"update_id":"41"}',
        b'{"update_id":null}',
        b'{"update_id":4.5}',
        b'{"update_id":true}',
        b"\xff\xfe{",
        b"[" * 100_000,
    ],
)
async def test_what_is_no_update_is_refused_and_the_next_one_taken(webhook, inbox, body):
    assert (await post(webhook, body))[0] == 400
    assert inbox.stored == []
    assert (await post(webhook))[0] == 200


async def test_it_answers_only_after_the_commit(webhook, inbox):
    inbox.may_commit.clear()
    answer = asyncio.create_task(post(webhook))
    done, _ = await asyncio.wait([answer], timeout=0.1)
    assert not done
    inbox.may_commit.set()
    assert (await answer)[0] == 200


async def test_an_inbox_that_cannot_be_written_makes_telegram_try_again(webhook, inbox, caplog):
    inbox.full = True
    assert await post(webhook) == (503, b"")
    assert webhook.last_success is None
    assert "inbox_unavailable" in caplog.text
    inbox.full = False
    assert (await post(webhook))[0] == 200
    assert inbox.stored == [(41, UPDATE)]


async def test_only_its_own_address_and_method_are_answered(webhook, inbox):
    assert (await post(webhook, path="/"))[0] == 404
    assert (await post(webhook, method="GET"))[0] == 405
    assert inbox.stored == []


def update_of(size):
    empty = json.dumps({"update_id": 5, "x": ""}, separators=(",", ":"))
    return json.dumps({"update_id": 5, "x": "y" * (size - len(empty))}, separators=(",", ":")).encode()


async def test_the_largest_body_fits_and_one_byte_more_does_not(webhook, inbox):
    assert (await post(webhook, update_of(LARGEST_BODY)))[0] == 200
    inbox.stored.clear()
    assert await status_of_raw(webhook, LARGEST_BODY + 1) in {b"413", b"400", b""}
    assert inbox.stored == []
    assert (await post(webhook))[0] == 200


async def status_of_raw(webhook, length):
    """Announce a body of that length, send none of it, and return the status, or nothing where it was hung up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", webhook._port)
    try:
        head = (
            f"POST /telegram/kait HTTP/1.1\r\nHost: localhost\r\n{HEADER}: {SECRET}\r\nContent-Length: {length}\r\n\r\n"
        )
        writer.write(head.encode())
        answer = await asyncio.wait_for(reader.readline(), timeout=5)
    finally:
        writer.close()
        await writer.wait_closed()
    return answer.split(b" ")[1] if answer else b""


async def test_nothing_in_the_log_gives_the_secret_away(webhook, inbox, caplog):
    caplog.set_level(logging.DEBUG)
    await post(webhook, secret="salah-sekali")
    await post(webhook)
    assert "webhook_refused" in caplog.text
    assert SECRET not in caplog.text
    assert "salah-sekali" not in caplog.text


async def test_the_port_is_closed_after_stopping(inbox, clock):
    async with listening(inbox, clock) as running:
        port = running._port
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_telegram_is_told_where_to_deliver_and_what(webhook, telegram):
    await webhook.announce(telegram.bot)
    [said] = telegram.named("setWebhook")
    assert said["url"] == "https://bot.contoh.invalid/telegram/kait"
    assert said["secret_token"] == SECRET
    assert said["allowed_updates"] == ["message", "callback_query", "my_chat_member"]
