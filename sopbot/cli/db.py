"""`sopbot db upgrade|check|backup|restore`: the database as a whole.

Counterparts: `sopbot/store/database.py` and `sopbot/store/copies.py`.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from sopbot.cli.output import Json, complain, show_json
from sopbot.cli.places import RULE, DataFolder, chosen_settings

app = typer.Typer(no_args_is_help=True, help=f"Set up, check, back up and restore the database. {RULE}")


@app.command()
def upgrade(data: DataFolder = None, json: Json = False) -> None:
    """Bring the database to this version's schema, and make it where there is none."""
    from sopbot.store.database import upgrade as upgraded

    settings = chosen_settings(data)
    settings.prepare_data()
    applied = upgraded(settings.database_url)
    if json:
        show_json({"applied": applied})
    else:
        print(f"Applied {', '.join(applied)}." if applied else "The database is up to date.")


@app.command()
def check(data: DataFolder = None, json: Json = False) -> None:
    """Look for damage in the database, and whether this version can use it; exits 1 if anything is wrong."""
    from sopbot.store.database import check as problems_of

    problems = problems_of(chosen_settings(data).database_url)
    if json:
        show_json({"problems": problems})
    else:
        for problem in problems:
            complain(problem)
    if problems:
        raise typer.Exit(1)
    if not json:
        print("The database is sound.")


@app.command()
def backup(
    target: Annotated[
        Path | None,
        typer.Argument(help="The new file; default: one named by the time, in `backup` of the data folder."),
    ] = None,
    data: DataFolder = None,
    json: Json = False,
) -> None:
    """Write a complete copy of a SQLite database, also while the bot is running; nothing is overwritten."""
    from sopbot.store.copies import backup as copied

    settings = chosen_settings(data)
    named = settings.data / "backup" / f"sopbot-{datetime.now(UTC):%Y%m%d-%H%M%S}.db"
    file = copied(settings.database_url, target or named)
    if json:
        show_json({"file": str(file)})
    else:
        print(file)


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    data: DataFolder = None,
    json: Json = False,
) -> None:
    """Put a backup in the place of the database; the bot must be stopped, and the replaced file is kept."""
    from sopbot.store.copies import restore as restored

    settings = chosen_settings(data)
    kept = restored(settings.database_url, source)
    if json:
        show_json({"replaced": None if kept is None else str(kept)})
    else:
        print("Restored." if kept is None else f"Restored; the replaced database was kept as {kept}.")
