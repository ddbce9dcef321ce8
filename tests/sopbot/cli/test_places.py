"""Which data a command works on: what the operator named, else what was played; never an office's by mistake."""

import pytest

from sopbot.cli import places
from sopbot.cli.failures import CommandFailed
from sopbot.cli.places import chosen_settings, simulation_settings

TOKEN = "123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("SOPBOT_DATA", str(tmp_path))
    return tmp_path


def played(folder):
    (folder / "telegram").mkdir(parents=True)
    (folder / "sopbot.db").touch()
    return folder


def test_what_was_played_is_found_where_nothing_else_is(data):
    assert chosen_settings().data == data
    played(data / "simulasi")
    assert chosen_settings().data == data / "simulasi"
    assert chosen_settings().database_url == f"sqlite:///{(data / 'simulasi' / 'sopbot.db').as_posix()}"


def test_an_office_with_a_token_has_its_own_data(data, monkeypatch):
    played(data / "simulasi")
    monkeypatch.setenv("SOPBOT_TOKEN", TOKEN)
    assert chosen_settings().data == data


def test_an_office_with_a_database_has_its_own_data(data, monkeypatch):
    played(data / "simulasi")
    (data / "sopbot.db").touch()
    assert chosen_settings().data == data
    (data / "sopbot.db").unlink()
    monkeypatch.setenv("SOPBOT_DATABASE_URL", "postgresql://localhost/sopbot")
    assert chosen_settings().database_url == "postgresql+psycopg://localhost/sopbot"


def test_a_folder_that_is_named_wins(data, tmp_path):
    played(data / "simulasi")
    other = played(tmp_path / "lain")
    assert chosen_settings(other).data == other


def test_a_simulation_has_a_folder_of_its_own(data, tmp_path):
    assert simulation_settings(None, fresh=False, with_bot=True).data == data / "simulasi"
    assert simulation_settings(tmp_path / "lain", fresh=False, with_bot=True).data == tmp_path / "lain"


def test_a_simulation_never_uses_the_database_of_a_bot_with_a_token(data, monkeypatch):
    monkeypatch.setenv("SOPBOT_DATABASE_URL", "postgresql://localhost/sopbot")
    assert simulation_settings(None, fresh=False, with_bot=True).database_url.startswith("postgresql")
    monkeypatch.setenv("SOPBOT_TOKEN", TOKEN)
    own = f"sqlite:///{(data / 'simulasi' / 'sopbot.db').as_posix()}"
    assert simulation_settings(None, fresh=True, with_bot=True).database_url == own


@pytest.mark.parametrize(("fresh", "with_bot"), [(False, True), (True, False), (True, True)])
def test_a_simulation_does_not_play_with_the_data_of_a_bot(data, fresh, with_bot):
    (data / "sopbot.db").touch()
    with pytest.raises(CommandFailed, match="holds the data of a bot"):
        simulation_settings(data, fresh=fresh, with_bot=with_bot)
    (data / "telegram").mkdir()
    assert simulation_settings(data, fresh=fresh, with_bot=with_bot).data == data


def test_a_simulator_alone_may_share_the_folder_of_its_bot(data):
    (data / "sopbot.db").touch()
    assert simulation_settings(data, fresh=False, with_bot=False).data == data


def test_postgresql_is_not_emptied(data, monkeypatch):
    monkeypatch.setenv("SOPBOT_DATABASE_URL", "postgresql://localhost/sopbot")
    with pytest.raises(CommandFailed, match="--fresh empties a SQLite database only"):
        simulation_settings(None, fresh=True, with_bot=True)


def test_the_rule_stands_in_the_help(cli):
    for group in ("instance", "trail", "officer", "db"):
        assert " ".join(places.RULE.split()) in " ".join(cli(group, "--help").out.split())
