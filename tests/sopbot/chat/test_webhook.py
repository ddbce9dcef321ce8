"""Updates that Telegram delivers: only with the secret, only in bounds, and answered only after the commit."""

import socket

import httpx
import pytest

from sopbot.chat.poller import ALLOWED
from sopbot.chat.webhook import HEADER, LARGEST_BODY, Webhook
from sopbot.store.failures import StoreUnavailable
from tests.at_work import BEGIN, SetClock

SECRET = "rahasia"


class Inbox:
    def __init__(self):
        self.received, self.full = [], False

    async def receive(self, updates):
        if self.full:
            raise StoreUnavailable("The change was not stored.")
        self.received += updates
        return len(updates)


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
async def webhook(inbox):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    one = Webhook(
        url=f"https://127.0.0.1:{port}/pintu", secret=SECRET, port=port, clock=SetClock(), receive=inbox.receive
    )
    one.listen("127.0.0.1")
    yield one
    await one.stop()


@pytest.fixture
async def post(webhook):
    base = webhook.url.replace("https", "http").removesuffix("/pintu")
    async with httpx.AsyncClient(base_url=base, trust_env=False, verify=False) as client:  # noqa: S501 plain HTTP

        async def posting(body, *, secret=SECRET, path="/pintu"):
            headers = {} if secret is None else {HEADER: secret}
            return (await client.post(path, content=body, headers=headers)).status_code

        yield posting


async def test_an_update_is_stored_with_its_own_bytes_before_it_is_acknowledged(post, inbox, webhook):
    raw = b'{ "update_id": 5,  "message": {} }'
    assert await post(raw) == 200
    [update] = inbox.received
    assert (update.update_id, update.raw) == (5, raw)
    assert webhook.last_success == BEGIN


@pytest.mark.parametrize("secret", [None, "", "salah", SECRET + "x", "é"])
async def test_without_the_secret_nothing_is_taken(post, inbox, secret):
    secret = secret if secret is None else secret.encode()
    assert await post(b'{"update_id":5}', secret=secret) == 403
    assert inbox.received == []


async def test_while_nothing_can_be_stored_telegram_is_asked_to_come_again(post, inbox, webhook):
    inbox.full = True
    assert await post(b'{"update_id":5}') == 503
    assert webhook.last_success is None


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"update_id":"5"}', b"\xff"])
async def test_what_is_no_update_is_refused(post, inbox, body):
    assert await post(body) == 400
    assert inbox.received == []


async def test_a_body_beyond_the_bound_is_refused_unread(post, inbox):
    try:
        status = await post(b'{"update_id":5,"x":"' + b"x" * LARGEST_BODY + b'"}')
    except httpx.HTTPError:
        status = 413  # the connection was closed before all of it was sent
    assert status in {400, 413}, status
    assert inbox.received == []


async def test_another_path_is_nobodys(post, inbox):
    assert await post(b'{"update_id":5}', path="/") == 404
    assert inbox.received == []


async def test_telegram_is_told_where_to_deliver_and_what(webhook, telegram):
    await webhook.announce(telegram.bot)
    [given] = telegram.named("setWebhook")
    assert (given["url"], given["secret_token"]) == (webhook.url, SECRET)
    assert given["allowed_updates"] == list(ALLOWED)
