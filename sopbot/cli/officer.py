"""`sopbot officer add|list|invite|freeze`: the register of an office's people.

Counterparts: `sopbot/services/enrolment.py` keeps it, `sopbot/app.py` builds what the changing commands use.
"""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from sopbot.cli.failures import CommandFailed
from sopbot.cli.output import Json, complain, show_json, show_table
from sopbot.cli.places import RULE, SIMULATION, DataFolder, chosen_settings
from sopbot.settings import Settings

if TYPE_CHECKING:
    from sopbot.bot import Services

app = typer.Typer(no_args_is_help=True, help=f"Add, list, invite and freeze officers. {RULE}")

T = TypeVar("T")
LONGEST_NAME = 200
COLUMNS = ("id", "office", "name", "title", "honorific", "roles", "enrolled", "active", "reachable")
Number = Annotated[int, typer.Argument(metavar="ID", help="The officer's number, as `officer list` shows it.")]


class Honorific(StrEnum):
    """How an officer is addressed."""

    BAPAK = "Bapak"
    IBU = "Ibu"


@app.command()
def add(
    office: Annotated[str, typer.Option(help="The office's slug.")],
    name: Annotated[str, typer.Option(help="The name, as the record shall show it.")],
    title: Annotated[str, typer.Option(help="The position (jabatan).")],
    role: Annotated[list[str], typer.Option(help="A role (peran) of the office; may be given more than once.")],
    honorific: Annotated[Honorific | None, typer.Option(help="How to address this person.")] = None,
    data: DataFolder = None,
    json: Json = False,
) -> None:
    """Add an officer to the register; `officer invite` then binds the Telegram account."""
    from sopbot.cli.sop import definitions_in, known_office

    settings = chosen_settings(data)
    catalogue = definitions_in(settings.definitions)
    roles = catalogue.offices[known_office(catalogue, office)].roles
    for one in role:
        if one not in roles:
            raise CommandFailed(f'{office} has no role "{one}". There are: {", ".join(roles)}.')
    name, title = _text("name", name), _text("title", title)
    _made(settings)
    number = _change(
        settings,
        lambda services: services.enrolment.add(
            office, name=name, title=title, roles=sorted(set(role)), honorific=honorific and honorific.value
        ),
    )
    if json:
        show_json({"id": number, "office": office, "name": name, "title": title, "roles": sorted(set(role))})
    else:
        print(f"{name} is officer {number}; `sopbot officer invite {number}` makes the invitation.")


@app.command("list")
def list_(
    office: Annotated[str | None, typer.Option(help="Only those of this office.")] = None,
    data: DataFolder = None,
    json: Json = False,
) -> None:
    """List the officers, whether they have joined (enrolled), may act (active) and can be reached."""
    from sopbot.services.inspecting import officers
    from sopbot.store.reading import reading

    with reading(chosen_settings(data).database_url) as conn:
        found = officers(conn, office)
    if json:
        show_json(found)
        return
    rows = [{**one, "roles": ", ".join(one["roles"])} for one in found]
    show_table(COLUMNS, [[row[key] for key in COLUMNS] for row in rows])


@app.command()
def invite(number: Number, data: DataFolder = None, json: Json = False) -> None:
    """Make an invitation for one officer, valid once and for 24 hours: a link to open, or a code for the bot."""
    from sopbot.domain.errors import OfficerTaken

    settings = chosen_settings(data)
    try:
        code = _change(settings, lambda services: services.enrolment.invite(number))
    except KeyError:
        raise CommandFailed(f"There is no officer {number}.") from None
    except OfficerTaken:
        raise CommandFailed(f"Officer {number} has joined already.") from None
    name = _bot_name(settings)
    link = None if name is None else f"https://t.me/{name}?start={code}"
    if json:
        show_json({"id": number, "code": code, "link": link})
    elif link is None:
        complain("The bot's name is not known here; the officer writes `/start CODE` to the bot, with this code:")
        print(code)
    else:
        print(link)


@app.command()
def freeze(
    number: Number,
    lift: Annotated[bool, typer.Option("--lift", help="Give the access back.")] = False,
    data: DataFolder = None,
    json: Json = False,
) -> None:
    """Take an officer's access away at once, for example when the phone is lost."""
    settings = chosen_settings(data)
    try:
        changed = _change(settings, lambda services: services.enrolment.freeze(number, frozen=not lift))
    except KeyError:
        raise CommandFailed(f"There is no officer {number}.") from None
    state = "active" if lift else "frozen"
    if json:
        show_json({"id": number, "active": lift, "changed": changed})
    else:
        print(f"Officer {number} is {state}." if changed else f"Officer {number} was {state} already.")


def _change(settings: Settings, what: Callable[["Services"], Awaitable[T]]) -> T:
    """Open the services, carry out one change in them, and close them again."""
    from sopbot.app import open_services
    from sopbot.clock import OffsetClock
    from sopbot.services.inspecting import last_record

    if settings.data.name == SIMULATION:
        complain(f"This changes the simulation in {settings.data}.")
    clock = OffsetClock()
    services = open_services(settings, clock)

    async def changing() -> T:
        with services.database.read() as conn:
            last = last_record(conn, services.offices.definitions)
        if last is not None and clock.now() < last:  # a simulation's clock may be far ahead of the computer's
            clock.set(last)
        return await what(services)

    try:
        return asyncio.run(changing())
    finally:
        services.database.close()


def _made(settings: Settings) -> None:
    """Make the database where there is none: an office may well register its people before the first start."""
    from sopbot.store.database import address_of, upgrade

    file = address_of(settings.database_url).database
    if settings.database_url.startswith("sqlite") and file and not Path(file).exists():
        settings.prepare_data()
        upgrade(settings.database_url)


def _text(what: str, value: str) -> str:
    value = " ".join(value.split())
    if not value or len(value) > LONGEST_NAME or not value.isprintable():
        raise CommandFailed(f"The {what} must be 1 to {LONGEST_NAME} printable characters.")
    return value


def _bot_name(settings: Settings) -> str | None:
    """Ask the Bot API for the bot's username; None without a token or an answer."""
    if settings.token is None:
        return None
    import httpx

    try:
        answer = httpx.post(f"{settings.telegram_api_url}/bot{settings.token.get_secret_value()}/getMe", timeout=5)
        return str(answer.json()["result"]["username"])
    except (httpx.HTTPError, ValueError, LookupError, TypeError):  # what it says may name the address, with the token
        return None
