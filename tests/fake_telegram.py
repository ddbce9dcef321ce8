"""Telegram behind the real library: requests are recorded and answered here, or fail as the test says."""

import json
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from telegram import Bot

from sopbot.chat.transport import WatchedRequest

TOKEN = "123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
Answer = httpx.Response | Exception


class FakeTelegram:
    """Answers every call with what Telegram would, unless something else was arranged for the method."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.arranged: dict[str, deque[Answer]] = {}
        self.requests = _Wired(self._answer)
        self.bot = Bot(TOKEN, request=self.requests, get_updates_request=self.requests)
        self._last_id = 500

    def arrange(self, method: str, *answers: Answer) -> None:
        self.arranged.setdefault(method, deque()).extend(answers)

    def refuse(self, method: str, code: int, description: str, **parameters: Any) -> None:
        """Let the next call of a method be refused as Telegram refuses."""
        body = {"ok": False, "error_code": code, "description": description}
        self.arrange(method, httpx.Response(code, json=body | ({"parameters": parameters} if parameters else {})))

    def named(self, *methods: str) -> list[dict[str, Any]]:
        """Return the parameters of the calls of these methods, in order."""
        return [given for method, given in self.calls if method in methods]

    @property
    def texts(self) -> list[str]:
        """Return what was said: messages, edits, and answers to presses."""
        said = self.named("sendMessage", "editMessageText", "answerCallbackQuery")
        return [str(given["text"]) for given in said if "text" in given]

    def take(self) -> list[tuple[str, dict[str, Any]]]:
        taken, self.calls = self.calls, []
        return taken

    def _answer(self, request: httpx.Request) -> httpx.Response:
        method = request.url.path.rsplit("/", 1)[-1]
        given = {key: _value(values[0]) for key, values in parse_qs(request.content.decode()).items()}
        self.calls.append((method, given))
        arranged = self.arranged.get(method)
        if arranged:
            answer = arranged.popleft()
            if isinstance(answer, Exception):
                raise answer
            return answer
        return httpx.Response(200, json={"ok": True, "result": self._result(method, given)})

    def _result(self, method: str, given: dict[str, Any]) -> Any:
        if method not in {"sendMessage", "editMessageText"}:
            return True
        self._last_id += method == "sendMessage"
        number = given.get("message_id", self._last_id)
        return {"message_id": number, "date": 0, "chat": {"id": 1, "type": "private"}, "text": "-"}


class _Wired(WatchedRequest):
    """The project's own request, with the network cut off below it."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self._answered_by = answer
        super().__init__()

    def _build_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answered_by), trust_env=False)


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()
