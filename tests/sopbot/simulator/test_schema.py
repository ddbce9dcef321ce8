import pytest

from sopbot.simulator.errors import BotApiError
from sopbot.simulator.schema import canonical, schema, validated

NONE = frozenset()


def refused(method, given, uploads=NONE):
    with pytest.raises(BotApiError) as caught:
        validated(method, given, uploads)
    return caught.value.description


def test_it_is_bot_api_10():
    assert schema()["version"] == "Bot API 10.0"
    assert len(schema()["methods"]) == 176


def test_the_case_of_a_method_does_not_matter_but_it_must_exist():
    assert canonical("SENDMESSAGE") == "sendMessage"
    with pytest.raises(BotApiError) as caught:
        canonical("sendMesage")
    assert (caught.value.code, caught.value.description) == (404, "Not Found")


@pytest.mark.parametrize(
    ("method", "given", "description"),
    [
        ("sendMessage", {"text": "x"}, "Bad Request: chat_id is empty"),
        ("sendMessage", {"chat_id": 1}, "Bad Request: message text is empty"),
        ("sendPhoto", {"chat_id": 1}, "Bad Request: there is no photo in the request"),
        ("sendDocument", {"chat_id": 1}, "Bad Request: there is no document in the request"),
        ("deleteMessage", {"chat_id": 1}, "Bad Request: message identifier is not specified"),
        ("getFile", {}, "Bad Request: file_id not specified"),
        (
            "answerCallbackQuery",
            {},
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": "{"},
            "Bad Request: can't parse reply keyboard markup JSON object",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": "[]"},
            "Bad Request: object expected as reply markup",
        ),
        ("sendMessage", {"chat_id": 1, "text": "x", "entities": "?"}, "Bad Request: can't parse entities JSON object"),
    ],
)
def test_telegrams_own_texts(method, given, description):
    assert refused(method, given) == description


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"texxt": "x"}, 'unknown parameter "texxt" of sendMessage'),
        ({"disable_notification": "maybe"}, 'parameter "disable_notification" must be a Boolean'),
        ({"message_thread_id": "x"}, 'parameter "message_thread_id" must be of type Integer'),
        ({"reply_markup": {"inline_keyboard": [[{"text": "a", "callbackdata": "b"}]]}}, "callbackdata"),
        ({"reply_markup": {"inline_keyboard": {"text": "a"}}}, "must be of type Array"),
        ({"reply_markup": {"inline_keyboard": [[{"callback_data": "b"}]]}}, 'can\'t find field "text"'),
        ({"reply_markup": {"inline_keyboard": [[{"text": "a", "pay": "yes"}]]}}, "must be of type Boolean"),
        ({"link_preview_options": {"is_disable": True}}, "is_disable"),
    ],
)
def test_what_telegram_would_let_pass_is_refused_and_marked(given, reason):
    description = refused("sendMessage", {"chat_id": 1, "text": "x", **given})
    assert reason in description
    assert description.endswith("[simulator]")


def test_values_may_come_as_text():
    given = {"chat_id": "-100123", "text": "5", "protect_content": "True", "reply_parameters": '{"message_id": 4}'}
    assert validated("sendMessage", given, NONE) == {
        "chat_id": -100123,
        "text": "5",
        "protect_content": True,
        "reply_parameters": {"message_id": 4},
    }


def test_a_chat_may_be_named_by_username():
    assert validated("getChat", {"chat_id": "@kanal"}, NONE) == {"chat_id": "@kanal"}


def test_uploads_stand_for_their_parameter_or_for_an_attachment():
    assert validated("sendPhoto", {"chat_id": 1}, frozenset({"photo"}))["photo"] == "attach://photo"
    media = [{"type": "photo", "media": "attach://a"}, {"type": "document", "media": "attach://b"}]
    assert validated("sendMediaGroup", {"chat_id": 1, "media": media}, frozenset({"a", "b"}))["media"] == media
    assert "can't be an uploaded file" in refused("sendMessage", {"chat_id": 1}, frozenset({"text"}))


def test_a_union_takes_each_of_its_members():
    scope = {"type": "chat", "chat_id": 5}
    assert validated("getMyCommands", {"scope": scope}, NONE)["scope"] == scope
    button = {"type": "web_app", "text": "x", "web_app": {"url": "https://a.b"}}
    assert validated("setChatMenuButton", {"menu_button": button}, NONE)["menu_button"] == button
