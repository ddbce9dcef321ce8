"""The triggers that let the trail only grow, as they should be and as they are.

Triggers on UPDATE and DELETE alone are not enough: `INSERT OR REPLACE` deletes without firing them (unless
recursive_triggers is on), so a third wants the next number and hashes and numbers that were not there before.
Counterpart: the migration creates the same triggers from its own frozen text; `missing` is asked at each start.
"""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import Connection

from sopbot.store.statement import POSTGRESQL

SQLITE: Final = {
    "trail_no_update": """
CREATE TRIGGER trail_no_update BEFORE UPDATE ON trail
BEGIN SELECT RAISE(ABORT, 'the trail only grows at its end'); END""",
    "trail_no_delete": """
CREATE TRIGGER trail_no_delete BEFORE DELETE ON trail
BEGIN SELECT RAISE(ABORT, 'the trail only grows at its end'); END""",
    "trail_append": """
CREATE TRIGGER trail_append BEFORE INSERT ON trail
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM trail WHERE office = NEW.office)
  OR EXISTS (SELECT 1 FROM trail WHERE leaf = NEW.leaf)
  OR EXISTS (SELECT 1 FROM trail WHERE instance = NEW.instance AND instance_seq = NEW.instance_seq)
BEGIN SELECT RAISE(ABORT, 'the trail only grows at its end'); END""",
}

_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION trail_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.seq = (SELECT coalesce(max(seq), 0) + 1 FROM trail WHERE office = NEW.office) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the trail only grows at its end';
END $$"""
POSTGRESQL_ROW: Final = """
CREATE TRIGGER trail_row BEFORE INSERT OR UPDATE OR DELETE ON trail
FOR EACH ROW EXECUTE FUNCTION trail_guard()"""
POSTGRESQL_TRUNCATE: Final = """
CREATE TRIGGER trail_truncate BEFORE TRUNCATE ON trail
FOR EACH STATEMENT EXECUTE FUNCTION trail_guard()"""
_ALWAYS: Final = ("trail_row", "trail_truncate")


def install(conn: Connection) -> None:
    """Create the guards anew, in the transaction of the caller."""
    if conn.dialect.name == POSTGRESQL:
        conn.exec_driver_sql(_FUNCTION)
        for name, text in zip(_ALWAYS, (POSTGRESQL_ROW, POSTGRESQL_TRUNCATE), strict=True):
            conn.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON trail")
            conn.exec_driver_sql(text)
            # ALWAYS: fires for replication roles too, which a session may otherwise claim to be.
            conn.exec_driver_sql(f"ALTER TABLE trail ENABLE ALWAYS TRIGGER {name}")
        return
    for name, text in SQLITE.items():
        conn.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        conn.exec_driver_sql(text)


def missing(conn: Connection) -> list[str]:
    """Return the names of guards that are missing, or that do not say what they should."""
    return _missing_postgresql(conn) if conn.dialect.name == POSTGRESQL else _missing_sqlite(conn)


def grants(role: str) -> list[str]:
    """Return the statements that give a PostgreSQL role what sopbot needs: of the trail INSERT and SELECT only."""
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", role):
        raise ValueError(f"Not a plain role name: {role!r}.")
    return [
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE ALL ON trail FROM {role}",
        f"GRANT SELECT, INSERT ON trail TO {role}",
    ]


def _missing_sqlite(conn: Connection) -> list[str]:
    rows = conn.exec_driver_sql("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    found = {name: _plain(sql) for name, table, sql in rows if table == "trail"}
    return [name for name, text in SQLITE.items() if found.get(name) != _plain(text)]


def _missing_postgresql(conn: Connection) -> list[str]:
    rows = conn.exec_driver_sql(
        "SELECT tgname, tgenabled || ' ' || pg_get_triggerdef(oid) FROM pg_trigger "
        "WHERE tgrelid = 'trail'::regclass AND NOT tgisinternal",
    )
    triggers = {str(row[0]): str(row[1]) for row in rows}
    body = conn.exec_driver_sql("SELECT prosrc FROM pg_proc WHERE proname = 'trail_guard'").scalar()
    wanted = {
        "trail_row": ("BEFORE INSERT OR DELETE OR UPDATE", "FOR EACH ROW EXECUTE FUNCTION trail_guard()"),
        "trail_truncate": ("BEFORE TRUNCATE", "FOR EACH STATEMENT EXECUTE FUNCTION trail_guard()"),
    }
    problems = [
        name
        for name, parts in wanted.items()
        if not triggers.get(name, "").startswith("A ") or not all(part in triggers[name] for part in parts)
    ]
    if _plain(str(body)) != _plain(_FUNCTION.split("$$")[1]):
        problems.append("trail_guard")
    return problems


def _plain(sql: str) -> str:
    """Return SQL without the layout that means nothing."""
    return " ".join(sql.split())
