"""The methods by which the bot changes or removes what was sent, and answers taps."""

from typing import Any

from sopbot.simulator.call import Call
from sopbot.simulator.errors import NOT_MODIFIED, bad_request, strictness
from sopbot.simulator.keyboards import inline_keyboard
from sopbot.simulator.rich_text import message_text
from sopbot.simulator.sending import caption_content, text_content
from sopbot.simulator.utf16 import length
from sopbot.simulator.world import World, public

Json = dict[str, Any]
MAX_ANSWER = 200
MAX_DELETED = 100
REACTIONS = frozenset(
    [
        "❤",
        "👍",
        "👎",
        "🔥",
        "🥰",
        "👏",
        "😁",
        "🤔",
        "🤯",
        "😱",
        "🤬",
        "😢",
        "🎉",
        "🤩",
        "🤮",
        "💩",
        "🙏",
        "👌",
        "🕊",
        "🤡",
        "🥱",
        "🥴",
        "😍",
        "🐳",
        "❤\u200d🔥",
        "🌚",
        "🌭",
        "💯",
        "🤣",
        "⚡",
        "🍌",
        "🏆",
        "💔",
        "🤨",
        "😐",
        "🍓",
        "🍾",
        "💋",
        "🖕",
        "😈",
        "😴",
        "😭",
        "🤓",
        "👻",
        "👨\u200d💻",
        "👀",
        "🎃",
        "🙈",
        "😇",
        "😨",
        "🤝",
        "✍",
        "🤗",
        "🫡",
        "🎅",
        "🎄",
        "☃",
        "💅",
        "🤪",
        "🗿",
        "🆒",
        "💘",
        "🙉",
        "🦄",
        "😘",
        "💊",
        "🙊",
        "😎",
        "👾",
        "🤷\u200d♂",
        "🤷",
        "🤷\u200d♀",
        "😡",
    ]
)


def edit_message_text(call: Call) -> Json:
    """Replaces text and keyboard."""
    message = editable(call)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    text, entities = message_text(call.get("text"), call.get("parse_mode"), call.get("entities"))
    return changed(call, message, text_content(call.world, "text", text, entities))


def edit_message_caption(call: Call) -> Json:
    """Replaces caption and keyboard."""
    message = editable(call)
    if "photo" not in message and "document" not in message:
        raise bad_request("there is no caption in the message to edit")
    return changed(call, message, caption_content(call, call.parameters))


def edit_message_reply_markup(call: Call) -> Json:
    """Replaces the keyboard only."""
    message = editable(call)
    kept: Json = {key: message[key] for key in ("text", "entities", "caption", "caption_entities") if key in message}
    return changed(call, message, kept)


def editable(call: Call) -> Json:
    """Finds the bot's own message that a call names."""
    if call.get("inline_message_id"):
        raise strictness("inline messages are not implemented")
    chat_id = call.world.reachable(call.get("chat_id"))
    if call.get("message_id") is None:
        raise bad_request("message identifier is not specified")
    message = call.world.message(chat_id, call.get("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"]["id"] != call.world.bot["id"] or "forward_origin" in message:
        raise bad_request("message can't be edited")
    return message


def changed(call: Call, message: Json, content: Json) -> Json:
    """Stores the new content unless nothing would change."""
    keyboard = inline_keyboard(call.get("reply_markup"))
    if keyboard:
        content = content | {"reply_markup": keyboard}
    replaced = ("text", "entities", "caption", "caption_entities", "reply_markup")
    if all(message.get(key) == content.get(key) for key in replaced):
        raise bad_request(NOT_MODIFIED)
    kept = {key: value for key, value in message.items() if key not in replaced}
    edited = kept | content | {"edit_date": call.world.date()}
    call.world.changed_message(edited)
    return public(edited)


def delete_message(call: Call) -> bool:
    """Removes a message."""
    chat_id = call.world.reachable(call.get("chat_id"))
    message = call.world.message(chat_id, call.get("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if not deletable(call.world, message):
        raise bad_request("message can't be deleted")
    call.world.remove_message(chat_id, message["message_id"])
    return True


def delete_messages(call: Call) -> bool:
    """Removes several messages; those that are gone or not the bot's to remove are skipped, as at Telegram."""
    chat_id = call.world.reachable(call.get("chat_id"))
    if len(call.get("message_ids")) > MAX_DELETED:
        raise bad_request("too many message identifiers specified")
    for message_id in call.get("message_ids"):
        message = call.world.message(chat_id, message_id)
        if message and deletable(call.world, message):
            call.world.remove_message(chat_id, message_id)
    return True


def deletable(world: World, message: Json) -> bool:
    """Tells whether the bot may remove a message: its own, any in a private chat, all in a group as administrator.

    Only messages younger than 48 hours can be removed.
    """
    if world.date() - message["date"] > 48 * 3600:
        return False
    if message["from"]["id"] == world.bot["id"] or message["chat"]["type"] == "private":
        return True
    return bool(world.record(message["chat"]["id"]).get("bot") == "administrator")


def answer_callback_query(call: Call) -> bool:
    """Answers a tap."""
    text = call.get("text") or ""
    if length(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {"answer": text or None, "alert": bool(call.get("show_alert"))}
    if call.get("url"):
        answer["url"] = call.get("url")
    call.telegram.taps.answer(call.get("callback_query_id"), answer)
    return True


def set_message_reaction(call: Call) -> bool:
    """Sets the bot's reaction; a bot has at most one."""
    chat_id = call.world.reachable(call.get("chat_id"))
    message = call.world.message(chat_id, call.get("message_id"))
    if message is None:
        raise bad_request("message to react not found")
    reactions = call.get("reaction") or []
    if len(reactions) > 1 or any(r["type"] == "emoji" and r["emoji"] not in REACTIONS for r in reactions):
        raise bad_request("REACTION_INVALID" if len(reactions) <= 1 else "REACTIONS_TOO_MANY")
    call.world.changed_message(message | {"_reaction": reactions[0].get("emoji") if reactions else None})
    return True
