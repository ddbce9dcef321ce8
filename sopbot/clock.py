"""Where the time comes from: the machine, or a clock that a simulator moves. Everything else is handed instants."""

from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the current instant, aware UTC."""
        return datetime.now(UTC)


class OffsetClock:
    """The machine's clock moved by an offset that a follower of the simulator's clock sets."""

    def __init__(self) -> None:
        """Start at the machine's own time."""
        self._offset = timedelta()

    def now(self) -> datetime:
        """Return the moved instant, aware UTC."""
        return datetime.now(UTC) + self._offset

    def set(self, now: datetime) -> None:
        """Make `now` (aware) the current instant."""
        self._offset = now - datetime.now(UTC)
