"""What people do: write, send files, tap, edit, delete, block. Each act becomes an update for the bot."""

from typing import Any

from sopbot.simulator.call import Telegram
from sopbot.simulator.chat_methods import chat_member_update
from sopbot.simulator.errors import BotApiError, SimError
from sopbot.simulator.rich_text import message_text, with_found
from sopbot.simulator.uploads import Upload, content_of, image_size
from sopbot.simulator.world import Person, World, public

Json = dict[str, Any]


def write(telegram: Telegram, person: Person, chat_id: int, given: Json) -> Json:
    """Sends a text, sticker, contact or forward as a person; returns the Message."""
    return post(telegram, person, chat_id, written(telegram.world, person, given), given)


def send_file(telegram: Telegram, person: Person, chat_id: int, upload: Upload, given: Json) -> Json:
    """Sends a file as a person: a photo if it is a picture, unless `as_document` is given."""
    kind = "document" if given.get("as_document") or image_size(upload.content) is None else "photo"
    try:
        content = content_of(telegram.files.save(kind, upload))
    except BotApiError as error:
        raise SimError(400, error.description) from None
    caption = str(given.get("caption") or "")
    if caption:
        content |= {"caption": caption}
        entities = with_found(caption, [])
        if entities:
            content |= {"caption_entities": entities}
    return post(telegram, person, chat_id, content, given)


def post(telegram: Telegram, person: Person, chat_id: int, content: Json, given: Json) -> Json:
    """Stores a person's message and queues it for the bot where the bot may read it."""
    world = telegram.world
    may_act(person)
    if chat_id == person.id and not person.started:
        person.started = True
        world.save_person(person)
        world.announce({"type": "people"})
    if given.get("reply_to") is not None:
        content |= reply(world, chat_id, given["reply_to"])
    message = world.new_message(chat_id, person.user(), **content)
    record = world.record(chat_id)
    pending = record.get("reply")
    if pending and (pending.get("force_reply") or pending.get("one_time_keyboard")):
        world.save_chat(record | {"reply": None})
    if readable(world, chat_id, message):
        telegram.updates.add("message", public(message))
    return message


def written(world: World, person: Person, given: Json) -> Json:
    """Builds the content of a message from what `/sim` was given."""
    if given.get("sticker"):
        emoji = given["sticker"] if isinstance(given["sticker"], str) else "👍"
        sticker = {"file_id": f"CAACAgUAAxk{emoji.encode().hex()}", "file_unique_id": f"AgAD{emoji.encode().hex()}"}
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return {"sticker": sticker | shape | {"emoji": emoji}}
    if given.get("contact"):
        return {"contact": contact(world, person, given["contact"])}
    content = text_of(given)
    if given.get("forward_from") is not None:
        content["forward_origin"] = origin(world, given["forward_from"])
    return content


def text_of(given: Json) -> Json:
    """Builds text and entities; a person's text is never markup."""
    text = given.get("text")
    if not isinstance(text, str) or not text.strip():
        raise SimError(400, "a message needs text, sticker, contact or a file")
    try:
        shown, entities = message_text(text, None, None)
    except BotApiError as error:
        raise SimError(400, error.description) from None
    return {"text": shown} | ({"entities": entities} if entities else {})


def contact(world: World, person: Person, given: object) -> Json:
    """Gives a Contact: one's own for true or "me", another person's by id, or one written out."""
    if isinstance(given, dict):
        if not given.get("phone_number") or not given.get("first_name"):
            raise SimError(400, "a contact needs phone_number and first_name")
        return dict(given)
    owner = world.person(int(given)) if isinstance(given, int) and not isinstance(given, bool) else person
    return {"phone_number": f"+62812{owner.id % 10**8:08d}", "first_name": owner.name, "user_id": owner.id}


def origin(world: World, given: object) -> Json:
    """Gives a MessageOrigin: a person by id, or somebody hidden by name."""
    if isinstance(given, int) and not isinstance(given, bool):
        return {"type": "user", "sender_user": world.person(given).user(), "date": world.date()}
    return {"type": "hidden_user", "sender_user_name": str(given), "date": world.date()}


