"""Text for Telegram: escaped, cleaned, cut as Telegram counts; buttons within 64 bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopbot.chat.page import LONGEST_DATA, Button, clean, cut, data, esc, plain, utf16
from sopbot.simulator.html_markup import parse_html


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Renja 2027", "Renja 2027"),
        ("  tepi  ", "tepi"),
        ("\u202eterbalik\u202c", "terbalik"),
        ("a\u200eb\u200fc\u2066d\u2069e\u061cf\ufeffg", "abcdefg"),
        ("nol\x00dan\x07bel", "noldanbel"),
        ("baris\nbaru\tdan tab", "baris\nbaru\tdan tab"),
        ("e\u0301", "é"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("\ud800", ""),
    ],
)
def test_what_could_disturb_its_surroundings_is_left_out(typed, kept):
    assert clean(typed) == kept


def test_names_with_markup_and_direction_marks_stay_text():
    assert esc("<b>Budi</b> & \u202eSiti") == "&lt;b&gt;Budi&lt;/b&gt; &amp; Siti"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_text_is_shown_as_it_is_and_never_as_markup(text):
    shown, entities = parse_html(f"<b>x</b>{esc(text)}")
    assert len(entities) == 1
    assert shown == "x" + clean(text)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_plain_undoes_our_own_markup(text):
    assert plain(f"<b>{esc(text)}</b>") == clean(text)


@pytest.mark.parametrize(("text", "units"), [("a", 1), ("é", 1), ("👍", 2), ("👩\u200d👧", 5), ("", 0)])
def test_lengths_are_counted_in_utf_16(text, units):
    assert utf16(text) == units


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.integers(1, 70))
def test_what_is_cut_fits_and_what_fits_is_not_cut(text, units):
    shown = cut(text, units)
    assert utf16(shown) <= units
    assert shown == text if utf16(text) <= units else shown.endswith("…")


def test_four_thousand_emoji_are_cut_between_emoji():
    shown = cut("😀" * 4000, 201)
    assert shown == "😀" * 100 + "…"
    shown.encode()  # no half of a pair is left


def test_a_button_carries_at_most_64_bytes():
    assert data("k", 12, "t") == "k|12|t"
    Button(text="a", data="x" * LONGEST_DATA)
    for wrong in ("", "x" * (LONGEST_DATA + 1), "é" * 33):
        with pytest.raises(ValueError, match="64 bytes"):
            Button(text="a", data=wrong)


@pytest.mark.parametrize("text", ["\u200d", "\u2800", "\u3164 \u115f", "\ufe0f", " \n\t "])
def test_text_that_shows_nothing_is_empty(text):
    assert clean(text) == ""
