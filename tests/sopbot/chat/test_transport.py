"""What an error means for the message that it carried: judged by its cause, through the real library."""

import asyncio
import socket
from datetime import timedelta

import httpx
import pytest
from telegram import Bot
from telegram.error import TelegramError

from sopbot.chat.transport import WatchedRequest, judged, not_modified, unreadable_markup
from sopbot.services.ports import Failure
from tests.fake_telegram import TOKEN

REQUEST = httpx.Request("POST", "https://example.invalid")
EXPECTED = (TelegramError, AttributeError, TypeError, ValueError, KeyError)


async def judgement(telegram):
    with pytest.raises(EXPECTED) as raised:
        await telegram.bot.send_message(1, "halo")
    failed = judged(raised.value)
    assert TOKEN not in str(failed)
    return failed


def refused(code, description="Bad Request: test", **parameters):
    body = {"ok": False, "error_code": code, "description": description}
    return httpx.Response(code, json=body | ({"parameters": parameters} if parameters else {}))


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (httpx.ConnectError("refused"), Failure.NOT_SENT),
        (httpx.ConnectTimeout("slow"), Failure.NOT_SENT),
        (httpx.PoolTimeout("full"), Failure.NOT_SENT),
        (httpx.ReadTimeout("silence"), Failure.UNCERTAIN),
        (httpx.WriteTimeout("silence"), Failure.UNCERTAIN),
        (httpx.ReadError("reset"), Failure.UNCERTAIN),
        (httpx.WriteError("reset"), Failure.UNCERTAIN),
        (httpx.RemoteProtocolError("hung up"), Failure.UNCERTAIN),
        (refused(500, "Internal Server Error"), Failure.UNCERTAIN),
        (httpx.Response(502, html="<html>Bad Gateway</html>"), Failure.UNCERTAIN),
        (httpx.Response(504, text=""), Failure.UNCERTAIN),
        (httpx.Response(200, text="<html>"), Failure.UNCERTAIN),
        (httpx.Response(200, json={"ok": True, "result": None}), Failure.UNCERTAIN),
        (httpx.Response(200, json={"ok": True}), Failure.UNCERTAIN),
        (httpx.Response(200, json=[]), Failure.UNCERTAIN),
        (refused(401, "Unauthorized"), Failure.UNAUTHORISED),
        (refused(404, "Not Found"), Failure.UNAUTHORISED),
        (refused(409, "Conflict"), Failure.NOT_SENT),
        (refused(403, "Forbidden: bot was blocked by the user"), Failure.UNREACHABLE),
        (refused(403, "Forbidden: user is deactivated"), Failure.UNREACHABLE),
        (refused(400, "Bad Request: chat not found"), Failure.UNREACHABLE),
        (refused(400, "Bad Request: message to edit not found"), Failure.GONE),
        (refused(400, "Bad Request: message can't be edited"), Failure.GONE),
        (refused(400, "Bad Request: message text is empty"), Failure.REFUSED),
        (refused(400, "Bad Request: group migrated", migrate_to_chat_id=-100), Failure.UNREACHABLE),
        (refused(429, "Too Many Requests"), Failure.HELD),
        (httpx.Response(429, text="slow down"), Failure.HELD),
    ],
)
async def test_a_failure_is_judged_by_its_cause(telegram, answer, failure):
    telegram.arrange("sendMessage", answer)
    assert (await judgement(telegram)).failure is failure


async def test_how_long_a_chat_must_rest(telegram):
    telegram.arrange("sendMessage", refused(429, "Too Many Requests: retry after 17", retry_after=17))
    failed = await judgement(telegram)
    assert (failed.failure, failed.retry_after) == (Failure.HELD, timedelta(seconds=17))


async def test_the_status_of_an_earlier_call_is_not_taken_for_that_of_a_lost_one(telegram):
    telegram.arrange("sendMessage", refused(401, "Unauthorized"), httpx.ReadTimeout("silence"))
    assert (await judgement(telegram)).failure is Failure.UNAUTHORISED
    assert (await judgement(telegram)).failure is Failure.UNCERTAIN


async def test_the_detail_tells_class_and_cause_and_no_address(telegram):
    telegram.arrange("sendMessage", httpx.ConnectError(f"https://api.telegram.org/bot{TOKEN}/sendMessage"))
    failed = await judgement(telegram)
    assert "ConnectError" in str(failed)
    assert "api.telegram.org" not in str(failed)


async def test_an_edit_that_changes_nothing_and_markup_that_cannot_be_read_are_told_apart(telegram):
    said = "Bad Request: message is not modified: specified new message content is the same"
    telegram.arrange("sendMessage", refused(400, said), refused(400, "Bad Request: can't parse entities: unclosed"))
    with pytest.raises(TelegramError) as raised:
        await telegram.bot.send_message(1, "halo")
    assert not_modified(raised.value)
    assert not unreadable_markup(raised.value)
    with pytest.raises(TelegramError) as raised:
        await telegram.bot.send_message(1, "halo")
    assert unreadable_markup(raised.value)
    assert not not_modified(raised.value)


async def judged_by_wire(port):
    """Send through the real transport to a port of this computer and judge what comes of it."""
    request = WatchedRequest(connections=1)
    bot = Bot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot", request=request, get_updates_request=request)
    try:
        with pytest.raises(EXPECTED) as raised:
            await bot.send_message(1, "halo")
        return judged(raised.value).failure
    finally:
        await request.shutdown()


async def test_a_refused_connection_sent_nothing():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert await judged_by_wire(port) is Failure.NOT_SENT


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", b"no HTTP at all\r\n\r\n"])
async def test_a_connection_lost_after_the_request_was_read_may_have_sent_it(answer):
    async def hang_up(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        assert await judged_by_wire(server.sockets[0].getsockname()[1]) is Failure.UNCERTAIN


async def test_reading_waits_thirty_seconds():
    request = WatchedRequest(connections=1)
    assert request.read_timeout == 30.0
    await request.shutdown()
