"""Commands that officers type: each parses, asks one service, replies. Counterpart: `sopbot/chat/menus.py`."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from handlers.desk import Desk, Incoming
from sopbot.chat import menus, sop_pages
from sopbot.chat.page import Page
from sopbot.chat.texts import CANCELLED_DIALOG, NOTHING_TO_CANCEL, UNKNOWN_COMMAND, refusal
from sopbot.domain.errors import AccountTaken, UnknownInstance
from sopbot.domain.permissions import overseer


async def start(desk: Desk, incoming: Incoming, argument: str) -> None:
    """/start of somebody who is enrolled: who you are and what happens next."""
    if argument:
        await incoming.reply(desk, Page(html=refusal(AccountTaken())))
    labels = desk.offices.role_labels(incoming.member.office.slug, incoming.member.officer.roles)
    await incoming.reply(desk, menus.welcome(incoming.member, labels))


async def help_(desk: Desk, incoming: Incoming, argument: str) -> None:
    """/bantuan."""
    await incoming.reply(desk, menus.help_page(incoming.member))


async def sop(desk: Desk, incoming: Incoming, argument: str) -> None:
    """/sop: browse the office's SOPs."""
    await incoming.reply(desk, sop_pages.sop_list(incoming.member, desk.queries.sops(incoming.member)))


async def begin(desk: Desk, incoming: Incoming, argument: str) -> None:
    """/mulai: choose an SOP to start."""
    await incoming.reply(desk, menus.choose_sop(desk.queries.startable(incoming.member)))


async def tasks(desk: Desk, incoming: Incoming, argument: str) -> None:
    """/tugas: what waits for me."""
    cards = desk.queries.tasks(incoming.member)
    await incoming.reply(desk, menus.tasks(incoming.member, cards, desk.now()))


async def watch(desk: Desk, incoming: Incoming, argument: str) -> None:
    """/pantau: the office's running instances, for the Sekcam and the Camat."""
    if not overseer(incoming.member.officer):
        await incoming.reply(desk, Page(html=menus.WATCH_REFUSED))
        return
    now = desk.now()
    view = desk.queries.overview(incoming.member, 0, now)
    await incoming.reply(desk, menus.overview(view, incoming.member, now))


async def trail(desk: Desk, incoming: Incoming, argument: str) -> None:
    """/jejak, or /jejak 12: an instance's records."""
    from sopbot.chat.trail_page import trail_page

    if not argument:
        await incoming.reply(desk, menus.choose_instance(desk.queries.instances_of(incoming.member)))
        return
    number = argument.lstrip("#")
    if not (number.isascii() and number.isdigit() and len(number) < menus.LONGEST_NUMBER):
        raise UnknownInstance
    await incoming.reply(desk, trail_page(desk.queries.visible(incoming.member, int(number)), 0))


async def cancel(desk: Desk, incoming: Incoming, argument: str) -> None:
    """/batal: forget the question that waits for an answer."""
    forgotten = await desk.asking.forget(incoming.origin.telegram_id or 0)
    await incoming.reply(desk, Page(html=CANCELLED_DIALOG if forgotten else NOTHING_TO_CANCEL))


async def unknown(desk: Desk, incoming: Incoming, argument: str) -> None:
    """Anything else that looks like a command."""
    await incoming.reply(desk, Page(html=UNKNOWN_COMMAND))


COMMANDS: Final[Mapping[str, Callable[[Desk, Incoming, str], Awaitable[None]]]] = {
    "start": start,
    "bantuan": help_,
    "help": help_,
    "sop": sop,
    "mulai": begin,
    "tugas": tasks,
    "pantau": watch,
    "jejak": trail,
    "batal": cancel,
}
