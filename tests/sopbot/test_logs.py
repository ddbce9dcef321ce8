"""The log: one line an event, and no secret in any of them, whoever writes it."""

import io
import logging

import pytest
import structlog
from telegram import Bot

from sopbot.logs import HIDDEN, configure_logging, redacted, secrets_of
from sopbot.settings import Settings
from tests.fake_telegram import TOKEN

SECRET = "rahasia-webhook"


@pytest.fixture
def written(own_logging, monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    configure_logging("debug", [TOKEN, SECRET])
    return stream.getvalue


def fail():
    raise ValueError(TOKEN)


def test_no_secret_is_written_by_anybody(written):
    structlog.get_logger("sopbot").warning("polling_failed", url=f"https://api.telegram.org/bot{TOKEN}/getUpdates")
    logging.getLogger("somebody").warning("%r %s", Bot(TOKEN), SECRET)
    try:
        fail()
    except ValueError:
        structlog.get_logger("sopbot").exception("failed")
        logging.getLogger("somebody").exception("failed")
    lines = written()
    assert TOKEN not in lines
    assert SECRET not in lines
    assert lines.count(HIDDEN) >= 5
    assert "Traceback" in lines


def test_another_token_is_known_by_its_look(written):
    logging.getLogger("somebody").warning("987654321:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB")
    assert "BBBBB" not in written()


def test_what_names_whole_addresses_is_silent(written):
    for name in ("httpx", "httpcore", "telegram", "apscheduler"):
        logging.getLogger(name).info("https://example.invalid")
    assert written() == ""


def test_an_event_is_one_line_with_its_level_and_facts(written):
    structlog.get_logger("sopbot").info("swept", moved=3, text="dua\nbaris")
    [line] = written().splitlines()
    assert "level=info event=swept" in line
    assert "moved=3" in line


def test_the_level_holds(own_logging, monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    configure_logging("warning", [])
    structlog.get_logger("sopbot").info("unheard")
    structlog.get_logger("sopbot").warning("heard")
    assert "unheard" not in stream.getvalue()
    assert "heard" in stream.getvalue()


def test_an_empty_secret_hides_nothing():
    assert redacted("halo", ["", "x"]) == "halo"


def test_the_secrets_are_those_of_the_settings():
    assert secrets_of(Settings(token=TOKEN, webhook_secret=SECRET)) == [TOKEN, SECRET]
    assert secrets_of(Settings()) == []
