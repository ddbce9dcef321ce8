"""Reads Telegram's HTML parse mode into text and entities, with Telegram's error texts; `rich_text.py` calls it.

The rules follow `do_parse_html` of tdlib/td (MessageEntity.cpp): no nesting is checked but tag order, an unknown
character reference stays as it is, an attribute that means nothing is skipped, offsets in errors count UTF-8 bytes.
"""

import re
from dataclasses import dataclass
from typing import Any

from sopbot.simulator.errors import BotApiError, bad_request
from sopbot.simulator.utf16 import length

Json = dict[str, Any]
END = "\0"
MARKUP = re.compile("[<&]")
SPACES = frozenset(" \t\r\n\v\0")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
}
TAGS = frozenset(SIMPLE) | {"a", "blockquote", "tg-emoji", "tg-time"}
MAX_CODE_POINT = 0x10FFFF
MAX_REFERENCE = 10


@dataclass(slots=True, kw_only=True)
class Opened:
    """A start tag that waits for its end tag; `start` is an index of the text that is being built."""

    tag: str
    attributes: dict[str, str]
    start: int


class HtmlReader:
    """Reads one text from left to right."""

    def __init__(self, source: str) -> None:
        """Ends the source with NUL, as the original does: it stops every inner loop."""
        self.source = source
        self.text = source + END
        self.at = 0
        self.result: list[str] = []
        self.opened: list[Opened] = []
        self.entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        """Returns the text without markup and its entities in UTF-16 units; raises BotApiError."""
        while self.at < len(self.source):
            character = self.text[self.at]
            if character == "<":
                if self.text[self.at + 1] == "/":
                    self._end_tag()
                else:
                    self._start_tag()
            elif character == "&":
                self.result.append(self._reference() or self._take())
            else:
                self.result.append(self._run())
        if self.opened:
            raise unparsable(f'Can\'t find end tag corresponding to start tag "{self.opened[-1].tag}"')
        text = "".join(self.result)
        if any("\ud800" <= character <= "\udfff" for character in text):
            message = (
                "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched "
                "surrogate code units"
            )
            raise unparsable(message)
        return text, self.entities

    def _take(self) -> str:
        self.at += 1
        return self.text[self.at - 1]

    def _run(self) -> str:
        """Takes everything up to the next character that could be markup."""
        begin, following = self.at, MARKUP.search(self.source, self.at)
        self.at = following.start() if following else len(self.source)
        return self.text[begin : self.at]

    def _skip_spaces(self) -> None:
        while self.at < len(self.source) and self.text[self.at] in SPACES:
            self.at += 1

    def _until(self, stop: str) -> str:
        begin = self.at
        while self.text[self.at] not in SPACES and self.text[self.at] not in stop:
            self.at += 1
        return self.text[begin : self.at]

    def _fail(self, message: str, begin: int) -> BotApiError:
        return unparsable(f"{message} at byte offset {len(self.source[:begin].encode('utf-8', 'surrogatepass'))}")

    def _reference(self) -> str:
        """Reads a character reference, or nothing at all: Telegram then keeps the `&`."""
        end = self.at + 1
        if self.text[end] == "#":
            end += 1
            base = 10
            if self.text[end] == "x":
                base, end = 16, end + 1
            begin = end
            digits = "0123456789abcdefABCDEF" if base == 16 else "0123456789"  # noqa: PLR2004 - hexadecimal
            while self.text[end] in digits:
                end += 1
            code = int(self.text[begin:end] or "0", base)
            if code == 0 or code >= MAX_CODE_POINT or end - self.at >= MAX_REFERENCE:
                return ""
            found = chr(code)
        else:
            while self.text[end].isascii() and self.text[end].isalpha():
                end += 1
            found = NAMED.get(self.text[self.at + 1 : end], "")
            if not found:
                return ""
        self.at = end + (self.text[end] == ";")
        return found

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self._until(">").lower()
        if self.at >= len(self.source):
            raise self._fail("Unclosed start tag", begin)
        if tag not in TAGS:
            raise self._fail(f'Unsupported start tag "{tag}"', begin)
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._fail('Tag "span" must have class "tg-spoiler"', begin)
        self.opened.append(Opened(tag=tag, attributes=attributes, start=length("".join(self.result))))
        self.at += 1

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while self.text[self.at] != ">":
            self._skip_spaces()
            if self.text[self.at] == ">":
                break
            name = self._until("=>")
            if not name:
                raise self._fail(f'Empty attribute name in the tag "{tag}"', begin)
            self._skip_spaces()
            bare = tag == "blockquote" and name == "expandable" and self.text[self.at] != "="
            if bare:
                attributes[name] = ""
                continue
            if self.text[self.at] != "=":
                raise self._fail(f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin)
            self.at += 1
            self._skip_spaces()
            if self.at >= len(self.source):
                raise self._fail(f'Unclosed start tag "{tag}"', begin)
            attributes[name] = self._value()
            if self.at >= len(self.source):
                raise self._fail("Unclosed start tag", begin)
        return attributes

    def _value(self) -> str:
        quote = self.text[self.at]
        if quote not in "'\"":
            begin = self.at
            while (self.text[self.at].isascii() and self.text[self.at].isalnum()) or self.text[self.at] in ".-":
                self.at += 1
            if self.text[self.at] not in SPACES and self.text[self.at] != ">":
                raise self._fail("Unexpected end of name token", begin)
            return self.text[begin : self.at].lower()
        self.at += 1
        value: list[str] = []
        while self.at < len(self.source) and self.text[self.at] != quote:
            value.append((self.text[self.at] == "&" and self._reference()) or self._take())
        if self.at < len(self.source):
            self.at += 1
        return "".join(value)

    def _end_tag(self) -> None:
        begin = self.at
        if not self.opened:
            raise self._fail("Unexpected end tag", begin)
        self.at += 2
        found = self._until(">").lower()
        self._skip_spaces()
        if self.text[self.at] != ">":
            raise self._fail("Unclosed end tag", begin)
        self.at += 1
        last = self.opened.pop()
        if found and found != last.tag:
            # Telegram names the offset of the end tag before what it expected, unlike in every other text.
            offset = len(self.source[:begin].encode())
            raise unparsable(f'Unmatched end tag at byte offset {offset}, expected "</{last.tag}>", found "</{found}>"')
        self._close(last)

    def _close(self, last: Opened) -> None:
        text = "".join(self.result)
        size = length(text) - last.start
        if size == 0:
            return
        entity: Json = {"type": SIMPLE.get(last.tag, ""), "offset": last.start, "length": size}
        attributes = last.attributes
        match last.tag:
            case "a":
                shown = text.encode("utf-16-le", "surrogatepass")[last.start * 2 :].decode("utf-16-le", "replace")
                self._link(entity, attributes.get("href") or shown)
                return
            case "blockquote":
                entity["type"] = "expandable_blockquote" if "expandable" in attributes else "blockquote"
            case "tg-emoji":
                if not attributes.get("emoji-id", "").isdecimal():
                    raise unparsable("Invalid custom emoji identifier specified")
                entity |= {"type": "custom_emoji", "custom_emoji_id": attributes["emoji-id"]}
            case "tg-time":
                if not attributes.get("unix", "").isdecimal():
                    raise unparsable("Invalid date-time specified")
                entity |= {"type": "date_time", "unix_time": int(attributes["unix"])}
            case "code":
                language = attributes.get("class", "").removeprefix("language-")
                if self.opened and self.opened[-1].tag == "pre" and language:
                    entity["language"] = language
            case "pre":
                self._merge_code(entity)
            case _:
                pass
        self.entities.append(entity)

    def _merge_code(self, pre: Json) -> None:
        """Makes `<pre><code class="language-x">` one entity; a code that is shorter than its pre loses the language."""
        if not self.entities or self.entities[-1]["type"] != "code":
            return
        code = self.entities[-1]
        language = code.pop("language", None)
        if language and (code["offset"], code["length"]) == (pre["offset"], pre["length"]):
            self.entities.pop()
            pre["language"] = language

    def _link(self, entity: Json, url: str) -> None:
        """Keeps a link only if it is one: Telegram shows the bare text otherwise."""
        digits = url.removeprefix("tg://user?id=")
        if digits != url and digits.isdecimal():
            self.entities.append(entity | {"type": "text_mention", "user_id": int(digits)})
        elif url.startswith(("http://", "https://", "tg:", "ton:", "mailto:")):
            self.entities.append(entity | {"type": "text_link", "url": url})
        elif "." in url and ":" not in url.split("/", 1)[0]:
            self.entities.append(entity | {"type": "text_link", "url": f"http://{url}"})


def unparsable(reason: str) -> BotApiError:
    """Builds the 400 that Telegram gives for markup that it can't read."""
    return bad_request(f"can't parse entities: {reason}")


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Returns text and entities of an HTML text; raises BotApiError with Telegram's text."""
    return HtmlReader(source).read()
