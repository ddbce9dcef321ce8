"""`sopbot run` and `sopbot simulate`: the commands that stay until they are stopped.

Both end with exit code 0 on SIGTERM and Ctrl-C. Counterparts: `sopbot/app.py` and `sopbot/simulation.py` build what
they run.
"""

import asyncio
import errno
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated

import typer

from sopbot.cli import places
from sopbot.cli.failures import CommandFailed
from sopbot.settings import load_settings


def run() -> None:
    """Run the bot against Telegram, or against SOPBOT_TELEGRAM_API_URL.

    One bot fetches the messages of a token; a second one says so and exits. SIGTERM and Ctrl-C let it finish what
    it has begun.
    """
    from sopbot.cli.alone import only_poller
    from sopbot.cli.stopping import run_until_stopped

    settings = load_settings()
    if settings.token is None:
        raise CommandFailed("No token is set: put SOPBOT_TOKEN into .env, or try `sopbot simulate`.")
    settings.prepare_data()
    token = settings.token.get_secret_value()
    # Before the heavy imports: a second bot says within a moment that there is one already. Behind a webhook there
    # may be several, as nobody polls.
    polls = settings.webhook_url is None
    with only_poller(settings.data, settings.telegram_api_url, token) if polls else nullcontext():
        from sopbot.app import run_bot

        with _port_taken(settings.port, "SOPBOT_PORT"):
            run_until_stopped(lambda stop: run_bot(settings, stop))


def simulate(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page; 0 takes any that is free.")] = 8080,
    data: Annotated[
        Path | None, typer.Option(help="Folder for everything that is played; default: `simulasi` in the data folder.")
    ] = None,
    office: Annotated[list[str] | None, typer.Option(help="Only this office; may be given more than once.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget everything played so far.")] = False,
    no_bot: Annotated[bool, typer.Option("--no-bot", help="Only the simulator, without the bot.")] = False,
) -> None:
    """Try sopbot without Telegram: a chat page on this computer, with every officer and a clock to move.

    SOPBOT_DATA names the folder, too, where no token is set. The data of a bot with a token are never touched.
    """
    settings = places.simulation_settings(data, fresh=fresh, with_bot=not no_bot)
    _known(settings.definitions, office or [])
    from sopbot.cli.alone import only_simulation
    from sopbot.cli.stopping import run_until_stopped

    def ready(url: str) -> None:
        print(f"sopbot simulator: {url}", flush=True)

    with only_simulation(settings.data):
        from sopbot.simulation import simulate as run_simulation

        async def playing(stop: asyncio.Event) -> None:
            await run_simulation(
                settings, port=port, offices=office or [], fresh=fresh, with_bot=not no_bot, ready=ready, stop=stop
            )

        with _port_taken(port, "--port"):
            run_until_stopped(playing)


@contextmanager
def _port_taken(port: int, option: str) -> Iterator[None]:
    """Say in one sentence that the port cannot be had."""
    try:
        yield
    except* OSError as group:
        if not any(_is_taken(error) for error in group.exceptions):
            raise
        raise CommandFailed(f"Port {port} is in use on this computer; choose another with {option}.") from None


def _is_taken(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in {errno.EADDRINUSE, errno.EACCES}


def _known(definitions: Path, offices: list[str]) -> None:
    from sopbot.cli.sop import definitions_in, known_office

    for slug in offices:
        known_office(definitions_in(definitions), slug)
