"""What `/sim` shows of a message to one person; the page and test drivers read this shape."""

import html
from datetime import UTC, datetime
from typing import Any

from sopbot.simulator.keyboards import shown_buttons
from sopbot.simulator.rich_text import to_html
from sopbot.simulator.world import World

Json = dict[str, Any]


def shown(world: World, viewer: int, message: Json) -> Json:
    """Gives one item of `/sim/people/{id}/messages`; `from` is bot, me, or the name of another member."""
    sender = message["from"]
    text: str = message.get("text") or message.get("caption") or ""
    entities: list[Json] = message.get("entities") or message.get("caption_entities") or []
    own = {world.bot["id"]: "bot", viewer: "me"}
    item: Json = {
        "message_id": message["message_id"],
        "from": own.get(sender["id"], sender["first_name"]),
        "sender": {"id": sender["id"], "name": sender["first_name"]},
        "text": text,
        "html": to_html(text, entities),
        "buttons": shown_buttons(message.get("reply_markup")),
        "edited": "edit_date" in message,
        "date": datetime.fromtimestamp(message["date"], UTC).isoformat(),
    }
    file = shown_file(message)
    if file:
        item["file"] = file
    if "contact" in message:
        given = message["contact"]
        item["text"] = f"{given['first_name']} {given['phone_number']}"
        item["html"] = html.escape(item["text"])
    return item | extras(message)


def shown_file(message: Json) -> Json | None:
    """Gives `{name, size, url, mime, image}` of a photo or document."""
    if "photo" in message:
        photo = message["photo"][-1]
        place = f"/sim/files/{photo['file_id']}"
        return {"name": "foto.jpg", "size": photo["file_size"], "url": place, "mime": "image/*", "image": True}
    if "document" in message:
        document = message["document"]
        return {
            "name": document["file_name"],
            "size": document["file_size"],
            "url": f"/sim/files/{document['file_id']}",
            "mime": document["mime_type"],
            "image": False,
        }
    return None


def extras(message: Json) -> Json:
    """Gives what only some messages have."""
    found: Json = {}
    if "reply_to_message" in message:
        source = message["reply_to_message"]
        preview = source.get("text", source.get("caption", ""))
        found["reply_to"] = {"message_id": source["message_id"], "text": preview}
    if "quote" in message:
        found["quote"] = message["quote"]["text"]
    if "sticker" in message:
        found["sticker"] = message["sticker"].get("emoji", "")
    if "contact" in message:
        found["contact"] = message["contact"]
    if "forward_origin" in message:
        source = message["forward_origin"]
        found["forwarded_from"] = source.get("sender_user_name") or source["sender_user"]["first_name"]
    if message.get("_reaction"):
        found["reactions"] = [message["_reaction"]]
    if message.get("_pinned"):
        found["pinned"] = True
    if "media_group_id" in message:
        found["album"] = message["media_group_id"]
    service = next((key for key in SERVICE if key in message), None)
    if service:
        found["service"] = service
    return found


SERVICE = ("group_chat_created", "new_chat_members", "left_chat_member", "migrate_to_chat_id", "migrate_from_chat_id")


def history(world: World, viewer: int, chat_id: int) -> list[Json]:
    """Gives all messages of a chat, oldest first."""
    messages = world.messages.get(chat_id, {})
    return [shown(world, viewer, messages[message_id]) for message_id in sorted(messages)]


def viewers(world: World, chat_id: int) -> list[int]:
    """Tells who sees a chat."""
    if chat_id in world.people:
        return [chat_id]
    return list(world.record(chat_id).get("members", []))
