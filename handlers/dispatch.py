"""From a raw update to its handler: who sent it, whether it may be handled, and what goes wrong is told once.

Only what a person types or presses in the own private chat is handled. Edits, other bots, anonymous admins,
forwarded messages and groups are not. Counterpart: `sopbot/services/intake.py` keeps the order.
"""

import json
import secrets

import structlog
from telegram import CallbackQuery, Message, Update

from handlers import answers, taps
from handlers.commands import COMMANDS, unknown
from handlers.desk import Desk, Incoming
from sopbot.chat import menus, texts
from sopbot.chat.page import Page
from sopbot.domain.errors import Rejected
from sopbot.domain.permissions import active_officer
from sopbot.services.enrolment import Member
from sopbot.services.execute import AlreadyHandled, Origin
from sopbot.services.intake import Received
from sopbot.services.ports import DeliveryFailed

log = structlog.get_logger(__name__)


async def dispatch(desk: Desk, row: Received) -> None:
    """Handle one update; an error of ours is told to the person with a reference and raised again."""
    update = Update.de_json(json.loads(row.raw), desk.messenger.bot)
    try:
        await _route(desk, update, row)
    except DeliveryFailed as failed:
        log.warning("reply_not_delivered", update_id=row.update_id, failure=failed.failure)
    except AlreadyHandled:
        log.info("update_handled_before", update_id=row.update_id)


async def _route(desk: Desk, update: Update, row: Received) -> None:
    if update.callback_query is not None:
        await _query(desk, update.callback_query, row)
    elif update.message is not None:
        await _message(desk, update.message, row)
    elif update.my_chat_member is not None and update.my_chat_member.chat.type != "private":
        if update.my_chat_member.new_chat_member.status in {"member", "administrator", "restricted"}:
            await desk.messenger.leave(update.my_chat_member.chat.id)
    else:
        log.info("update_ignored", update_id=row.update_id)


async def _query(desk: Desk, query: CallbackQuery, row: Received) -> None:
    chat = None if query.message is None else query.message.chat
    if query.from_user.is_bot or query.message is None or chat is None:
        return
    if chat.type != "private":
        await desk.messenger.answer(query.id, texts.PRIVATE_ONLY, alert=True)
        return
    origin = _origin(query.from_user.id, row)
    member = desk.queries.member(query.from_user.id)
    if member is None:
        await desk.denials.stranger(origin, "button")
        await desk.messenger.answer(query.id, texts.NOT_FOR_YOU, alert=True)
        return
    incoming = Incoming(
        member=member, chat_id=chat.id, message_id=query.message.message_id, origin=origin, query_id=query.id
    )
    try:
        _require_active(member)
        await taps.tap(desk, incoming, query.data or "")
    except Rejected as refusal:
        await desk.denials.refused(origin, "button", refusal)
        await incoming.toast(desk, texts.refusal(refusal), alert=True)
    except (DeliveryFailed, AlreadyHandled):
        raise
    except Exception as error:
        await incoming.toast(desk, texts.trouble(_reference(error, row)), alert=True)
        raise


async def _message(desk: Desk, message: Message, row: Received) -> None:
    person = message.from_user
    if person is None or person.is_bot or message.sender_chat is not None or message.chat.type != "private":
        return
    origin = _origin(person.id, row)
    member = desk.queries.member(person.id)
    if member is None:
        await _stranger(desk, message, origin)
        return
    incoming = Incoming(
        member=member,
        chat_id=message.chat.id,
        message_id=message.message_id,
        origin=origin,
        text=message.text or "",
        reply_to=None if message.reply_to_message is None else message.reply_to_message.message_id,
    )
    try:
        _require_active(member)
        await _handle(desk, message, incoming)
    except Rejected as refusal:
        await desk.denials.refused(origin, "message", refusal)
        await incoming.reply(desk, Page(html=texts.refusal(refusal)))
    except (DeliveryFailed, AlreadyHandled):
        raise
    except Exception as error:
        await incoming.reply(desk, Page(html=texts.trouble(_reference(error, row))))
        raise


async def _handle(desk: Desk, message: Message, incoming: Incoming) -> None:
    if message.forward_origin is not None:
        await incoming.reply(desk, Page(html=texts.FORWARDED))
    elif not incoming.text:
        await incoming.reply(desk, Page(html=texts.TEXT_ONLY))
    elif incoming.text.startswith("/"):
        name, argument = _command(incoming.text)
        await COMMANDS.get(name, unknown)(desk, incoming, argument)
    else:
        await answers.text(desk, incoming)


async def _stranger(desk: Desk, message: Message, origin: Origin) -> None:
    """Somebody who is not enrolled gets a neutral sentence, or is enrolled by an invitation."""
    name, code = _command(message.text or "")
    if name != "start" or not code or message.forward_origin is not None:
        await desk.messenger.send_page(message.chat.id, Page(html=texts.STRANGER))
        return
    try:
        member = await desk.enrolment.redeem(code, origin.telegram_id or 0, origin)
    except Rejected as refusal:
        await desk.messenger.send_page(message.chat.id, Page(html=texts.refusal(refusal)))
        return
    labels = desk.offices.role_labels(member.office.slug, member.officer.roles)
    await desk.messenger.send_page(message.chat.id, menus.welcome(member, labels))
    await desk.messenger.set_commands(texts.commands_for(member.officer), message.chat.id)


def _require_active(member: Member) -> None:
    active_officer(member.office, member.officer.id)


def _command(text: str) -> tuple[str, str]:
    """Return the command's name, without the bot's, and its argument; ("", "") for other text."""
    if not text.startswith("/"):
        return "", ""
    head, _, argument = text[1:].partition(" ")
    return head.partition("@")[0].lower(), argument.strip()


def _origin(telegram_id: int, row: Received) -> Origin:
    return Origin(telegram_id=telegram_id, update_id=row.update_id, update_hash=row.update_hash, inbox_id=row.inbox_id)


def _reference(error: Exception, row: Received) -> str:
    reference = secrets.token_hex(3)
    log.error("handler_failed", reference=reference, update_id=row.update_id, error=type(error).__name__)
    return reference
