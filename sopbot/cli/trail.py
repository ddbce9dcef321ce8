"""`sopbot trail show|export|verify|anchor`: the record that every step leaves, for people, programs and checkers.

Counterparts: `sopbot/store/trail.py` holds it, `sopbot/services/verifying.py` proves it.
"""

import csv
import json as jsons
import sys
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from enum import StrEnum
from operator import itemgetter
from pathlib import Path
from typing import IO, Annotated, Any, Final

import typer

from sopbot.cli.failures import CommandFailed
from sopbot.cli.output import Json, complain, show_json, show_table
from sopbot.cli.places import RULE, DataFolder, chosen_settings

app = typer.Typer(no_args_is_help=True, help=f"Read, export and verify the record. {RULE}")

KEYS: Final = (
    "seq",
    "at",
    "office",
    "instance",
    "instance_seq",
    "actor",
    "action",
    "from",
    "to",
    "value",
    "reason",
    "leaf",
    "link",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute what begins so

Row = Mapping[str, Any]
OfOffice = Annotated[str | None, typer.Option(help="Only the record of this office.")]
OfInstance = Annotated[int | None, typer.Option(help="Only the record of this instance.")]


class Format(StrEnum):
    """How the record is written."""

    JSON = "json"
    CSV = "csv"


@app.command()
def show(
    instance: Annotated[int | None, typer.Argument(help="An instance's id; default: everything.")] = None,
    office: OfOffice = None,
    last: Annotated[int, typer.Option(min=0, help="Only so many of the latest entries; 0 shows all.")] = 20,
    data: DataFolder = None,
    json: Json = False,
) -> None:
    """Show the latest entries, or those of one instance; instants are UTC."""
    from sopbot.store.reading import reading

    with reading(chosen_settings(data).database_url) as conn:
        rows = sorted(_rows(conn, office, instance), key=itemgetter("at"))[-last:]  # of all offices, by time
    if json:
        show_json(rows)
        return
    keys = ("seq", "at", "office", "instance", "actor", "action", "from", "to", "reason")
    show_table(keys, [[_actor(row) if key == "actor" else row[key] for key in keys] for row in rows])


def _actor(row: Row) -> str:
    actor = row["actor"]
    return f"{actor['officer'] or 'sopbot'} {actor['role'] or ''}".strip()


@app.command()
def export(
    form: Annotated[Format, typer.Option("--format", help="json: an array of objects; csv: for spreadsheets.")] = (
        Format.JSON
    ),
    office: OfOffice = None,
    instance: OfInstance = None,
    output: Annotated[Path | None, typer.Option(help="Write to this file, which must not exist yet.")] = None,
    data: DataFolder = None,
    json: Json = False,
) -> None:
    """Write the whole record, or the part of an office or an instance."""
    from sopbot.store.reading import reading

    if json and form is Format.CSV:
        raise CommandFailed("Give --json or --format csv, not both.")
    write = _write_csv if form is Format.CSV else _write_json
    with reading(chosen_settings(data).database_url) as conn:
        rows = _rows(conn, office, instance)
        with nullcontext(sys.stdout) if output is None else output.open("x", encoding="utf-8", newline="") as file:
            write(rows, file)


def _rows(conn: Any, office: str | None, instance: int | None) -> Iterable[Row]:  # noqa: ANN401 - a Connection; see main
    """Return the entries; what nobody ever recorded under that name is a slip of typing, not an empty record."""
    from sopbot.store import projections
    from sopbot.store import trail as record

    if office is not None and record.head(conn, office) is None:
        raise CommandFailed(f'The record has nothing of an office "{office}".')
    if instance is not None and instance not in projections.traced_ids(conn):
        raise CommandFailed(f"The record has nothing of an instance {instance}.")
    return record.export(conn, office, instance)


def _write_json(rows: Iterable[Row], file: IO[str]) -> None:
    """Write an array, an entry a line; a long record never stands in memory whole."""
    before = "[\n"
    for row in rows:
        file.write(before + jsons.dumps({key: row[key] for key in KEYS}, ensure_ascii=False))
        before = ",\n"
    file.write("[]\n" if before == "[\n" else "\n]\n")


def _write_csv(rows: Iterable[Row], file: IO[str]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(KEYS)
    writer.writerows([_cell(row[key]) for key in KEYS] for row in rows)


def _cell(value: object) -> object:
    if isinstance(value, Mapping | list):
        return jsons.dumps(value, ensure_ascii=False)
    # With an apostrophe before it a spreadsheet shows the text, whatever it begins with.
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


@app.command()
def verify(
    anchor: Annotated[Path | None, typer.Option(help="Also hold the record against the anchors in this file.")] = None,
    data: DataFolder = None,
    json: Json = False,
) -> None:
    """Prove that nobody changed the record, and that the tables say what it says.

    Exits 0 if all is sound, 10 if something was altered, 11 if entries are missing at the end, 12 if the guards of
    the database are missing; the lowest that applies.
    """
    from sopbot.services.verifying import verify as findings_of
    from sopbot.store.anchors import read_anchors
    from sopbot.store.reading import reading

    try:
        anchors = () if anchor is None else tuple(read_anchors(anchor))
    except ValueError as error:  # a file that is not UTF-8 is one, too
        raise CommandFailed(f"{anchor} holds no anchors: {str(error).rstrip('.')}.") from None
    with reading(chosen_settings(data).database_url) as conn:
        findings = findings_of(conn, anchors)
    code = min((one.code for one in findings), default=0)
    if json:
        keys = ("code", "office", "seq", "sentence")
        show_json({"code": code, "findings": [{key: getattr(one, key) for key in keys} for one in findings]})
    else:
        for one in findings:
            complain(one.sentence)
    if code:
        raise typer.Exit(code)
    if not json:
        print("The record is sound.")


@app.command("anchor")
def anchor_(
    file: Annotated[Path, typer.Argument(help="The file to add to; keep it where the database's owner cannot reach.")],
    data: DataFolder = None,
    json: Json = False,
) -> None:
    """Note where the record of every office ends; `verify --anchor FILE` holds it against that later."""
    from sopbot.store.anchors import write_anchor
    from sopbot.store.reading import reading

    with reading(chosen_settings(data).database_url) as conn:
        noted = write_anchor(conn, file)
    if json:
        show_json([{"office": one.office, "seq": one.seq, "link": one.link, "at": one.at} for one in noted])
    else:
        show_table(("office", "seq", "link"), [(one.office, one.seq, one.link) for one in noted])
