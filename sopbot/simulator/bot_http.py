"""`/bot<token>/<method>` and `/file/bot<token>/<path>`; the calls themselves are `dispatch.py`."""

import asyncio
import hmac
import json
import re
import socket
import struct
import sys
from typing import Any
from urllib.parse import unquote

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError

from sopbot.simulator.dispatch import Dispatcher
from sopbot.simulator.faults import Answer, refusal
from sopbot.simulator.web import LoopbackHandler, is_unicode

Json = dict[str, Any]
SILENCE = 120.0
TOKEN = re.compile(r"\d+:[\w-]+")


class BotApiHandler(LoopbackHandler):
    """Errors are `{ok: false, error_code, description}`."""

    gone: asyncio.Event

    def initialize(self) -> None:
        """Makes the event that tells when the bot has hung up."""
        self.gone = asyncio.Event()

    def on_connection_close(self) -> None:
        """Notes that the bot has hung up."""
        self.gone.set()

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401 - Tornado's signature
        """Writes an error as the Bot API does."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        reason = error.reason if isinstance(error, HTTPError) and error.reason else self._reason
        self.give(refusal(status_code, reason))

    async def get(self, token: str, method: str) -> None:
        """Serves a call with its parameters in the query."""
        await self.serve(token, method)

    async def post(self, token: str, method: str) -> None:
        """Serves a call with its parameters in query, form, multipart or JSON."""
        await self.serve(token, method)

    async def serve(self, token: str, method: str) -> None:
        """Serves a call; a waiting getUpdates ends when the bot hangs up."""
        if self.settings["refusing"]():
            self.reset()
            return
        if not same_token(token, self.settings["token"]):
            wrong_form = not TOKEN.fullmatch(unquote(token))
            self.give(refusal(404, "Not Found") if wrong_form else refusal(401, "Unauthorized"))
            return
        dispatcher: Dispatcher = self.settings["dispatcher"]
        work = asyncio.ensure_future(dispatcher.serve(method, self.parameters(), self.uploads()))
        hung_up = asyncio.ensure_future(self.gone.wait())
        stopped = asyncio.ensure_future(self.settings["stopping"].wait())
        try:
            await asyncio.wait({work, hung_up, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                await self.answer(work.result())
            else:
                self.reset()
        finally:
            for task in (work, hung_up, stopped):
                task.cancel()

    def parameters(self) -> Json:
        """Collects the parameters; the body wins over the query."""
        given: Json = {name: self.get_query_argument(name, strip=False) for name in self.request.query_arguments}
        if self.is_json() and self.request.body:
            try:
                body = json.loads(self.request.body)
            except ValueError:
                body = None
            if not isinstance(body, dict):
                raise HTTPError(400, reason="Bad Request: can't parse JSON object")
            if not is_unicode(self.request.body, body):
                raise HTTPError(400, reason="Bad Request: strings must be encoded in UTF-8")
            return given | body
        return given | {name: self.get_body_argument(name, strip=False) for name in self.request.body_arguments}

    async def answer(self, answer: Answer) -> None:
        """Gives an answer, or breaks the connection as a fault asks."""
        if answer.broken == "reset":
            self.reset()
        elif answer.broken == "silence":
            waits = [asyncio.ensure_future(event.wait()) for event in (self.gone, self.settings["stopping"])]
            await asyncio.wait(waits, timeout=SILENCE, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()
            self.reset()
        elif not self.gone.is_set():
            self.give(answer)

    def give(self, answer: Answer) -> None:
        """Writes the answer."""
        self.set_status(answer.status)
        self.set_header("Content-Type", answer.mime)
        self.finish(answer.body)

    def reset(self) -> None:
        """Ends the connection with a TCP reset instead of an answer."""
        if self.gone.is_set():
            return
        stream = self.detach()
        try:
            stream.socket.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
            )
        except (OSError, StreamClosedError):
            return
        finally:
            stream.close()


class FileHandler(LoopbackHandler):
    """Downloads by the `file_path` of getFile."""

    def get(self, token: str, path: str) -> None:
        """Sends the file."""
        if not same_token(token, self.settings["token"]):
            raise HTTPError(401, reason="Unauthorized")
        files = self.settings["dispatcher"].telegram.files
        record = files.by_path(unquote(path))
        if record is None:
            raise HTTPError(404, reason="Not Found")
        self.set_header("Content-Type", "application/octet-stream")
        self.finish(files.read(record))

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401 - Tornado's signature
        """Writes an error as the Bot API does."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        reason = error.reason if isinstance(error, HTTPError) and error.reason else self._reason
        self.reply({"ok": False, "error_code": status_code, "description": reason}, status_code)


def same_token(given: str, token: str) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(unquote(given).encode(), token.encode())
