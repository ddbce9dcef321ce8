import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from sopbot.store import meta, trail
from sopbot.store.database import address_of, check, open_database, upgrade
from sopbot.store.failures import DatabaseRefused
from sopbot.store.verification import verify

ROOT = Path(__file__).resolve().parents[3]


def path_of(url):
    return Path(url.removeprefix("sqlite:///"))


def change(url, *statements):
    with closing(sqlite3.connect(path_of(url), isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_upgrading_makes_the_database_once(tmp_path, now):
    url = f"sqlite:///{tmp_path}/deep/er/sopbot.db"
    assert len(upgrade(url, at=now)) >= 1
    first = open_database(url)
    with first.read() as conn:
        deployment = meta.deployment(conn)
    first.close()
    assert upgrade(url) == []
    second = open_database(url)
    with second.read() as conn:
        assert meta.deployment(conn) == deployment
    second.close()
    assert check(url) == []


def test_a_reader_sees_one_state_all_along(database, write):
    with database.read() as conn:
        before = meta.get(conn, "a")
        write(lambda conn: meta.put(conn, "a", "new"))
        assert (before, meta.get(conn, "a")) == (None, None)
    with database.read() as conn:
        assert meta.get(conn, "a") == "new"


def test_a_reader_cannot_write_and_a_broken_one_harms_nobody(database):
    with pytest.raises(OperationalError, match="readonly"), database.read() as conn:
        meta.put(conn, "a", "x")
    for _ in range(20):  # more often than there are connections
        with pytest.raises(ZeroDivisionError), database.read() as conn:
            1 / (meta.get(conn, "a") is not None)
    with database.read() as conn:
        assert meta.get(conn, "a") is None


def test_it_knows_its_dialect_and_address(database, url):
    assert (database.dialect, str(database.url)) == ("sqlite", url)


def test_a_file_moved_away_or_replaced_is_noticed(database, url):
    assert database.still_there()
    path = path_of(url)
    aside = path.rename(path.with_name("aside.db"))
    assert not database.still_there()
    path.write_bytes(aside.read_bytes())
    assert not database.still_there()


REFUSALS = {
    "missing": (lambda url: path_of(url).unlink(), "There is no database at"),
    "empty": (lambda url: path_of(url).write_bytes(b""), "has not been set up yet"),
    "no database": (lambda url: path_of(url).write_bytes(b"Lorem ipsum " * 500), "file is not a database"),
    "older": (
        lambda url: change(url, "UPDATE alembic_version SET version_num = '20261121_0100'"),
        "needs `sopbot db upgrade`",
    ),
    "newer": (lambda url: change(url, "UPDATE alembic_version SET version_num = '29991231_0000'"), "newer schema"),
    "guard gone": (lambda url: change(url, "DROP TRIGGER trail_no_delete"), "missing or altered: trail_no_delete"),
    "no deployment": (lambda url: change(url, "DELETE FROM deployment"), "no deployment"),
    "table gone": (lambda url: change(url, "PRAGMA foreign_keys = OFF", "DROP TABLE deployment"), "no such table"),
}


@pytest.mark.parametrize(("damage", "sentence"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_database_that_cannot_be_trusted_is_refused_with_one_sentence(url, damage, sentence):
    damage(url)
    with pytest.raises(DatabaseRefused, match=sentence) as refusal:
        open_database(url)
    assert str(refusal.value).endswith(".")
    assert len(str(refusal.value).splitlines()) == 1
    assert check(url) == [str(refusal.value)]


def test_a_damaged_file_is_refused_and_the_damage_described(url, write, database):
    write(lambda conn: [meta.put(conn, f"key {n}", "x" * 50) for n in range(500)])
    database.close()
    change(url, "PRAGMA wal_checkpoint(TRUNCATE)")
    with closing(sqlite3.connect(path_of(url))) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'meta'").fetchone()[0]
    content = bytearray(path_of(url).read_bytes())
    content[(root - 1) * 2048 : root * 2048] = bytes(2048)
    path_of(url).write_bytes(content)
    with pytest.raises(DatabaseRefused, match="damaged"):
        open_database(url)
    assert "damaged" in check(url)[0]
    open_database(url, check=False).close()


def test_a_row_that_refers_to_nothing_is_found_by_a_check(url):
    change(url, "INSERT INTO invitation VALUES (1, x'00', 99, NULL, 0, 0, NULL, 0)")
    assert check(url) == ["The database is damaged: a row of invitation refers to a missing row of officer."]


def test_a_database_locked_by_another_program_is_refused_by_name(url):
    with closing(sqlite3.connect(path_of(url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseRefused, match="another program keeps it locked"):
            open_database(url, busy_ms=50)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_folder_that_cannot_be_written_is_refused(url):
    path_of(url).parent.chmod(0o500)
    try:
        with pytest.raises(DatabaseRefused, match="cannot be used"):
            open_database(url)
    finally:
        path_of(url).parent.chmod(0o700)


def test_a_place_where_nothing_can_be_made_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseRefused, match="No database can be made"):
        upgrade(f"sqlite:///{tmp_path}/file/sopbot.db")


def test_an_upgrade_refuses_a_newer_schema(url):
    change(url, "UPDATE alembic_version SET version_num = '29991231_0000'")
    with pytest.raises(DatabaseRefused, match="newer schema"):
        upgrade(url)


@pytest.mark.parametrize("url", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_every_spelling_of_postgresql_means_one_driver(url):
    assert address_of(url).drivername == "postgresql+psycopg"


@pytest.mark.parametrize("url", ["mysql://u@h/d", "sopbot.db", ""])
def test_other_addresses_are_refused_without_repeating_them(url):
    with pytest.raises(DatabaseRefused):
        address_of(url)


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from sopbot.store import trail
from sopbot.store.database import open_database

database = open_database(sys.argv[1])
at = datetime(2026, 11, 23, tzinfo=UTC)

def entry(n):
    actor = trail.Actor(officer=1)
    states = dict(action="x", from_state=None, to_state=None, value={})
    return trail.Entry(at=at, instance=1, instance_seq=n, actor=actor, **states)

def job(n):
    return lambda conn: trail.append(conn, "sumbang", [entry(2 * n + 1), entry(2 * n + 2)])

done = 0
waiting = [database.writer.submit(job(n)) for n in range(400)]
for future in waiting:
    [_, receipt] = future.result()
    os.write(1, f"{receipt.seq} {receipt.link_hex}\\n".encode())
    done += 1
    if done == 150:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_what_was_acknowledged_survives_a_kill(url, entry):
    program = [sys.executable, "-c", KILLED, url]
    ended = subprocess.run(program, cwd=ROOT, capture_output=True, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    acknowledged = dict(line.split() for line in ended.stdout.decode().splitlines())
    assert len(acknowledged) == 150
    database = open_database(url)
    with database.read() as conn:
        kept = {str(row["seq"]): row["link"] for row in trail.export(conn)}
        assert verify(conn) == []
    assert {seq: kept.get(seq) for seq in acknowledged} == acknowledged
    assert len(kept) % 2 == 0  # whole changes only
    [receipt] = database.writer.submit(lambda conn: trail.append(conn, "sumbang", [entry(1, 9999)])).result(10)
    assert receipt.seq == len(kept) + 1
    database.close()
