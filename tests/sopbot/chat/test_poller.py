"""Fetching updates: their own bytes, acknowledged only after they are stored, and never deaf."""

import json
import logging
from collections import deque
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest

from sopbot.chat.poller import FIRST_LIMIT, GAP, IDLE, REJECTED_LIMIT, Poller, TokenRefused, split_updates
from sopbot.store.failures import StoreUnavailable
from tests.at_work import SetClock
from tests.fake_telegram import TOKEN

URL = f"http://127.0.0.1:9/bot{TOKEN}/getUpdates"
UNAUTHORISED = (401, b'{"ok":false,"error_code":401,"description":"Unauthorized"}')
NOT_FOUND = (404, b'{"ok":false,"error_code":404,"description":"Not Found"}')
CONFLICT = (409, b'{"ok":false,"error_code":409,"description":"Conflict"}')


class Enough(Exception):
    """The script is over."""


class Scripted(BaseRequest):
    """Gives one answer after another and keeps what was asked."""

    def __init__(self, *answers):
        self.answers = deque(answers)
        self.asked = []

    @property
    def read_timeout(self):
        return 5.0

    async def initialize(self):
        pass

    async def shutdown(self):
        pass

    async def do_request(self, url, method, *args, **timeouts):
        self.asked.append({**{key: value[0] for key, value in parse_qs(urlsplit(url).query).items()}, **timeouts})
        if not self.answers:
            raise Enough
        answer = self.answers.popleft()
        if callable(answer):
            answer = answer()
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def offsets(self):
        return [int(one["offset"]) for one in self.asked]


def updates(*numbers):
    result = [{"update_id": number, "message": {"text": f"pesan {number}"}} for number in numbers]
    return 200, json.dumps({"ok": True, "result": result}).encode()


class Polling:
    """Runs a poller over a script until it is over."""

    def __init__(self, *answers):
        self.clock = SetClock()
        self.request = Scripted(*answers)
        self.received, self.gaps, self.pauses = [], [], []
        self.poller = Poller(self.request, URL, self.clock, self._receive, self._gap, pause=self._pause)
        self.store_fails = 0

    async def _receive(self, given):
        if self.store_fails:
            self.store_fails -= 1
            raise StoreUnavailable("The change was not stored.")
        self.received += [one.update_id for one in given]
        return len(given)

    async def _gap(self, gap):
        self.gaps.append(gap)

    async def _pause(self, seconds):
        self.pauses.append(seconds)

    async def run(self):
        with pytest.raises(Enough):
            await self.poller.run()
        return self


async def test_the_offset_moves_only_after_the_updates_are_stored():
    polling = await Polling(updates(5, 7, 6), updates(), updates(8)).run()
    assert polling.received == [5, 7, 6, 8]
    assert polling.request.offsets == [0, 8, 8, 9]


async def test_an_inbox_that_cannot_be_written_leaves_the_updates_with_telegram():
    polling = Polling(updates(5), updates(5), updates())
    polling.store_fails = 1
    await polling.run()
    assert polling.request.offsets == [0, 0, 6, 6]
    assert polling.received == [5]
    assert polling.pauses == [1.0]


async def test_only_the_kinds_that_are_handled_are_asked_for():
    polling = await Polling(updates()).run()
    asked = polling.request.asked[0]
    assert json.loads(asked["allowed_updates"]) == ["message", "callback_query", "my_chat_member"]
    assert (asked["timeout"], asked["limit"]) == ("25", "100")
    assert asked["read_timeout"] > 25


@pytest.mark.parametrize(
    "odd",
    [
        UNAUTHORISED,
        NOT_FOUND,
        CONFLICT,
        (500, b"Internal Server Error"),
        (502, b"<html>Bad Gateway</html>"),
        (200, b"<html>"),
        (200, b"\xff\xfe"),
        (200, b"[]"),
        (200, b"[" * 100_000),
        (200, b'{"ok":true}'),
        (200, b'{"ok":true,"result":null}'),
        (200, b'{"ok":true,"result":{}}'),
        (200, b'{"ok":false}'),
        (429, b'{"ok":false,"parameters":{"retry_after":3}}'),
        TimedOut(),
        NetworkError("httpx.ReadError: "),
    ],
)
async def test_after_any_odd_answer_it_asks_again(odd):
    polling = await Polling(odd, updates(3)).run()
    assert polling.received == [3]
    assert polling.pauses == [1.0]
    assert polling.request.offsets == [0, 0, 4]


async def test_failures_in_a_row_are_waited_out_longer_and_longer_but_not_too_long():
    polling = await Polling(*[TimedOut()] * 9, updates(), TimedOut()).run()
    assert polling.pauses == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0, 30.0, 1.0]


