"""Reading a database changes nothing of it, whatever its state, and says what is wrong with it in one sentence."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from sopbot.store import people
from sopbot.store.failures import DatabaseRefused
from sopbot.store.reading import damage, reading


def path_of(url):
    return Path(url.removeprefix("sqlite:///"))


def add_officer(conn, now):
    people.add(conn, office="sumbang", name="Ani", title="Camat", roles=["camat"], at=now)


def test_what_was_committed_is_seen_while_the_bot_runs(url, write, now):
    write(lambda conn: add_officer(conn, now))
    with reading(url) as conn:
        assert [one.name for one in people.everybody(conn)] == ["Ani"]
        write(lambda other: add_officer(other, now))  # nobody waits for a reader
        assert len(people.everybody(conn)) == 1


def test_nothing_can_be_written(url):
    with reading(url) as conn, pytest.raises(DBAPIError, match="readonly"):
        conn.exec_driver_sql("DELETE FROM officer")


def test_the_file_and_its_log_stay_as_they_are(url, database, write, now, tmp_path):
    write(lambda conn: add_officer(conn, now))
    # As a killed bot leaves it: with a log that whoever writes next moves into the file.
    for suffix in ("", "-wal"):
        shutil.copyfile(path_of(url).with_name(f"sopbot.db{suffix}"), tmp_path / f"killed.db{suffix}")
    before = [(tmp_path / f"killed.db{suffix}").read_bytes() for suffix in ("", "-wal")]
    with reading(f"sqlite:///{tmp_path}/killed.db") as conn:
        assert len(people.everybody(conn)) == 1
    assert [(tmp_path / f"killed.db{suffix}").read_bytes() for suffix in ("", "-wal")] == before


def test_a_database_that_is_not_there_is_refused_and_not_made(tmp_path):
    with (
        pytest.raises(DatabaseRefused, match=r"There is no database at .*none.db yet"),
        reading(f"sqlite:///{tmp_path}/none.db"),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_another_file_is_refused(tmp_path):
    file = tmp_path / "notes.db"
    file.write_text("no database at all, but long enough to be looked at " * 20)
    with pytest.raises(DatabaseRefused, match="cannot be read: file is not a database"), reading(f"sqlite:///{file}"):
        pass


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE alembic_version SET version_num = '29991231_0000'", "newer schema"),
        ("UPDATE alembic_version SET version_num = '20261121_0100'", "older schema"),
        ("DROP TABLE alembic_version", "not been set up"),
    ],
)
def test_another_schema_is_refused(url, statement, why):
    with closing(sqlite3.connect(path_of(url), isolation_level=None)) as connection:
        connection.execute(statement)
    with pytest.raises(DatabaseRefused, match=why), reading(url):
        pass


def test_missing_guards_are_told_but_do_not_keep_anybody_from_looking(url):
    with reading(url) as conn:
        assert damage(conn) is None
    with closing(sqlite3.connect(path_of(url), isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER trail_no_update")
    with reading(url) as conn:
        assert damage(conn) == "The trail's guards are missing or altered: trail_no_update."


def test_damage_is_told(url):
    with closing(sqlite3.connect(path_of(url), isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").close()
    with path_of(url).open("r+b") as file:
        file.seek(2048 * 7)
        file.write(b"\xff" * 2048)
    with reading(url) as conn:
        assert str(damage(conn)).startswith("The database is damaged: ")
