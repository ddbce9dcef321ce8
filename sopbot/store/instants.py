"""Moments as the tables hold them: whole microseconds since 1970-01-01 UTC, in a BIGINT.

An integer compares, indexes and hashes alike on every database; a text or a float would not.
Counterpart: `sopbot/store/statement.py` converts the parameters, each `*Row` its results.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Return microseconds since the epoch, exactly; raise ValueError for a datetime without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"A stored moment needs a time zone: {moment!r}.")
    return (moment - EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Return the aware UTC datetime of microseconds since the epoch, exactly."""
    return EPOCH + timedelta(microseconds=micros)


def from_micros_or_none(micros: int | None) -> datetime | None:
    """Return `from_micros`, or None for a column that is empty."""
    return None if micros is None else EPOCH + timedelta(microseconds=micros)
