from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopbot.store.instants import from_micros, from_micros_or_none, to_micros


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_moment_comes_back_exactly(moment):
    assert from_micros(to_micros(moment)) == moment


def test_the_same_moment_in_another_zone_is_the_same_number():
    jakarta = timezone(timedelta(hours=7))
    assert to_micros(datetime(2026, 11, 23, 8, tzinfo=jakarta)) == to_micros(datetime(2026, 11, 23, 1, tzinfo=UTC))


def test_the_epoch_is_zero_and_the_unit_a_microsecond():
    assert to_micros(datetime(1970, 1, 1, 0, 0, 0, 7, tzinfo=UTC)) == 7
    assert from_micros(-1) == datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        to_micros(datetime(2026, 11, 23))  # noqa: DTZ001 - that is what is refused


def test_an_empty_column_is_none():
    assert from_micros_or_none(None) is None
    assert from_micros_or_none(0) == datetime(1970, 1, 1, tzinfo=UTC)
