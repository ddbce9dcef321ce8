import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from sopbot.store import meta, trail
from sopbot.store.copies import backup, restore
from sopbot.store.database import open_database
from sopbot.store.failures import DatabaseRefused
from sopbot.store.verification import verify


def path_of(url):
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture
def filled(database, write, entry):
    write(lambda conn: meta.put(conn, "note", "first"))
    write(lambda conn: trail.append(conn, "sumbang", [entry(1, n) for n in range(1, 6)]))
    return database


@pytest.fixture
def copy(filled, url, tmp_path):
    return backup(url, tmp_path / "backups" / "monday.db")


def query(path, text):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(text).fetchall()


def test_a_live_database_is_copied_whole_into_one_file(filled, url, tmp_path, entry):
    stop, failures, written = threading.Event(), [], []

    def keep_writing():
        while not stop.is_set():
            n = len(written) + 6
            job = lambda conn, n=n: trail.append(conn, "sumbang", [entry(1, n)])  # noqa: E731
            written.append(filled.writer.submit(job).result(10))

    writing = threading.Thread(target=keep_writing)
    writing.start()
    try:
        known = len(written)
        copy = backup(url, tmp_path / "live.db")
    finally:
        stop.set()
        writing.join()
    assert failures == []
    assert {path.name for path in tmp_path.glob("live.db*")} == {"live.db"}
    assert query(copy, "SELECT count(*) FROM trail")[0][0] >= 5 + known
    opened = open_database(f"sqlite:///{copy}")
    with opened.read() as conn:
        assert verify(conn) == []
    opened.close()


def test_a_backup_never_overwrites(copy, url):
    before = copy.read_bytes()
    with pytest.raises(DatabaseRefused, match="never overwrites"):
        backup(url, copy)
    assert copy.read_bytes() == before


def test_a_database_with_a_problem_is_not_backed_up(filled, write, url, tmp_path):
    write(lambda conn: conn.exec_driver_sql("DROP TRIGGER trail_append"))
    with pytest.raises(DatabaseRefused, match="trail_append"):
        backup(url, tmp_path / "copy.db")
    assert list(tmp_path.glob("copy.db*")) == []


def test_a_restored_database_has_the_old_content_and_a_new_epoch(copy, filled, write, url):
    write(lambda conn: meta.put(conn, "note", "second"))
    filled.close()
    kept = restore(url, copy)
    assert query(kept, "SELECT value FROM meta WHERE key = 'note'") == [("second",)]
    opened = open_database(url)
    with opened.read() as conn:
        assert (meta.get(conn, "note"), meta.deployment(conn).epoch) == ("first", 2)
        assert verify(conn) == []
    opened.close()
    assert restore(url, copy) != kept
    assert query(path_of(url), "SELECT epoch FROM deployment") == [(3,)]  # above the replaced one, not the backup's


def test_a_database_in_use_is_not_replaced(copy, filled, url):
    with pytest.raises(DatabaseRefused, match="in use"):
        restore(url, copy)
    assert filled.still_there()
    assert list(copy.parent.parent.glob("*restoring*")) == []


def test_a_lost_database_is_restored(copy, filled, url):
    filled.close()
    path_of(url).unlink()
    assert restore(url, copy) is None
    open_database(url).close()


def test_a_ruined_database_is_restored_and_kept_aside(copy, filled, url):
    filled.close()
    path_of(url).write_bytes(b"ruin" * 3000)
    kept = restore(url, copy)
    assert kept.read_bytes().startswith(b"ruin")
    open_database(url).close()


BAD = {
    "newer": ("UPDATE alembic_version SET version_num = '29991231_0000'", "newer schema"),
    "guards": ("DROP TRIGGER trail_no_update", "trail_no_update"),
    "never set up": ("DROP TABLE alembic_version", "not been set up"),
}


@pytest.mark.parametrize(("statement", "sentence"), BAD.values(), ids=BAD.keys())
def test_a_backup_that_cannot_be_trusted_is_not_restored(copy, filled, url, statement, sentence):
    filled.close()
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute(statement)
    before = path_of(url).read_bytes()
    with pytest.raises(DatabaseRefused, match=sentence):
        restore(url, copy)
    assert path_of(url).read_bytes() == before
    assert {path.name for path in path_of(url).parent.iterdir() if path.is_file()} == {"sopbot.db"}


@pytest.mark.parametrize("content", [b"", b"no database" * 1000])
def test_a_file_that_is_no_database_is_not_restored(filled, url, tmp_path, content):
    filled.close()
    (tmp_path / "bad.db").write_bytes(content)
    with pytest.raises(DatabaseRefused, match="cannot be restored"):
        restore(url, tmp_path / "bad.db")
    open_database(url).close()


def test_a_damaged_backup_is_not_restored(copy, filled, url):
    filled.close()
    root = query(copy, "SELECT rootpage FROM sqlite_master WHERE name = 'meta'")[0][0]
    content = bytearray(copy.read_bytes())
    content[(root - 1) * 2048 : root * 2048] = bytes(2048)
    copy.write_bytes(content)
    with pytest.raises(DatabaseRefused, match="damaged"):
        restore(url, copy)


def test_a_missing_source_or_another_kind_of_database_is_refused(url, tmp_path):
    with pytest.raises(DatabaseRefused, match="no backup"):
        restore(url, tmp_path / "none.db")
    with pytest.raises(DatabaseRefused, match="no database"):
        backup(f"sqlite:///{tmp_path}/none.db", tmp_path / "copy.db")
    with pytest.raises(DatabaseRefused, match="pg_dump"):
        backup("postgresql://u@h/d", tmp_path / "copy.db")
