"""Every migration up and down and up again, each one transaction; and together they make the tables of the models."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.schema import CreateIndex, CreateTable

from sopbot.store import guards, revisions, sqlite
from sopbot.store.database import check, upgrade
from sopbot.store.tables.registry import metadata

ROOT = Path(__file__).resolve().parents[2]
DIALECTS = ("sqlite",)


@pytest.fixture(params=DIALECTS)
def conn(request, tmp_path):
    """Return a connection to an empty database."""
    path = tmp_path / f"{request.param}.db"
    sqlite.create(path)
    engine = sqlite.write_engine(path)
    with engine.connect() as conn:
        yield conn
    engine.dispose()


@pytest.fixture
def migrate(conn):
    config = Config()
    config.set_main_option("script_location", str(revisions.migrations_folder()))
    config.attributes["connection"] = conn

    def migrating(direction, revision):
        getattr(command, direction)(config, revision)
        conn.rollback()

    return migrating


def schema(conn):
    query = "SELECT type, name, sql FROM sqlite_master WHERE tbl_name NOT IN ('alembic_version', 'sqlite_sequence')"
    found = {(row[0], row[1]): row[2] for row in conn.exec_driver_sql(query)}
    conn.rollback()
    return found


def plain(text):
    """Return SQL so that neither layout nor the order of constraints matters."""
    return sorted("".join(text.split()).replace(")", "),").split(","))


def test_every_revision_goes_up_down_and_up(conn, migrate):
    steps = [schema(conn)]
    for revision in revisions.known():
        migrate("upgrade", revision)
        steps.append(schema(conn))
    for number, revision in reversed(list(enumerate([None, *revisions.known()][:-1]))):
        migrate("downgrade", revision or "base")
        assert schema(conn) == steps[number]
        migrate("upgrade", "+1")
        assert schema(conn) == steps[number + 1]
        migrate("downgrade", "-1")
    migrate("upgrade", "head")
    assert schema(conn) == steps[-1]
    assert guards.missing(conn) == []


def test_migrations_make_the_tables_of_the_models(conn, migrate):
    migrate("upgrade", "head")
    context = MigrationContext.configure(conn, opts={"compare_type": True})
    assert compare_metadata(context, metadata) == []


def test_migrations_make_the_very_text_of_the_models(conn, migrate):
    """Alembic does not compare checks, conditions of indexes and numbering; their text does."""
    migrate("upgrade", "head")
    wanted = {}
    for table in metadata.sorted_tables:
        wanted["table", table.name] = CreateTable(table)
        wanted.update({("index", index.name): CreateIndex(index) for index in table.indexes})
    found = {name: text for name, text in schema(conn).items() if text is not None and name[0] != "trigger"}
    assert found.keys() == wanted.keys()
    for name, made in wanted.items():
        assert plain(found[name]) == plain(str(made.compile(dialect=conn.dialect))), name


def test_the_frozen_text_of_the_guards_is_todays(conn, migrate):
    migrate("upgrade", "head")
    texts = {name: text for (kind, name), text in schema(conn).items() if kind == "trigger"}
    assert {name: text.strip() for name, text in guards.SQLITE.items()} == texts


def test_a_migration_that_fails_leaves_nothing(conn, migrate):
    first, second = revisions.known()[:2]
    migrate("upgrade", first)
    before = schema(conn)
    conn.exec_driver_sql("CREATE TABLE trail (obstacle)")
    with pytest.raises(RuntimeError, match="not in a transaction"):
        migrate("upgrade", second)
    conn.rollback()
    with pytest.raises(Exception, match="already exists"):
        migrate("upgrade", second)
    conn.rollback()
    conn.exec_driver_sql("DROP TABLE trail")
    conn.rollback()
    assert schema(conn) == before
    assert revisions.current(conn) == first
    conn.rollback()
    migrate("upgrade", "head")
    assert guards.missing(conn) == []


KILLED = """
import os, signal, sqlite3, sys
from sqlalchemy import Engine, event
from sopbot.store.database import upgrade

left = int(sys.argv[2])

@event.listens_for(Engine, "after_cursor_execute")
def count(conn, cursor, statement, *rest):
    global left
    if statement.lstrip().startswith(("CREATE", "INSERT", "UPDATE")):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

upgrade(sys.argv[1])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
@pytest.mark.parametrize(("statement", "whole"), [(5, 0), (14, 1), (30, 3)])
def test_a_kill_during_an_upgrade_leaves_whole_revisions(tmp_path, statement, whole):
    path = tmp_path / "sopbot.db"
    program = [sys.executable, "-c", KILLED, f"sqlite:///{path}", str(statement)]
    ended = subprocess.run(program, cwd=ROOT, capture_output=True, check=False, timeout=60, env={**os.environ})
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    with closing(sqlite3.connect(path)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        done = connection.execute("SELECT version_num FROM alembic_version").fetchall() if names else []
    assert not any(name.startswith("_alembic_tmp") for name in names)
    assert [row[0] for row in done] == [revisions.known()[whole - 1]] * bool(whole)
    assert ("trail" in names) == ("trail_append" in names) == (whole > 1)
    upgrade(f"sqlite:///{path}")
    assert check(f"sqlite:///{path}") == []
