"""Reads Telegram's MarkdownV2 into text and entities; its counterpart is `html_markup.py`.

The rules follow `do_parse_markdown_v2` of tdlib/td; block quotes and custom emoji are refused as not implemented.
"""

from typing import Any

from sopbot.simulator.errors import BotApiError, strictness
from sopbot.simulator.html_markup import unparsable
from sopbot.simulator.utf16 import length

Json = dict[str, Any]
RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
MARKS = (
    ("```", "pre", "Pre"),
    ("__", "underline", "Underline"),
    ("||", "spoiler", "Spoiler"),
    ("`", "code", "Code"),
    ("*", "bold", "Bold"),
    ("_", "italic", "Italic"),
    ("~", "strikethrough", "Strikethrough"),
    ("[", "text_link", "TextUrl"),
)


def parse_markdown_v2(source: str) -> tuple[str, list[Json]]:
    """Returns text and entities of a MarkdownV2 text; raises BotApiError with Telegram's text."""
    reader = MarkdownReader(source)
    return reader.read()


class MarkdownReader:
    """Reads one text from left to right."""

    def __init__(self, source: str) -> None:
        """Starts at the first character."""
        self.source = source
        self.at = 0
        self.result: list[str] = []
        self.opened: list[tuple[str, str, str, int, int]] = []
        self.entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        """Reads to the end; raises BotApiError."""
        while self.at < len(self.source):
            self._one()
        if self.opened:
            _, _, name, _, begin = self.opened[-1]
            raise unparsable(f"Can't find end of {name} entity at byte offset {self._bytes(begin)}")
        return "".join(self.result), self.entities

    def _one(self) -> None:
        character = self.source[self.at]
        following = self.source[self.at + 1 : self.at + 2]
        if character == "\\" and following and ord(following) < 127:  # noqa: PLR2004 - ASCII
            self.result.append(following)
            self.at += 2
            return
        raw = bool(self.opened) and self.opened[-1][1] in ("code", "pre")
        if raw and not self.source.startswith(self.opened[-1][0], self.at):
            self.result.append(character)
            self.at += 1
            return
        if character not in RESERVED:
            self.result.append(character)
            self.at += 1
            return
        if self.opened and self._closes():
            return
        for mark, kind, name in MARKS:
            if self.source.startswith(mark, self.at) and not raw:
                self.opened.append((mark, kind, name, self._length(), self.at))
                self.at += len(mark)
                return
        raise self._reserved(character)

    def _closes(self) -> bool:
        mark, kind, _, start, _ = self.opened[-1]
        closing = "]" if kind == "text_link" else mark
        if not self.source.startswith(closing, self.at):
            return False
        if mark == "_" and self.source.startswith("__", self.at) and not self._italic_inside_underline():
            return False
        self.at += len(closing)
        self.opened.pop()
        entity: Json = {"type": kind, "offset": start, "length": self._length() - start}
        if kind == "text_link":
            entity["url"] = self._url()
        if entity["length"] and entity.get("url") != "":
            self.entities.append(entity)
        return True

    def _italic_inside_underline(self) -> bool:
        """Tells whether `___` ends an italic text first: the longest mark wins unless an underline is open."""
        return self.source.startswith("___", self.at) and any(mark == "__" for mark, *_ in self.opened[:-1])

    def _url(self) -> str:
        if not self.source.startswith("(", self.at):
            return ""
        begin = self.at
        self.at += 1
        url: list[str] = []
        while self.at < len(self.source) and self.source[self.at] != ")":
            if self.source[self.at] == "\\" and self.at + 1 < len(self.source):
                self.at += 1
            url.append(self.source[self.at])
            self.at += 1
        if self.at >= len(self.source):
            raise unparsable(f"Can't find end of a URL at byte offset {self._bytes(begin + 1)}")
        self.at += 1
        return "".join(url)

    def _reserved(self, character: str) -> BotApiError:
        if character in ">!":
            return strictness("MarkdownV2 block quotes and custom emoji are not implemented; escape the character")
        return unparsable(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")

    def _length(self) -> int:
        return length("".join(self.result))

    def _bytes(self, index: int) -> int:
        return len(self.source[:index].encode())
