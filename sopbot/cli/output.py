"""What a command prints: JSON for programs, tables on a terminal, plain lines of fields where nobody watches.

Counterpart: `failures.py` says what goes wrong. Names and subjects were typed by people, so whatever would steer a
terminal is replaced.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def show_json(value: object) -> None:
    """Print a value as JSON that people can read, too."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows as a table on a terminal; elsewhere a line each, the fields with a tab between them."""
    cells = [[plain(cell) for cell in row] for row in rows]
    if not cells:
        complain("There is nothing to show yet.")
        return
    if not sys.stdout.isatty():
        for row in cells:
            print("\t".join(row))
        return
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=SIMPLE, pad_edge=False)
    for row in cells:
        table.add_row(*map(Text, row))  # as Text: what people typed is no markup
    Console().print(table)


def plain(value: object) -> str:
    """Return a value as text on one line that leaves the terminal as it is; None and what is empty become a dash."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = " ".join(str(value).split()) if value is not None else ""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text) or "-"


def complain(line: str) -> None:
    """Print a line to stderr."""
    print(line, file=sys.stderr)
