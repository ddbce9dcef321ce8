"""Reads SOP documents from YAML and from the database, and turns them into what the engine runs.

Counterparts: `strict_yaml.py` reads the notation, `document.py` holds the result, `rules.py` checks it;
`catalogue.py` loads a whole folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from sopbot.definitions import strict_yaml
from sopbot.definitions.document import SopDocument, Step, wording, wordings
from sopbot.definitions.office import OFFICE_FILE, OfficeDefinition, load_office
from sopbot.definitions.problems import DefinitionErrors, Problem
from sopbot.definitions.rules import KNOWN_ROLES, findings
from sopbot.definitions.schema import CORRECTED, InvalidDefinition, fit
from sopbot.definitions.training import TRAINING_FILE, load_training_officers
from sopbot.domain.sop import Decision, QualityStandard, Ratification, Role, Sop, Wording
from sopbot.domain.sop import Step as SopStep
from sopbot.domain.standard_time import StandardTime

_LEFT_OUT_WHEN_EMPTY = frozenset({"ya_sebagai", "keterangan"})


def load(path: Path, office: OfficeDefinition | None = None) -> SopDocument:
    """Read one SOP document; raises DefinitionErrors with every problem found.

    Its roles must be those of `office`; without one, those that the `kantor.yaml` beside the file names, or the
    usual ones where there is none.
    """
    source = strict_yaml.read(path)
    try:
        document = fit(SopDocument, strict_yaml.as_mapping(source))
    except InvalidDefinition as error:
        raise DefinitionErrors([source.problem(each.loc, each.sentence) for each in error.findings]) from error
    slug, roles = _office_beside(path) if office is None else (office.slug, tuple(office.roles))
    problems = [source.problem(found.loc, found.sentence) for found in findings(document, roles)]
    if slug is not None and document.office != slug:
        problems.append(source.problem(("kantor",), f'This folder holds the SOPs of "{slug}".'))
    if problems:
        raise DefinitionErrors(problems)
    return document


def _office_beside(path: Path) -> tuple[str | None, Collection[str]]:
    """Read the office's slug and roles alone; a defect of its file is reported where that file is checked."""
    try:
        values = strict_yaml.as_mapping(strict_yaml.read(path.parent / OFFICE_FILE))
    except DefinitionErrors:
        return None, KNOWN_ROLES
    slug, roles = values.get("slug"), values.get("peran")
    return slug if isinstance(slug, str) else None, tuple(roles) if isinstance(roles, dict) else KNOWN_ROLES


def check(paths: Sequence[Path]) -> list[Problem]:
    """Check files, and every definition in folders; returns all problems, by file and line."""
    problems: list[Problem] = []
    seen: dict[str, Path] = {}
    for path in _files(paths, problems):
        try:
            if path.name == OFFICE_FILE:
                load_office(path)
            elif path.name == TRAINING_FILE:
                load_training_officers(path, *_office_beside(path))
            else:
                document = load(path)
                if document.slug in seen:
                    problems.append(duplicate(path, document.slug, seen[document.slug]))
                seen.setdefault(document.slug, path)
        except DefinitionErrors as error:
            problems.extend(error.problems)
    return sorted(problems)


def duplicate(path: Path, slug: str, first: Path) -> Problem:
    """Say that two files claim one slug."""
    return strict_yaml.read(path).problem(("slug",), f'"{slug}" is the slug of {first}, too; every SOP has its own.')


def definition_files(folder: Path) -> list[Path]:
    """List the YAML files in a folder and below, hidden ones left out."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in {".yaml", ".yml"} and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _files(paths: Sequence[Path], problems: list[Problem]) -> list[Path]:
    files: dict[Path, None] = {}  # a set that keeps the order
    for path in paths:
        found = definition_files(path) if path.is_dir() else [path]
        if not found:
            problems.append(Problem(file=path, line=1, field="", sentence="This folder holds no YAML file."))
        files.update(dict.fromkeys(found))
    return list(files)


def canonical_json(document: SopDocument) -> str:
    """Write the document for the database: sorted keys, nothing that equals its default.

    Leaving defaults out keeps the hash of an old version the same when a later sopbot knows more keys.
    """
    values = document.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_stored(text: str) -> SopDocument:
    """Read what `canonical_json` wrote; raises InvalidDefinition when it is something else."""
    return fit(SopDocument, json.loads(text))


def content_hash(document: SopDocument) -> str:
    """Identify this version: SHA-256 of its canonical JSON, in hex."""
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()


def document_json(document: SopDocument) -> dict[str, Any]:
    """Show the document under the YAML's keys; a key for a corrected text stands there only where there is one."""
    shown: dict[str, Any] = _without_empty_corrections(document.model_dump(mode="json", by_alias=True))
    return shown


def to_sop(document: SopDocument) -> Sop:
    """Return the part that the engine runs."""
    return Sop(
        slug=document.slug,
        office=document.office,
        hash=content_hash(document),
        number=document.number or "",
        name=_name(document),
        steps=tuple(_step(step) for step in document.steps),
        indicative_times=document.indicative_times is not None,
    )


def _name(document: SopDocument) -> Wording:
    return wording(document.name, document.short_name or document.name_corrected)


def _step(step: Step) -> SopStep:
    standard = step.standard
    return SopStep(
        number=step.number,
        activity=wording(step.activity, step.activity_corrected),
        performer=step.performer,
        column=step.column,
        role=Role(step.role),
        mode=step.mode,
        participants=tuple(map(Role, step.participants)),
        standard=QualityStandard(
            requirements=wordings(standard.requirements, standard.requirements_corrected),
            time=StandardTime.parse(standard.time_corrected or standard.time),
            time_text=wording(standard.time, standard.time_corrected),
            output=wordings(standard.output, standard.output_corrected),
        ),
        decision=None if step.decision is None else Decision(on_yes=step.decision.on_yes, on_no=step.decision.on_no),
        outside_decider=step.outside_decider,
        recorder=None if step.recorder is None else Role(step.recorder),
        ratifications=tuple(
            Ratification(by=each.by, outside=each.outside, seal=each.seal) for each in step.ratifications
        ),
        returns_to=step.returns_to,
        yes_is=step.yes_is,
        inferred=frozenset(step.inferred),
        note=step.note,
    )


def _without_empty_corrections(value: Any) -> Any:  # noqa: ANN401 -- any part of a JSON document
    if isinstance(value, list):
        return [_without_empty_corrections(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {
        key: _without_empty_corrections(item)
        for key, item in value.items()
        if item is not None or not (key.endswith(CORRECTED) or key in _LEFT_OUT_WHEN_EMPTY)
    }
