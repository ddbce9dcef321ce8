"""Checks a reply markup as Telegram does and tells what the page must show of it.

`schema.py` has already checked names and types; this module knows what the documentation only says in words.
"""

from typing import Any

from sopbot.simulator.errors import bad_request, strictness
from sopbot.simulator.utf16 import length

Json = dict[str, Any]
MAX_BUTTONS = 100
MAX_DATA_BYTES = 64
MAX_COPY = 256
MAX_PLACEHOLDER = 64
STYLES = frozenset({"danger", "success", "primary"})
DECORATION = frozenset({"text", "style", "icon_custom_emoji_id"})
LINK_SCHEMES = ("http://", "https://", "tg://", "ton://", "mailto:")


def inline_keyboard(markup: Json | None) -> Json | None:
    """Returns the InlineKeyboardMarkup that the message keeps; None for none and for other kinds of markup."""
    if not markup or "inline_keyboard" not in markup:
        return None
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            check_inline_button(button)
    return {"inline_keyboard": rows} if rows else None


def check_inline_button(button: Json) -> None:
    """Checks one button of an inline keyboard; raises BotApiError."""
    if not button["text"].strip():
        raise strictness("can't parse inline keyboard button: text must be non-empty")
    if "style" in button and button["style"] not in STYLES:
        raise strictness(f'can\'t parse inline keyboard button: unknown style "{button["style"]}"')
    actions = [name for name in button if name not in DECORATION]
    if len(actions) > 1:
        raise strictness(
            f"can't parse inline keyboard button: exactly one action is allowed, not {' and '.join(actions)}"
        )
    if not actions or button.get("callback_data") == "" or button.get("url") == "":
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and len(button["callback_data"].encode()) > MAX_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in button and not 0 < length(button["copy_text"]["text"]) <= MAX_COPY:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if "url" in button:
        check_url(button["url"])


def check_url(url: str) -> None:
    """Refuses a link that Telegram would refuse; a bare host is a link."""
    scheme, colon, _ = url.partition(":")
    if url.startswith(LINK_SCHEMES) or (not colon and "." in scheme):
        return
    reason = "Unsupported URL protocol" if "://" in url else "Wrong HTTP URL"
    raise bad_request(f"inline keyboard button URL '{url}' is invalid: {reason}")


def reply_interface(markup: Json | None, message_id: int) -> Json | None:
    """Returns what the page must show instead of the plain input field, or None if this markup changes nothing.

    `{"remove": true}` takes a keyboard away.
    """
    if not markup or "inline_keyboard" in markup:
        return None
    placeholder = markup.get("input_field_placeholder", "")
    if placeholder and length(placeholder) > MAX_PLACEHOLDER:
        raise strictness("input field placeholder is too long")
    if "remove_keyboard" in markup:
        return {"remove": True}
    if "keyboard" in markup:
        rows = [
            [button if isinstance(button, dict) else {"text": button} for button in row] for row in markup["keyboard"]
        ]
        return {**markup, "keyboard": rows, "message_id": message_id}
    return {**markup, "message_id": message_id}


def shown_buttons(markup: Json | None) -> list[list[Json]]:
    """Gives the buttons of a message as `/sim` tells them."""
    rows = (markup or {}).get("inline_keyboard", [])
    return [[shown_button(button) for button in row] for row in rows]


def shown_button(button: Json) -> Json:
    """Gives one button: `text` and whichever of `data`, `url`, `copy` and `style` it has."""
    shown: Json = {"text": button["text"]}
    if "callback_data" in button:
        shown["data"] = button["callback_data"]
    if "url" in button:
        shown["url"] = button["url"]
    if "copy_text" in button:
        shown["copy"] = button["copy_text"]["text"]
    if "style" in button:
        shown["style"] = button["style"]
    return shown
