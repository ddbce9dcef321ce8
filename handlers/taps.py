"""Buttons that officers press: on a card, or to look around. Counterparts: `sopbot/chat/cards.py` and `menus.py`."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from handlers.desk import Desk, Incoming
from sopbot.chat import cards, menus, sop_pages, texts
from sopbot.chat.page import SEPARATOR, Page
from sopbot.chat.trail_page import trail_page
from sopbot.domain.errors import InstanceOver, StaleButton
from sopbot.domain.instance import InstanceState
from sopbot.domain.permissions import canceller, overseer, starter
from sopbot.services.acting import Press
from sopbot.services.asking import Asked, Asking


async def tap(desk: Desk, incoming: Incoming, data: str) -> None:
    """Take a press to its handler; raises `Rejected`, and `StaleButton` for data that no button of ours carries."""
    key, *arguments = data.split(SEPARATOR)
    handler = _HANDLERS.get(key)
    if handler is None:
        raise StaleButton
    await handler(desk, incoming, arguments)


def _part(arguments: list[str], place: int) -> str:
    """Return one part of a button's data; no button of ours lacks one."""
    if place >= len(arguments):
        raise StaleButton
    return arguments[place]


def _number(text: str) -> int:
    """Return a number of a button's data; no button of ours carries one that the database could not hold."""
    if not (text.isascii() and text.isdigit() and len(text) < menus.LONGEST_NUMBER):
        raise StaleButton
    return int(text)


def _press(text: str) -> Press:
    if text not in set(Press):
        raise StaleButton
    return Press(text)


async def _card(desk: Desk, incoming: Incoming, arguments: list[str]) -> None:
    token, press = _part(arguments, 0), _press(_part(arguments, 1))
    card = await desk.acting.press(incoming.member, token, press, incoming.message_id, incoming.origin)
    if press is not Press.NO:
        await incoming.toast(
            desk, texts.accepted(card.due_at, card.facts.zone) if card.state.is_open else cards.toast(card)
        )
        return
    await incoming.toast(desk)
    asked = {"instance": card.facts.instance, "n": card.assignment}
    await incoming.ask(desk, Asked.RETURN_REASON, asked, menus.ask_return_reason(card))


async def _open(desk: Desk, incoming: Incoming, arguments: list[str]) -> None:
    card = await desk.acting.reopen(incoming.member, _number(_part(arguments, 0)), _number(_part(arguments, 1)))
    await incoming.toast(desk)
    message_id = await desk.messenger.send(incoming.chat_id, card)
    await desk.acting.shown(card, message_id, incoming.member.office.slug)


async def _sops(desk: Desk, incoming: Incoming, arguments: list[str]) -> None:
    if not arguments:
        page = sop_pages.sop_list(incoming.member, desk.queries.sops(incoming.member))
    else:
        version = desk.queries.sop(incoming.member, _part(arguments, 0))
        startable = any(one.slug == version.sop.slug for one in desk.queries.startable(incoming.member))
        page = sop_pages.sop_page(version, startable=startable)
        match arguments[1:]:
            case [sop_pages.IDENTITY, section]:
                page = sop_pages.sop_identity(version, _number(section))
            case [number]:
                page = sop_pages.sop_steps(version, _number(number))
    await incoming.toast(desk)
    await incoming.replace(desk, page)


async def _start(desk: Desk, incoming: Incoming, arguments: list[str]) -> None:
    sop = desk.queries.sop(incoming.member, _part(arguments, 0)).sop
    starter(sop, incoming.member.office, incoming.member.officer.id)
    await incoming.toast(desk)
    await incoming.ask(desk, Asked.SUBJECT, {"slug": sop.slug}, menus.ask_subject(sop))


async def _confirm(desk: Desk, incoming: Incoming, arguments: list[str]) -> None:
    who, nonce = incoming.origin.telegram_id or 0, _part(arguments, 0)
    slug, subject = desk.asking.confirmed(who, nonce)
    outcome = await desk.execution.start(
        slug, subject, incoming.member.officer.id, incoming.origin, guard=lambda conn: Asking.take(conn, who, nonce)
    )
    await incoming.toast(desk)
    facts = desk.queries.facts(incoming.member, outcome.after.id)
    await incoming.replace(desk, menus.started(facts, texts.receipt_text(outcome.receipts[0])))


async def _forget(desk: Desk, incoming: Incoming, arguments: list[str]) -> None:
    who = incoming.origin.telegram_id or 0
    desk.asking.confirmed(who, _part(arguments, 0))  # only its own question, never one that was asked later
    await desk.asking.forget(who)
    await incoming.toast(desk)
    await incoming.replace(desk, Page(html=texts.CANCELLED_DIALOG))


async def _watch(desk: Desk, incoming: Incoming, arguments: list[str]) -> None:
    if not overseer(incoming.member.officer):
        raise StaleButton
    now = desk.now()
    page = menus.overview(
        desk.queries.overview(incoming.member, _number(_part(arguments, 0)), now), incoming.member, now
    )
    await incoming.toast(desk)
    await incoming.replace(desk, page)


async def _see(desk: Desk, incoming: Incoming, arguments: list[str]) -> None:
    scene = desk.queries.visible(incoming.member, _number(_part(arguments, 0)))
    await incoming.toast(desk)
    await incoming.reply(desk, menus.instance_page(scene, incoming.member, desk.now()))


async def _trail(desk: Desk, incoming: Incoming, arguments: list[str]) -> None:
    scene = desk.queries.visible(incoming.member, _number(_part(arguments, 0)))
    await incoming.toast(desk)
    page = trail_page(scene, _number(_part(arguments, 1)))
    await incoming.replace(desk, page)


async def _cancel(desk: Desk, incoming: Incoming, arguments: list[str]) -> None:
    canceller(incoming.member.office, incoming.member.officer.id)
    scene = desk.queries.visible(incoming.member, _number(_part(arguments, 0)))
    if scene.instance.state is not InstanceState.RUNNING:  # an older message still has the button
        raise InstanceOver(state=scene.instance.state)
    await incoming.toast(desk)
    await incoming.ask(desk, Asked.CANCEL_REASON, {"instance": scene.instance.id}, menus.ask_cancel_reason(scene))


_HANDLERS: Final[Mapping[str, Callable[[Desk, Incoming, list[str]], Awaitable[None]]]] = {
    cards.CARD: _card,
    cards.OPEN: _open,
    cards.SEE: _see,
    sop_pages.SOPS: _sops,
    menus.START: _start,
    menus.CONFIRM: _confirm,
    menus.FORGET: _forget,
    menus.WATCH: _watch,
    menus.TRAIL: _trail,
    menus.CANCEL: _cancel,
}
