"""SQLite connections as sopbot wants them: durable, checked, and waiting for each other.

WAL with synchronous=FULL lost nothing in simulated power cuts; NORMAL did. The driver's own transactions are
switched off, because they begin deferred, and a deferred transaction that turns to writing may be refused.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Engine, NullPool, QueuePool, create_engine, event

from sopbot.store.failures import DatabaseRefused

BUSY_MS: Final = 30_000
_READERS: Final = 4
_EXTRA_READERS: Final = 12
_STATEMENTS: Final = 512


def path_of(url: URL) -> Path:
    """Return the file of a SQLite address; raise DatabaseRefused where there is none."""
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise DatabaseRefused("The SQLite database must be a file, as in sqlite:///data/sopbot.db.")
    return Path(url.database).absolute()


def create(path: Path) -> None:
    """Make an empty database with the page size that suits small rows; one that exists keeps its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size:
        return
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA page_size = 2048")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("VACUUM")
    finally:
        connection.close()


def write_engine(path: Path, *, busy_ms: int = BUSY_MS) -> Engine:
    """Return an engine whose connections write; each closes when it is given back."""
    return _engine(path, busy_ms, ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"], poolclass=NullPool)


def read_engine(path: Path, *, busy_ms: int = BUSY_MS) -> Engine:
    """Return an engine with a small pool of connections that cannot write."""
    return _engine(
        path,
        busy_ms,
        ["PRAGMA query_only = ON"],
        poolclass=QueuePool,
        pool_size=_READERS,
        max_overflow=_EXTRA_READERS,
    )


def inspection_engine(path: Path) -> Engine:
    """Return an engine for a file that nobody else uses; it changes nothing of how the file keeps its log."""
    return _engine(path, BUSY_MS, [], poolclass=NullPool)


def identity(path: Path) -> tuple[int, int] | None:
    """Return what names the file itself, whatever it is called, or None when it is gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _engine(path: Path, busy_ms: int, pragmas: list[str], **options: Any) -> Engine:  # noqa: ANN401 (the pool's)
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        creator=_creator(path, busy_ms),
        **options,
    )
    wanted = ["PRAGMA foreign_keys = ON", "PRAGMA recursive_triggers = ON", *pragmas]

    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in wanted:
            connection.execute(pragma).close()

    event.listen(engine, "connect", prepare)
    return engine


def _creator(path: Path, busy_ms: int) -> Callable[[], sqlite3.Connection]:
    def connect() -> sqlite3.Connection:
        # rw: an existing file only, so that a database which was moved away is not begun anew and empty.
        return sqlite3.connect(
            f"{path.as_uri()}?mode=rw",
            uri=True,
            timeout=busy_ms / 1000,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=_STATEMENTS,
        )

    return connect
