import pytest

from sopbot.simulator.errors import BotApiError
from sopbot.simulator.markdown_markup import parse_markdown_v2

# Telegram's own cases (tdlib/td, test/message_entities.cpp).
REFUSED = [
    ("🏟 🏟_abacaba", "Can't find end of Italic entity at byte offset 9"),
    ("🏟 🏟_abac * asd ", "Can't find end of Bold entity at byte offset 15"),
    ("🏟 🏟`", "Can't find end of Code entity at byte offset 9"),
    ("🏟 🏟```", "Can't find end of Pre entity at byte offset 9"),
    ("[telegram\\.org](asd", "Can't find end of a URL at byte offset 16"),
    ("a.b", "Character '.' is reserved and must be escaped with the preceding '\\'"),
    ("a)b", "Character ')' is reserved and must be escaped with the preceding '\\'"),
]
READ = [
    ("\\_\\*\\`", "_*`", []),
    ("🏟 🏟_🏟 *🏟*_", "🏟 🏟🏟 🏟", [("bold", 8, 2), ("italic", 5, 5)]),
    ("🏟 🏟__🏟 _🏟_ __", "🏟 🏟🏟 🏟 ", [("italic", 8, 2), ("underline", 5, 6)]),
    ("`_* *_`", "_* *_", [("code", 0, 5)]),
    ("[x](https://telegram.org?\\))", "x", [("text_link", 0, 1)]),
]


@pytest.mark.parametrize(("source", "reason"), REFUSED)
def test_what_telegram_can_not_read(source, reason):
    with pytest.raises(BotApiError) as caught:
        parse_markdown_v2(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(("source", "text", "entities"), READ)
def test_what_telegram_reads(source, text, entities):
    found = parse_markdown_v2(source)
    assert found[0] == text
    assert [(e["type"], e["offset"], e["length"]) for e in found[1]] == entities


def test_what_is_not_implemented_is_refused_as_such():
    with pytest.raises(BotApiError, match=r"\[simulator\]"):
        parse_markdown_v2(">quoted")
