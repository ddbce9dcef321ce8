"""How fast messages may leave, on the injected clock: overall, for each private chat, for each group.

Asked before a send and told nothing afterwards: a message that must wait is put back with a later moment, so a
restart loses at most one interval. Edits count overall only. Counterpart: `sopbot/services/delivery.py`.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
REMEMBERED = 5000  # chats


@dataclass(slots=True)
class Limiter:
    """Sliding windows; a rate of 0 lifts that limit."""

    now: Callable[[], datetime]
    overall: float  # a second
    per_chat: float  # new messages a second in a private chat
    per_group: float  # new messages a minute in a group
    _all: deque[datetime] = field(default_factory=deque)
    _chats: dict[int, deque[datetime]] = field(default_factory=dict)

    def wait(self, chat_id: int, edit: bool) -> timedelta:  # noqa: FBT001 the delivery's port
        """Return how long a message to the chat must wait; zero takes a place in the windows."""
        now = self.now()
        windows = [(self._all, self.overall, SECOND)]
        if not edit:
            chat = self._chats.setdefault(chat_id, deque())
            windows.append((chat, self.per_chat, SECOND) if chat_id > 0 else (chat, self.per_group, MINUTE))
        waiting = max(_left(window, rate, span, now) for window, rate, span in windows)
        if waiting:
            return waiting
        for window, rate, _ in windows:
            if rate:
                window.append(now)
        if len(self._chats) > REMEMBERED:
            self._forget(now)
        return timedelta()

    def _forget(self, now: datetime) -> None:
        for chat_id in [one for one, window in self._chats.items() if not window or window[-1] < now - MINUTE]:
            del self._chats[chat_id]


def _left(window: deque[datetime], rate: float, span: timedelta, now: datetime) -> timedelta:
    if not rate:
        return timedelta()
    places = max(1, int(rate))  # 0.5 a second is one place in two seconds
    span = span * places / rate
    while window and (window[0] <= now - span or window[0] > now):  # the second: the clock was set back
        window.popleft()
    return timedelta() if len(window) < places else window[0] + span - now
