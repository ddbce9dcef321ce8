"""The register of officers, and how a Telegram account becomes an officer's: by an invitation, once.

Names, titles and roles come from the register alone; an account is known by its number, never by its name.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from sopbot.definitions.training import TrainingOfficer
from sopbot.domain.errors import AccountTaken, InvitationInvalid, OfficerTaken, Rejected
from sopbot.domain.office import Office, Officer
from sopbot.services.denials import Denials
from sopbot.services.execute import Origin
from sopbot.services.offices import Offices, officer_of
from sopbot.services.ports import Clock
from sopbot.store import invitations, people, trail
from sopbot.store.writer import Writer

VALID_FOR: Final = timedelta(hours=24)
TOKEN_BYTES: Final = 16  # 128 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An enrolled person: the officer and the office in which they act."""

    officer: Officer
    office: Office


@dataclass(slots=True)
class Enrolment:
    """Adds officers, invites them, and binds their accounts."""

    writer: Writer
    offices: Offices
    clock: Clock

    def member(self, conn: Connection, telegram_id: int) -> Member | None:
        """Return who has this Telegram account, or None for a stranger."""
        row = people.by_telegram(conn, telegram_id)
        if row is None or row.office not in self.offices.definitions:
            return None
        return Member(officer=officer_of(row), office=self.offices.now(conn, row.office))

    async def invite(self, officer_id: int) -> str:
        """Make an invitation valid for 24 hours and return its code; only the code's hash is stored."""
        code = secrets.token_urlsafe(TOKEN_BYTES)
        at = self.clock.now()

        def job(conn: Connection) -> None:
            row = people.get(conn, officer_id)
            if row is None:
                raise KeyError(officer_id)
            if row.telegram_id is not None:
                raise OfficerTaken
            invitations.invite(conn, officer_id, _hash(code), None, at, at + VALID_FOR)

        await self.writer.run(job)
        return code

    async def redeem(self, code: str, telegram_id: int, origin: Origin) -> Member:
        """Bind the account to the invited officer.

        Raises `InvitationInvalid` (also after five failures of the account), `AccountTaken`, `OfficerTaken`.
        """

        def job(conn: Connection) -> Member:
            if people.by_telegram(conn, telegram_id) is not None:
                raise AccountTaken
            if invitations.denials_since(conn, telegram_id, self.clock.now() - VALID_FOR) >= invitations.TRIES:
                raise InvitationInvalid  # also for a sound code: whoever guesses learns nothing
            officer_id = invitations.redeem(conn, _hash(code), self.clock.now())
            if officer_id is None:
                raise InvitationInvalid
            if not people.bind(conn, officer_id, telegram_id):
                raise OfficerTaken
            row = people.get(conn, officer_id)
            if row is None:
                raise InvitationInvalid
            self._record(conn, row.office, "akun_ditautkan", {"pejabat": officer_id}, origin, officer_id)
            return Member(officer=officer_of(row), office=self.offices.now(conn, row.office))

        try:
            return await self.writer.run(job)
        except Rejected as refusal:
            await Denials(self.writer, self.clock).refused(origin, "invitation", refusal)
            raise

    async def add(self, office: str, *, name: str, title: str, roles: Sequence[str], honorific: str | None) -> int:
        """Add an officer to the register and return the number."""

        def job(conn: Connection) -> int:
            officer_id = people.add(
                conn,
                office=office,
                name=name,
                nip=None,
                title=title,
                honorific=honorific,
                roles=sorted(roles),
                telegram_id=None,
                at=self.clock.now(),
            )
            value = {"pejabat": officer_id, "nama": name, "jabatan": title, "peran": sorted(roles)}
            self._record(conn, office, "pejabat_ditambahkan", value, Origin(), None)
            return officer_id

        return await self.writer.run(job)

    async def freeze(self, officer_id: int, *, frozen: bool = True) -> bool:
        """Take an officer's access away, or give it back; False if it was so already, KeyError for nobody.

        It holds from the commit on: every command reads the officer's authority anew.
        """

        def job(conn: Connection) -> bool:
            row = people.get(conn, officer_id)
            if row is None:
                raise KeyError(officer_id)
            if not people.freeze(conn, officer_id, frozen=frozen):
                return False
            action = "akses_dibekukan" if frozen else "akses_dipulihkan"
            self._record(conn, row.office, action, {"pejabat": officer_id}, Origin(), None)
            return True

        return await self.writer.run(job)

    async def enrol_training(self, officers: Sequence[TrainingOfficer]) -> int:
        """Put the simulator's officers into the register, already enrolled; those it has are left alone."""

        def job(conn: Connection) -> int:
            added = 0
            for one in officers:
                if people.by_telegram(conn, one.telegram_id) is not None:
                    continue
                officer_id = people.add(
                    conn,
                    office=one.office,
                    name=one.name,
                    nip=one.nip,
                    title=one.title,
                    honorific=one.honorific,
                    roles=sorted(one.roles),
                    telegram_id=one.telegram_id,
                    at=self.clock.now(),
                )
                value = {"pejabat": officer_id, "nama": one.name, "jabatan": one.title, "peran": sorted(one.roles)}
                self._record(conn, one.office, "pejabat_ditambahkan", value, Origin(), None)
                added += 1
            return added

        return await self.writer.run(job)

    def _record(
        self, conn: Connection, office: str, action: str, value: dict[str, object], origin: Origin, by: int | None
    ) -> None:
        actor = trail.Actor(officer=by, telegram_id=origin.telegram_id, role=None, acting_for=None)
        entry = trail.Entry(
            at=self.clock.now(),
            instance=None,
            instance_seq=None,
            actor=actor,
            action=action,
            from_state=None,
            to_state=None,
            value=value,
            reason=None,
            update_id=origin.update_id,
            update_hash=origin.update_hash,
            definition=None,
        )
        trail.append(conn, office, [entry])


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
