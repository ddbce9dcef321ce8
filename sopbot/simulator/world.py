"""The state of the simulated Telegram: people, chats, messages; in memory and, record by record, in the ledger.

Nothing here awaits: whoever changes the world calls `commit` before answering, and `reload` if a change failed halfway.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sopbot.simulator.clock import SimulatorClock
from sopbot.simulator.errors import BLOCKED, CHAT_NOT_FOUND, NOT_INITIATED, BotApiError, SimError, bad_request
from sopbot.simulator.ledger import Ledger

Json = dict[str, Any]
FIRST_STRANGER = 7_000_000_001
FIRST_GROUP = 4_000_000_001
SUPERGROUP_BASE = 1_000_000_000_000


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody with a Telegram account; `started` is False for one who has never written to the bot."""

    id: int
    name: str
    username: str | None = None
    roles: list[str] = field(default_factory=list)
    office: str | None = None
    started: bool = True
    blocked: bool = False
    deactivated: bool = False

    def user(self) -> Json:
        """Gives the Bot API's User."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": "id"}
        return user | {"username": self.username} if self.username else user


class World:
    """Everything that the bot and the people see."""

    def __init__(self, ledger: Ledger, clock: SimulatorClock, bot: Json) -> None:
        """Loads the records; `bot` is the User of the bot."""
        self.ledger = ledger
        self.clock = clock
        self.bot = bot
        self.on_commit: Callable[[list[Json]], None] = lambda _events: None
        self._events: list[Json] = []
        self.reload()

    def reload(self) -> None:
        """Forgets what was not committed and reads everything again."""
        self.ledger.rollback()
        self._events = []
        self.counters = {name: int(value) for name, value in self.ledger.load("counter")}
        self.people = {int(key): Person(**value) for key, value in self.ledger.load("person")}
        self._places: dict[int, int] = {int(key): value for key, value in self.ledger.load("place")}
        self.chats: dict[int, Json] = {int(key): value for key, value in self.ledger.load("chat")}
        self.messages: dict[int, dict[int, Json]] = {}
        for _, message in self.ledger.load("message"):
            self.messages.setdefault(message["chat"]["id"], {})[message["message_id"]] = message
        self.queries: dict[str, Json] = dict(self.ledger.load("query"))
        self.files: dict[str, Json] = dict(self.ledger.load("file"))
        self.profile: Json = dict(self.ledger.load("profile"))

    def commit(self) -> None:
        """Makes the changes durable, then tells the page."""
        self.ledger.commit()
        events, self._events = self._events, []
        self.on_commit(events)

    def announce(self, event: Json) -> None:
        """Queues an event for the page; it leaves with the commit."""
        self._events.append(event)

    def now(self) -> datetime:
        """Returns the simulated moment."""
        return self.clock.now()

    def date(self) -> int:
        """Returns the simulated moment as Telegram writes it: whole seconds since 1970."""
        return int(self.now().timestamp())

    def count(self, name: str, first: int = 1) -> int:
        """Returns the next number of a durable counter."""
        value = self.counters.get(name, first - 1) + 1
        self.counters[name] = value
        self.ledger.put("counter", name, value)
        return value

    # People and chats

    def enrol(self, person: Person) -> None:
        """Adds a person, or brings name, roles and office up to date; what they did to the bot stays."""
        known = self.people.get(person.id)
        if known:
            person = Person(
                **asdict(person)
                | {
                    "started": known.started or person.started,
                    "blocked": known.blocked,
                    "deactivated": known.deactivated,
                }
            )
        if person.id not in self._places:
            self._places[person.id] = self.count("place", first=0)
            self.ledger.put("place", person.id, self._places[person.id])
        if person != known:
            self.save_person(person)
            self.announce({"type": "people"})

    def enrolled(self) -> list[Person]:
        """Lists the people in the order in which they were first enrolled, whatever has been read again since."""
        last = len(self.people)
        return sorted(self.people.values(), key=lambda person: (self._places.get(person.id, last), person.id))

    def save_person(self, person: Person) -> None:
        """Writes a person."""
        self.people[person.id] = person
        self.ledger.put("person", person.id, asdict(person))

    def person(self, person_id: int) -> Person:
        """Finds a person; SimError 404."""
        try:
            return self.people[person_id]
        except KeyError:
            raise SimError(404, f"there is no person {person_id}") from None

    def save_chat(self, chat: Json) -> None:
        """Writes what is known of a chat."""
        self.chats[chat["id"]] = chat
        self.ledger.put("chat", chat["id"], chat)

    def record(self, chat_id: int) -> Json:
        """Finds the record of a chat; a private one has a record once it holds more than messages."""
        return self.chats.get(chat_id) or {"id": chat_id, "type": "private"}

    def group(self, chat_id: int) -> Json:
        """Finds a group; SimError 404."""
        chat = self.chats.get(chat_id)
        if chat is None or chat["type"] == "private":
            raise SimError(404, f"there is no group {chat_id}")
        return chat

    def chat(self, chat_id: int) -> Json:
        """Gives the Bot API's Chat."""
        if chat_id in self.people:
            user = self.people[chat_id].user()
            return {key: user[key] for key in ("id", "first_name", "username") if key in user} | {"type": "private"}
        chat = self.chats[chat_id]
        return {"id": chat["id"], "type": chat["type"], "title": chat["title"]}

    def reachable(self, target: object) -> int:
        """Finds the chat that the bot names; BotApiError if it doesn't exist or the bot may not write there."""
        chat_id = self.known(target)
        if chat_id in self.people:
            person = self.people[chat_id]
            if person.deactivated:
                raise BotApiError(403, "user is deactivated")
            if person.blocked:
                raise BotApiError(403, BLOCKED)
            if not person.started:
                raise BotApiError(403, NOT_INITIATED)
            return chat_id
        chat = self.chats[chat_id]
        if chat.get("migrated_to"):
            raise BotApiError(
                400, "group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": chat["migrated_to"]}
            )
        if chat["bot"] not in ("member", "administrator"):
            reason = "was kicked from" if chat["bot"] == "kicked" else "is not a member of"
            raise BotApiError(403, f"bot {reason} the {chat['type']} chat")
        return chat_id

    def known(self, target: object) -> int:
        """Finds a chat whether or not the bot may write there; people can't be named by @username."""
        if isinstance(target, int) and (target in self.people or target in self.chats):
            return target
        raise bad_request(CHAT_NOT_FOUND)

    # Messages

    def next_message_id(self, chat_id: int) -> int:
        """Numbers messages as Telegram does: one series for private chats and groups, one per supergroup."""
        supergroup = chat_id < -SUPERGROUP_BASE
        return self.count(f"message/{chat_id}" if supergroup else "message")

    def new_message(self, chat_id: int, sender: Json, **content: object) -> Json:
        """Builds and stores a message; the caller commits."""
        message: Json = {
            "message_id": self.next_message_id(chat_id),
            "from": sender,
            "chat": self.chat(chat_id),
            "date": self.date(),
            **content,
        }
        self.save_message(message)
        self.announce({"type": "message", "chat": chat_id, "message_id": message["message_id"]})
        return message

    def save_message(self, message: Json) -> None:
        """Writes a message."""
        chat_id, message_id = message["chat"]["id"], message["message_id"]
        self.messages.setdefault(chat_id, {})[message_id] = message
        self.ledger.put("message", f"{chat_id}/{message_id:010d}", message)

    def changed_message(self, message: Json) -> None:
        """Writes a message that was edited, pinned or reacted to, and tells the page."""
        self.save_message(message)
        self.announce({"type": "edited", "chat": message["chat"]["id"], "message_id": message["message_id"]})

    def remove_message(self, chat_id: int, message_id: int) -> None:
        """Forgets a message."""
        del self.messages[chat_id][message_id]
        self.ledger.remove("message", f"{chat_id}/{message_id:010d}")
        self.announce({"type": "deleted", "chat": chat_id, "message_id": message_id})

    def message(self, chat_id: int, message_id: int) -> Json | None:
        """Finds a message."""
        return self.messages.get(chat_id, {}).get(message_id)


def public(message: Json) -> Json:
    """Drops what only the page may see (keys with a leading underscore)."""
    return {key: value for key, value in message.items() if not key.startswith("_")}
