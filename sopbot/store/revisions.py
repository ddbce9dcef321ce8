"""Which schema this program knows, told from the names of the migration files, and which a database has.

A file is named `<revision>_<what>.py` and its revision is the moment it was written, so names sort by age.
Reading names is enough to open a database; Alembic is imported only to upgrade one.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect

from sopbot.store.failures import DatabaseRefused

_REVISION_LENGTH: Final = len("20261121_0100")


def migrations_folder() -> Path:
    """Return the top-level `migrations` folder: beside the package, or in the folder where the program started."""
    for root in (Path(__file__).resolve().parents[2], Path.cwd()):
        if (root / "migrations" / "env.py").is_file():
            return root / "migrations"
    raise DatabaseRefused("The folder `migrations` is missing from this installation.")


@cache
def known() -> tuple[str, ...]:
    """Return the revisions that this program knows, oldest first."""
    files = (migrations_folder() / "versions").glob("[0-9]*.py")
    return tuple(sorted(file.name[:_REVISION_LENGTH] for file in files))


def current(conn: Connection) -> str | None:
    """Return the database's revision, or None before its first upgrade."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    row = conn.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if row is None else str(row[0])


def problem(revision: str | None) -> str | None:
    """Return why a database of this revision cannot be used, or None."""
    if revision is None:
        return "The database has not been set up yet; run `sopbot db upgrade`."
    if revision not in known():
        return f"The database has a newer schema ({revision}) than this program knows ({known()[-1]})."
    if revision != known()[-1]:
        return f"The database has an older schema ({revision}) and needs `sopbot db upgrade`."
    return None
