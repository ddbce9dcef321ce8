"""Backing up a live SQLite database, and putting a backup in its place.

Never by copying the file: a copy of a live one lacks what still stands in its log (measured: 2 % of the rows).
Counterpart: `sopbot db backup` and `sopbot db restore`; `sopbot/store/database.py` offers both.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from sopbot.store import guards, meta, revisions, sqlite
from sopbot.store.failures import DatabaseRefused


def backup(url: str, target: Path) -> Path:
    """Write a complete copy of a database, live or not, to `target`, and return it; refuses to overwrite."""
    path = _file_of(url)
    if not path.exists():
        raise DatabaseRefused(f"There is no database at {path}.")
    part = _beside(target, "part")
    with _refusing(f"The backup to {target} failed"):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            target.open("x").close()  # takes the name, so that nothing of anybody else's is overwritten below
        except FileExistsError:
            raise DatabaseRefused(f"{target} exists already; a backup never overwrites anything.") from None
        try:
            _copy(path, part)
            _accept(part, "The backup was not kept")
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            target.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
    return target


def restore(url: str, source: Path) -> Path | None:
    """Put the backup `source` in the place of the database; return where the replaced file was kept.

    The deployment's epoch goes up, so that the restored database is known as another than the one before.
    """
    path = _file_of(url)
    if not source.exists():
        raise DatabaseRefused(f"There is no backup at {source}.")
    part = _beside(path, "restoring")
    with _refusing(f"The backup {source} cannot be restored"):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _copy(source, part, mode="ro")
            _accept(part, f"The backup {source} cannot be restored")
            epoch = _epoch(part)
            if path.exists():
                _take_exclusively(path)
                epoch = max(epoch, _epoch(path))
            _set_epoch(part, epoch + 1)
            kept = _set_aside(path) if path.exists() else None
            part.replace(path)
            _sync_folder(path.parent)
        finally:
            part.unlink(missing_ok=True)
    return kept


def _file_of(url: str) -> Path:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        raise DatabaseRefused("Only a SQLite database is copied here; use pg_dump and pg_restore for PostgreSQL.")
    return sqlite.path_of(address)


def _copy(source: Path, target: Path, *, mode: str = "rw") -> None:
    """Copy page by page as one state, into a single file that needs no log beside it."""
    target.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode={mode}", uri=True, timeout=30)) as live,
        closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        live.backup(copy)
        copy.execute("PRAGMA synchronous = FULL")
        copy.execute("PRAGMA journal_mode = DELETE").close()
    _sync(target)


def _accept(path: Path, consequence: str) -> None:
    problems = _problems(path)
    if problems:
        raise DatabaseRefused(f"{consequence}: {problems[0]}")


def _problems(path: Path) -> list[str]:
    """Return why a copy must not be used; an older schema is no reason, as it can be upgraded."""
    engine = sqlite.inspection_engine(path)
    try:
        with engine.connect() as conn:
            damage = [row[0] for row in conn.exec_driver_sql("PRAGMA integrity_check(1)") if row[0] != "ok"]
            if damage:
                return [f"It is damaged: {damage[0]}."]
            revision = revisions.current(conn)
            if revision is None or revision not in revisions.known():
                return [str(revisions.problem(revision))]
            broken = guards.missing(conn)
            return [f"The trail's guards are missing or altered: {', '.join(broken)}."] if broken else []
    finally:
        engine.dispose()


def _epoch(path: Path) -> int:
    """Return a file's epoch, 0 where it cannot be told: what is replaced may well be broken."""
    engine = sqlite.inspection_engine(path)
    try:
        with engine.connect() as conn:
            return meta.deployment(conn).epoch
    except (LookupError, DBAPIError):
        return 0
    finally:
        engine.dispose()


def _set_epoch(path: Path, epoch: int) -> None:
    engine = sqlite.inspection_engine(path)
    try:
        with engine.connect() as conn:
            meta.set_epoch(conn, epoch)
    finally:
        engine.dispose()
    _sync(path)


def _take_exclusively(path: Path) -> None:
    """Move the log into the file, which works only when nobody else has the database open."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE").close()
        except sqlite3.OperationalError as error:
            raise DatabaseRefused(f"The database {path} is in use; stop sopbot first.") from error
        except sqlite3.DatabaseError:
            return  # it is damaged, which may be why a backup is to take its place


def _set_aside(path: Path) -> Path:
    """Rename the replaced file, with its log where it still has one, to a name that is free."""
    number = 1
    while (kept := path.with_name(f"{path.name}.replaced-{number}")).exists():
        number += 1
    for suffix in ("-wal", "-shm"):
        log = path.with_name(path.name + suffix)
        if log.exists():
            log.replace(kept.with_name(kept.name + suffix))
    return path.replace(kept)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(f"{path.name}.{suffix}")


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows keeps no handle on a folder; its renames are journalled
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _refusing(what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error, DBAPIError) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        raise DatabaseRefused(f"{what}: {reason}.") from error
