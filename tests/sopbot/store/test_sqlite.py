import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from sopbot.store import sqlite
from sopbot.store.failures import DatabaseRefused


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "new folder" / "a b%20c?.db"
    sqlite.create(made)
    return made


def pragma(engine, name):
    with engine.connect() as conn:
        return conn.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_a_new_file_has_small_pages_and_a_log(path):
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA page_size").fetchone() == (2048,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_file_that_exists_keeps_what_it_holds(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE kept (x)")
    before = path.read_bytes()
    sqlite.create(path)
    assert path.read_bytes() == before


def test_writing_connections_are_durable_and_checked(path):
    engine = sqlite.write_engine(path, busy_ms=1234)
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1, "busy_timeout": 1234}
    assert {name: pragma(engine, name) for name in wanted} == wanted


def test_reading_connections_cannot_write(path):
    engine = sqlite.read_engine(path)
    assert pragma(engine, "query_only") == 1
    with engine.connect() as conn, pytest.raises(OperationalError, match="readonly"):
        conn.exec_driver_sql("CREATE TABLE x (y)")
    engine.dispose()


def test_a_file_that_is_gone_is_not_begun_anew(tmp_path):
    engine = sqlite.write_engine(tmp_path / "gone.db")
    with pytest.raises(OperationalError, match="unable to open"):
        engine.connect()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"])
def test_only_a_file_keeps_records(url):
    with pytest.raises(DatabaseRefused, match="must be a file"):
        sqlite.path_of(make_url(url))


def test_a_file_is_known_by_more_than_its_name(path):
    before = sqlite.identity(path)
    moved = path.rename(path.with_name("moved.db"))
    assert sqlite.identity(path) is None
    assert sqlite.identity(moved) == before
    path.write_bytes(moved.read_bytes())
    assert sqlite.identity(path) != before
