"""Groups: created by people, with or without the bot, and upgraded to supergroups."""

from typing import Any

from sopbot.simulator.call import Telegram
from sopbot.simulator.chat_methods import chat_member_update
from sopbot.simulator.errors import SimError
from sopbot.simulator.world import FIRST_GROUP, SUPERGROUP_BASE, public

Json = dict[str, Any]
STATUSES = frozenset({"member", "administrator", "left", "kicked"})


def described(chat: Json) -> Json:
    """Gives a group as `/sim/chats` tells it."""
    return {
        "id": chat["id"],
        "type": chat["type"],
        "title": chat["title"],
        "members": chat["members"],
        "bot": chat["bot"],
        "migrated_to": chat.get("migrated_to"),
    }


def create(telegram: Telegram, given: Json) -> Json:
    """Creates a group; the first member is its creator unless `by` names another."""
    world = telegram.world
    members = [world.person(one).id for one in numbers(given.get("members", []))]
    title = str(given.get("title") or "").strip()
    kind = given.get("type", "group")
    if not members or not title or kind not in ("group", "supergroup"):
        raise SimError(400, "a group needs title, members and a type of group or supergroup")
    creator = world.person(number(given.get("by", members[0]))).id
    chat_id = -(world.count("group", FIRST_GROUP) + (SUPERGROUP_BASE if kind == "supergroup" else 0))
    chat = {"id": chat_id, "type": kind, "title": title, "members": members, "creator": creator, "bot": "left"}
    world.save_chat(chat | {"administrators": [creator]})
    wanted = given.get("bot", True)
    if wanted:
        set_bot(telegram, chat_id, "member" if wanted is True else str(wanted), creator)
    world.announce({"type": "chat", "chat": chat_id})
    return world.chats[chat_id]


def numbers(given: object) -> list[int]:
    """Checks a list of ids."""
    if not isinstance(given, list) or not all(isinstance(one, int) for one in given):
        raise SimError(400, "people are named by their ids, which are numbers")
    return given


def number(given: object) -> int:
    """Checks one id."""
    return numbers([given])[0]


def set_bot(telegram: Telegram, chat_id: int, status: str, by: int) -> None:
    """Adds, promotes or removes the bot, and tells it so."""
    world = telegram.world
    chat = world.group(chat_id)
    if status not in STATUSES:
        raise SimError(400, f"the bot can be {', '.join(sorted(STATUSES))}")
    before = chat["bot"]
    if before == status:
        return
    actor = world.person(by).user()
    world.save_chat(chat | {"bot": status})
    telegram.updates.add("my_chat_member", chat_member_update(world, chat_id, actor, before, status))
    if before in ("left", "kicked") and status in ("member", "administrator"):
        service(telegram, chat_id, actor, new_chat_members=[world.bot], new_chat_member=world.bot)


def change_members(telegram: Telegram, chat_id: int, given: Json) -> Json:
    """Adds and removes people (`add`, `remove`) and sets the bot's status (`bot`), as the person `by`."""
    world = telegram.world
    chat = world.group(chat_id)
    by = number(given.get("by", chat["creator"]))
    actor = world.person(by).user()
    for one in numbers(given.get("add", [])):
        person = world.person(one)
        if one not in chat["members"]:
            chat = chat | {"members": [*chat["members"], one]}
            world.save_chat(chat)
            service(telegram, chat_id, actor, new_chat_members=[person.user()])
    for one in numbers(given.get("remove", [])):
        person = world.person(one)
        if one in chat["members"]:
            chat = chat | {"members": [other for other in chat["members"] if other != one]}
            world.save_chat(chat)
            service(telegram, chat_id, actor, left_chat_member=person.user())
    if "bot" in given:
        set_bot(telegram, chat_id, str(given["bot"]), by)
    world.announce({"type": "chat", "chat": chat_id})
    return world.chats[chat_id]


def service(telegram: Telegram, chat_id: int, actor: Json, **content: object) -> None:
    """Stores a service message and gives it to the bot if it is there: privacy mode never hides these."""
    message = telegram.world.new_message(chat_id, actor, **content)
    if telegram.world.chats[chat_id]["bot"] in ("member", "administrator"):
        telegram.updates.add("message", public(message))


def upgrade(telegram: Telegram, chat_id: int) -> Json:
    """Turns a group into a supergroup: a new chat with a new id, the old one only points there."""
    world = telegram.world
    chat = world.group(chat_id)
    if chat["type"] != "group" or chat.get("migrated_to"):
        raise SimError(409, "only a group that was not upgraded yet can be upgraded")
    new_id = -(SUPERGROUP_BASE + world.count("group", FIRST_GROUP))
    actor = world.person(chat["creator"]).user()
    world.save_chat(chat | {"id": new_id, "type": "supergroup", "reply": None, "pinned": []})
    service(telegram, chat_id, actor, migrate_to_chat_id=new_id)
    world.save_chat(chat | {"migrated_to": new_id})
    service(telegram, new_id, actor, migrate_from_chat_id=chat_id)
    world.announce({"type": "chat", "chat": chat_id})
    world.announce({"type": "chat", "chat": new_id})
    return world.chats[new_id]
