"""The doctor finds a bot that is silent, a database that is unsound, definitions that are faulty."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from sopbot.app import HEARTBEAT_FILE
from sopbot.cli.doctor import FRESH, HEARTBEAT


@pytest.fixture
def alive(office, tmp_path):
    (tmp_path / HEARTBEAT).write_text(datetime.now(UTC).isoformat())
    return tmp_path


def test_all_is_well(cli, alive):
    result = cli("doctor")
    assert (result.code, result.out) == (0, "bot: well\ndatabase: well\ndefinitions: well\n")
    assert cli("doctor", "--json").json == {"healthy": True, "bot": None, "database": None, "definitions": None}


def examined(cli):
    result = cli("doctor", "--json")
    found = json.loads(result.out)
    assert (result.code, found["healthy"]) == (1, False)
    return found


def test_a_bot_that_does_not_run_is_told(cli, office):
    assert examined(cli)["bot"] == "It is not running."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ((datetime.now(UTC) - FRESH - timedelta(hours=1)).isoformat(), "It has given no sign of life since"),
        ("2026-11-23T09:00:00", "It has given no sign of life since"),
        ("nonsense", "Its sign of life cannot be read."),
    ],
)
def test_a_silent_bot_is_told(cli, alive, text, sentence):
    (alive / HEARTBEAT).write_text(text)
    assert examined(cli)["bot"].startswith(sentence)


def test_missing_guards_are_told(cli, alive, office):
    office.write(lambda conn: conn.exec_driver_sql("DROP TRIGGER trail_no_update"))
    assert examined(cli)["database"] == "The trail's guards are missing or altered: trail_no_update."


def test_a_missing_database_is_told(cli, alive, monkeypatch):
    monkeypatch.setenv("SOPBOT_DATABASE_URL", f"sqlite:///{alive}/none.db")
    assert examined(cli)["database"].startswith("There is no database at")


def test_faulty_definitions_are_told(cli, alive, monkeypatch):
    folder = alive / "definisi" / "karawaci"
    folder.mkdir(parents=True)
    (folder / "kantor.yaml").write_text("slug: 1")
    monkeypatch.setenv("SOPBOT_DEFINITIONS", str(folder.parent))
    assert examined(cli)["definitions"].startswith(f"{folder}/kantor.yaml:1: ")


def test_bot_and_doctor_mean_the_same_file():
    assert HEARTBEAT == HEARTBEAT_FILE
