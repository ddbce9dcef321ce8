"""Derives `bot_api_methods.json` from a machine-readable schema of the Bot API; its counterpart is `schema.py`.

The source is `api.json` of PaulSonOfLars/telegram-bot-api-spec (MIT), Bot API 10.0. Only names, types and
"required" are kept: `python -m sopbot.simulator.derive_methods api.json > sopbot/simulator/bot_api_methods.json`.
"""

import json
import sys
from pathlib import Path
from typing import Any

Json = dict[str, Any]
ARRAY = "Array of "
SCALARS = frozenset({"Integer", "String", "Boolean", "Float", "InputFile"})
# Structures that only methods without an implementation take: their inside is not checked, so not kept.
UNCHECKED = ("InlineQueryResult", "PassportElementError", "Story", "InputStory", "InputPaid", "InputPoll", "Shipping")


def compact_fields(fields: list[Json]) -> dict[str, str]:
    """Writes each field as its types joined by `|`, with `!` at the end where it is required."""
    return {field["name"]: "|".join(field["types"]) + "!" * field["required"] for field in fields}


def element(type_name: str) -> str:
    """Strips every leading `Array of`."""
    while type_name.startswith(ARRAY):
        type_name = type_name[len(ARRAY) :]
    return type_name


def derive(schema: Json) -> Json:
    """Reduces the schema to `{version, methods, types, unions}`."""
    methods = {name: compact_fields(method.get("fields", [])) for name, method in schema["methods"].items()}
    types: dict[str, dict[str, str]] = {}
    unions: dict[str, list[str]] = {}
    waiting = [
        element(type_name)
        for method in schema["methods"].values()
        for field in method.get("fields", [])
        for type_name in field["types"]
    ]
    while waiting:
        name = waiting.pop()
        if name in SCALARS or name in types or name in unions or name.startswith(UNCHECKED):
            continue
        definition = schema["types"][name]
        if definition.get("subtypes"):
            unions[name] = definition["subtypes"]
            waiting.extend(definition["subtypes"])
        else:
            fields = definition.get("fields", [])
            types[name] = compact_fields(fields)
            waiting.extend(element(type_name) for field in fields for type_name in field["types"])
    return {
        "version": schema["version"],
        "methods": methods,
        "types": dict(sorted(types.items())),
        "unions": dict(sorted(unions.items())),
    }


def render(derived: Json) -> str:
    """Writes one method or type per line, so that a new version of the Bot API makes a readable difference."""
    parts = [f'"version":{json.dumps(derived["version"])}']
    for key in ("methods", "types", "unions"):
        lines = (
            f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'))}" for name, value in derived[key].items()
        )
        parts.append(f'"{key}":{{\n' + ",\n".join(lines) + "\n}")
    return "{" + ",\n".join(parts) + "}\n"


if __name__ == "__main__":
    sys.stdout.write(render(derive(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
