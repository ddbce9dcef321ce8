"""`/sim/*`: the calls of the page and of test drivers, as `docs/simulator.md` lists them."""

from typing import Any

from sopbot.simulator import acts, groups
from sopbot.simulator.call import Telegram
from sopbot.simulator.errors import SimError
from sopbot.simulator.profile import commands_for
from sopbot.simulator.view import history, shown
from sopbot.simulator.web import SimHandler
from sopbot.simulator.world import FIRST_STRANGER, Person

Json = dict[str, Any]


class TelegramHandler(SimHandler):
    """A call that touches people, chats or messages."""

    @property
    def telegram(self) -> Telegram:
        """The simulated Telegram."""
        telegram: Telegram = self.settings["dispatcher"].telegram
        return telegram

    def place(self, person_id: str, chat: object = None) -> tuple[Person, int]:
        """Finds a person and the chat that they act in: their own with the bot unless `chat` names a group."""
        world = self.telegram.world
        person = world.person(int(person_id))
        if chat is None or chat == person.id:
            return person, person.id
        group = world.group(int(str(chat)))
        if person.id not in group["members"]:
            raise SimError(403, f"{person.name} is not a member of this group")
        return person, int(group["id"])


class PeopleHandler(TelegramHandler):
    """`/sim/people`."""

    def get(self) -> None:
        """Lists the people in the order of their enrolment."""
        self.reply([described(person) for person in self.telegram.world.enrolled()])

    def post(self) -> None:
        """Adds a person, a stranger if nothing is said."""
        world, given = self.telegram.world, self.body()
        person_id = given.get("id") or world.count("stranger", FIRST_STRANGER)
        if not isinstance(person_id, int) or person_id <= 0 or not isinstance(given.get("roles", []), list):
            raise SimError(400, "id must be a positive number and roles a list")
        world.enrol(
            Person(
                id=person_id,
                name=str(given.get("name") or f"Orang {person_id}"),
                username=given.get("username"),
                roles=[str(role) for role in given.get("roles", [])],
                office=given.get("office"),
                started=bool(given.get("started", False)),
            )
        )
        world.commit()
        self.reply(described(world.people[person_id]), 201)


def described(person: Person) -> Json:
    """Gives a person as `/sim/people` tells them."""
    return {
        "id": person.id,
        "name": person.name,
        "username": person.username,
        "roles": person.roles,
        "office": person.office,
        "started": person.started,
        "blocked": person.blocked,
        "deactivated": person.deactivated,
    }


class MessagesHandler(TelegramHandler):
    """`/sim/people/{id}/messages`."""

    def get(self, person_id: str) -> None:
        """Lists the messages of a person's chat with the bot."""
        person, chat_id = self.place(person_id)
        self.reply(history(self.telegram.world, person.id, chat_id))

    def post(self, person_id: str) -> None:
        """Sends a message or a file as a person."""
        person, chat_id = self.place(person_id)
        self.send(person, chat_id)

    def send(self, person: Person, chat_id: int, given: Json | None = None) -> None:
        """Sends what the request holds."""
        upload = self.uploads().get("file")
        if upload:
            fields: Json = {name: self.get_body_argument(name) for name in self.request.body_arguments}
            if "reply_to" in fields:
                fields["reply_to"] = int(self.given_number(fields, "reply_to", 0))
            message = acts.send_file(self.telegram, person, chat_id, upload, fields)
        else:
            message = acts.write(self.telegram, person, chat_id, self.body() if given is None else given)
        self.telegram.world.commit()
        self.reply(shown(self.telegram.world, person.id, message), 201)


class MessageHandler(TelegramHandler):
    """`/sim/people/{id}/messages/{message_id}`."""

    def get(self, person_id: str, message_id: str) -> None:
        """Shows one message of a person's chat with the bot."""
        person, chat_id = self.place(person_id)
        message = self.telegram.world.message(chat_id, int(message_id))
        if message is None:
            raise SimError(404, f"there is no message {message_id} in this chat")
        self.reply(shown(self.telegram.world, person.id, message))

    def patch(self, person_id: str, message_id: str) -> None:
        """Edits one's own message."""
        given = self.body()
        person, chat_id = self.place(person_id, given.get("chat"))
        message = acts.edit(self.telegram, person, chat_id, int(message_id), given)
        self.telegram.world.commit()
        self.reply(shown(self.telegram.world, person.id, message))

    def delete(self, person_id: str, message_id: str) -> None:
        """Deletes one's own message."""
        person, chat_id = self.place(person_id)
        acts.delete(self.telegram, person, chat_id, int(message_id))
        self.telegram.world.commit()
        self.reply({"deleted": True})


