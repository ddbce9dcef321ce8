"""The two kinds of refusal: `BotApiError` for the Bot API, `SimError` for `/sim`; `web.py` turns them into JSON.

The texts of `BotApiError` are Telegram's own (tdlib/telegram-bot-api, Client.cpp) unless `strictness` marks them.
"""

from typing import Any

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
CHAT_NOT_FOUND = "chat not found"
BLOCKED = "bot was blocked by the user"
NOT_INITIATED = "bot can't initiate conversation with a user"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
BY_WEBHOOK = "terminated by setWebhook request"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"

PREFIXES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
}


class BotApiError(Exception):
    """The Bot API refuses a call."""

    def __init__(self, code: int, text: str = "", parameters: dict[str, Any] | None = None) -> None:
        """Joins Telegram's prefix for `code` with `text`; `parameters` are its ResponseParameters."""
        self.code = code
        self.description = f"{PREFIXES[code]}: {text}" if text else PREFIXES[code]
        self.parameters = parameters
        super().__init__(self.description)


class SimError(Exception):
    """A call of `/sim` is refused."""

    def __init__(self, status: int, text: str) -> None:
        """Keeps the HTTP status and one clear sentence."""
        self.status = status
        super().__init__(text)


def bad_request(text: str) -> BotApiError:
    """Builds a 400 with Telegram's own text."""
    return BotApiError(400, text)


def strictness(text: str) -> BotApiError:
    """Builds a 400 for what Telegram would let pass, or for what this simulator does not do, and says so."""
    return BotApiError(400, f"{text} [simulator]")
