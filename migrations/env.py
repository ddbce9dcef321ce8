"""Runs the migrations on the connection it is given, each in one transaction of its own.

On SQLite too: without an explicit BEGIN the driver commits between statements, and a process that dies halfway
leaves half a migration. Never imports sopbot, so that an old migration means the same in every later version.
Counterpart: `sopbot/store/database.py` (`sopbot db upgrade`) calls it.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, event


def begin(conn: Connection) -> None:
    """Begin for writing at once; the driver does not begin by itself."""
    conn.exec_driver_sql("BEGIN IMMEDIATE")


def run(conn: Connection) -> None:
    """Bring the database to the revision that was asked for."""
    if conn.in_transaction():
        # Alembic would leave beginning and committing to the caller, and half a migration could stay.
        raise RuntimeError("Migrations need a connection that is not in a transaction.")
    on_sqlite = conn.dialect.name == "sqlite"
    context.configure(
        connection=conn,
        target_metadata=context.config.attributes.get("metadata"),
        transactional_ddl=True,
        transaction_per_migration=True,
        compare_type=True,
    )
    if on_sqlite:
        event.listen(conn, "begin", begin)
    try:
        with context.begin_transaction():
            context.run_migrations()
    finally:
        if on_sqlite:
            event.remove(conn, "begin", begin)


if context.is_offline_mode():
    raise SystemExit("Migrations run on a database only: use `sopbot db upgrade`.")
run(context.config.attributes["connection"])
