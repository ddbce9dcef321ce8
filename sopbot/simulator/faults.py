"""Faults that a test asks for: which call they hit and what the bot sees then; `dispatch.py` applies them."""

from dataclasses import dataclass
from typing import Any

from sopbot.simulator.errors import PREFIXES, SimError
from sopbot.simulator.ledger import Ledger, compact

Json = dict[str, Any]
DEFAULT_RETRY_AFTER = 5

# Refusals: nothing happens, the bot gets this status and description.
REFUSALS: dict[str, tuple[int, str]] = {
    "400": (400, "Bad Request: injected fault"),
    "401": (401, "Unauthorized"),
    "403": (403, "Forbidden: bot was blocked by the user"),
    "404": (404, "Not Found"),
    "409": (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    ),
    "429_bare": (429, "Too Many Requests"),
    "500": (500, "Internal Server Error"),
}
# Answers that are none: nothing happens, the body is not what the Bot API writes.
RAW_ANSWERS: dict[str, tuple[int, str, str]] = {
    "502_html": (502, "text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>"),
    "garbage": (200, "text/html", "<html>this is no answer</html>"),
    "null_result": (200, "application/json", '{"ok":true,"result":null}'),
}
BEFORE = frozenset(REFUSALS) | frozenset(RAW_ANSWERS) | {"429", "reset", "timeout"}
AFTER = frozenset({"timeout_after_accept", "reset_after_accept", "500_after_accept", "garbage_after_accept"})
ON_UPDATES = frozenset({"duplicate_updates", "reversed_updates"})
KINDS = BEFORE | AFTER | ON_UPDATES


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back to the bot: an HTTP answer, or `broken`: "reset" or "silence"."""

    status: int = 200
    mime: str = "application/json"
    body: str = ""
    broken: str | None = None


class Faults:
    """The faults that are still to come, oldest first; they survive a restart."""

    def __init__(self, ledger: Ledger) -> None:
        """Loads them."""
        self._ledger = ledger
        self.reload()

    def reload(self) -> None:
        """Reads them again."""
        self.waiting: list[Json] = [value for _, value in self._ledger.load("fault")]

    def add(self, given: Json) -> Json:
        """Adds a fault; SimError 400 for a kind that does not exist. The caller commits."""
        kind = str(given.get("kind", ""))
        if kind not in KINDS:
            raise SimError(
                400, f'there is no fault "{kind}"; known are: {", ".join(sorted(KINDS | {"poison", "refuse"}))}'
            )
        times = given.get("times", 1)
        if not isinstance(times, int) or times < 1:
            raise SimError(400, "times must be a number from 1")
        retry_after = given.get("retry_after", DEFAULT_RETRY_AFTER)
        if not isinstance(retry_after, int) or retry_after < 1:
            raise SimError(400, "retry_after must be a number of seconds from 1")
        fault = {
            "id": max((fault["id"] for fault in self.waiting), default=0) + 1,
            "method": str(given.get("method", "getUpdates" if kind in ON_UPDATES else "*")),
            "kind": kind,
            "times": times,
            "retry_after": retry_after,
            "chat_id": given.get("chat_id"),
        }
        self.waiting.append(fault)
        self._ledger.put("fault", f"{fault['id']:06d}", fault)
        return fault

    def take(self, method: str, chat_id: object, kinds: frozenset[str]) -> Json | None:
        """Uses up one occurrence of the first fault that fits. The caller commits."""
        for fault in self.waiting:
            named = fault["method"] == "*" or fault["method"].lower() == method.lower()
            aimed = fault["chat_id"] is None or str(fault["chat_id"]) == str(chat_id)
            if named and aimed and fault["kind"] in kinds:
                fault["times"] -= 1
                if fault["times"] == 0:
                    self._remove(fault)
                else:
                    self._ledger.put("fault", f"{fault['id']:06d}", fault)
                return fault
        return None

    def clear(self) -> None:
        """Removes all. The caller commits."""
        for fault in list(self.waiting):
            self._remove(fault)

    def _remove(self, fault: Json) -> None:
        self.waiting.remove(fault)
        self._ledger.remove("fault", f"{fault['id']:06d}")


def faulty_answer(fault: Json) -> tuple[Answer, int, str]:
    """Gives the answer of a fault, and error code and description for the journal."""
    kind = fault["kind"].removesuffix("_after_accept")
    if kind in ("reset", "timeout"):
        return Answer(broken="reset" if kind == "reset" else "silence"), 0, fault["kind"]
    if kind in RAW_ANSWERS:
        status, mime, body = RAW_ANSWERS[kind]
        return Answer(status=status, mime=mime, body=body), status, fault["kind"]
    if kind == "429":
        seconds = fault["retry_after"]
        description = f"{PREFIXES[429]}: retry after {seconds}"
        return refusal(429, description, {"retry_after": seconds}), 429, description
    status, description = REFUSALS[kind]
    return refusal(status, description), status, description


def refusal(status: int, description: str, parameters: Json | None = None) -> Answer:
    """Writes an error as the Bot API does."""
    return Answer(status=status, body=compact(error_body(status, description, parameters)))


def error_body(status: int, description: str, parameters: Json | None = None) -> Json:
    """Gives `{ok: false, error_code, description, parameters?}`."""
    body: Json = {"ok": False, "error_code": status, "description": description}
    return body | {"parameters": parameters} if parameters else body
