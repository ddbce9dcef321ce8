"""What is wrong with a definition: `Problem` says where and why; `document.py` and `rules.py` find them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

Loc = tuple[str | int, ...]  # keys and list positions from the document's root, positions counted from 0


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One defect of one file; `line` counts from 1, `field` is empty where the whole file is meant."""

    file: Path
    line: int
    field: str
    sentence: str

    def __str__(self) -> str:
        """Write it as compilers do, so that editors can jump there."""
        field = f"{self.field}: " if self.field else ""
        return f"{self.file}:{self.line}: {field}{self.sentence}"


class DefinitionErrors(Exception):
    """The definition cannot be used; `problems` holds every defect found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, ordered by file and line."""
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A defect before its file and line are known."""

    loc: Loc
    sentence: str


def field_name(loc: Loc) -> str:
    """Write a location for people: list entries count from 1, so `langkah[6]` is the sixth step."""
    name = ""
    for part in loc:
        name += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if name else part
    return name


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ` Did you mean "…"?` for the nearest known word, or nothing when none is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{near[0]}"?' if near else ""
