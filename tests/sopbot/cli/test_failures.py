"""Everything that is expected to go wrong has one sentence; what nobody expected keeps its traceback."""

import sqlite3

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from sopbot import app, bot
from sopbot.chat.poller import TokenRefused
from sopbot.cli import failures
from sopbot.cli.failures import CommandFailed, sentence
from sopbot.definitions.problems import DefinitionErrors, Problem
from sopbot.settings import SettingsError
from sopbot.store.failures import DatabaseRefused, StoreUnavailable

PROBLEM = Problem(file="a.yaml", line=3, field="nama", sentence="It is missing.")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (CommandFailed("No."), "No."),
        (SettingsError("SOPBOT_DATA is wrong."), "SOPBOT_DATA is wrong."),
        (DatabaseRefused("It is damaged."), "It is damaged."),
        (StoreUnavailable("The change was not stored: disk full."), "The change was not stored: disk full."),
        (DefinitionErrors([PROBLEM, PROBLEM]), "a.yaml:3: nama: It is missing."),
        (TokenRefused(), "Telegram does not accept the bot's token; check SOPBOT_TOKEN."),
        (app.NoToken(), "No token is set: put SOPBOT_TOKEN into .env, or try `sopbot simulate`."),
        (
            bot.ClockBehind(),
            "The machine's clock is behind the last record of the trail: set it right, then start again.",
        ),
        (
            httpx.ConnectError("http://127.0.0.1:1/bot123:abc/x"),
            (
                "The simulator that SOPBOT_SIM_CLOCK_URL names cannot be reached (ConnectError); start it first with "
                "`sopbot simulate --no-bot`."
            ),
        ),
        (
            OperationalError("SELECT 1", {}, sqlite3.OperationalError("disk I/O error")),
            "The database cannot be used: disk I/O error.",
        ),
        (sqlite3.OperationalError("disk I/O error"), "The database cannot be used: disk I/O error."),
        (FileNotFoundError(2, "No such file or directory", "x.db"), "No such file or directory: x.db."),
        (OSError("odd"), "odd"),
    ],
)
def test_an_expected_error_is_one_sentence(error, expected):
    assert sentence(error) == expected
    assert sentence(ExceptionGroup("unhandled", [ExceptionGroup("inner", [error])])) == expected


def test_an_unexpected_error_has_none_even_beside_an_expected_one():
    assert sentence(ValueError("a fault of ours")) is None
    assert sentence(ExceptionGroup("unhandled", [CommandFailed("No."), ValueError("a fault")])) is None


def test_the_table_names_classes_that_exist():
    import importlib

    assert [name for module, name, _ in failures._EXPECTED if not hasattr(importlib.import_module(module), name)] == []