async def test_a_token_refused_twenty_times_in_a_row_ends_it():
    polling = Polling(updates(), *[UNAUTHORISED, NOT_FOUND] * (REJECTED_LIMIT // 2))
    with pytest.raises(TokenRefused):
        await polling.poller.run()
    assert len(polling.request.asked) == REJECTED_LIMIT + 1


async def test_a_token_that_was_never_accepted_ends_it_sooner():
    polling = Polling(*[UNAUTHORISED] * FIRST_LIMIT)
    with pytest.raises(TokenRefused):
        await polling.poller.run()
    assert len(polling.request.asked) == FIRST_LIMIT


async def test_refusals_that_are_not_in_a_row_do_not_add_up():
    polling = await Polling(updates(), *[*[UNAUTHORISED] * (REJECTED_LIMIT - 1), updates()] * 2, UNAUTHORISED).run()
    assert polling.poller._refused == 1


async def test_an_update_that_nobody_can_handle_is_still_taken_and_the_next_ones_come():
    body = b'{"ok":true,"result":[{"update_id":1,"message":17},"rubbish",{"no":"number"},{"update_id":4}]}'
    polling = await Polling((200, body)).run()
    assert polling.received == [1, 4]
    assert polling.request.offsets == [0, 5]


async def test_an_answer_of_nothing_but_rubbish_is_not_asked_for_again_at_once():
    polling = await Polling((200, b'{"ok":true,"result":["rubbish"]}'), updates(2)).run()
    assert polling.received == [2]
    assert polling.pauses == [1.0]


async def test_a_gap_in_polling_is_told_once():
    def after(amount):
        def answer():
            polling.clock.set(polling.clock.now() + amount)
            return updates()

        return answer

    long = GAP + timedelta(seconds=26)
    polling = Polling(updates(), after(GAP), after(long), after(timedelta(seconds=1)))
    await polling.run()
    assert polling.gaps == [long]


async def test_a_jump_of_the_clock_on_purpose_is_no_gap():
    def jump():
        polling.clock.advance(days=3)
        polling.poller.forgive_gap()
        return updates()

    polling = Polling(updates(), jump)
    await polling.run()
    assert polling.gaps == []


async def test_after_an_idle_week_the_numbers_may_begin_anew():
    def idle():
        polling.clock.set(polling.clock.now() + IDLE + timedelta(seconds=1))
        polling.poller.forgive_gap()
        return updates()

    polling = Polling(updates(900_000), idle, updates(12), updates())
    await polling.run()
    assert polling.received == [900_000, 12]
    assert polling.request.offsets == [0, 900_001, 0, 13, 13]


async def test_no_line_of_the_log_holds_the_token(caplog):
    caplog.set_level(logging.DEBUG)
    failure = NetworkError(f"httpx.ConnectError: {URL}")
    failure.__cause__ = httpx.ConnectError(URL)
    await Polling(UNAUTHORISED, CONFLICT, failure, (200, b"<html>"), updates(1)).run()
    assert "polling_failed" in caplog.text
    assert "another_poller" in caplog.text
    assert TOKEN not in caplog.text


def test_each_update_keeps_exactly_its_own_bytes():
    first = '{"update_id":1, "message":{"text":"é \\u0041 \\"]}, {"}}'
    second = '{  "update_id" : 2 ,\n "n": 1.50, "a":[[],{}] }'
    body = f'{{"result" : [ {first} ,\r\n\t{second}\n], "ok":true}}'
    assert [(one.update_id, one.raw) for one in split_updates(body.encode())] == [
        (1, first.encode()),
        (2, second.encode()),
    ]


def test_updates_are_those_of_the_answer_itself_whatever_else_is_called_a_result():
    elsewhere = b'"note":{"result":[{"update_id":7}]},"more":[{"update_id":8}],"text":"\\"result\\":["'
    body = b'{%b,"result":[{"update_id":1}],"ok":true}' % elsewhere
    assert [(one.update_id, one.raw) for one in split_updates(body)] == [(1, b'{"update_id":1}')]


def test_a_number_is_a_whole_number():
    body = b'{"ok":true,"result":[{"update_id":true},{"update_id":1.0},{"update_id":"2"},{"update_id":3}]}'
    assert [one.update_id for one in split_updates(body)] == [3]


async def test_a_gap_that_could_not_be_noted_is_told_at_the_next_answer():
    long = GAP + timedelta(seconds=26)

    def later():
        polling.clock.set(polling.clock.now() + long)
        return updates()

    polling = Polling(updates(), later, updates(4), updates())
    noted = polling.poller.on_gap

    async def unavailable_once(gap):
        polling.poller.on_gap = noted
        raise StoreUnavailable("The change was not stored.")

    polling.poller.on_gap = unavailable_once
    await polling.run()
    assert polling.gaps == [long]
    assert polling.received == [4]


def test_no_updates():
    assert split_updates(b'{"ok":true,"result":[]}') == []


def test_a_number_beyond_the_inbox_is_none():
    body = b'{"ok":true,"result":[{"update_id":99999999999999999999999},{"update_id":-1},{"update_id":3}]}'
    assert [one.update_id for one in split_updates(body)] == [3]
