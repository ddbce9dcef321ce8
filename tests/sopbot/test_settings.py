"""The operator's variables become settings, or one sentence that holds no secret."""

import pytest

from sopbot.settings import ROOT, Settings, SettingsError, load_settings

TOKEN = "12345:AAbb-secret_part"


@pytest.fixture
def env_file(tmp_path, monkeypatch):
    path = tmp_path / "env"
    path.touch()
    monkeypatch.setenv("SOPBOT_ENV_FILE", str(path))
    return path


def test_without_any_variable_everything_has_a_default():
    settings = load_settings()
    assert settings.token is None
    assert settings.data == ROOT / "data"
    assert settings.database_url == f"sqlite:///{(ROOT / 'data' / 'sopbot.db').as_posix()}"
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.definitions == ROOT / "sop_definitions"
    assert (settings.limit_overall, settings.limit_chat, settings.limit_group) == (25, 1, 20)
    assert (settings.port, settings.log, settings.sim_clock_url) == (8080, "info", None)


@pytest.mark.parametrize("name", ["SOPBOT_TOKEN", "TELEGRAM_BOT_TOKEN", "BOT_TOKEN"])
def test_the_token_has_three_names(name, monkeypatch):
    monkeypatch.setenv(name, TOKEN)
    token = load_settings().token
    assert token is not None
    assert token.get_secret_value() == TOKEN


def test_sopbots_own_name_wins_over_the_general_ones(monkeypatch):
    monkeypatch.setenv("BOT_TOKEN", "1:other")
    monkeypatch.setenv("SOPBOT_TOKEN", TOKEN)
    token = load_settings().token
    assert token is not None
    assert token.get_secret_value() == TOKEN


@pytest.mark.parametrize("name", ["SOPBOT_TOKEN", "TELEGRAM_BOT_TOKEN", "BOT_TOKEN"])
def test_a_secret_is_read_from_its_file(name, tmp_path, monkeypatch):
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "token"))
    token = load_settings().token
    assert token is not None
    assert token.get_secret_value() == TOKEN


def test_a_secret_given_twice_is_refused(tmp_path, monkeypatch):
    (tmp_path / "token").write_text(TOKEN)
    monkeypatch.setenv("SOPBOT_TOKEN", TOKEN)
    monkeypatch.setenv("SOPBOT_TOKEN_FILE", str(tmp_path / "token"))
    with pytest.raises(SettingsError, match=r"^Set SOPBOT_TOKEN or SOPBOT_TOKEN_FILE, not both\.$"):
        load_settings()


def test_a_secret_file_must_be_readable_and_not_empty(tmp_path, monkeypatch):
    monkeypatch.setenv("SOPBOT_TOKEN_FILE", str(tmp_path / "missing"))
    with pytest.raises(SettingsError, match=r"^SOPBOT_TOKEN_FILE: .*missing cannot be read\.$"):
        load_settings()
    (tmp_path / "missing").touch()
    with pytest.raises(SettingsError, match=r"is empty\.$"):
        load_settings()


def test_the_environment_wins_over_the_env_file(env_file, monkeypatch):
    env_file.write_text("SOPBOT_PORT=9001\nexport SOPBOT_LOG='debug'\n")
    monkeypatch.setenv("SOPBOT_PORT", "9002")
    settings = load_settings()
    assert (settings.port, settings.log) == (9002, "debug")


def test_a_token_in_the_environment_wins_over_a_token_file_in_the_env_file(env_file, tmp_path, monkeypatch):
    (tmp_path / "token").write_text("1:other")
    env_file.write_text(f"SOPBOT_TOKEN_FILE={(tmp_path / 'token').as_posix()}\n")
    monkeypatch.setenv("SOPBOT_TOKEN", TOKEN)
    token = load_settings().token
    assert token is not None
    assert token.get_secret_value() == TOKEN


def test_an_empty_variable_switches_off_what_the_env_file_sets(env_file, monkeypatch):
    env_file.write_text(f"SOPBOT_TOKEN={TOKEN}\n")
    assert load_settings().token is not None
    monkeypatch.setenv("SOPBOT_TOKEN", "")
    assert load_settings().token is None


