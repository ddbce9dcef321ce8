"""`sopbot doctor`: whether this installation is well, for people and for a container's health check.

Counterpart: `sopbot/app.py` leaves the sign of life; `trail verify` proves more and takes longer.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import typer

from sopbot.cli.failures import sentence
from sopbot.cli.output import Json, show_json
from sopbot.cli.places import DataFolder, chosen_settings
from sopbot.settings import Settings

HEARTBEAT: Final = "heartbeat"
FRESH: Final = timedelta(seconds=60)  # the bot leaves a sign of life every ten


def doctor(data: DataFolder = None, json: Json = False) -> None:
    """Say whether the bot is alive, its database sound, the record's guards in place and the definitions usable.

    Exits 1 if anything is wrong.
    """
    settings = chosen_settings(data)
    problems = {
        "bot": _bot(settings.data / HEARTBEAT, datetime.now(UTC)),
        "database": _database(settings),
        "definitions": _definitions(settings.definitions),
    }
    if json:
        show_json({"healthy": not any(problems.values()), **problems})
    else:
        for what, problem in problems.items():
            print(f"{what}: {problem or 'well'}")
    if any(problems.values()):
        raise typer.Exit(1)


def _bot(heartbeat: Path, now: datetime) -> str | None:
    try:
        last = datetime.fromisoformat(heartbeat.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return "It is not running."
    except (OSError, ValueError):
        return "Its sign of life cannot be read."
    if last.tzinfo is None or now - last > FRESH:
        return f"It has given no sign of life since {last.isoformat(timespec='seconds')}."
    return None


def _database(settings: Settings) -> str | None:
    from sopbot.store.reading import damage, reading

    try:
        with reading(settings.database_url) as conn:
            return damage(conn)
    except Exception as error:
        said = sentence(error)
        if said is None:
            raise
        return said


def _definitions(folder: Path) -> str | None:
    from sopbot.definitions.catalogue import load_all

    catalogue = load_all(folder)
    return str(catalogue.problems[0]) if catalogue.problems else None
