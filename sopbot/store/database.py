"""The database as a whole: opened, upgraded, checked; refused with one sentence where it cannot be trusted.

Readers get connections of their own, which see one state from their first statement to their last; all writing
goes through the one writer. Counterpart: `sopbot/app.py` opens it, `sopbot/store/copies.py` backs it up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from sopbot.store import guards, meta, revisions, sqlite
from sopbot.store.copies import backup, restore
from sopbot.store.failures import DatabaseRefused, is_busy
from sopbot.store.statement import POSTGRESQL
from sopbot.store.writer import Writer

__all__ = ["Database", "backup", "check", "open_database", "restore", "upgrade"]

_POSTGRES: Final = frozenset({"postgres", "postgresql"})


class Database:
    """An open database: `read()` for queries, `writer` for changes."""

    def __init__(self, url: URL, *, reader: Engine, writing: Engine, path: Path | None) -> None:
        self.url = url
        self.path = path
        self.dialect = writing.dialect.name
        self._reader = reader
        self._writing = writing
        self._identity = None if path is None else sqlite.identity(path)
        self.writer = Writer(writing.connect)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Lend a connection that cannot write and that sees one state of the database all along."""
        with self._reader.connect() as conn:
            if self.path is not None:
                conn.exec_driver_sql("BEGIN")
            yield conn
            conn.rollback()

    def still_there(self) -> bool:
        """Tell whether the file in use is still the one under its name; writes to one that was moved vanish."""
        return self.path is None or sqlite.identity(self.path) == self._identity

    def close(self) -> None:
        """Finish what the writer has queued and close every connection."""
        self.writer.close()
        self._reader.dispose()
        self._writing.dispose()


def open_database(url: str, *, check: bool = True, busy_ms: int = sqlite.BUSY_MS) -> Database:
    """Open a database that `upgrade` has set up; raise DatabaseRefused, saying why, where it cannot be used.

    `check` also looks through the file for damage, which takes time in proportion to its size; `busy_ms` is how
    long to wait for another program's write lock.
    """
    address = address_of(url)
    path = None if _is_postgresql(address) else sqlite.path_of(address)
    if path is not None and not path.exists():
        raise DatabaseRefused(_missing(path))
    writing = _write_engine(address, path, busy_ms)
    try:
        problems = _problems(writing, quick=True, integrity=check)
    except BaseException:
        writing.dispose()
        raise
    if problems:
        writing.dispose()
        raise DatabaseRefused(problems[0])
    return Database(address, reader=_read_engine(address, path, busy_ms), writing=writing, path=path)


def upgrade(url: str, *, at: datetime | None = None) -> list[str]:
    """Bring the database to this program's schema, making it where there is none; return the revisions applied.

    Each migration is one transaction. `at` (aware) dates a new deployment and is the current time by default.
    """
    address = address_of(url)
    path = None if _is_postgresql(address) else sqlite.path_of(address)
    if path is not None:
        try:
            sqlite.create(path)
        except (OSError, sqlite3.Error) as error:
            raise DatabaseRefused(f"No database can be made at {path}: {error}.") from error
    engine = _write_engine(address, path, sqlite.BUSY_MS)
    try:
        with _refusing(path), engine.connect() as conn:
            before = revisions.current(conn)
            conn.rollback()
            if before is not None and before not in revisions.known():
                raise DatabaseRefused(str(revisions.problem(before)))
            _run_migrations(conn)
            meta.found(conn, at or datetime.now(UTC))
            conn.commit()
            broken = guards.missing(conn)
            if broken:
                raise DatabaseRefused(f"The trail's guards are missing or altered: {', '.join(broken)}.")
    finally:
        engine.dispose()
    return [revision for revision in revisions.known() if before is None or revision > before]


def check(url: str) -> list[str]:
    """Return everything that is wrong with the database, a sentence each; nothing when it is sound."""
    address = address_of(url)
    path = None if _is_postgresql(address) else sqlite.path_of(address)
    if path is not None and not path.exists():
        return [_missing(path)]
    engine = _write_engine(address, path, sqlite.BUSY_MS)
    try:
        return _problems(engine, quick=False, integrity=True)
    except DatabaseRefused as refusal:
        return [str(refusal)]
    finally:
        engine.dispose()


def address_of(url: str) -> URL:
    """Return the address as SQLAlchemy wants it (`postgres://` too); raise DatabaseRefused for any other kind."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise DatabaseRefused("The database address is not a URL such as sqlite:///data/sopbot.db.") from None
    kind = address.get_backend_name() if address.drivername not in _POSTGRES else POSTGRESQL
    if kind == POSTGRESQL:
        return address.set(drivername="postgresql+psycopg")
    if kind == "sqlite":
        return address
    raise DatabaseRefused(f"The database must be SQLite or PostgreSQL, not {address.drivername}.")


def _missing(path: Path) -> str:
    return f"There is no database at {path}; run `sopbot db upgrade` to make one."


def _is_postgresql(address: URL) -> bool:
    return address.get_backend_name() == POSTGRESQL


def _write_engine(address: URL, path: Path | None, busy_ms: int) -> Engine:
    return create_engine(address, poolclass=NullPool) if path is None else sqlite.write_engine(path, busy_ms=busy_ms)


def _read_engine(address: URL, path: Path | None, busy_ms: int) -> Engine:
    if path is not None:
        return sqlite.read_engine(path, busy_ms=busy_ms)
    return create_engine(
        address,
        pool_pre_ping=True,
        execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
    )


def _run_migrations(conn: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(revisions.migrations_folder()).replace("%", "%%"))
    config.attributes["connection"] = conn
    command.upgrade(config, "head")


def _problems(engine: Engine, *, quick: bool, integrity: bool) -> list[str]:
    """Return what is wrong, stopping at the first kind of problem that makes the others meaningless."""
    path = None if engine.dialect.name == POSTGRESQL else Path(str(engine.url.database))
    with _refusing(path), engine.connect() as conn:
        revision_problem = revisions.problem(revisions.current(conn))
        if revision_problem is not None:
            return [revision_problem]
        found = []
        if path is not None:
            conn.rollback()
            conn.exec_driver_sql("BEGIN IMMEDIATE")  # shows at once whether the file and its folder can be written
            conn.rollback()
            if integrity:
                found += _damage(conn, quick=quick)
        broken = guards.missing(conn)
        if broken:
            found.append(f"The trail's guards are missing or altered: {', '.join(broken)}.")
        if not found and not conn.exec_driver_sql("SELECT count(*) FROM deployment").scalar():
            found.append("The database has no deployment yet; run `sopbot db upgrade`.")
        return found


def _damage(conn: Connection, *, quick: bool) -> list[str]:
    pragma = "quick_check" if quick else "integrity_check"
    found = [
        f"The database is damaged: {row[0]}." for row in conn.exec_driver_sql(f"PRAGMA {pragma}") if row[0] != "ok"
    ]
    if not quick:
        found += [
            f"The database is damaged: a row of {row[0]} refers to a missing row of {row[2]}."
            for row in conn.exec_driver_sql("PRAGMA foreign_key_check")
        ]
    return found


@contextmanager
def _refusing(path: Path | None) -> Iterator[None]:
    """Turn what the driver says into a refusal that names the file."""
    try:
        yield
    except DBAPIError as error:
        what = "The database server" if path is None else f"The database {path}"
        why = "another program keeps it locked" if is_busy(error) else str(error.orig).strip().splitlines()[0]
        raise DatabaseRefused(f"{what} cannot be used: {why}.") from error
