"""Which data a command works on: the rule, written once.

An office's data are those of SOPBOT_DATA and SOPBOT_DATABASE_URL. Who has set no token and has no such database tries
sopbot out: then commands work on what was played, in the folder `simulasi` of the data folder. The simulator never
touches the database of a bot that has a token. Counterpart: `sopbot/settings.py` reads the settings.
"""

import os
from pathlib import Path
from typing import Annotated, Final

import typer

from sopbot.cli.failures import CommandFailed
from sopbot.settings import Settings, load_settings, read_variables

SIMULATION: Final = "simulasi"  # the folder of a simulation inside the data folder
DATABASE: Final = "sopbot.db"
RULE: Final = (
    "Works on the data of SOPBOT_DATA and SOPBOT_DATABASE_URL; without a token, and while those hold no database, on "
    "what was played in the simulator."
)
DataFolder = Annotated[Path | None, typer.Option("--data", help="Data folder, instead of SOPBOT_DATA.")]


def chosen_settings(data: Path | None = None) -> Settings:
    """Return the settings with the data that a command works on; `data` stands for SOPBOT_DATA."""
    settings = load_settings() if data is None else load_settings(data=data)
    played = settings.data / SIMULATION
    office = settings.token is not None or _database_given() or (settings.data / DATABASE).exists()
    return settings if office or not played.is_dir() else load_settings(data=played)


def simulation_settings(data: Path | None, *, fresh: bool, with_bot: bool) -> Settings:
    """Return the settings of a simulation; raises CommandFailed rather than play with an office's own data."""
    settings = load_settings()
    data = (settings.data / SIMULATION if data is None else data).expanduser().absolute()
    own = {} if settings.token is None else {"database_url": f"sqlite:///{(data / DATABASE).as_posix()}"}
    settings = load_settings(data=data, **own)
    if (fresh or with_bot) and (data / DATABASE).exists() and not (data / "telegram").is_dir():
        raise CommandFailed(f"{data} holds the data of a bot, not of a simulation; name another folder with --data.")
    if fresh and with_bot and not settings.database_url.startswith("sqlite"):
        raise CommandFailed("--fresh empties a SQLite database only; empty the PostgreSQL database yourself.")
    return settings


def _database_given() -> bool:
    """Tell whether the operator has named a database."""
    return "SOPBOT_DATABASE_URL" in read_variables(os.environ)
