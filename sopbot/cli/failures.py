"""What a command says when it cannot do what was asked: one sentence for everything that is expected to happen.

Counterpart: `main.py`, which prints it. Classes are looked for among the modules that are loaded already: an error
of a module that was never imported cannot have been raised, and importing it here would make every command slow.
"""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from typing import Final


class CommandFailed(Exception):
    """A command cannot do what was asked; the message is the one sentence that its user reads."""


def _message(error: BaseException) -> str:
    return str(error)


def _documented(error: BaseException) -> str:
    """Return the class's own sentence, which is its docstring."""
    return " ".join((type(error).__doc__ or "").split())


def _first_problem(error: BaseException) -> str:
    return str(error).splitlines()[0]


def _file(error: BaseException) -> str:
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    return f"{error.strerror}: {error.filename}." if error.filename else f"{error.strerror}."


def _clock(error: BaseException) -> str:
    return (
        f"The simulator that SOPBOT_SIM_CLOCK_URL names cannot be reached ({type(error).__name__}); "
        "start it first with `sopbot simulate --no-bot`."
    )


def _database(error: BaseException) -> str:
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()
    return f"The database cannot be used: {reason[0].rstrip('.') if reason else type(error).__name__}."


_EXPECTED: Final[tuple[tuple[str, str, Callable[[BaseException], str]], ...]] = (
    ("sopbot.cli.failures", "CommandFailed", _message),
    ("sopbot.settings", "SettingsError", _message),
    ("sopbot.store.failures", "DatabaseRefused", _message),
    ("sopbot.store.failures", "StoreUnavailable", _message),
    ("sopbot.definitions.problems", "DefinitionErrors", _first_problem),
    ("sopbot.chat.poller", "TokenRefused", lambda _: "Telegram does not accept the bot's token; check SOPBOT_TOKEN."),
    ("sopbot.app", "NoToken", _documented),
    ("sopbot.bot", "ClockBehind", _documented),
    ("httpx", "HTTPError", _clock),
    ("sqlalchemy.exc", "DBAPIError", _database),
)


def sentence(error: BaseException) -> str | None:
    """Return what to say about an expected error, also inside groups, or None for one that nobody expected."""
    said = [_say(leaf) for leaf in _leaves(error)]
    # A fault of ours beside an expected failure must not hide behind it.
    return None if None in said or not said else said[0]


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from _leaves(part)
    else:
        yield error


def _say(error: BaseException) -> str | None:
    for module, name, say in _EXPECTED:
        kind = getattr(sys.modules.get(module), name, None)
        if isinstance(kind, type) and isinstance(error, kind):
            return say(error)
    if isinstance(error, OSError):
        return _file(error)
    return _database(error) if isinstance(error, sqlite3.Error) else None
