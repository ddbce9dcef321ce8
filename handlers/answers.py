"""Text that answers a question of the bot: a subject, or a reason. Counterpart: `sopbot/services/asking.py`."""

from typing import assert_never

from handlers.desk import Desk, Incoming
from sopbot.chat import menus
from sopbot.chat.cards import done_sentence
from sopbot.chat.page import Page, clean
from sopbot.chat.texts import UNKNOWN_TEXT, cancelled, receipt_text
from sopbot.domain.decide import LONGEST_SUBJECT
from sopbot.domain.errors import ReasonRequired, SubjectRequired, SubjectTooLong
from sopbot.services.asking import Asked, Question


async def text(desk: Desk, incoming: Incoming) -> None:
    """Take a text to the question that it answers, or say that none was asked."""
    question = desk.asking.pending(incoming.origin.telegram_id or 0, incoming.reply_to)
    if question is None:
        await incoming.reply(desk, Page(html=UNKNOWN_TEXT))
        return
    match question.kind:
        case Asked.SUBJECT:
            await _subject(desk, incoming, question)
        case Asked.RETURN_REASON:
            await _return_reason(desk, incoming, question)
        case Asked.CANCEL_REASON:
            await _cancel_reason(desk, incoming, question)
        case Asked.CONFIRM:
            await incoming.reply(desk, Page(html=menus.PRESS_A_BUTTON))
        case _:
            assert_never(question.kind)


async def _subject(desk: Desk, incoming: Incoming, question: Question) -> None:
    subject = " ".join(clean(incoming.text).split())
    if not subject:
        raise SubjectRequired
    if len(subject) > LONGEST_SUBJECT:
        raise SubjectTooLong
    sop = desk.queries.sop(incoming.member, str(question.data["slug"])).sop
    nonce = await desk.asking.ask_confirmation(incoming.origin.telegram_id or 0, sop.slug, subject)
    await incoming.reply(desk, menus.confirm_start(sop, subject, nonce))


async def _return_reason(desk: Desk, incoming: Incoming, question: Question) -> None:
    instance, n = int(str(question.data["instance"])), int(str(question.data["n"]))
    card = await desk.acting.give_back(incoming.member, instance, n, _reason(incoming), incoming.origin)
    await desk.asking.forget(incoming.origin.telegram_id or 0)
    receipt = "" if card.receipt is None else f"\n<code>{receipt_text(card.receipt)}</code>"
    await incoming.reply(desk, Page(html=done_sentence(card) + receipt))


async def _cancel_reason(desk: Desk, incoming: Incoming, question: Question) -> None:
    instance = int(str(question.data["instance"]))
    outcome = await desk.acting.cancel(incoming.member, instance, _reason(incoming), incoming.origin)
    await desk.asking.forget(incoming.origin.telegram_id or 0)
    receipt = receipt_text(outcome.receipts[-1])
    await incoming.reply(desk, Page(html=f"{cancelled(outcome.after.subject)}\n<code>{receipt}</code>"))


def _reason(incoming: Incoming) -> str:
    reason = clean(incoming.text)
    if not reason:
        raise ReasonRequired
    return reason
