"""The command line: every command, and one clear sentence for everything that goes wrong.

Counterpart: `sopbot/app.py`, which builds what the commands use.
"""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from sopbot.settings import SettingsError, load_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.command()
def run() -> None:
    """Run the bot against Telegram, or against SOPBOT_TELEGRAM_API_URL."""
    from sopbot.app import run_bot

    asyncio.run(run_bot(load_settings()))


@app.command()
def simulate(
    port: Annotated[int, typer.Option(help="Port of the page on this machine.")] = 8080,
    data: Annotated[Path | None, typer.Option(help="Folder for the simulator's data.")] = None,
    office: Annotated[list[str] | None, typer.Option(help="Only this office; may be given more than once.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget everything played so far.")] = False,
    no_bot: Annotated[bool, typer.Option("--no-bot", help="Only the simulator, without the bot.")] = False,
) -> None:
    """Try sopbot without Telegram: a chat page on this machine."""
    from sopbot import app as composition

    settings = load_settings() if data is None else load_settings(data=data)
    print(end="", flush=True)

    def ready(url: str) -> None:
        print(f"sopbot simulator: {url}", flush=True)

    asyncio.run(
        composition.simulate(settings, port=port, offices=office or [], fresh=fresh, with_bot=not no_bot, ready=ready)
    )


def main() -> None:
    """Run one command; errors are one sentence on stderr."""
    try:
        app()
    except SettingsError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
