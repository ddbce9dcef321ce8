"""Turns what a sender gives (text, parse mode, entities) into a formatted text, and that into HTML for the page.

Lengths are checked after parsing, as Telegram does. Counterparts: `html_markup.py`, `markdown_markup.py`.
"""

import html
import re
from typing import Any

from sopbot.simulator.errors import bad_request, strictness
from sopbot.simulator.html_markup import parse_html
from sopbot.simulator.markdown_markup import parse_markdown_v2
from sopbot.simulator.utf16 import cut, length

Json = dict[str, Any]
MAX_TEXT = 4096
MAX_CAPTION = 1024
OPAQUE = frozenset({"code", "pre", "text_link", "text_mention"})
FOUND = (
    (
        "url",
        re.compile(
            r"(?<![\w@.])(?:https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]|(?:[\w-]+\.)+(?:com|org|net|id|me|io)\b(?:/\S*)?)"
        ),
    ),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("bot_command", re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@.])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#&])#(?!\d+\b)\w{1,256}")),
)
HTML_TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote>", "</blockquote>"),
}
SAFE_SCHEMES = ("http://", "https://", "tg://", "mailto:")


def formatted(source: str, parse_mode: str | None, entities: list[Json] | None) -> tuple[str, list[Json]]:
    """Returns the shown text and its entities; raises BotApiError for markup that Telegram would refuse."""
    mode = (parse_mode or "").lower()
    if entities and not mode:
        text, given = source, [dict(entity) for entity in entities]
    elif mode in ("", "none"):
        text, given = source, []
    elif mode == "html":
        text, given = parse_html(source)
    elif mode == "markdownv2":
        text, given = parse_markdown_v2(source)
    elif mode == "markdown":
        raise strictness("the legacy parse mode Markdown is not implemented; use HTML or MarkdownV2")
    else:
        raise bad_request("unsupported parse_mode")
    text, given = trimmed(text, given)
    return text, with_found(text, given)


def message_text(source: str, parse_mode: str | None, entities: list[Json] | None) -> tuple[str, list[Json]]:
    """Formats the text of a message: 1 to 4096 units after parsing."""
    text, found = formatted(source, parse_mode, entities)
    if not text:
        raise bad_request("text must be non-empty" if source else "message text is empty")
    if length(text) > MAX_TEXT:
        raise bad_request("message is too long")
    return text, found


def caption_text(source: str, parse_mode: str | None, entities: list[Json] | None) -> tuple[str, list[Json]]:
    """Formats a caption: at most 1024 units after parsing, empty is allowed."""
    text, found = formatted(source, parse_mode, entities)
    if length(text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return text, found


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Drops blank space at the end, and at the beginning up to the first entity, as Telegram does."""
    first = min((entity["offset"] for entity in entities), default=len(text))
    lead = 0
    while lead < min(first, len(text)) and text[lead] in " \n\t\r":
        lead += 1
    shown = text[lead:].rstrip()
    limit = length(shown)
    kept = []
    for entity in entities:
        offset = entity["offset"] - lead
        size = min(entity["length"], limit - offset)
        if size > 0:
            kept.append(entity | {"offset": offset, "length": size})
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return shown, kept


def with_found(text: str, entities: list[Json]) -> list[Json]:
    """Adds what Telegram finds by itself: links, addresses, commands, mentions and hashtags outside code and links."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in OPAQUE]
    found = list(entities)
    for kind, pattern in FOUND:
        for match in pattern.finditer(text):
            begin = length(text[: match.start()])
            end = begin + length(match.group())
            if all(end <= other_begin or begin >= other_end for other_begin, other_end in taken):
                taken.append((begin, end))
                found.append({"type": kind, "offset": begin, "length": end - begin})
    found.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return found


def to_html(text: str, entities: list[Json]) -> str:
    """Writes a formatted text as HTML that is safe to put into a page; newlines stay newlines."""
    return render(text, 0, length(text), list(entities))


def render(text: str, begin: int, end: int, entities: list[Json]) -> str:
    """Writes the part from `begin` to `end` (UTF-16 units) with the entities that lie inside it."""
    parts: list[str] = []
    at = begin
    while entities:
        entity = entities.pop(0)
        start, stop = max(entity["offset"], at), min(entity["offset"] + entity["length"], end)
        if start >= stop:
            continue
        inner = [entities.pop(0) for _ in range(leading(entities, stop))]
        parts.append(html.escape(cut(text, at, start - at)))
        opening, closing = tags(text, entity)
        parts.append(opening + render(text, start, stop, inner) + closing)
        at = stop
    parts.append(html.escape(cut(text, at, end - at)))
    return "".join(parts)


def leading(entities: list[Json], stop: int) -> int:
    """Counts how many of the next entities begin before `stop`."""
    return next((index for index, entity in enumerate(entities) if entity["offset"] >= stop), len(entities))


def tags(text: str, entity: Json) -> tuple[str, str]:
    """Gives the tags of one entity; a link only for a scheme that can't run a script."""
    kind = entity["type"]
    if kind in HTML_TAGS:
        return HTML_TAGS[kind]
    shown = cut(text, entity["offset"], entity["length"])
    match kind:
        case "text_link":
            url = entity["url"]
        case "url":
            url = shown if "://" in shown else f"http://{shown}"
        case "email":
            url = f"mailto:{shown}"
        case "bot_command":
            return f'<a class="command" data-command="{html.escape(shown)}">', "</a>"
        case _:
            return f'<span class="{html.escape(kind)}">', "</span>"
    if not url.lower().startswith(SAFE_SCHEMES):
        return "<span>", "</span>"
    return f'<a href="{html.escape(url)}" rel="noopener noreferrer" target="_blank">', "</a>"
