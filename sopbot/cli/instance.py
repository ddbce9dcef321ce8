"""`sopbot instance list|show`: the SOPs that run or ran, as the database has them.

Counterpart: `sopbot/services/inspecting.py`.
"""

from typing import Annotated

import typer

from sopbot.cli.failures import CommandFailed
from sopbot.cli.output import Json, plain, show_json, show_table
from sopbot.cli.places import RULE, DataFolder, chosen_settings

app = typer.Typer(no_args_is_help=True, help=f"Look at running and finished SOPs. {RULE}")

COLUMNS = ("id", "office", "slug", "subject", "state", "step", "round", "due_at")
ASSIGNMENT_COLUMNS = ("n", "step", "round", "task", "role", "holder", "state", "assigned_at", "due_at", "ended_at")


@app.command("list")
def list_(
    office: Annotated[str | None, typer.Option(help="Only those of this office.")] = None,
    running: Annotated[bool, typer.Option("--running", help="Only those that still run.")] = False,
    data: DataFolder = None,
    json: Json = False,
) -> None:
    """List the instances: id, slug, subject, state, step, round, due_at and more; instants are UTC."""
    from sopbot.services.inspecting import instances
    from sopbot.store.reading import reading

    with reading(chosen_settings(data).database_url) as conn:
        found = instances(conn, office, running=running)
    if json:
        show_json(found)
    else:
        show_table(COLUMNS, [[one[key] for key in COLUMNS] for one in found])


@app.command()
def show(
    number: Annotated[int, typer.Argument(metavar="ID", help="The instance's id.")],
    data: DataFolder = None,
    json: Json = False,
) -> None:
    """Show one instance with every assignment it had; instants are UTC."""
    from sopbot.services.inspecting import instance
    from sopbot.store.reading import reading

    with reading(chosen_settings(data).database_url) as conn:
        found = instance(conn, number)
    if found is None:
        raise CommandFailed(f"There is no instance {number}.")
    assignments = found["assignments"]
    if json:
        show_json(found)
    elif isinstance(assignments, list):
        for key, value in found.items():
            if key != "assignments":
                print(f"{key}: {plain(value)}")
        show_table(ASSIGNMENT_COLUMNS, [[one[key] for key in ASSIGNMENT_COLUMNS] for one in assignments])