def reply(world: World, chat_id: int, message_id: object) -> Json:
    """Gives `reply_to_message`; SimError 404."""
    source = world.message(chat_id, message_id) if isinstance(message_id, int) else None
    if source is None:
        raise SimError(404, f"there is no message {message_id} in this chat")
    return {"reply_to_message": {key: value for key, value in public(source).items() if key != "reply_to_message"}}


def readable(world: World, chat_id: int, message: Json) -> bool:
    """Tells whether the bot gets a message: all in private; in groups, privacy mode unless it is administrator."""
    if chat_id in world.people:
        return True
    status = world.record(chat_id)["bot"]
    if status not in ("member", "administrator"):
        return False
    if status == "administrator" or message.get("reply_to_message", {}).get("from", {}).get("id") == world.bot["id"]:
        return True
    text = message.get("text", message.get("caption", ""))
    first = text.split(maxsplit=1)[0] if text else ""
    command, _, addressee = first.partition("@")
    return command.startswith("/") and addressee.lower() in ("", world.bot["username"].lower())


def may_act(person: Person) -> None:
    """Refuses what a person can't do while the bot is blocked or their account is gone."""
    if person.blocked or person.deactivated:
        reason = "has blocked the bot" if person.blocked else "has a deleted account"
        raise SimError(409, f"{person.name} {reason}")


def own_message(world: World, person: Person, chat_id: int, message_id: int) -> Json:
    """Finds a message that a person wrote; SimError 404 or 403."""
    message = world.message(chat_id, message_id)
    if message is None:
        raise SimError(404, f"there is no message {message_id} in this chat")
    if message["from"]["id"] != person.id:
        raise SimError(403, "only one's own messages can be changed")
    return message


def edit(telegram: Telegram, person: Person, chat_id: int, message_id: int, given: Json) -> Json:
    """Changes the text or caption of a person's message."""
    world = telegram.world
    may_act(person)
    message = own_message(world, person, chat_id, message_id)
    if "text" in message:
        content = text_of(given)
        kept = {key: value for key, value in message.items() if key not in ("text", "entities")}
    else:
        content = {"caption": str(given.get("caption", given.get("text", "")))}
        kept = {key: value for key, value in message.items() if key not in ("caption", "caption_entities")}
    edited = kept | content | {"edit_date": world.date()}
    world.changed_message(edited)
    if readable(world, chat_id, edited):
        telegram.updates.add("edited_message", public(edited))
    return edited


def delete(telegram: Telegram, person: Person, chat_id: int, message_id: int) -> None:
    """Removes a person's message; bots are not told."""
    own_message(telegram.world, person, chat_id, message_id)
    telegram.world.remove_message(chat_id, message_id)


def tap(telegram: Telegram, person: Person, chat_id: int, given: Json) -> str:
    """Presses a button; returns the id of the query. `force`: as a stale or forged client would."""
    world = telegram.world
    may_act(person)
    message_id, data = given.get("message_id"), given.get("data")
    message = world.message(chat_id, message_id) if isinstance(message_id, int) else None
    if message is None or message["from"]["id"] != world.bot["id"]:
        raise SimError(404, f"there is no message {message_id} of the bot in this chat")
    if not isinstance(data, str) or not data:
        raise SimError(400, "a tap needs data")
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    if not given.get("force") and not any(button.get("callback_data") == data for row in rows for button in row):
        raise SimError(409, "the message has no such button (any more)")
    query_id = telegram.taps.open(person.id)
    query = {"id": query_id, "from": person.user(), "message": public(message)}
    telegram.updates.add("callback_query", query | {"chat_instance": str(abs(chat_id) * 7919), "data": data})
    return query_id


def block(telegram: Telegram, person: Person, given: Json) -> None:
    """Blocks or unblocks the bot (`blocked`), or deletes or restores the account (`deactivated`)."""
    world = telegram.world
    if "deactivated" in given:
        person.deactivated = bool(given["deactivated"])
    blocked = bool(given.get("blocked", person.blocked))
    changed = blocked != person.blocked
    person.blocked = blocked
    world.save_person(person)
    world.announce({"type": "people"})
    if changed and person.started:
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        telegram.updates.add("my_chat_member", chat_member_update(world, person.id, person.user(), before, after))
