"""`sopbot sop list|show|check`: the definitions as they stand in the files; no database is needed.

Counterpart: `sopbot/definitions/` reads and checks them.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sopbot.cli.failures import CommandFailed
from sopbot.cli.output import Json, complain, show_json, show_table
from sopbot.settings import load_settings

if TYPE_CHECKING:
    from sopbot.definitions.catalogue import Catalogue
    from sopbot.definitions.document import SopDocument, Step

app = typer.Typer(no_args_is_help=True, help="Look at the SOPs, and check their files.")

INFERRED = "*)"  # what the office has not confirmed


def definitions_in(folder: Path) -> "Catalogue":
    """Load all definitions; what had to be left out is told on stderr."""
    from sopbot.definitions.catalogue import load_all

    catalogue = load_all(folder)
    for problem in catalogue.problems:
        complain(f"Left out: {problem}")
    return catalogue


def known_office(catalogue: "Catalogue", slug: str) -> str:
    """Return the slug if there is such an office; raises CommandFailed."""
    return _known("office", slug, catalogue.offices)


def _known(what: str, slug: str, known: Iterable[str]) -> str:
    if slug in known:
        return slug
    from sopbot.definitions.problems import did_you_mean

    hint = did_you_mean(slug, known) or f" There are: {', '.join(known) or 'none'}."
    raise CommandFailed(f'There is no {what} "{slug}".{hint}')


@app.command("list")
def list_(
    office: Annotated[str | None, typer.Option(help="Only the SOPs of this office.")] = None, json: Json = False
) -> None:
    """List the SOPs of every office."""
    catalogue = definitions_in(load_settings().definitions)
    if office is not None:
        known_office(catalogue, office)
    documents = [one for one in catalogue.documents.values() if office in {None, one.office}]
    if json:
        show_json([_entry(document) for document in documents])
        return
    show_table(
        ("Slug", "Kantor", "Nomor", "Nama", "Langkah"),
        [(one.slug, one.office, one.number, one.name_corrected or one.name, len(one.steps)) for one in documents],
    )


def _entry(document: "SopDocument") -> dict[str, Any]:
    from sopbot.definitions.loader import content_hash

    return {
        "slug": document.slug,
        "kantor": document.office,
        "nomor": document.number,
        "nama": document.name,
        "jumlah_langkah": len(document.steps),
        "hash": content_hash(document),
    }


@app.command()
def show(slug: Annotated[str, typer.Argument(help="The SOP's slug.")], json: Json = False) -> None:
    """Show one SOP with all of its steps."""
    catalogue = definitions_in(load_settings().definitions)
    document = catalogue.documents[_known("SOP", slug, catalogue.documents)]
    if json:
        from sopbot.definitions.loader import document_json

        show_json(document_json(document))
        return
    print(f"{document.name_corrected or document.name} ({catalogue.offices[document.office].name})")
    print(f"Nomor: {document.number or '-'}")
    if document.indicative_times:
        print(f"Waktu indikatif: {document.indicative_times}")
    show_table(("No", "Uraian", "Pelaksana", "Waktu", "Ya", "Tidak"), [_row(step) for step in document.steps])
    if any(step.inferred for step in document.steps):
        print(f"{INFERRED} disimpulkan, belum dikonfirmasi oleh kantor")


def _row(step: "Step") -> tuple[object, ...]:
    def marked(value: object, *fields: str) -> str:
        return f"{value} {INFERRED}" if any(field in step.inferred for field in fields) else str(value)

    decision = step.decision
    return (
        step.number,
        step.activity_corrected or step.activity,
        marked(step.performer, "pelaksana", "cara", "peserta", "pemutus_luar", "pencatat"),
        step.standard.time_corrected or step.standard.time,
        "" if decision is None else marked(decision.on_yes, "keputusan.ya", "pengesahan", "ya_sebagai"),
        "" if decision is None else marked(decision.on_no, "keputusan.tidak", "kembalikan_ke"),
    )


@app.command()
def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files and folders; default: all definitions.")] = None,
    json: Json = False,
) -> None:
    """Check definitions, and name every problem with its file and line; exits 1 if there is any."""
    from sopbot.definitions.loader import check as problems_of

    problems = problems_of(paths or [load_settings().definitions])
    if json:
        keys = ("line", "field", "sentence")
        show_json([{"file": str(one.file), **{key: getattr(one, key) for key in keys}} for one in problems])
    else:
        for problem in problems:
            complain(str(problem))
    if problems:
        raise typer.Exit(1)
    if not json:
        print("No problems.")
