import pytest

from sopbot.simulator.errors import BotApiError
from sopbot.simulator.keyboards import inline_keyboard, reply_interface, shown_buttons

NO_TEXT_BUTTONS = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"


def one(**button):
    return {"inline_keyboard": [[button]]}


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "a", "callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": ""}, NO_TEXT_BUTTONS),
        ({"text": "a"}, NO_TEXT_BUTTONS),
        ({"text": "a", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "a", "url": "ftp://a.b"}, "URL 'ftp://a.b' is invalid: Unsupported URL protocol"),
        ({"text": "a", "url": "tidak"}, "URL 'tidak' is invalid: Wrong HTTP URL"),
        ({"text": "a", "callback_data": "x", "url": "https://a.b"}, "exactly one action"),
        ({"text": "a", "callback_data": "x", "style": "green"}, 'unknown style "green"'),
        ({"text": " ", "callback_data": "x"}, "text must be non-empty"),
    ],
)
def test_buttons_that_are_refused(button, reason):
    with pytest.raises(BotApiError) as caught:
        inline_keyboard(one(**button))
    assert reason in caught.value.description


def test_sixty_four_bytes_are_allowed():
    markup = one(text="YA", callback_data="é" * 32, style="success")
    assert inline_keyboard(markup) == markup


def test_a_keyboard_of_no_buttons_is_none():
    assert inline_keyboard({"inline_keyboard": [[]]}) is None
    assert inline_keyboard(None) is None


def test_more_than_a_hundred_buttons_are_too_many():
    with pytest.raises(BotApiError, match="reply markup is too long"):
        inline_keyboard({"inline_keyboard": [[{"text": "a", "callback_data": "x"}] for _ in range(101)]})


def test_what_the_page_is_told_of_buttons():
    row = [
        {"text": "YA", "callback_data": "d", "style": "success"},
        {"text": "Situs", "url": "https://a.b"},
        {"text": "Salin", "copy_text": {"text": "abc"}},
    ]
    assert shown_buttons({"inline_keyboard": [row]}) == [
        [
            {"text": "YA", "data": "d", "style": "success"},
            {"text": "Situs", "url": "https://a.b"},
            {"text": "Salin", "copy": "abc"},
        ],
    ]


def test_what_replaces_the_input_field():
    assert reply_interface({"force_reply": True}, 5) == {"force_reply": True, "message_id": 5}
    assert reply_interface({"keyboard": [["Ya"]]}, 5) == {"keyboard": [[{"text": "Ya"}]], "message_id": 5}
    assert reply_interface({"remove_keyboard": True}, 5) == {"remove": True}
    assert reply_interface(one(text="a", callback_data="b"), 5) is None