class TapsHandler(TelegramHandler):
    """`/sim/people/{id}/taps`."""

    async def post(self, person_id: str) -> None:
        """Presses a button and waits for the bot's answer."""
        given = self.body()
        person, chat_id = self.place(person_id, given.get("chat"))
        query_id = acts.tap(self.telegram, person, chat_id, given)
        self.telegram.world.commit()
        self.reply(await self.telegram.taps.answer_to(query_id))


class BlockHandler(TelegramHandler):
    """`/sim/people/{id}/block`."""

    def post(self, person_id: str) -> None:
        """Blocks or unblocks the bot, deletes or restores the account."""
        person, _ = self.place(person_id)
        acts.block(self.telegram, person, self.body())
        self.telegram.world.commit()
        self.reply(described(person))


class CommandsHandler(TelegramHandler):
    """`/sim/people/{id}/commands`."""

    def get(self, person_id: str) -> None:
        """Lists the commands that a person sees."""
        person, chat_id = self.place(person_id, self.get_query_argument("chat", None))
        self.reply(commands_for(self.telegram.world, chat_id, person.id))


class ReplyHandler(TelegramHandler):
    """`/sim/people/{id}/reply`."""

    def get(self, person_id: str) -> None:
        """Tells which reply keyboard or forced reply waits."""
        _, chat_id = self.place(person_id, self.get_query_argument("chat", None))
        self.reply(self.telegram.world.record(chat_id).get("reply"))


class ChatsHandler(TelegramHandler):
    """`/sim/chats`."""

    def get(self) -> None:
        """Lists the groups."""
        chats = self.telegram.world.chats.values()
        self.reply([groups.described(chat) for chat in chats if chat["type"] != "private"])

    def post(self) -> None:
        """Creates a group."""
        chat = groups.create(self.telegram, self.body())
        self.telegram.world.commit()
        self.reply(groups.described(chat), 201)


class ChatMembersHandler(TelegramHandler):
    """`/sim/chats/{id}/members`."""

    def post(self, chat_id: str) -> None:
        """Adds and removes people and the bot."""
        chat = groups.change_members(self.telegram, int(chat_id), self.body())
        self.telegram.world.commit()
        self.reply(groups.described(chat))


class ChatUpgradeHandler(TelegramHandler):
    """`/sim/chats/{id}/upgrade`."""

    def post(self, chat_id: str) -> None:
        """Turns a group into a supergroup."""
        chat = groups.upgrade(self.telegram, int(chat_id))
        self.telegram.world.commit()
        self.reply(groups.described(chat))


class ChatMessagesHandler(MessagesHandler):
    """`/sim/chats/{id}/messages`."""

    def get(self, chat_id: str) -> None:
        """Lists the messages of a group as the person in the query sees them."""
        world = self.telegram.world
        self.reply(history(world, self.number("person", 0), int(world.group(int(chat_id))["id"])))

    def post(self, chat_id: str) -> None:
        """Posts as the person that the body names."""
        given = None if self.request.files else self.body()
        named = self.get_body_argument("person", "") if given is None else given.get("person", "")
        if not str(named).isdecimal():
            raise SimError(400, "person must be the id of a member")
        person, place = self.place(str(named), int(chat_id))
        self.send(person, place, given)


class FileHandler(TelegramHandler):
    """`/sim/files/{file_id}`: for the page, without a token."""

    def get(self, file_id: str) -> None:
        """Sends a file; a picture may be shown, anything else is downloaded."""
        record = self.telegram.world.files.get(file_id)
        if record is None:
            raise SimError(404, "there is no such file")
        image = record["kind"] == "photo"
        self.set_header("Content-Type", record["mime"] if image else "application/octet-stream")
        if not image:
            name = record["name"].replace('"', "").encode("ascii", "replace").decode()
            self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(self.telegram.files.read(record))


class UnknownHandler(SimHandler):
    """Anything else."""

    def prepare(self) -> None:
        """Refuses."""
        super().prepare()
        raise SimError(404, "there is nothing at this address")
