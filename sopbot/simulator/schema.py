"""Checks the parameters of a Bot API call against `bot_api_methods.json` (see `derive_methods.py` for its source).

Values arrive as text (query, form, multipart) or as JSON; the result holds Python values of the documented types.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from sopbot.simulator.errors import BotApiError, bad_request, strictness

Json = dict[str, Any]
ARRAY = "Array of "
TRUE_WORDS = frozenset({"true", "yes", "1"})
FALSE_WORDS = frozenset({"false", "no", "0", ""})

# What Telegram says when a required parameter is missing, where it is known.
MISSING_TEXTS = {
    "chat_id": "chat_id is empty",
    "from_chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "user_id": "invalid user_id specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "file_id": "file_id not specified",
    "action": "wrong parameter action in request",
}
JSON_TEXTS = {
    "reply_markup": "can't parse reply keyboard markup JSON object",
    "entities": "can't parse entities JSON object",
    "caption_entities": "can't parse entities JSON object",
    "media": "can't parse media JSON object",
    "commands": "can't parse commands JSON object",
    "allowed_updates": "can't parse allowed updates JSON object",
}


@cache
def schema() -> Json:
    """Reads the committed facts once."""
    loaded: Json = json.loads(Path(__file__).with_name("bot_api_methods.json").read_text(encoding="utf-8"))
    return loaded


@cache
def method_names() -> dict[str, str]:
    """Maps lower case to the documented spelling: Telegram does not mind the case of a method."""
    return {name.lower(): name for name in schema()["methods"]}


def canonical(method: str) -> str:
    """Finds the documented name of a method; 404 `Not Found` where there is none."""
    name = method_names().get(method.lower())
    if name is None:
        raise BotApiError(404)
    return name


def validated(method: str, given: Json, uploads: frozenset[str]) -> Json:
    """Returns the parameters with their documented types; raises BotApiError for unknown, missing or ill-typed ones."""
    fields: dict[str, str] = schema()["methods"][method]
    attached = {name for name in uploads if name not in fields}
    for name in given:
        if name not in fields and name not in attached:
            raise strictness(f'unknown parameter "{name}" of {method}; Telegram would ignore it')
    result: Json = {}
    for name, kinds in fields.items():
        kinds, required = kinds.removesuffix("!"), kinds.endswith("!")  # noqa: PLW2901 - one field, two halves
        if name in uploads:
            if "InputFile" not in kinds.split("|"):
                raise strictness(f'parameter "{name}" of {method} can\'t be an uploaded file')
            result[name] = f"attach://{name}"
        elif name in given and given[name] is not None:
            result[name] = typed(name, given[name], kinds.split("|"))
        if required and result.get(name) in (None, ""):
            known = MISSING_TEXTS.get(name)
            raise bad_request(known) if known else strictness(f'parameter "{name}" is required')
    return result


def typed(name: str, value: object, kinds: list[str]) -> object:
    """Reads one top-level parameter as one of its documented types."""
    structured = [kind for kind in kinds if kind.startswith(ARRAY) or kind in schema()["types"] or in_union(kind)]
    if structured and isinstance(value, str):
        if name == "reply_markup" and not value:
            return None
        try:
            value = json.loads(value)
        except ValueError:
            raise bad_request(JSON_TEXTS.get(name, f"can't parse {name} JSON object")) from None
    if structured:
        return structure(name, value, kinds)
    return scalar(name, value, kinds)


def in_union(kind: str) -> bool:
    """Tells whether a type is a union of others."""
    return kind in schema()["unions"]


def scalar(name: str, value: object, kinds: list[str]) -> object:
    """Reads an Integer, Boolean, Float or String, given as text or as JSON."""
    if "Boolean" in kinds:
        word = str(value).lower()
        if word not in TRUE_WORDS | FALSE_WORDS:
            raise strictness(f'parameter "{name}" must be a Boolean')
        return word in TRUE_WORDS
    text = value.strip() if isinstance(value, str) else value
    if "Integer" in kinds and not isinstance(text, bool):
        if isinstance(text, int):
            return text
        if isinstance(text, str) and text.lstrip("-").isdecimal():
            return int(text)
    if "Float" in kinds:
        try:
            return float(str(text))
        except ValueError:
            pass
    if ("String" in kinds or "InputFile" in kinds) and isinstance(value, (str, int, float)):
        return value if isinstance(value, str) else str(value)
    raise strictness(f'parameter "{name}" must be of type {" or ".join(kinds)}')


def structure(path: str, value: object, kinds: list[str]) -> object:
    """Checks a JSON value against the first of `kinds` that it fits; the reason of the best fit is what is told."""
    reasons: list[BotApiError] = []
    for kind in alternatives(kinds):
        try:
            return one_structure(path, value, kind)
        except BotApiError as error:
            reasons.append(error)
    if path == "reply_markup" and not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    raise max(reasons, key=lambda error: error.depth if isinstance(error, Mismatch) else 0)


class Mismatch(BotApiError):
    """A value does not fit one documented type; `depth` tells how much of it did."""

    def __init__(self, text: str, depth: int) -> None:
        """Marks the text as the simulator's own."""
        super().__init__(400, f"{text} [simulator]")
        self.depth = depth


