"""The methods by which the bot sends: text, photo, document, album, copy, forward, chat action."""

from typing import Any

from sopbot.simulator.call import Call
from sopbot.simulator.errors import bad_request, strictness
from sopbot.simulator.keyboards import inline_keyboard, reply_interface
from sopbot.simulator.rich_text import caption_text, message_text
from sopbot.simulator.uploads import content_of
from sopbot.simulator.utf16 import length
from sopbot.simulator.world import World, public

Json = dict[str, Any]
CHAT_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
ALBUM_SIZES = range(2, 11)
CONTENT = ("text", "entities", "photo", "document", "caption", "caption_entities", "sticker", "contact")


def send_message(call: Call) -> Json:
    """Sends a text."""
    chat_id = call.world.reachable(call.get("chat_id"))
    text, entities = message_text(call.get("text"), call.get("parse_mode"), call.get("entities"))
    return deliver(call, chat_id, text_content(call.world, "text", text, entities))


def send_photo(call: Call) -> Json:
    """Sends a picture with a caption."""
    return send_file(call, "photo")


def send_document(call: Call) -> Json:
    """Sends a file with a caption."""
    return send_file(call, "document")


def send_file(call: Call, kind: str) -> Json:
    """Sends a `photo` or `document`, uploaded or by file_id."""
    chat_id = call.world.reachable(call.get("chat_id"))
    caption = caption_content(call, call.parameters)
    record = call.telegram.files.resolve(kind, call.get(kind), call.uploads)
    return deliver(call, chat_id, content_of(record) | caption)


def send_media_group(call: Call) -> list[Json]:
    """Sends an album of 2 to 10 photos or documents; nothing of it if one is refused."""
    chat_id = call.world.reachable(call.get("chat_id"))
    media = call.get("media")
    if len(media) not in ALBUM_SIZES:
        raise strictness("an album has 2 to 10 items")
    if len({item["type"] for item in media}) > 1 or media[0]["type"] not in ("photo", "document"):
        raise bad_request("can't use the media of the specified type in the album")
    contents = []
    for item in media:
        record = call.telegram.files.resolve(item["type"], item["media"], call.uploads)
        contents.append(content_of(record) | caption_content(call, item))
    group = str(13_000_000_000_000_000 + call.world.count("album"))
    return [deliver(call, chat_id, content | {"media_group_id": group}) for content in contents]


def copy_message(call: Call) -> Json:
    """Sends a message again without a link to the original."""
    world = call.world
    chat_id = world.reachable(call.get("chat_id"))
    source = world.message(world.known(call.get("from_chat_id")), call.get("message_id"))
    if source is None:
        raise bad_request("message to copy not found")
    content = {key: source[key] for key in CONTENT if key in source}
    if call.get("caption") is not None and "text" not in source:
        content.pop("caption", None)
        content.pop("caption_entities", None)
        content |= caption_content(call, call.parameters)
    return {"message_id": deliver(call, chat_id, content)["message_id"]}


def forward_message(call: Call) -> Json:
    """Forwards a message."""
    world = call.world
    chat_id = world.reachable(call.get("chat_id"))
    source = world.message(world.known(call.get("from_chat_id")), call.get("message_id"))
    if source is None:
        raise bad_request("message to forward not found")
    content = {key: source[key] for key in CONTENT if key in source}
    origin = {"type": "user", "sender_user": source["from"], "date": source["date"]}
    return deliver(call, chat_id, content | {"forward_origin": source.get("forward_origin", origin)})


def send_chat_action(call: Call) -> bool:
    """Shows that the bot is typing or uploading."""
    chat_id = call.world.reachable(call.get("chat_id"))
    if call.get("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.world.announce({"type": "typing", "chat": chat_id, "action": call.get("action")})
    return True


def caption_content(call: Call, given: Json) -> Json:
    """Formats a caption, of a call or of one item of an album."""
    caption = given.get("caption") or ""
    text, entities = caption_text(caption, given.get("parse_mode"), given.get("caption_entities"))
    return text_content(call.world, "caption", text, entities) if text else {}


def text_content(world: World, name: str, text: str, entities: list[Json]) -> Json:
    """Gives `text`/`entities` or `caption`/`caption_entities` of a Message."""
    known = [resolved for entity in entities if (resolved := mention(world, entity))]
    return {name: text} | ({"entities" if name == "text" else "caption_entities": known} if known else {})


def mention(world: World, entity: Json) -> Json | None:
    """Gives a mention by user id its User; Telegram drops it if the bot can't know that user."""
    if entity["type"] != "text_mention":
        return entity
    person = world.people.get(entity.get("user_id") or entity.get("user", {}).get("id", 0))
    kept = {key: value for key, value in entity.items() if key != "user_id"}
    return kept | {"user": person.user()} if person else None


def deliver(call: Call, chat_id: int, content: Json) -> Json:
    """Stores what the bot sends, with its reply and keyboard, and returns the Message."""
    world = call.world
    markup = call.get("reply_markup")
    keyboard = inline_keyboard(markup)
    content |= reply_content(world, chat_id, call.get("reply_parameters"))
    if keyboard:
        content["reply_markup"] = keyboard
    if call.get("protect_content"):
        content["has_protected_content"] = True
    interface = reply_interface(markup, 0)
    message = world.new_message(chat_id, world.bot, **content)
    if interface:
        record = world.record(chat_id)
        pending = None if "remove" in interface else interface | {"message_id": message["message_id"]}
        world.save_chat(record | {"reply": pending})
    return public(message)


def reply_content(world: World, chat_id: int, given: Json | None) -> Json:
    """Gives `reply_to_message` and `quote`; BotApiError if that message is gone and may not be."""
    if not given:
        return {}
    source = world.message(world.known(given["chat_id"]) if "chat_id" in given else chat_id, given["message_id"])
    if source is None:
        if given.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    shown = {key: value for key, value in public(source).items() if key not in ("reply_to_message", "reply_markup")}
    if not given.get("quote"):
        return {"reply_to_message": shown}
    text: str = source.get("text") or source.get("caption") or ""
    at = text.find(given["quote"])
    if at < 0:
        raise bad_request("QUOTE_TEXT_INVALID")
    return {
        "reply_to_message": shown,
        "quote": {"text": given["quote"], "position": length(text[:at]), "is_manual": True},
    }
