"""Where the time comes from."""

from datetime import UTC, datetime, timedelta, timezone

from sopbot.clock import OffsetClock, SystemClock

SECOND = timedelta(seconds=1)


def test_the_machines_clock_is_aware_and_in_utc():
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_a_clock_that_was_not_set_is_the_machines():
    before = datetime.now(UTC)
    assert before <= OffsetClock().now() <= datetime.now(UTC)


def test_a_clock_that_was_set_goes_on_from_there_in_utc():
    clock = OffsetClock()
    wib = datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=7)))
    clock.set(wib)
    first, second = clock.now(), clock.now()
    assert wib <= first <= second
    assert first.utcoffset() == timedelta()
    clock.set(wib - timedelta(days=300))
    assert clock.now() < wib
