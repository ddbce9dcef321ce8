"""The database set up, checked, backed up and restored; what cannot be used is refused and stays as it is."""

import sqlite3
from contextlib import closing

import pytest

from tests.building import WATI


def test_a_database_is_made_once(cli):
    assert len(cli("db", "upgrade", "--json").json["applied"]) >= 4
    assert cli("db", "upgrade").out == "The database is up to date.\n"
    assert cli("db", "check").out == "The database is sound.\n"
    assert cli("db", "check", "--json").json == {"problems": []}


def test_what_is_wrong_is_told(cli, office):
    office.write(lambda conn: conn.exec_driver_sql("DROP TRIGGER trail_no_update"))
    cli("db", "check").refused("The trail's guards are missing or altered: trail_no_update.")
    assert cli("db", "check", "--json").code == 1


async def test_a_backup_is_complete_and_can_be_restored(cli, office, tmp_path):
    await office.begin()
    copy = tmp_path / "b" / "copy.db"
    assert cli("db", "backup", copy).out == f"{copy}\n"
    await office.work(1, WATI)
    cli("db", "restore", copy).refused("is in use; stop sopbot first.")
    office.database.close()
    result = cli("db", "restore", copy)
    assert (result.code, result.out.startswith("Restored; the replaced database was kept as ")) == (0, True)
    assert [one["step"] for one in cli("instance", "list", "--json").json] == [1]
    assert cli("trail", "verify").code == 0


def test_a_backup_has_a_place_of_its_own(cli, office, tmp_path):
    file = cli("db", "backup", "--json").json["file"]
    assert [str(one) for one in (tmp_path / "backup").iterdir()] == [file]


def test_a_restore_where_nothing_was_replaced(cli, office, tmp_path, monkeypatch):
    cli("db", "backup", tmp_path / "copy.db")
    monkeypatch.setenv("SOPBOT_DATA", str(tmp_path / "new"))
    assert cli("db", "restore", tmp_path / "copy.db", "--json").json == {"replaced": None}


@pytest.fixture
def bad(tmp_path):
    """Return a maker of files that are no usable database."""

    def make(kind):
        file = tmp_path / "sopbot.db"
        if kind == "text":
            file.write_text("no database, but long enough to be looked at " * 30)
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            if kind == "other":
                connection.execute("CREATE TABLE recipe (name TEXT)")
            if kind == "newer":
                connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
                connection.execute("INSERT INTO alembic_version VALUES ('29991231_0000')")
        return file

    return make


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("text", "file is not a database"),
        ("newer", "The database has a newer schema (29991231_0000) than this program knows"),
        ("other", "The database has not been set up yet; run `sopbot db upgrade`."),
    ],
)
@pytest.mark.parametrize("command", [["db", "check"], ["trail", "verify"], ["instance", "list"], ["officer", "list"]])
def test_a_wrong_database_is_refused_and_stays_as_it_is(cli, bad, kind, sentence, command):
    file = bad(kind)
    before = file.read_bytes()
    cli(*command).refused(sentence)
    if command[0] != "db":  # a check opens it as the bot would
        assert file.read_bytes() == before


@pytest.mark.parametrize("kind", ["text", "newer"])
@pytest.mark.parametrize("command", [["upgrade"], ["backup", "{}/copy.db"]])
def test_a_wrong_database_is_neither_upgraded_nor_backed_up(cli, bad, kind, command, tmp_path):
    file = bad(kind)
    result = cli("db", *(one.format(tmp_path) for one in command))
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert kind != "text" or file.read_text().startswith("no database")
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["backup", "/dev/null/copy.db"], "The backup to /dev/null/copy.db failed"),
        (["backup", "{}/sopbot.db"], "exists already; a backup never overwrites anything."),
        (["restore", "{}/none.db"], "There is no backup at"),
    ],
)
def test_what_cannot_be_done_is_told(cli, office, tmp_path, arguments, sentence):
    cli("db", *(one.format(tmp_path) for one in arguments)).refused(sentence)


def test_a_data_folder_that_cannot_be_made_is_told(cli, monkeypatch):
    monkeypatch.setenv("SOPBOT_DATA", "/dev/null/data")
    cli("db", "upgrade").refused("SOPBOT_DATA: /dev/null/data cannot be created: Not a directory.")


def test_a_database_address_of_another_kind_is_told(cli, monkeypatch):
    monkeypatch.setenv("SOPBOT_DATABASE_URL", "mysql://localhost/x")
    cli("db", "check").refused("SOPBOT_DATABASE_URL must begin with postgresql:// or sqlite:///.")
