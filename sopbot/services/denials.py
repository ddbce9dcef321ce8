"""The record of what people tried and may not do: one row for each update, whoever refused it.

Counterparts: `sopbot/services/execute.py` records what the core forbids in its own transaction; `handlers/dispatch.py`
brings here what was refused before that.
"""

from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import Connection

from sopbot.domain.errors import (
    AccountTaken,
    Forbidden,
    InvitationInvalid,
    OfficerTaken,
    Rejected,
    StaleButton,
    UnknownAssignment,
    UnknownInstance,
)
from sopbot.services.execute import Origin
from sopbot.services.ports import Clock
from sopbot.store import inbox, invitations
from sopbot.store.failures import StoreUnavailable
from sopbot.store.writer import Writer

# Not the refusals for the state of a step (done already, not accepted yet): those are everyday.
_DENIED: Final = (
    Forbidden,
    UnknownInstance,
    UnknownAssignment,
    StaleButton,
    InvitationInvalid,
    AccountTaken,
    OfficerTaken,
)
STRANGER: Final = "Stranger"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Denials:
    """Writes the record; a reply must not fail because it could not be written."""

    writer: Writer
    clock: Clock

    async def refused(self, origin: Origin, what: str, refusal: Rejected) -> None:
        """Record a refusal, if it is of a kind that somebody may be trying out."""
        if isinstance(refusal, _DENIED):
            await self._record(origin, what, type(refusal).__name__)

    async def stranger(self, origin: Origin, what: str) -> None:
        """Record what somebody who is not enrolled tried."""
        await self._record(origin, what, STRANGER)

    async def _record(self, origin: Origin, what: str, why: str) -> None:
        at = self.clock.now()

        def job(conn: Connection) -> None:
            # Whoever recorded it before has ended the update, too.
            if origin.inbox_id is None or inbox.finish(conn, origin.inbox_id, at):
                invitations.deny(conn, at, origin.telegram_id or 0, origin.update_id, what, why)

        try:
            await self.writer.run(job)
        except StoreUnavailable:
            log.exception("denial_not_recorded", what=what, why=why, update_id=origin.update_id)
