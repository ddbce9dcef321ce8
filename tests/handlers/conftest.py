"""A desk on an office at work, and people who write and press; Telegram records what they are answered."""

import hashlib
import json
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from handlers.desk import Desk
from handlers.dispatch import dispatch
from sopbot.chat.messenger import TelegramMessenger
from sopbot.domain.office import OfficerId
from sopbot.services.denials import Denials
from sopbot.services.intake import Received
from sopbot.store import inbox
from sopbot.store.inbox import RawUpdate
from tests.at_work import AtWork, account, office, working
from tests.fake_telegram import FakeTelegram, telegram

__all__ = ["chatting", "desk", "office", "telegram", "working"]


@pytest.fixture
def desk(office, telegram) -> Desk:
    return desk_of(office, telegram)


def desk_of(at_work: AtWork, wire: FakeTelegram) -> Desk:
    return Desk(
        messenger=TelegramMessenger(wire.bot),
        acting=at_work.acting,
        asking=at_work.asking,
        denials=Denials(at_work.database.writer, at_work.clock),
        enrolment=at_work.enrolment,
        execution=at_work.execution,
        offices=at_work.offices,
        queries=at_work.queries,
        now=at_work.clock.now,
    )


@dataclass(slots=True)
class Chatting:
    """Takes updates through inbox and dispatch, as the bot does."""

    office: AtWork
    telegram: FakeTelegram
    desk: Desk
    numbers: "count[int]"

    async def update(self, **content: Any) -> int:
        """Handle one update and return its number."""
        number = next(self.numbers)
        raw = json.dumps({"update_id": number, **content}).encode()
        [row] = self.office.write(
            lambda conn: inbox.receive(conn, [RawUpdate(update_id=number, raw=raw)], self.office.clock.now())
        )
        digest = hashlib.sha256(raw).hexdigest()
        await dispatch(self.desk, Received(inbox_id=row, update_id=number, update_hash=digest, raw=raw))
        return number

    def message(self, who: int, text: str | None = None, **more: Any) -> dict[str, Any]:
        person = {"id": who, "is_bot": False, "first_name": "Ketua Jabatan"}
        chat = {"id": who, "type": "private", "first_name": "Ketua Jabatan"}
        said = {} if text is None else {"text": text}
        return {"message_id": next(self.numbers), "date": 1_800_000_000, "from": person, "chat": chat, **said, **more}

    async def say(self, officer: OfficerId, text: str | None, **more: Any) -> list[str]:
        """Write as an officer and return what was answered."""
        return await self.say_from(account(officer), text, **more)

    async def say_from(self, who: int, text: str | None, **more: Any) -> list[str]:
        self.telegram.take()
        await self.update(message=self.message(who, text, **more))
        return self.telegram.texts

    async def tap(self, officer: OfficerId, data: str, message_id: int = 101) -> list[str]:
        """Press a button as an officer and return what was answered."""
        return await self.tap_from(account(officer), data, message_id)

    async def tap_from(self, who: int, data: str | None, message_id: int = 101, **more: Any) -> list[str]:
        self.telegram.take()
        person = {"id": who, "is_bot": False, "first_name": "Siapa"}
        shown = {"message_id": message_id, "date": 1, "chat": {"id": who, "type": "private"}, "text": "-"}
        query = {"id": "77", "from": person, "chat_instance": "1", "message": shown, "data": data}
        await self.update(callback_query={**query, **more})
        return self.telegram.texts

    def card(self, n: int, officer: OfficerId, press: str, instance: int = 1) -> str:
        """Return what a button of somebody's card carries."""
        return f"k|{self.office.token(n, officer, instance)}|{press}"

    def buttons(self) -> list[tuple[str, str]]:
        """Return text and data of the buttons of the last message."""
        shown = self.telegram.named("sendMessage", "editMessageText")[-1].get("reply_markup", {})
        return [(one["text"], one["callback_data"]) for row in shown.get("inline_keyboard", []) for one in row]

    def denials(self) -> list[tuple[Any, ...]]:
        return self.office.rows("SELECT telegram_id, what, why FROM denial ORDER BY id")


@pytest.fixture
def chatting(office, telegram, desk) -> Chatting:
    return Chatting(office, telegram, desk, count(1000))
