"""The methods about chats: getChat, members, pins, leaving, and getFile."""

from typing import Any

from sopbot.simulator.call import Call
from sopbot.simulator.errors import bad_request
from sopbot.simulator.uploads import MAX_DOWNLOAD
from sopbot.simulator.world import Person, World, public

Json = dict[str, Any]
GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}
BOT_RIGHTS = [
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
]


def get_chat(call: Call) -> Json:
    """Describes a chat."""
    world = call.world
    chat_id = world.reachable(call.get("chat_id"))
    info = world.chat(chat_id) | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": GIFTS}
    pinned: list[int] = world.record(chat_id).get("pinned", [])
    message = world.message(chat_id, pinned[-1]) if pinned else None
    if message:
        info["pinned_message"] = public(message)
    if info["type"] == "private" and info.get("username"):
        info["active_usernames"] = [info["username"]]
    return info


def get_chat_member(call: Call) -> Json:
    """Describes one member of a chat."""
    chat_id = call.world.reachable(call.get("chat_id"))
    found = member(call.world, chat_id, call.get("user_id"))
    if found is None:
        raise bad_request("user not found")
    return found


def get_chat_administrators(call: Call) -> list[Json]:
    """Lists the administrators of a group that are people."""
    world = call.world
    chat_id = world.reachable(call.get("chat_id"))
    if chat_id in world.people:
        raise bad_request("there are no administrators in the private chat")
    found = [member(world, chat_id, person_id) for person_id in world.record(chat_id).get("administrators", [])]
    return [one for one in found if one]


def get_chat_member_count(call: Call) -> int:
    """Counts the members, the bot included."""
    chat_id = call.world.reachable(call.get("chat_id"))
    return 2 if chat_id in call.world.people else len(call.world.chats[chat_id]["members"]) + 1


def member(world: World, chat_id: int, user_id: int) -> Json | None:
    """Gives the ChatMember of a person or of the bot; None for somebody unknown."""
    if user_id == world.bot["id"]:
        status = world.record(chat_id).get("bot", "member")
        return bot_member(world, status)
    person = world.people.get(user_id)
    if person is None:
        return None
    if chat_id in world.people:
        return {"status": "member" if chat_id == user_id else "left", "user": person.user()}
    chat = world.chats[chat_id]
    return group_member(chat, person)


def group_member(chat: Json, person: Person) -> Json:
    """Gives the ChatMember of a person in a group."""
    if person.id not in chat["members"]:
        return {"status": "left", "user": person.user()}
    if person.id == chat.get("creator"):
        return {"status": "creator", "user": person.user(), "is_anonymous": False}
    if person.id in chat.get("administrators", []):
        rights = dict.fromkeys(BOT_RIGHTS, True)
        return {
            "status": "administrator",
            "user": person.user(),
            "can_be_edited": False,
            "is_anonymous": False,
        } | rights
    return {"status": "member", "user": person.user()}


def bot_member(world: World, status: str) -> Json:
    """Gives the ChatMember of the bot in a given status."""
    base: Json = {"status": status, "user": world.bot}
    if status == "kicked":
        return base | {"until_date": 0}
    if status == "administrator":
        return base | {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(BOT_RIGHTS, True)
    return base


def leave_chat(call: Call) -> bool:
    """Leaves a group."""
    world = call.world
    chat_id = world.reachable(call.get("chat_id"))
    if chat_id in world.people:
        raise bad_request("chat member status can't be changed in private chats")
    chat = world.chats[chat_id]
    change = chat_member_update(world, chat_id, world.bot, chat["bot"], "left")
    world.save_chat(chat | {"bot": "left"})
    world.announce({"type": "chat", "chat": chat_id})
    call.telegram.updates.add("my_chat_member", change)
    return True


def chat_member_update(world: World, chat_id: int, by: Json, before: str, after: str) -> Json:
    """Gives the ChatMemberUpdated for the bot itself."""
    return {
        "chat": world.chat(chat_id),
        "from": by,
        "date": world.date(),
        "old_chat_member": bot_member(world, before),
        "new_chat_member": bot_member(world, after),
    }


def pin_chat_message(call: Call) -> bool:
    """Pins a message."""
    world = call.world
    chat_id = world.reachable(call.get("chat_id"))
    message = world.message(chat_id, call.get("message_id"))
    if message is None:
        raise bad_request("message to pin not found")
    record = world.record(chat_id)
    pinned = [one for one in record.get("pinned", []) if one != message["message_id"]]
    world.save_chat(record | {"pinned": [*pinned, message["message_id"]]})
    world.changed_message(message | {"_pinned": True})
    return True


def unpin_chat_message(call: Call) -> bool:
    """Unpins a message, the latest if none is named."""
    world = call.world
    chat_id = world.reachable(call.get("chat_id"))
    record = world.record(chat_id)
    pinned = record.get("pinned", [])
    message_id: int = call.get("message_id") or (pinned[-1] if pinned else 0)
    if message_id not in pinned:
        raise bad_request("message to unpin not found")
    world.save_chat(record | {"pinned": [one for one in pinned if one != message_id]})
    message = world.message(chat_id, message_id)
    if message:
        world.changed_message(message | {"_pinned": False})
    return True


def get_file(call: Call) -> Json:
    """Tells where a file can be downloaded; only up to 20 MB, as at Telegram."""
    record = call.world.files.get(call.get("file_id"))
    if record is None:
        raise bad_request("invalid file_id")
    if record["size"] > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": record["file_id"],
        "file_unique_id": record["file_unique_id"],
        "file_size": record["size"],
        "file_path": record["path"],
    }
