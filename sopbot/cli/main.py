"""The command line: every command, and one clear sentence for everything that goes wrong.

Counterpart: the modules beside this one hold the commands by subject; `sopbot/app.py` runs the bot.
"""

import io
import os
import sys
import traceback
from collections.abc import Sequence

import typer

from sopbot.cli import db, doctor, due, instance, officer, running, sop, trail
from sopbot.cli.failures import sentence
from sopbot.settings import SettingsError, load_settings

app = typer.Typer(
    name="sopbot",
    help="Runs the SOPs of a kecamatan over Telegram.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(running.run)
app.command()(running.simulate)
app.add_typer(sop.app, name="sop")
app.command()(due.due)
app.add_typer(instance.app, name="instance")
app.add_typer(trail.app, name="trail")
app.add_typer(officer.app, name="officer")
app.add_typer(db.app, name="db")
app.command()(doctor.doctor)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit; errors are one sentence on stderr, and only what nobody expected has a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # Windows would write its own code page into a pipe
    try:
        app(args=None if arguments is None else list(arguments), prog_name="sopbot")
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader, `head` perhaps, has seen enough; without this Python complains once more while it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the last place that can say anything about it
        print(sentence(error) or _unexpected(error), file=sys.stderr)
        sys.exit(1)


def _unexpected(error: Exception) -> str:
    """Return the traceback of a fault of ours, without secrets: libraries quote the token in their errors."""
    from sopbot.logs import redacted, secrets_of

    try:
        secrets = secrets_of(load_settings())
    except SettingsError:
        secrets = []  # then none was read, and what looks like a token is hidden all the same
    return redacted("".join(traceback.format_exception(error)), secrets)
