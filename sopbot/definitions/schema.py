"""The pieces every definition file is made of: strict texts, numbers and answers, and sentences for what is wrong.

Counterparts: `document.py`, `office.py` and `training.py` build their models from these; `strict_yaml.py` brings
the values.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, TypeVar, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from sopbot.definitions.problems import Finding, Loc, did_you_mean

CORRECTED = "_baku"
"""What the key of a corrected text ends in."""

_Model = TypeVar("_Model", bound="Definition")


class Definition(BaseModel):
    """The base of all models here: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class InvalidDefinition(Exception):
    """Values that do not fit a model; `findings` holds every misfit."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(finding.sentence for finding in findings))
        self.findings = findings


def _fold(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


def _printable(value: str) -> str:
    if value.isprintable():
        return value
    raise PydanticCustomError("unprintable", "This text holds a character that cannot be printed.")


def _yes_or_no(value: object) -> object:
    return {"ya": True, "tidak": False}.get(value, value) if isinstance(value, str) else value


def _iso_date(value: str) -> str:
    try:
        if len(value) == len("2026-01-31"):
            date.fromisoformat(value)
            return value
    except ValueError:
        pass
    raise PydanticCustomError("iso_date", 'A date is written like "2026-01-31", in quotes.')


def spelt(pattern: str, wanted: str) -> AfterValidator:
    """Accept texts that match `pattern` whole; the sentence for others ends in what is `wanted`."""
    expression = re.compile(pattern)

    def check(value: str) -> str:
        if expression.fullmatch(value):
            return value
        raise PydanticCustomError(
            "spelt", '"{value}" does not fit here: write {wanted}.', {"value": value[:40], "wanted": wanted}
        )

    return AfterValidator(check)


_Raw = Annotated[str, Strict(), Field(min_length=1, max_length=2000), BeforeValidator(_fold)]
Text = Annotated[_Raw, AfterValidator(_printable)]
"""A text with its white space folded, so that a line break in the file means no more than a space."""
IsoDate = Annotated[_Raw, AfterValidator(_iso_date)]
Slug = Annotated[
    str,
    Strict(),
    Field(max_length=48),  # a button carries it, and 64 bytes are all that one takes
    spelt("[a-z][a-z0-9]*(-[a-z0-9]+)*", "small letters and digits joined by hyphens, such as karawaci-renja"),
]
RoleName = Annotated[
    str,
    Strict(),
    Field(max_length=32),
    spelt("[a-z][a-z0-9]*(_[a-z0-9]+)*", "small letters and digits joined by underscores, such as kasubag_pk"),
]
YesNo = Annotated[bool, Strict(), BeforeValidator(_yes_or_no)]
"""Written `ya` or `tidak`."""
StepNumber = Annotated[int, Strict(), Field(ge=1, le=99)]


def fit(model: type[_Model], values: object) -> _Model:
    """Build `model` from plain values; raises InvalidDefinition with every misfit."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InvalidDefinition(tuple(_findings(model, error))) from error


def _findings(model: type[Definition], error: ValidationError) -> Iterator[Finding]:
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and detail["input"]:
            continue  # the entries are there, each with a finding of its own
        loc = tuple(part for part in detail["loc"] if part != "[key]")  # how pydantic points at a key itself
        yield Finding(loc=loc, sentence=_sentence(model, detail))


# Sentences for pydantic's kinds of error; braces are filled from its facts.
_SENTENCES = {
    "int_type": "This must be a whole number, without quotes.",
    "tuple_type": "This must be a list, each entry on a line of its own after a dash.",
    "model_type": "This must hold keys and values.",
    "model_attributes_type": "This must hold keys and values.",
    "dict_type": "This must hold keys and values.",
    "bool_type": 'This must be "ya" or "tidak".',
    "string_too_short": "This text is empty.",
    "too_short": "This list is empty.",
    "string_too_long": "This text is longer than {max_length} characters.",
    "too_long": "This list is longer than {max_length} entries.",
    "greater_than_equal": "This number is smaller than {ge}.",
    "less_than_equal": "This number is larger than {le}.",
}


def _sentence(model: type[Definition], detail: ErrorDetails) -> str:
    loc, facts = detail["loc"], detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return f'The key "{loc[-1]}" is missing.'
        case "extra_forbidden":
            return f'There is no key "{loc[-1]}" here.{did_you_mean(str(loc[-1]), _keys_at(model, loc[:-1]))}'
        case "string_type":
            return _no_text(detail["input"])
        case "enum" | "literal_error":
            return f"This must be one of {facts['expected']}.{_nearest(detail['input'], facts['expected'])}"
        case other:
            return _SENTENCES.get(other, detail["msg"]).format(**facts)


def _no_text(value: object) -> str:
    match value:
        case None:
            return "This is empty; write a text or leave the key out."
        case bool() | int():
            return f"This must be a text: write {value} in quotes."
        case _:
            return "This must be a text, not a list or keys and values."


def _nearest(value: object, expected: str) -> str:
    words = expected.replace(" or ", ", ").replace("'", "").split(", ")
    return did_you_mean(value, words) if isinstance(value, str) else ""


def _keys_at(model: type[Definition], loc: Loc) -> list[str]:
    """Return the keys allowed at `loc`, found by walking the models' annotations."""
    current: type[Definition] = model
    for part in loc:
        if isinstance(part, int):
            continue
        named = {info.alias or name: info.annotation for name, info in current.model_fields.items()}
        inner = _model_in(named.get(part))
        if inner is None:
            return []
        current = inner
    return [info.alias or name for name, info in current.model_fields.items()]


def _model_in(annotation: object) -> type[Definition] | None:
    if isinstance(annotation, type) and issubclass(annotation, Definition):
        return annotation
    if get_origin(annotation) in {tuple, Annotated, Union, types.UnionType}:
        for part in get_args(annotation):
            if (found := _model_in(part)) is not None:
                return found
    return None


def wrong_corrections(values: object, loc: Loc = ()) -> Iterator[Finding]:
    """Find `*_baku` keys that do not stand beside an original, do not match its shape, or correct nothing."""
    if isinstance(values, list):
        for position, item in enumerate(values):
            yield from wrong_corrections(item, (*loc, position))
    if not isinstance(values, Mapping):
        return
    for key, value in values.items():
        yield from wrong_corrections(value, (*loc, key))
        if not isinstance(value, str | list) or not str(key).endswith(CORRECTED):  # mutu_baku itself is no text
            continue
        key_of_original = str(key).removesuffix(CORRECTED)
        original = values.get(key_of_original)
        if original is None:
            yield Finding(loc=(*loc, key), sentence=f'This corrects "{key_of_original}", which is missing.')
        elif isinstance(value, list) and len(value) != len(original):
            yield Finding(
                loc=(*loc, key),
                sentence=f'This has {len(value)} entries, but "{key_of_original}" has {len(original)}; '
                "leave an entry empty where nothing is corrected.",
            )
        elif value == original:
            yield Finding(loc=(*loc, key), sentence=f'This repeats "{key_of_original}" and corrects nothing.')
