"""The bytes of a trail entry, and the hashes that chain them.

The same content gives the same bytes on every machine and in every version: NFC strings, integers below 2^53,
booleans, null; ASCII keys; no floats; sorted compact JSON in UTF-8. The bytes are stored and never made again
from what was parsed. Counterpart: `sopbot/store/verification.py` computes the hashes once more.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from typing import Final
from uuid import UUID

type_of_value = str | int | bool | None | list["type_of_value"] | dict[str, "type_of_value"]

_LIMIT: Final = 2**53
_encode = json.JSONEncoder(
    ensure_ascii=False,
    allow_nan=False,
    check_circular=False,
    sort_keys=True,
    separators=(",", ":"),
).encode


def canonical(value: object) -> bytes:
    """Return the canonical bytes; raise TypeError or ValueError for what has none."""
    return _encode(_normal(value)).encode()


def leaf_of(body: bytes) -> bytes:
    """Return SHA256(00 ‖ body)."""
    return hashlib.sha256(b"\x00" + body).digest()


def link_of(previous: bytes, leaf: bytes) -> bytes:
    """Return SHA256(01 ‖ previous link ‖ leaf)."""
    return hashlib.sha256(b"\x01" + previous + leaf).digest()


def genesis_of(deployment: UUID, office: str) -> bytes:
    """Return the link before the first entry: SHA256(02 ‖ canonical bytes of deployment and office)."""
    return hashlib.sha256(b"\x02" + canonical({"deployment": str(deployment), "office": office})).digest()


def _normal(value: object) -> type_of_value:
    if isinstance(value, str):
        # Plain text is the common case, and ASCII is in every normal form already.
        return str(value) if value.isascii() else unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if not -_LIMIT < value < _LIMIT:
            raise ValueError(f"The trail takes integers below 2^53 only, not {value}.")
        return int(value)
    if isinstance(value, (dict, Mapping)):
        for key in value:
            _check_key(key)
        return {str(key): _normal(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_normal(item) for item in value]
    raise TypeError(f"The trail takes no {type(value).__name__}: {value!r}.")


def _check_key(key: object) -> None:
    if not isinstance(key, str):
        raise TypeError(f"A key in the trail is a string, not {key!r}.")
    if not key.isascii():
        raise ValueError(f"A key in the trail is ASCII, not {key!r}.")
