"""The way of a Bot API call: fault, validation, method, journal, commit, answer; `bot_http.py` brings the calls."""

import asyncio
import json
import logging
from typing import Any

from sopbot.simulator import chat_methods, editing, profile, sending, webhook
from sopbot.simulator.call import Call, Method, Telegram
from sopbot.simulator.errors import BotApiError, strictness
from sopbot.simulator.faults import AFTER, BEFORE, Answer, Faults, error_body, faulty_answer
from sopbot.simulator.ledger import compact
from sopbot.simulator.schema import canonical, validated
from sopbot.simulator.uploads import Upload

Json = dict[str, Any]
logger = logging.getLogger(__name__)


def just_true(_call: Call) -> bool:
    """Serves logOut and close, which have nothing to do here."""
    return True


METHODS: dict[str, Method] = {
    "getMe": profile.get_me,
    "logOut": just_true,
    "close": just_true,
    "setWebhook": webhook.set_webhook,
    "deleteWebhook": webhook.delete_webhook,
    "getWebhookInfo": webhook.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendMediaGroup": sending.send_media_group,
    "copyMessage": sending.copy_message,
    "forwardMessage": sending.forward_message,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "answerCallbackQuery": editing.answer_callback_query,
    "setMessageReaction": editing.set_message_reaction,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyName": profile.set_text,
    "getMyName": profile.get_text,
    "setMyDescription": profile.set_text,
    "getMyDescription": profile.get_text,
    "setMyShortDescription": profile.set_text,
    "getMyShortDescription": profile.get_text,
    "setChatMenuButton": profile.set_chat_menu_button,
    "getChatMenuButton": profile.get_chat_menu_button,
    "getChat": chat_methods.get_chat,
    "getChatMember": chat_methods.get_chat_member,
    "getChatAdministrators": chat_methods.get_chat_administrators,
    "getChatMemberCount": chat_methods.get_chat_member_count,
    "leaveChat": chat_methods.leave_chat,
    "pinChatMessage": chat_methods.pin_chat_message,
    "unpinChatMessage": chat_methods.unpin_chat_message,
    "getFile": chat_methods.get_file,
}


class Dispatcher:
    """Serves one bot."""

    def __init__(self, telegram: Telegram, faults: Faults, token: str) -> None:
        """Keeps the token only to keep it out of the journal."""
        self._telegram = telegram
        self._faults = faults
        self._token = token
        self.telegram = telegram

    async def serve(self, name: str, given: Json, uploads: dict[str, Upload]) -> Answer:
        """Serves one call of the bot; never raises."""
        method = name
        try:
            method = canonical(name)
            given, problem = self._checked(method, given, uploads)
            fault = self._faults.take(method, given.get("chat_id"), BEFORE)
            if fault:
                answer, code, description = faulty_answer(fault)
                self._note(method, given, code=code, error=description, fault=fault["kind"])
                return answer
            return await self._perform(method, given, uploads, problem)
        except BotApiError as error:
            self._note(method, given, code=error.code, error=error.description)
            return Answer(status=error.code, body=compact(error_body(error.code, error.description, error.parameters)))
        except asyncio.CancelledError:
            raise
        except Exception:
            logger.exception("%s failed inside the simulator", method)
            self._reload()
            description = "Internal Server Error: the simulator failed; its log tells why"
            self._note(method, given, code=500, error=description)
            return Answer(status=500, body=compact(error_body(500, description)))

    def _checked(self, method: str, given: Json, uploads: dict[str, Upload]) -> tuple[Json, BotApiError | None]:
        """Returns the typed parameters, or what was given and why it is refused: a fault comes before that."""
        try:
            return validated(method, given, frozenset(uploads)), None
        except BotApiError as problem:
            return given, problem

    async def _perform(
        self, method: str, given: Json, uploads: dict[str, Upload], problem: BotApiError | None
    ) -> Answer:
        if problem:
            raise problem
        call = Call(telegram=self._telegram, method=method, parameters=given, uploads=uploads)
        if method == "getUpdates":
            result: object = await self._get_updates(call)
        elif method in METHODS:
            result = METHODS[method](call)
        else:
            raise strictness(f"{method} is not implemented")
        fault = self._faults.take(method, given.get("chat_id"), AFTER)
        self._note(method, given, fault=fault["kind"] if fault else None, result=result)
        if fault:
            return faulty_answer(fault)[0]
        return Answer(body=compact({"ok": True, "result": result}))

    async def _get_updates(self, call: Call) -> list[Json]:
        updates = await self._telegram.updates.fetch(
            call.get("offset") or 0,
            call.get("limit") or 100,
            call.get("timeout") or 0,
            call.get("allowed_updates"),
        )
        if updates and self._faults.take("getUpdates", None, frozenset({"duplicate_updates"})):
            updates = [update for update in updates for _ in range(2)]
        if updates and self._faults.take("getUpdates", None, frozenset({"reversed_updates"})):
            updates = updates[::-1]
        return updates

    def _note(
        self,
        method: str,
        given: Json,
        *,
        code: int | None = None,
        error: str | None = None,
        fault: str | None = None,
        result: object = None,
    ) -> None:
        """Writes the journal and commits it together with what the call did."""
        world = self._telegram.world
        entry: Json = {"at": world.now().isoformat(), "method": method, "parameters": self._without_token(given)}
        entry["accepted"] = error is None
        entry["error"] = error
        if code is not None:
            entry["error_code"] = code
        if fault:
            entry["fault"] = fault
        entry |= traces(method, result)
        world.ledger.append(entry)
        world.commit()

    def _without_token(self, given: Json) -> Json:
        cleaned: Json = json.loads(compact(given).replace(self._token, "<token>"))
        return cleaned

    def _reload(self) -> None:
        self._telegram.world.reload()
        self._telegram.updates.reload()
        self._faults.reload()


def traces(method: str, result: object) -> Json:
    """Tells in the journal which messages a call made or changed, or which updates it handed out."""
    if method == "getUpdates" and isinstance(result, list):
        return {"updates": [update.get("update_id") for update in result]}
    messages = result if isinstance(result, list) else [result]
    ids = [message["message_id"] for message in messages if isinstance(message, dict) and "message_id" in message]
    return {"message_ids": ids} if ids else {}
