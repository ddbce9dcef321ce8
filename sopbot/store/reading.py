"""A look into a database that changes nothing of it, also while the bot writes: for commands that only read.

Unlike `database.open_database` it neither tries the write lock nor refuses a trail without its guards: who wants
to see what is wrong must be able to look. Counterpart: `sopbot/cli/`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from sopbot.store import guards, revisions, sqlite
from sopbot.store.database import address_of
from sopbot.store.failures import DatabaseRefused
from sopbot.store.statement import POSTGRESQL


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """Lend a connection that cannot write and sees one state of the database; raises DatabaseRefused."""
    address = address_of(url)
    engine = _engine(address)
    try:
        with _connected(engine, address) as conn:
            yield conn
    finally:
        engine.dispose()


def damage(conn: Connection) -> str | None:
    """Return the first thing that makes the database unsound: damage to the file, or missing guards."""
    if conn.dialect.name != POSTGRESQL:
        found = conn.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            return f"The database is damaged: {found}."
    broken = guards.missing(conn)
    return f"The trail's guards are missing or altered: {', '.join(broken)}." if broken else None


@contextmanager
def _connected(engine: Engine, address: URL) -> Iterator[Connection]:
    try:
        conn = engine.connect()
        if engine.dialect.name != POSTGRESQL:
            conn.exec_driver_sql("BEGIN")
        problem = revisions.problem(revisions.current(conn))
    except DBAPIError as error:
        where = "server" if engine.dialect.name == POSTGRESQL else str(address.database)
        why = str(error.orig).strip().splitlines()[0].rstrip(".")
        raise DatabaseRefused(f"The database {where} cannot be read: {why}.") from error
    with conn:
        if problem is not None:
            raise DatabaseRefused(problem)
        yield conn
        conn.rollback()


def _engine(address: URL) -> Engine:
    if address.get_backend_name() == POSTGRESQL:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return create_engine(address, poolclass=NullPool, execution_options=options)
    path = sqlite.path_of(address)
    if not path.is_file():
        raise DatabaseRefused(f"There is no database at {path} yet; `sopbot run` and `sopbot simulate` make one.")

    def connect() -> sqlite3.Connection:
        # ro: closing the last connection that can write would move the log into the file.
        return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=30, isolation_level=None)

    return create_engine("sqlite://", creator=connect, poolclass=NullPool)