def test_an_env_file_that_is_named_must_exist(monkeypatch, tmp_path):
    monkeypatch.setenv("SOPBOT_ENV_FILE", str(tmp_path / "none"))
    with pytest.raises(SettingsError, match=r"^SOPBOT_ENV_FILE: .*none does not exist\.$"):
        load_settings()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_uses_psycopg(scheme, monkeypatch):
    monkeypatch.setenv("SOPBOT_DATABASE_URL", f"{scheme}://office:pw@db/sop")
    assert load_settings().database_url == "postgresql+psycopg://office:pw@db/sop"


def test_the_database_lies_in_the_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SOPBOT_DATA", str(tmp_path / "from-env"))
    assert load_settings().database_url == f"sqlite:///{(tmp_path / 'from-env' / 'sopbot.db').as_posix()}"
    settings = load_settings(data=tmp_path / "given")
    assert settings.database_url == f"sqlite:///{(tmp_path / 'given' / 'sopbot.db').as_posix()}"


def test_an_address_loses_its_last_slash(monkeypatch):
    monkeypatch.setenv("SOPBOT_TELEGRAM_API_URL", "http://127.0.0.1:8080/")
    assert load_settings().telegram_api_url == "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SOPBOT_TOKEN", "hush-hush", "SOPBOT_TOKEN must look like the token that BotFather gives, digits:letters."),
        (
            "SOPBOT_DATABASE_URL",
            "mysql://u:hush@db",
            "SOPBOT_DATABASE_URL must begin with postgresql:// or sqlite:///.",
        ),
        ("SOPBOT_PORT", "http", "SOPBOT_PORT should be a valid integer, unable to parse string as an integer."),
        ("SOPBOT_PORT", "0", "SOPBOT_PORT should be greater than or equal to 1."),
        ("SOPBOT_LOG", "loud", "SOPBOT_LOG should be 'debug', 'info', 'warning' or 'error'."),
        ("SOPBOT_LIMIT_CHAT", "-1", "SOPBOT_LIMIT_CHAT should be greater than or equal to 0."),
        ("SOPBOT_LIMIT_CHAT", "nan", "SOPBOT_LIMIT_CHAT should be a finite number."),
        (
            "SOPBOT_TELEGRAM_API_URL",
            "127.0.0.1:8080",
            "SOPBOT_TELEGRAM_API_URL must be an address that begins with http:// or https://.",
        ),
        (
            "SOPBOT_WEBHOOK_URL",
            "http://bot.example/hook",
            "SOPBOT_WEBHOOK_URL must begin with https://, as Telegram delivers to nothing else.",
        ),
        (
            "SOPBOT_WEBHOOK_URL",
            "https://bot.example/hook",
            "SOPBOT_WEBHOOK_URL needs SOPBOT_WEBHOOK_SECRET beside it.",
        ),
        (
            "SOPBOT_WEBHOOK_SECRET",
            "hush hush!",
            "SOPBOT_WEBHOOK_SECRET must be 1 to 256 letters, digits, _ or -.",
        ),
        ("SOPBOT_DEFINITIONS", "/nowhere/at/all", "SOPBOT_DEFINITIONS must be a folder that exists."),
        ("SOPBOT_DATA", __file__, "SOPBOT_DATA must be a folder, and a file stands there."),
    ],
)
def test_a_bad_value_gives_one_sentence_without_the_secret(name, value, sentence, monkeypatch):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == sentence
    assert "hush" not in str(caught.value)
    # A traceback must not print the original error, which holds the value.
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_secrets_do_not_appear_in_the_settings_repr(monkeypatch):
    monkeypatch.setenv("SOPBOT_TOKEN", TOKEN)
    monkeypatch.setenv("SOPBOT_WEBHOOK_SECRET", "hush")
    monkeypatch.setenv("SOPBOT_DATABASE_URL", "postgres://u:hush@db/sop")
    shown = repr(load_settings()) + str(load_settings())
    assert "secret_part" not in shown
    assert "hush" not in shown


def test_the_data_folder_is_created(tmp_path):
    data = load_settings(data=tmp_path / "a" / "b").prepare_data()
    assert data.is_dir()


def test_a_data_folder_that_cannot_be_created_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"^SOPBOT_DATA: .* cannot be created: "):
        load_settings(data=tmp_path / "file" / "data").prepare_data()


def test_the_example_file_explains_every_setting():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"SOPBOT_{name.upper()}=" not in text]
    assert missing == []


def test_the_example_file_changes_nothing(monkeypatch):
    default = load_settings()
    monkeypatch.setenv("SOPBOT_ENV_FILE", str(ROOT / ".env.example"))
    assert load_settings() == default
