"""Shows pages to people through the Bot API: new messages, edits in place, answers to taps, command menus.

Counterparts: `sopbot/services/ports.py` has the port, `transport.py` judges what goes wrong.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError

from sopbot.chat.cards import page_of
from sopbot.chat.page import LONGEST_TEXT, Button, Page, cut, plain, utf16
from sopbot.chat.transport import judged, not_modified, unreadable_markup
from sopbot.services.ports import DeliveryFailed, Failure
from sopbot.services.views import View

LONGEST_TOAST: Final = 200
ATTEMPTS: Final = 4  # of an answer
LONGEST_REST: Final = timedelta(seconds=30)  # an answer that must wait longer is worth nothing
_AGAIN: Final = frozenset({Failure.NOT_SENT, Failure.HELD})  # surely not sent
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
T = TypeVar("T")
Pace = Callable[[int, bool], timedelta]  # how long the limiter wants a chat to wait: (chat, edit)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TelegramMessenger:
    """The messenger on python-telegram-bot; every method raises `DeliveryFailed`.

    With a `pace` it is one for answers: it waits for its turn, and tries again what was surely not sent. The
    outbox keeps its own time and uses one without.
    """

    bot: Bot
    pace: Pace | None = None
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def send(self, chat_id: int, view: View, *, repeated: bool = False) -> int:
        """Send a view as a new message and return its id."""
        return await self.send_page(chat_id, page_of(view, repeated=repeated))

    async def edit(self, chat_id: int, message_id: int, view: View) -> None:
        """Make an earlier message show the view."""
        await self.edit_page(chat_id, message_id, page_of(view))

    async def send_page(self, chat_id: int, page: Page, *, reply_to: int | None = None) -> int:
        """Send a page as a new message and return its id."""
        return await self._patiently(chat_id, edit=False, call=lambda: self._send(chat_id, page, reply_to))

    async def edit_page(self, chat_id: int, message_id: int, page: Page) -> None:
        """Make an earlier message show the page; showing it already is a success."""
        await self._patiently(chat_id, edit=True, call=lambda: self._edit(chat_id, message_id, page))

    async def _patiently(self, chat_id: int, *, edit: bool, call: Callable[[], Awaitable[T]]) -> T:
        if self.pace is None:
            return await call()
        attempt = 0
        while True:
            while wait := self.pace(chat_id, edit):
                await self.pause(wait.total_seconds())
            try:
                return await call()
            except DeliveryFailed as failed:
                attempt += 1
                rest = failed.retry_after or timedelta(seconds=2 ** (attempt - 1))
                if failed.failure not in _AGAIN or rest > LONGEST_REST or attempt == ATTEMPTS:
                    raise
                log.info("answer_tried_again", failure=failed.failure)
                await self.pause(rest.total_seconds())

    async def _send(self, chat_id: int, page: Page, reply_to: int | None) -> int:
        markup = _markup(page)
        quoted = None if reply_to is None else ReplyParameters(message_id=reply_to, allow_sending_without_reply=True)
        text, mode = _text(page)
        try:
            try:
                message = await self.bot.send_message(
                    chat_id,
                    text,
                    parse_mode=mode,
                    reply_markup=markup,
                    reply_parameters=quoted,
                    link_preview_options=_NO_PREVIEW,
                )
            except TelegramError as error:
                if not unreadable_markup(error):
                    raise
                message = await self.bot.send_message(
                    chat_id, cut(plain(page.html), LONGEST_TEXT), reply_markup=markup, reply_parameters=quoted
                )
        except (TelegramError, AttributeError, TypeError, ValueError, KeyError) as error:
            raise judged(error) from error
        return message.message_id

    async def _edit(self, chat_id: int, message_id: int, page: Page) -> None:
        markup = InlineKeyboardMarkup(_keyboard(page.buttons)) if page.buttons else None
        text, mode = _text(page)
        try:
            try:
                await self.bot.edit_message_text(
                    text, chat_id, message_id, parse_mode=mode, reply_markup=markup, link_preview_options=_NO_PREVIEW
                )
            except TelegramError as error:
                if not unreadable_markup(error):
                    raise
                await self.bot.edit_message_text(
                    cut(plain(page.html), LONGEST_TEXT), chat_id, message_id, reply_markup=markup
                )
        except (TelegramError, AttributeError, TypeError, ValueError, KeyError) as error:
            if not_modified(error):
                return
            raise judged(error) from error

    async def answer(self, query_id: str, text: str | None = None, *, alert: bool = False) -> None:
        """Answer a tap; one that is too old to be answered needs no answer any more."""
        shown = None if text is None else cut(text, LONGEST_TOAST)
        try:
            await self.bot.answer_callback_query(query_id, shown, show_alert=alert)
        except (TelegramError, AttributeError, TypeError, ValueError, KeyError) as error:
            failed = judged(error)
            if isinstance(error, TelegramError) and "query is too old" in error.message.lower():
                return
            raise failed from error

    async def set_commands(self, commands: Mapping[str, str], chat_id: int | None = None) -> None:
        """Set the command menu for one private chat, or for all of them."""
        scope = BotCommandScopeAllPrivateChats() if chat_id is None else BotCommandScopeChat(chat_id)
        menu = [BotCommand(name, description) for name, description in commands.items()]
        try:
            await self.bot.set_my_commands(menu, scope=scope)
        except (TelegramError, AttributeError, TypeError, ValueError, KeyError) as error:
            raise judged(error) from error

    async def leave(self, chat_id: int) -> None:
        """Leave a group that the bot does not belong to."""
        try:
            await self.bot.leave_chat(chat_id)
        except TelegramError as error:
            raise judged(error) from error


def _text(page: Page) -> tuple[str, ParseMode | None]:
    """Return the page's text; one that is too long goes out cut and plain, as cutting would break the markup."""
    if utf16(plain(page.html)) <= LONGEST_TEXT:
        return page.html, ParseMode.HTML
    return cut(plain(page.html), LONGEST_TEXT), None


def _markup(page: Page) -> InlineKeyboardMarkup | ForceReply | None:
    if page.question is not None:
        return ForceReply(input_field_placeholder=cut(page.question, 64))
    return InlineKeyboardMarkup(_keyboard(page.buttons)) if page.buttons else None


def _keyboard(rows: tuple[tuple[Button, ...], ...]) -> list[list[InlineKeyboardButton]]:
    return [
        [
            InlineKeyboardButton(
                button.text,
                callback_data=button.data,
                style=None if button.style is None else button.style.value,
            )
            for button in row
        ]
        for row in rows
    ]
