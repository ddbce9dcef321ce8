"""Questions that wait for a person's text: kept in the database, so that a restart does not forget them.

Counterpart: `handlers/answers.py` takes the text to where it belongs.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from sopbot.domain.errors import AnotherQuestion, StaleButton
from sopbot.services.ports import Clock
from sopbot.store import dialogs
from sopbot.store.database import Database

# Text that is no reply to the question is taken as its answer only for a while: yesterday's question must not
# swallow today's greeting.
FRESH: Final = timedelta(minutes=15)


class Asked(StrEnum):
    """What was asked."""

    RETURN_REASON = "alasan_pengembalian"
    CANCEL_REASON = "alasan_pembatalan"
    SUBJECT = "perihal"
    CONFIRM = "konfirmasi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that waits for its answer."""

    kind: Asked
    data: Mapping[str, object]


@dataclass(slots=True)
class Asking:
    """Remembers one question a person."""

    database: Database
    clock: Clock

    async def ask(self, telegram_id: int, kind: Asked, data: Mapping[str, object], prompt_id: int | None) -> None:
        """Remember a question; an earlier one of the same person is forgotten."""
        at = self.clock.now()
        await self.database.writer.run(lambda conn: dialogs.set(conn, telegram_id, kind.value, data, prompt_id, at))

    def pending(self, telegram_id: int, reply_to: int | None) -> Question | None:
        """Return the question that a text answers: as a reply to it, or soon after it.

        Raises `AnotherQuestion` for a reply to an earlier message: with two tasks about to be returned, the reason
        for the one must not return the other.
        """
        with self.database.read() as conn:
            row = dialogs.get(conn, telegram_id)
        if row is None:
            return None
        answers_it = reply_to is not None and reply_to == row.prompt_id
        if not answers_it and self.clock.now() - row.created_at > FRESH:
            return None
        if reply_to is not None and row.prompt_id is not None and reply_to < row.prompt_id:
            raise AnotherQuestion
        return Question(kind=Asked(row.kind), data=row.data)

    async def forget(self, telegram_id: int) -> bool:
        """Forget the person's question; False if there was none."""
        return await self.database.writer.run(lambda conn: dialogs.clear(conn, telegram_id))

    async def ask_confirmation(self, telegram_id: int, slug: str, subject: str) -> str:
        """Remember what is about to begin and return the nonce that its button carries."""
        nonce = secrets.token_urlsafe(9)
        await self.ask(telegram_id, Asked.CONFIRM, {"slug": slug, "subject": subject, "nonce": nonce}, None)
        return nonce

    def confirmed(self, telegram_id: int, nonce: str) -> tuple[str, str]:
        """Return SOP and subject that the button confirms; raises `StaleButton` when they are gone."""
        with self.database.read() as conn:
            return _confirmation(conn, telegram_id, nonce)

    @staticmethod
    def take(conn: Connection, telegram_id: int, nonce: str) -> None:
        """Use up the confirmation inside the transaction that begins the instance: it begins once."""
        _confirmation(conn, telegram_id, nonce)
        dialogs.clear(conn, telegram_id)


def _confirmation(conn: Connection, telegram_id: int, nonce: str) -> tuple[str, str]:
    row = dialogs.get(conn, telegram_id)
    data = {} if row is None or row.kind != Asked.CONFIRM else row.data
    if not nonce or data.get("nonce") != nonce:
        raise StaleButton
    return str(data["slug"]), str(data["subject"])
