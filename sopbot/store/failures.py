"""The two ways in which a database can fail its caller: refused at the start, or unavailable later.

Counterpart: `sopbot/store/database.py` refuses, `sopbot/store/writer.py` reports what became unavailable.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError

_UNAVAILABLE: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_READONLY,
    },
)
_PRIMARY_CODE: Final = 0xFF


class DatabaseRefused(Exception):
    """This database cannot be used; the message says why in one sentence."""


class StoreUnavailable(Exception):
    """The change was not stored, because the database could not be written; it may be tried again."""


def sqlite_code(error: BaseException) -> int | None:
    """Return the primary result code of SQLite behind `error`, or None where there is none."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(origin, "sqlite_errorcode", None)
    return None if code is None else int(code) & _PRIMARY_CODE


def is_unavailable(error: BaseException) -> bool:
    """Tell a database that cannot work now (full, locked, gone) from a statement that is wrong."""
    if not isinstance(error, DBAPIError):
        return False
    code = sqlite_code(error)
    if code is not None:
        return code in _UNAVAILABLE
    return error.connection_invalidated or isinstance(error, OperationalError)


def is_busy(error: BaseException) -> bool:
    """Tell whether another connection holds SQLite's write lock."""
    return sqlite_code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
