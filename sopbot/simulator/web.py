"""What every HTTP handler shares: guards against foreign pages, limits, JSON in and out, errors without tracebacks."""

import json
import logging
import math
from typing import Any

from tornado.web import HTTPError, RequestHandler

from sopbot.simulator.errors import BotApiError, SimError
from sopbot.simulator.ledger import compact
from sopbot.simulator.uploads import Upload, guessed_mime

Json = dict[str, Any]
MAX_JSON = 1024 * 1024
MAX_UPLOAD = 50 * 1024 * 1024
MULTIPART_SLACK = 1024 * 1024
READING = frozenset({"GET", "HEAD", "OPTIONS"})
logger = logging.getLogger(__name__)


class LoopbackHandler(RequestHandler):
    """Answers only requests that name this server: a web page elsewhere can't reach it through its own host name."""

    def prepare(self) -> None:
        """Checks Host, the size of the body and, for changes, Origin."""
        hosts = self.own_hosts()
        if self.request.host.lower() not in hosts:
            raise HTTPError(403, reason="this server answers only to its loopback address")
        if self.request.method not in READING:
            origin = self.request.headers.get("Origin")
            if origin is not None and origin.lower() not in {f"http://{host}" for host in hosts}:
                raise HTTPError(403, reason="changes are refused from foreign pages")
        multipart = self.request.headers.get("Content-Type", "").startswith("multipart/")
        if len(self.request.body) > (MAX_UPLOAD + MULTIPART_SLACK if multipart else MAX_JSON):
            raise HTTPError(413, reason="Request Entity Too Large")

    def own_hosts(self) -> frozenset[str]:
        """Names the hosts that are this server."""
        port = self.settings["port"]()
        return frozenset({f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"})

    def set_default_headers(self) -> None:
        """Keeps browsers from guessing types and caching states."""
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Server", "simulator")

    def is_json(self) -> bool:
        """Tells whether the body is JSON."""
        return self.request.headers.get("Content-Type", "").split(";")[0].strip() == "application/json"

    def uploads(self) -> dict[str, Upload]:
        """Gives the uploaded files by the name of their field; 413 for one above 50 MB."""
        found: dict[str, Upload] = {}
        for name, files in self.request.files.items():
            file = files[0]
            if len(file["body"]) > MAX_UPLOAD:
                raise HTTPError(413, reason="Request Entity Too Large")
            filename = file["filename"].replace("\\", "/").rsplit("/", 1)[-1] or "file"
            found[name] = Upload(name=filename, mime=guessed_mime(filename), content=file["body"])
        return found

    def reply(self, value: object, status: int = 200) -> None:
        """Answers with JSON."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(compact(value))


class SimHandler(LoopbackHandler):
    """A call of `/sim`: errors are `{error}`."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401 - Tornado's signature
        """Writes one clear sentence."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        match error:
            case SimError():
                self.reply({"error": str(error)}, error.status)
            case BotApiError():
                self.reply({"error": error.description}, 400)
            case HTTPError():
                self.reply({"error": error.reason or self._reason}, status_code)
            case _:
                self.settings["reload"]()
                self.reply({"error": "the simulator failed; its log tells why"}, 500)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:  # noqa: ANN401 - Tornado's signature
        """Logs only what is not a refusal."""
        if not isinstance(value, (SimError, BotApiError, HTTPError)):
            logger.error("%s %s failed", self.request.method, self.request.path, exc_info=(typ, value, tb))

    def body(self) -> Json:
        """Reads the JSON object of the request; an empty body is an empty object."""
        if not self.request.body:
            return {}
        try:
            value = json.loads(self.request.body)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise SimError(400, "the body must be a JSON object")
        if not is_unicode(self.request.body, value):
            raise SimError(400, "texts must be Unicode")
        return value

    def given_number(self, given: Json, name: str, default: float) -> float:
        """Reads a number from 0 from a body, given as a number or as text; SimError 400."""
        try:
            value = float(given.get(name, default))
        except (TypeError, ValueError):
            value = -1
        if not 0 <= value < math.inf:
            raise SimError(400, f"{name} must be a number from 0")
        return value

    def number(self, name: str, default: int) -> int:
        """Reads a number from the query; SimError 400."""
        text = self.get_query_argument(name, str(default))
        try:
            return int(text)
        except ValueError:
            raise SimError(400, f"{name} must be a number") from None


def is_unicode(body: bytes, value: Json) -> bool:
    """Tells whether every text can be stored: JSON may name half of a surrogate pair by its number."""
    if b"\\u" not in body:
        return True
    try:
        compact(value).encode()
    except UnicodeEncodeError:
        return False
    return True
