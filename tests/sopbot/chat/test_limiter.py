"""How fast messages may leave: sliding windows on the injected clock."""

from datetime import timedelta

import pytest

from sopbot.chat.limiter import REMEMBERED, Limiter
from tests.at_work import SetClock

SECOND = timedelta(seconds=1)


@pytest.fixture
def clock():
    return SetClock()


def test_one_message_a_second_for_each_private_chat(clock):
    limiter = Limiter(clock.now, 25, 1, 20)
    assert limiter.wait(1, False) == timedelta()
    assert limiter.wait(1, False) == SECOND
    assert limiter.wait(2, False) == timedelta()
    clock.advance(seconds=0.4)
    assert limiter.wait(1, False) == timedelta(seconds=0.6)
    clock.advance(seconds=0.6)
    assert limiter.wait(1, False) == timedelta()


def test_asking_in_vain_takes_no_place(clock):
    limiter = Limiter(clock.now, 2, 1, 20)
    limiter.wait(1, False)
    for _ in range(10):
        assert limiter.wait(1, False) == SECOND
    assert limiter.wait(2, False) == timedelta()


def test_no_more_than_the_overall_rate_in_any_second(clock):
    limiter = Limiter(clock.now, 25, 1, 20)
    sent = []
    for step in range(300):
        sent += [clock.now() for chat in range(1, 4) if not limiter.wait(chat + 3 * step, False)]
        clock.advance(seconds=0.01)
    assert all(sum(start <= at < start + SECOND for at in sent) <= 25 for start in sent)
    assert len(sent) >= 75


def test_edits_count_overall_only(clock):
    limiter = Limiter(clock.now, 3, 1, 20)
    assert [limiter.wait(1, True) for _ in range(3)] == [timedelta()] * 3
    assert limiter.wait(1, True) == SECOND
    assert limiter.wait(2, False) == SECOND


def test_twenty_a_minute_for_a_group(clock):
    limiter = Limiter(clock.now, 0, 1, 20)
    assert [limiter.wait(-1, False) for _ in range(20)] == [timedelta()] * 20
    assert limiter.wait(-1, False) == timedelta(minutes=1)


def test_a_rate_of_nought_lifts_a_limit(clock):
    limiter = Limiter(clock.now, 0, 0, 0)
    assert not any(limiter.wait(1, False) for _ in range(1000))
    assert not any(limiter.wait(-1, False) for _ in range(1000))


def test_a_rate_below_one_makes_a_longer_window(clock):
    limiter = Limiter(clock.now, 0, 0.5, 20)
    assert limiter.wait(1, False) == timedelta()
    assert limiter.wait(1, False) == 2 * SECOND


def test_a_clock_set_back_does_not_stop_everything(clock):
    limiter = Limiter(clock.now, 1, 1, 20)
    limiter.wait(1, False)
    clock.advance(hours=-1)
    assert limiter.wait(1, False) == timedelta()


def test_chats_that_rest_are_forgotten(clock):
    limiter = Limiter(clock.now, 0, 1, 20)
    for chat in range(1, REMEMBERED + 1):
        limiter.wait(chat, False)
    clock.advance(minutes=2)
    limiter.wait(REMEMBERED + 1, False)
    assert len(limiter._chats) == 1
