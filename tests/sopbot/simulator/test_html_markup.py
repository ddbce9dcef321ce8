import pytest

from sopbot.simulator.errors import BotApiError
from sopbot.simulator.html_markup import parse_html

# Telegram's own cases (tdlib/td, test/message_entities.cpp): the text and what it says.
REFUSED = [
    (
        "&#57311;",
        (
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched "
            "surrogate code units"
        ),
    ),
    ("🏟 🏟&lt;<abacaba", "Unclosed start tag at byte offset 13"),
    ("🏟 🏟&lt;<abac aba>", 'Unsupported start tag "abac" at byte offset 13'),
    ("🏟 🏟&lt;<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
    ("🏟 🏟&lt;<i    aba>", 'Expected equal sign in declaration of an attribute of the tag "i" at byte offset 13'),
    ("🏟 🏟&lt;<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
    ("🏟 🏟&lt;<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 27"),
    ('🏟 🏟&lt;<i    aba  =  "&lt;&gt;&quot;>', "Unclosed start tag at byte offset 13"),
    ("🏟 🏟&lt;</", "Unexpected end tag at byte offset 13"),
    ("🏟 🏟&lt;<b></b></", "Unexpected end tag at byte offset 20"),
    ("🏟 🏟&lt;<i>a</i   ", "Unclosed end tag at byte offset 17"),
    ("🏟 🏟&lt;<i>a</em   >", 'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"'),
    ("a < b", 'Unsupported start tag "" at byte offset 2'),
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
]
READ = [
    ("&lt;&gt;&amp;&quot;&laquo;&#12345678;", '<>&"&laquo;&#12345678;', []),
    ("➡️ ➡️<em>➡️ ➡️</em>", "➡️ ➡️➡️ ➡️", [("italic", 5, 5)]),
    ("🏟 🏟<i>🏟 &gt;<b aba   =   caba>&lt🏟</b></i>", "🏟 🏟🏟 ><🏟", [("bold", 9, 3), ("italic", 5, 7)]),
    ("🏟 🏟&lt;<i>a</    >", "🏟 🏟<a", [("italic", 6, 1)]),
    ("🏟 🏟&lt;<b></b>", "🏟 🏟<", []),
    ("<a> </a>", " ", []),
    ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
    ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
    ("<DEL>x</del>", "x", [("strikethrough", 0, 1)]),
]


@pytest.mark.parametrize(("source", "reason"), REFUSED)
def test_what_telegram_can_not_read(source, reason):
    with pytest.raises(BotApiError) as caught:
        parse_html(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(("source", "text", "entities"), READ)
def test_what_telegram_reads(source, text, entities):
    found = parse_html(source)
    assert found[0] == text
    assert [(e["type"], e["offset"], e["length"]) for e in found[1]] == entities


def test_a_link_without_scheme_gets_one_and_a_script_stays_text():
    assert parse_html('<a href="telegram.org">x</a>')[1][0]["url"] == "http://telegram.org"
    assert parse_html('<a href="javascript://a.b">x</a>')[1] == []
    assert parse_html('<a href="tg://user?id=7">x</a>')[1][0] == {
        "type": "text_mention",
        "offset": 0,
        "length": 1,
        "user_id": 7,
    }


def test_code_inside_pre_is_one_entity_with_its_language():
    assert parse_html('<pre><code class="language-fift">x</code></pre>')[1] == [
        {"type": "pre", "offset": 0, "length": 1, "language": "fift"},
    ]
    kinds = [e["type"] for e in parse_html('<pre><code class="language-fift">x</code> </pre>')[1]]
    assert kinds == ["code", "pre"]
