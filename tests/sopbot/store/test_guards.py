import sqlite3

import pytest

from sopbot.store import guards, trail

COLUMNS = "office, seq, instance, instance_seq, at, action, body, leaf, link"
VALUES = "'sumbang', {seq}, {instance}, {n}, 0, 'x', x'00', {leaf}, x'00'"
OWN = f"INSERT INTO trail ({COLUMNS}) VALUES ({VALUES})"  # noqa: S608
FORBIDDEN = {
    "update": "UPDATE trail SET action = 'lain' WHERE seq = 2",
    "update or replace": "UPDATE OR REPLACE trail SET seq = 1 WHERE seq = 2",
    "delete": "DELETE FROM trail WHERE seq = 3",
    "delete all": "DELETE FROM trail",
    "replace by number": OWN.format(seq=2, instance=9, n=1, leaf="x'01'").replace("INSERT", "INSERT OR REPLACE"),
    "replace by hash": f"INSERT OR REPLACE INTO trail ({COLUMNS}) "  # noqa: S608
    "SELECT office, 4, 9, 1, at, action, body, leaf, link FROM trail WHERE seq = 2",
    "replace by number in the instance": OWN.format(seq=4, instance=1, n=2, leaf="x'01'").replace(
        "INSERT", "INSERT OR REPLACE"
    ),
    "replace into": OWN.format(seq=3, instance=1, n=3, leaf="x'01'").replace("INSERT", "REPLACE"),
    "upsert": OWN.format(seq=2, instance=9, n=1, leaf="x'01'")
    + " ON CONFLICT (office, seq) DO UPDATE SET action = 'lain'",
    "gap": OWN.format(seq=5, instance=9, n=1, leaf="x'01'"),
    "no number": OWN.format(seq="NULL", instance=9, n=1, leaf="x'01'"),
    "ignore and skip": OWN.format(seq=9, instance=9, n=1, leaf="x'01'").replace("INSERT", "INSERT OR IGNORE"),
}


@pytest.fixture
def outsider(database, write, entry, url):
    """Return a connection of another program, with none of the settings that sopbot uses."""
    write(lambda conn: trail.append(conn, "sumbang", [entry(1, n) for n in (1, 2, 3)]))
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    yield connection
    connection.close()


@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_the_trail_only_grows_whoever_writes(outsider, statement):
    before = outsider.execute("SELECT * FROM trail ORDER BY seq").fetchall()
    with pytest.raises(sqlite3.IntegrityError, match="the trail only grows at its end"):
        outsider.execute(statement)
    assert outsider.execute("SELECT * FROM trail ORDER BY seq").fetchall() == before


def test_the_next_entry_is_let_in(outsider):
    outsider.execute(OWN.format(seq=4, instance=1, n=4, leaf="x'01'"))
    outsider.execute(OWN.format(seq=1, instance=2, n=1, leaf="x'02'").replace("sumbang", "karawaci"))
    assert outsider.execute("SELECT count(*) FROM trail").fetchone() == (5,)


def test_all_guards_are_there(read):
    assert read(guards.missing) == []


@pytest.mark.parametrize("name", guards.SQLITE)
def test_a_guard_that_is_gone_or_says_something_else_is_missed(write, name):
    def drop(conn):
        conn.exec_driver_sql(f"DROP TRIGGER {name}")
        gone = guards.missing(conn)
        conn.exec_driver_sql(f"CREATE TRIGGER {name} BEFORE UPDATE ON trail WHEN 0 BEGIN SELECT 1; END")
        toothless = guards.missing(conn)
        guards.install(conn)
        return gone, toothless, guards.missing(conn)

    assert write(drop) == ([name], [name], [])


def test_a_guard_of_another_table_does_not_count(write):
    def move(conn):
        text = guards.SQLITE["trail_no_delete"].replace("ON trail", "ON meta")
        conn.exec_driver_sql("DROP TRIGGER trail_no_delete")
        conn.exec_driver_sql(text)
        return guards.missing(conn)

    assert write(move) == ["trail_no_delete"]


def test_the_grants_leave_only_reading_and_adding_to_the_trail():
    assert guards.grants("sopbot")[-2:] == [
        "REVOKE ALL ON trail FROM sopbot",
        "GRANT SELECT, INSERT ON trail TO sopbot",
    ]
    with pytest.raises(ValueError, match="role name"):
        guards.grants("sopbot; DROP TABLE trail")
