"""An office at work and a Telegram that is none, for the tests of the handlers."""

from tests.at_work import office, working
from tests.fake_telegram import telegram

__all__ = ["office", "telegram", "working"]
