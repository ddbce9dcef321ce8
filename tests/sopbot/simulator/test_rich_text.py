import pytest

from sopbot.simulator.errors import BotApiError
from sopbot.simulator.rich_text import caption_text, formatted, message_text, to_html


def test_lengths_count_after_parsing():
    assert len(message_text("<b>" + "x" * 4096 + "</b>", "HTML", None)[0]) == 4096
    with pytest.raises(BotApiError, match="message is too long"):
        message_text("x" * 4097, None, None)
    with pytest.raises(BotApiError, match="message caption is too long"):
        caption_text("x" * 1025, None, None)


def test_a_message_that_is_empty_after_parsing_is_refused():
    with pytest.raises(BotApiError, match="text must be non-empty"):
        message_text("<b></b> \n", "HTML", None)
    assert caption_text("", None, None) == ("", [])


def test_blank_space_around_a_text_is_dropped_and_entities_move_along():
    assert formatted("\n  a <b>b</b>  ", "HTML", None) == ("a b", [{"type": "bold", "offset": 2, "length": 1}])


def test_unknown_parse_modes_are_refused():
    with pytest.raises(BotApiError, match="unsupported parse_mode"):
        formatted("x", "wiki", None)
    with pytest.raises(BotApiError, match=r"\[simulator\]"):
        formatted("x", "Markdown", None)


def test_telegram_finds_commands_links_mentions_and_addresses_by_itself():
    text, entities = formatted("/start@simulasi_bot https://a.id/b, @budi_s a@b.id #dpa", None, None)
    assert [(e["type"], text[e["offset"] : e["offset"] + e["length"]]) for e in entities] == [
        ("bot_command", "/start@simulasi_bot"),
        ("url", "https://a.id/b"),
        ("mention", "@budi_s"),
        ("email", "a@b.id"),
        ("hashtag", "#dpa"),
    ]


def test_nothing_is_found_inside_code():
    assert [e["type"] for e in formatted("<code>/start</code>", "HTML", None)[1]] == ["code"]


def test_the_page_gets_html_that_is_escaped_and_nested_rightly():
    text, entities = formatted("<b>a <i>b &amp; 🏟</i></b> &lt;c&gt;", "HTML", None)
    assert to_html(text, entities) == "<b>a <i>b &amp; 🏟</i></b> &lt;c&gt;"


def test_entities_that_overlap_still_give_well_formed_html():
    entities = [{"type": "bold", "offset": 0, "length": 3}, {"type": "italic", "offset": 2, "length": 3}]
    assert to_html("abcde", entities) == "<b>ab<i>c</i></b>de"


def test_a_link_with_another_scheme_is_no_link_on_the_page():
    link = {"type": "text_link", "offset": 0, "length": 1, "url": "javascript:alert(1)"}
    assert to_html("x", [link]) == "<span>x</span>"
