"""What every handler is given: the services, the messenger, and the incoming update in plain form.

Counterpart: `handlers/dispatch.py` fills it; `sopbot/app.py` builds the desk once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from sopbot.chat.messenger import TelegramMessenger
from sopbot.chat.page import Page
from sopbot.services.acting import Acting
from sopbot.services.asking import Asked, Asking
from sopbot.services.denials import Denials
from sopbot.services.enrolment import Enrolment, Member
from sopbot.services.execute import Execution, Origin
from sopbot.services.offices import Offices
from sopbot.services.ports import DeliveryFailed
from sopbot.services.queries import Queries

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The services behind the counter."""

    messenger: TelegramMessenger
    acting: Acting
    asking: Asking
    denials: Denials
    enrolment: Enrolment
    execution: Execution
    offices: Offices
    queries: Queries
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One thing that an enrolled officer sent or pressed in the private chat."""

    member: Member
    chat_id: int
    message_id: int
    origin: Origin
    text: str = ""
    reply_to: int | None = None
    query_id: str | None = None

    async def reply(self, desk: Desk, page: Page) -> int:
        """Answer with a new message and return its id."""
        return await desk.messenger.send_page(self.chat_id, page)

    async def replace(self, desk: Desk, page: Page) -> None:
        """Answer a press by changing the message it was made in."""
        await desk.messenger.edit_page(self.chat_id, self.message_id, page)

    async def toast(self, desk: Desk, text: str | None = None, *, alert: bool = False) -> None:
        """Answer a press."""
        if self.query_id is None:
            return
        try:
            await desk.messenger.answer(self.query_id, text, alert=alert)
        except DeliveryFailed as failed:  # the card says the same; what follows the answer must not be lost with it
            log.warning("press_not_answered", failure=failed.failure)

    async def ask(self, desk: Desk, kind: Asked, data: Mapping[str, object], page: Page) -> None:
        """Ask for text: remembered before it is shown, as a question may arrive although its sending failed."""
        who = self.origin.telegram_id or 0
        await desk.asking.ask(who, kind, data, None)
        await desk.asking.ask(who, kind, data, await self.reply(desk, page))
