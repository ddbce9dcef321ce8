"""A strict reading of YAML: text stays text, nothing is guessed, and every value knows its line.

Counterpart: `document.py`, `office.py` and `training.py` say what may stand in a file. YAML 1.1 reads `NO` as false,
`12:30` as 750 and `1.0` as a number; people who write SOPs mean the letters. So anything that YAML would turn into
something else is refused with a sentence that tells to quote it; whole numbers are kept, for the few fields that
count. Anchors, tags, merges, second documents and duplicate keys are refused, too: they hide what a file says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from yaml.resolver import Resolver

from sopbot.definitions.problems import DefinitionErrors, Loc, Problem, field_name

MAX_BYTES = 512 * 1024
MAX_DEPTH = 12

Value = None | str | int | list["Value"] | dict[str, "Value"]

# libyaml reads ten times faster, and its events are the same; it is not there on every machine.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER = Resolver()
_WHOLE = re.compile(r"(0|[1-9][0-9]{0,14})")
# YAML 1.1 also names the single letters, though PyYAML reads them as text; other readers do not.
_LETTERS_FOR_BOOL = frozenset("yYnN")
_MEANINGS = {
    "bool": "true or false",
    "null": "nothing at all",
    "int": "a number",
    "float": "a number",
    "timestamp": "a date",
}


@dataclass(slots=True)
class Source:
    """A file as read: plain values, and the line (from 1) of every one of them."""

    file: Path
    value: Value
    lines: dict[Loc, int] = field(default_factory=dict)

    def line(self, loc: Loc) -> int:
        """Return the line of the value at `loc`, or of the nearest one around it (a missing key has no line)."""
        while loc not in self.lines and loc:
            loc = loc[:-1]
        return self.lines.get(loc, 1)

    def problem(self, loc: Loc, sentence: str) -> Problem:
        """Say what is wrong at `loc`."""
        return Problem(file=self.file, line=self.line(loc), field=field_name(loc), sentence=sentence)


def read(path: Path) -> Source:
    """Read one file; raises DefinitionErrors with every defect of its notation."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _whole_file(path, f"The file cannot be read: {error.strerror or error}.") from error
    if len(data) > MAX_BYTES:
        raise _whole_file(path, f"The file is larger than {MAX_BYTES // 1024} KiB; no definition needs that.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _whole_file(path, "The file is not UTF-8; save it with that encoding.", line) from error
    return parse(text, path)


def parse(text: str, path: Path) -> Source:
    """Read YAML text; `path` is only named in problems. Raises DefinitionErrors."""
    reader = _Reader(path)
    try:
        reader.read(yaml.parse(text.removeprefix("\ufeff"), Loader=_LOADER))
    except yaml.YAMLError as error:
        reader.problems.append(_notation(path, error))
    except (ValueError, OverflowError) as error:  # PyYAML lets these out of bad escapes and version numbers
        reader.problems.append(Problem(file=path, line=1, field="", sentence=f"This is not YAML: {error}."))
    except _TooDeepError as error:
        reader.problems.append(
            Problem(file=path, line=error.line, field="", sentence=f"Nested deeper than {MAX_DEPTH} levels.")
        )
    if reader.problems:
        raise DefinitionErrors(reader.problems)
    return reader.source


class _TooDeepError(Exception):
    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


class _Reader:
    """Builds the values from the stream of YAML events, collecting problems on the way."""

    def __init__(self, path: Path) -> None:
        self.source = Source(path, None)
        self.problems: list[Problem] = []

    def read(self, events: Iterator[yaml.Event]) -> None:
        documents = 0
        for event in events:
            match event:
                case yaml.StreamStartEvent() | yaml.StreamEndEvent() | yaml.DocumentEndEvent():
                    continue
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        self._refuse(event, (), 'A second document begins here ("---"); one file holds one definition.')
                        return
                case _:
                    self.source.value = self._value(event, events, ())
        if not documents:
            self.problems.append(Problem(file=self.source.file, line=1, field="", sentence="The file is empty."))

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], loc: Loc) -> Value:
        line = _line(event)
        self.source.lines.setdefault(loc, line)
        if len(loc) > MAX_DEPTH:
            raise _TooDeepError(line)
        if getattr(event, "anchor", None) is not None and not isinstance(event, yaml.AliasEvent):
            self._refuse(event, loc, "Anchors (&) are not allowed; write the value out.")
        if getattr(event, "tag", None) not in {None, "!"}:
            self._refuse(event, loc, "Tags (!) are not allowed; write the plain value.")
        match event:
            case yaml.MappingStartEvent():
                return self._mapping(events, loc)
            case yaml.SequenceStartEvent():
                return self._sequence(events, loc)
            case yaml.ScalarEvent():
                return self._scalar(event, loc)
            case _:
                self._refuse(event, loc, "Aliases (*) are not allowed; write the value out.")
                return None

    def _sequence(self, events: Iterator[yaml.Event], loc: Loc) -> list[Value]:
        items: list[Value] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._value(event, events, (*loc, len(items))))
        return items

    def _mapping(self, events: Iterator[yaml.Event], loc: Loc) -> dict[str, Value]:
        entries: dict[str, Value] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event, events, loc)
            if key in entries:
                self._refuse(event, (*loc, key), f'The key "{key}" stands here a second time.')
            self.source.lines.setdefault((*loc, key), _line(event))
            entries[key] = self._value(next(events), events, (*loc, key))
        return entries

    def _key(self, event: yaml.Event, events: Iterator[yaml.Event], loc: Loc) -> str:
        if isinstance(event, yaml.ScalarEvent):
            if event.value == "<<" and event.implicit[0]:
                self._refuse(event, loc, "Merge keys (<<) are not allowed; write the keys out.")
            if event.anchor is not None or event.tag is not None:
                self._refuse(event, loc, "A key has neither anchor nor tag.")
            return event.value
        self._refuse(event, loc, "A key must be a single word.")
        self._value(event, events, (*loc, "?"))
        return "?"

    def _scalar(self, event: yaml.ScalarEvent, loc: Loc) -> str | int | None:
        text = event.value
        if event.style or event.tag is not None:  # quoted or a block; libyaml says "" for plain
            return text
        if not text:
            return None
        if _WHOLE.fullmatch(text):
            return int(text)
        tag = _implied_tag(text)
        if tag == "str":
            return text
        meaning = _MEANINGS.get(tag, "something else than these letters")
        advice = "leave it empty or write it in quotes" if tag == "null" else "write it in quotes"
        self._refuse(event, loc, f"YAML reads {text[:40]} as {meaning}: {advice}.")
        return text

    def _refuse(self, event: yaml.Event, loc: Loc, sentence: str) -> None:
        line = _line(event)
        self.problems.append(Problem(file=self.source.file, line=line, field=field_name(loc), sentence=sentence))


def _implied_tag(text: str) -> str:
    """Return what YAML 1.1 takes unquoted letters for: "str", "bool", "float" and so on."""
    if text in _LETTERS_FOR_BOOL:
        return "bool"
    tag: str = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return tag.rpartition(":")[2]


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _whole_file(path: Path, sentence: str, line: int = 1) -> DefinitionErrors:
    return DefinitionErrors([Problem(file=path, line=line, field="", sentence=sentence)])


def _notation(path: Path, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    hint = ' (a text with ": " or " #" in it needs quotes)' if "mapping values" in what else ""
    return Problem(file=path, line=mark.line + 1 if mark else 1, field="", sentence=f"This is not YAML: {what}{hint}.")


def as_mapping(source: Source) -> Mapping[str, Value]:
    """Return the file's keys and values; raises DefinitionErrors when it holds anything else."""
    if isinstance(source.value, dict):
        return source.value
    raise DefinitionErrors([source.problem((), 'The file must hold keys and values, like "slug: karawaci-renja".')])
