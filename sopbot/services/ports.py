"""What the services need from the outside, the only Protocols of the project: a clock and a messenger.

Counterparts: `sopbot/clock.py`; `sopbot/chat/messenger.py` on python-telegram-bot, a fake in the tests.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from sopbot.services.views import View


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the current instant, aware UTC."""
        ...


class Failure(StrEnum):
    """Why a message was not, or perhaps not, delivered: judged by the cause, not by the error's class."""

    NOT_SENT = "tidak_terkirim"  # surely not sent: try again
    HELD = "ditahan"  # the chat must rest for a while (429)
    UNREACHABLE = "tidak_terjangkau"  # blocked, deactivated, unknown chat: the person must be told otherwise
    GONE = "pesan_hilang"  # the message to edit no longer exists
    REFUSED = "ditolak"  # Telegram refuses this message for good
    UNCERTAIN = "tidak_pasti"  # it may have been sent
    UNAUTHORISED = "token_ditolak"  # the bot's token is not accepted


class DeliveryFailed(Exception):
    """A message was not, or perhaps not, delivered."""

    def __init__(self, failure: Failure, detail: str, retry_after: timedelta | None = None) -> None:
        """Keep the judgement and how long the chat must rest."""
        super().__init__(detail)
        self.failure = failure
        self.retry_after = retry_after


class Messenger(Protocol):
    """Shows views to people; raises `DeliveryFailed`."""

    async def send(self, chat_id: int, view: View, *, repeated: bool = False) -> int:
        """Send a new message and return its id; `repeated` marks one that may have been sent before."""
        ...

    async def edit(self, chat_id: int, message_id: int, view: View) -> None:
        """Make an earlier message show the view; showing what it shows already is a success."""
        ...
