"""The ports: what implements them, and what a failed delivery says."""

from datetime import timedelta
from inspect import signature

from sopbot.chat.messenger import TelegramMessenger
from sopbot.clock import OffsetClock, SystemClock
from sopbot.services.ports import Clock, DeliveryFailed, Failure, Messenger
from tests.at_work import FakeMessenger, SetClock


def test_the_fakes_have_the_same_calls_as_what_they_stand_for():
    for name in ("send", "edit"):
        expected = list(signature(getattr(Messenger, name)).parameters)
        for kind in (TelegramMessenger, FakeMessenger):
            assert list(signature(getattr(kind, name)).parameters) == expected


def test_every_clock_tells_an_aware_instant():
    clocks: list[Clock] = [SystemClock(), OffsetClock(), SetClock()]
    assert all(clock.now().utcoffset() == timedelta() for clock in clocks)


def test_a_failed_delivery_says_why_and_how_long_to_rest():
    failed = DeliveryFailed(Failure.HELD, "429", timedelta(seconds=3))
    assert (str(failed), failed.failure, failed.retry_after) == ("429", Failure.HELD, timedelta(seconds=3))