def alternatives(kinds: list[str]) -> list[str]:
    """Opens unions, also inside arrays."""
    opened: list[str] = []
    for kind in kinds:
        bare = kind.replace(ARRAY, "")
        if in_union(bare):
            opened.extend(kind.replace(bare, member) for member in schema()["unions"][bare])
        else:
            opened.append(kind)
    return opened


def one_structure(path: str, value: object, kind: str) -> object:
    """Checks a value against exactly one type, field by field; unknown fields are refused."""
    if kind.startswith(ARRAY):
        if not isinstance(value, list):
            raise Mismatch(f'field "{path}" must be of type Array', 0)
        inner = kind.removeprefix(ARRAY)
        members = [inner, *array_siblings(inner)]
        return [structure(f"{path}[{index}]", item, members) for index, item in enumerate(value)]
    types: dict[str, dict[str, str]] = schema()["types"]
    if kind not in types:
        return exact_scalar(path, value, kind)
    if not isinstance(value, dict):
        raise Mismatch(f'field "{path}" must be of type Object ({kind})', 0)
    fields = types[kind]
    fitting = sum(name in fields for name in value)
    for name in value:
        if name not in fields:
            raise Mismatch(f'unknown field "{path}.{name}" of {kind}; Telegram would ignore it', fitting)
    result: Json = {}
    for name, kinds in fields.items():
        if value.get(name) is not None:
            result[name] = structure(f"{path}.{name}", value[name], kinds.removesuffix("!").split("|"))
        elif kinds.endswith("!"):
            raise Mismatch(f'can\'t find field "{name}" of {kind} in "{path}"', fitting)
    return result


def array_siblings(kind: str) -> list[str]:
    """Lets an album mix what Telegram mixes: the schema writes one array type per kind of media."""
    return ["InputMediaPhoto", "InputMediaVideo"] if kind.startswith("InputMedia") else []


def exact_scalar(path: str, value: object, kind: str) -> object:
    """Checks a scalar inside JSON, where types are not guessed (a number may stand for a text, as at Telegram)."""
    fits = {
        "Integer": isinstance(value, int) and not isinstance(value, bool),
        "Boolean": isinstance(value, bool),
        "Float": isinstance(value, (int, float)) and not isinstance(value, bool),
    }.get(kind, isinstance(value, str))
    if fits or kind not in {"Integer", "Boolean", "Float", "String", "InputFile"}:
        return value
    if kind == "Integer" and isinstance(value, str) and value.lstrip("-").isdecimal():
        return int(value)
    if kind == "String" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise Mismatch(f'field "{path}" must be of type {kind}', 0)
