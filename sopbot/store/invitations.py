"""How a Telegram account becomes an officer's: invitations used once, and the record of what was denied.

Only the hash of an invitation is kept; who reads the database cannot use it.
Counterpart: `sopbot/services/enrolment.py`; `sopbot/store/people.py` binds the account.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, func, select, update

from sopbot.store.statement import Statement, insert_all
from sopbot.store.tables.people import denial, invitation

TRIES: Final = 5
_COUNTED: Final = frozenset({"id"})

_INVITE = Statement(insert_all(invitation, without=_COUNTED))
_WITHDRAW = Statement(
    update(invitation)
    .where(
        invitation.c.officer == bindparam("whose"),
        invitation.c.used_at.is_(None),
        invitation.c.expires_at > bindparam("now"),
    )
    .values(expires_at=bindparam("now")),
)
_REDEEM = Statement(
    update(invitation)
    .where(
        invitation.c.hash == bindparam("digest"),
        invitation.c.used_at.is_(None),
        invitation.c.expires_at > bindparam("now"),
        invitation.c.tries < TRIES,
    )
    .values(used_at=bindparam("now"))
    .returning(invitation.c.officer),
)
_TRIED = Statement(
    update(invitation).where(invitation.c.hash == bindparam("digest")).values(tries=invitation.c.tries + 1),
)
_DENY = Statement(insert_all(denial, without=_COUNTED))
_DENIALS = Statement(
    select(func.count())
    .select_from(denial)
    .where(denial.c.telegram_id == bindparam("account"), denial.c.at > bindparam("since")),
)


def invite(
    conn: Connection,
    officer: int,
    digest: bytes,
    created_by: int | None,
    at: datetime,
    expires_at: datetime,
) -> None:
    """Keep an invitation by the hash of its secret; an older one of the same officer ends."""
    _WITHDRAW.run(conn, whose=officer, now=at)
    _INVITE.run(
        conn,
        hash=digest,
        officer=officer,
        created_by=created_by,
        created_at=at,
        expires_at=expires_at,
        used_at=None,
        tries=0,
    )


def redeem(conn: Connection, digest: bytes, at: datetime) -> int | None:
    """Use an invitation up and return its officer; None if it is unknown, used, over or tried too often.

    A later failure in the same transaction, such as an account already taken, gives it back with the rest.
    """
    row = _REDEEM.run(conn, digest=digest, now=at).first()
    if row is not None:
        return int(row[0])
    _TRIED.run(conn, digest=digest)
    return None


def count_try(conn: Connection, digest: bytes) -> None:
    """Count an attempt to use an invitation that failed for another reason; after five it is no longer valid."""
    _TRIED.run(conn, digest=digest)


def deny(conn: Connection, at: datetime, telegram_id: int, update_id: int | None, what: str, why: str) -> None:
    """Record that an account tried something and was not allowed to."""
    _DENY.run(conn, at=at, telegram_id=telegram_id, update_id=update_id, what=what, why=why)


def denials_since(conn: Connection, telegram_id: int, since: datetime) -> int:
    """Return how often an account was denied something after a moment."""
    return int(_DENIALS.run(conn, account=telegram_id, since=since).scalar() or 0)
