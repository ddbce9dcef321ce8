"""What one message looks like: HTML and rows of buttons; and the data that a button carries.

Counterpart: `sopbot/chat/messenger.py` sends it. Telegram takes at most 64 bytes of data for a button.
"""

import html
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LONGEST_TEXT: Final = 4096  # UTF-16 units after the markup is read
LONGEST_DATA: Final = 64  # bytes
LONGEST_LABEL: Final = 60
SHORTENED: Final = 300  # UTF-16 units of one item in a list
LISTED: Final = 600  # of all of them: a card must keep room for what stands below its lists
SEPARATOR: Final = "|"
# Characters that turn or hide text around them; a name or a subject must not reorder a sentence.
_DIRECTION: Final = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF}

_BLANK: Final = {0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0}  # letters and symbols by category that show nothing


class Style(StrEnum):
    """Button colours as Telegram names them."""

    YES = "success"
    NO = "danger"
    MAIN = "primary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One inline button."""

    text: str
    data: str
    style: Style | None = None

    def __post_init__(self) -> None:
        """Refuse what Telegram would refuse: python-telegram-bot does not check it."""
        if not 1 <= len(self.data.encode()) <= LONGEST_DATA:
            raise ValueError(f"A button carries 1 to {LONGEST_DATA} bytes: {self.data!r}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One message."""

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    question: str | None = None  # a placeholder: the person is asked to reply with text


def data(*parts: object) -> str:
    """Join the parts of a button's data."""
    return SEPARATOR.join(str(part) for part in parts)


def clean(text: str) -> str:
    """Return text typed by people as one that cannot disturb its surroundings: no controls, no direction marks."""
    kept = [
        char
        for char in unicodedata.normalize("NFC", text)
        if ord(char) not in _DIRECTION and (char in "\n\t" or unicodedata.category(char)[0] != "C" or char == "\u200d")
    ]
    text = "".join(kept).strip()
    return text if any(_is_seen(char) for char in text) else ""


def _is_seen(char: str) -> bool:
    """Tell whether a character leaves ink: a reason of joiners, fillers and spaces alone is none."""
    return unicodedata.category(char)[0] not in "CZM" and ord(char) not in _BLANK


def esc(text: str) -> str:
    """Return text for a place inside HTML."""
    return html.escape(clean(text), quote=False)


def cut(text: str, units: int) -> str:
    """Return at most `units` UTF-16 units of the text, with an ellipsis where something was left out."""
    if utf16(text) <= units:
        return text
    kept: list[str] = []
    used = 1
    for char in text:
        used += utf16(char)
        if used > units:
            break
        kept.append(char)
    return "".join(kept).rstrip() + "…"


def utf16(text: str) -> int:
    """Return the length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def listed(items: tuple[str, ...]) -> str:
    """Write one item in line, several as a list that is not too long; as HTML."""
    shown: list[str] = []
    used = 0
    for item in items:
        short = cut(item, SHORTENED)
        used += utf16(short)
        if used > LISTED:
            shown.append(f"dan {len(items) - len(shown)} lainnya")
            break
        shown.append(esc(short))
    if not shown:
        return "-"
    return shown[0] if len(shown) == 1 else "\n" + "\n".join(f"• {item}" for item in shown)


def plain(page_html: str) -> str:
    """Return the text of our own HTML without its markup, for a chat that refused the markup."""
    out: list[str] = []
    inside = False
    for char in page_html:
        if char in "<>":
            inside = char == "<"
        elif not inside:
            out.append(char)
    return html.unescape("".join(out))
