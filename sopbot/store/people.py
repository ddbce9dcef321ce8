"""Officers: who they are, which Telegram account is theirs, whether they may act and can be reached.

Counterpart: `sopbot/store/invitations.py` holds how an account becomes an officer's, and what was denied.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy import update as change

from sopbot.store.instants import from_micros
from sopbot.store.statement import Statement, values_for
from sopbot.store.tables.people import officer


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerRow:
    """A row of `officer`; `telegram_id` is None until enrolled, and a frozen officer is not `active`."""

    id: int
    office: str
    name: str
    nip: str | None
    title: str
    honorific: str | None
    roles: tuple[str, ...]
    telegram_id: int | None
    active: bool
    reachable: bool
    created_at: datetime


_COLUMNS: Final = tuple(officer.c[one.name] for one in fields(OfficerRow))
_ADD = Statement(insert(officer).values(values_for(officer, without=frozenset({"id"}))).returning(officer.c.id))
_UPDATE = Statement(
    change(officer)
    .where(officer.c.id == bindparam("which"))
    .values(
        name=bindparam("new_name"),
        nip=bindparam("new_nip"),
        title=bindparam("new_title"),
        honorific=bindparam("new_honorific"),
        roles=bindparam("new_roles"),
    ),
)
_GET = Statement(select(*_COLUMNS).where(officer.c.id == bindparam("which")))
_BY_TELEGRAM = Statement(select(*_COLUMNS).where(officer.c.telegram_id == bindparam("account")))
_OF_OFFICE = Statement(select(*_COLUMNS).where(officer.c.office == bindparam("of")).order_by(officer.c.id))
_EVERYBODY = Statement(select(*_COLUMNS).order_by(officer.c.id))
_REACHABLE = Statement(
    change(officer).where(officer.c.id == bindparam("which")).values(reachable=bindparam("new_reachable")),
)
_ACTIVE = Statement(
    change(officer)
    .where(officer.c.id == bindparam("which"), officer.c.active != bindparam("new_active"))
    .values(active=bindparam("new_active")),
)
_OTHER = officer.alias("other")
_BIND = Statement(
    change(officer)
    .where(
        officer.c.id == bindparam("which"),
        officer.c.telegram_id.is_(None),
        officer.c.active.is_(True),
        ~select(_OTHER.c.id).where(_OTHER.c.telegram_id == bindparam("account")).exists(),
    )
    .values(telegram_id=bindparam("account"), reachable=True),
)
_UNBIND = Statement(change(officer).where(officer.c.id == bindparam("which")).values(telegram_id=None))


def add(
    conn: Connection,
    *,
    office: str,
    name: str,
    title: str,
    roles: Sequence[str],
    at: datetime,
    nip: str | None = None,
    honorific: str | None = None,
    telegram_id: int | None = None,
) -> int:
    """Add an officer, active and reachable, and return the id; an account that another has raises IntegrityError."""
    row = _ADD.run(
        conn,
        office=office,
        name=name,
        nip=nip,
        title=title,
        honorific=honorific,
        roles=json.dumps(list(roles)),
        telegram_id=telegram_id,
        active=True,
        reachable=True,
        created_at=at,
    ).one()
    return int(row[0])


def update(
    conn: Connection,
    officer_id: int,
    *,
    name: str,
    nip: str | None,
    title: str,
    honorific: str | None,
    roles: Sequence[str],
) -> bool:
    """Change what describes an officer; False if there is none."""
    return (
        _UPDATE.run(
            conn,
            which=officer_id,
            new_name=name,
            new_nip=nip,
            new_title=title,
            new_honorific=honorific,
            new_roles=json.dumps(list(roles)),
        ).rowcount
        == 1
    )


def get(conn: Connection, officer_id: int) -> OfficerRow | None:
    """Return an officer, or None."""
    return _officer(_GET.run(conn, which=officer_id).first())


def by_telegram(conn: Connection, telegram_id: int) -> OfficerRow | None:
    """Return the officer whose Telegram account this is, frozen or not, or None."""
    return _officer(_BY_TELEGRAM.run(conn, account=telegram_id).first())


def of_office(conn: Connection, office: str) -> list[OfficerRow]:
    """Return all officers of an office, frozen ones too, in the order they were added."""
    return [one for row in _OF_OFFICE.run(conn, of=office) if (one := _officer(row)) is not None]


def everybody(conn: Connection) -> list[OfficerRow]:
    """Return the officers of all offices, in the order they were added."""
    return [one for row in _EVERYBODY.run(conn) if (one := _officer(row)) is not None]


def set_reachable(conn: Connection, officer_id: int, *, reachable: bool) -> None:
    """Record whether Telegram delivers to an officer."""
    _REACHABLE.run(conn, which=officer_id, new_reachable=reachable)


def freeze(conn: Connection, officer_id: int, *, frozen: bool = True) -> bool:
    """Take an officer's access away, or give it back; False if nothing changed."""
    return _ACTIVE.run(conn, which=officer_id, new_active=not frozen).rowcount == 1


def bind(conn: Connection, officer_id: int, telegram_id: int) -> bool:
    """Give an active officer without an account this one; False if either is taken."""
    return _BIND.run(conn, which=officer_id, account=telegram_id).rowcount == 1


def unbind(conn: Connection, officer_id: int) -> None:
    """Take the Telegram account from an officer, who may then be invited again."""
    _UNBIND.run(conn, which=officer_id)


def _officer(row: Sequence[Any] | None) -> OfficerRow | None:
    if row is None:
        return None
    return OfficerRow(
        id=row[0],
        office=row[1],
        name=row[2],
        nip=row[3],
        title=row[4],
        honorific=row[5],
        roles=tuple(json.loads(row[6])),
        telegram_id=row[7],
        active=bool(row[8]),
        reachable=bool(row[9]),
        created_at=from_micros(row[10]),
    )
