"""The methods about the bot itself: getMe, commands, names and descriptions, menu button."""

from typing import Any

from sopbot.simulator.call import Call
from sopbot.simulator.errors import bad_request
from sopbot.simulator.world import World

Json = dict[str, Any]
MAX_COMMANDS = 100
MAX_COMMAND = 32
MAX_DESCRIPTION = 256
LIMITS = {"name": 64, "description": 512, "short_description": 120}


def get_me(call: Call) -> Json:
    """Describes the bot."""
    return call.world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_commands(call: Call) -> bool:
    """Sets the list of commands for a scope and language."""
    commands = call.get("commands")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        name = command["command"] = command["command"].removeprefix("/")
        if not 0 < len(name) <= MAX_COMMAND or not (
            name.replace("_", "a").isalnum() and name.isascii() and name.islower()
        ):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 0 < len(command["description"]) <= MAX_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    save(call, commands_key(call), commands)
    call.world.announce({"type": "commands", "chat": (call.get("scope") or {}).get("chat_id")})
    return True


def get_my_commands(call: Call) -> list[Json]:
    """Returns the commands set for exactly this scope and language."""
    return list(call.world.profile.get(commands_key(call), []))


def delete_my_commands(call: Call) -> bool:
    """Forgets the commands of a scope and language."""
    save(call, commands_key(call), None)
    call.world.announce({"type": "commands", "chat": (call.get("scope") or {}).get("chat_id")})
    return True


def commands_key(call: Call) -> str:
    """Names a scope and language; a scope that names a chat must name one that exists."""
    scope = call.get("scope") or {"type": "default"}
    parts = [str(scope["type"])]
    if "chat_id" in scope:
        parts.append(str(call.world.known(typed_id(scope["chat_id"]))))
    if "user_id" in scope:
        parts.append(str(scope["user_id"]))
    return f"commands/{'/'.join(parts)}/{call.get('language_code') or ''}"


def typed_id(value: object) -> object:
    """Reads a chat id that was written as text."""
    return int(value) if isinstance(value, str) and value.lstrip("-").isdecimal() else value


def commands_for(world: World, chat_id: int, person_id: int) -> list[Json]:
    """Finds the commands that a person sees in a chat, in the order that Telegram documents."""
    private = chat_id == person_id
    kind = "all_private_chats" if private else "all_group_chats"
    scopes = [f"chat/{chat_id}", kind, "default"]
    if not private:
        scopes = [f"chat_member/{chat_id}/{person_id}", *scopes]
        if person_id in world.record(chat_id).get("administrators", []):
            scopes[1:1] = [f"chat_administrators/{chat_id}"]
            scopes[-2:-2] = ["all_chat_administrators"]
    for scope in scopes:
        for language in ("id", ""):
            commands = world.profile.get(f"commands/{scope}/{language}")
            if commands:
                return list(commands)
    return []


def set_text(call: Call) -> bool:
    """Serves setMyName, setMyDescription and setMyShortDescription; an empty text removes it."""
    field = field_of(call.method)
    text = call.get(field) or ""
    if len(text) > LIMITS[field]:
        raise bad_request(f"{'BOT_' if field == 'name' else ''}{field.upper()}_TOO_LONG")
    save(call, f"{field}/{call.get('language_code') or ''}", text or None)
    return True


def get_text(call: Call) -> Json:
    """Serves getMyName, getMyDescription and getMyShortDescription."""
    field = field_of(call.method)
    fallback = call.world.bot["first_name"] if field == "name" else ""
    default = call.world.profile.get(f"{field}/", fallback)
    return {field: call.world.profile.get(f"{field}/{call.get('language_code') or ''}", default)}


def field_of(method: str) -> str:
    """Names the field of a method like getMyShortDescription."""
    return {"Name": "name", "Description": "description", "ShortDescription": "short_description"}[method[5:]]


def set_chat_menu_button(call: Call) -> bool:
    """Sets the button beside the input field, for one private chat or for all."""
    if call.get("chat_id") is not None:
        call.world.known(call.get("chat_id"))
    save(call, f"menu/{call.get('chat_id') or ''}", call.get("menu_button") or {"type": "default"})
    return True


def get_chat_menu_button(call: Call) -> Json:
    """Returns the button beside the input field."""
    default: Json = call.world.profile.get("menu/", {"type": "default"})
    found: Json = call.world.profile.get(f"menu/{call.get('chat_id') or ''}", default)
    return found


def save(call: Call, key: str, value: object) -> None:
    """Writes one fact of the profile; None removes it."""
    if value is None:
        call.world.profile.pop(key, None)
        call.world.ledger.remove("profile", key)
    else:
        call.world.profile[key] = value
        call.world.ledger.put("profile", key, value)
