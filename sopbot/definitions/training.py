"""The made-up officers of `pejabat_simulasi.yaml`, with whom an office tries sopbot in the simulator.

Counterpart: the simulator shows them as people who can be written to; `office.py` names the roles they hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, Strict

from sopbot.definitions import strict_yaml
from sopbot.definitions.problems import DefinitionErrors, Finding, did_you_mean
from sopbot.definitions.schema import Definition, InvalidDefinition, RoleName, Slug, Text, fit, spelt

TRAINING_FILE = "pejabat_simulasi.yaml"

_TelegramId = Annotated[int, Strict(), Field(ge=100_000_000, le=9_999_999_999)]

_Username = Annotated[str, Strict(), spelt("[A-Za-z][A-Za-z0-9_]{4,31}", "5 to 32 letters, digits and underscores")]
_Nip = Annotated[str, Strict(), spelt("[0-9]{18}", "the 18 digits of an NIP, in quotes")]


class _Officer(Definition):
    telegram_id: _TelegramId = Field(alias="id_telegram")
    name: Text = Field(alias="nama")
    username: _Username | None = None
    nip: _Nip | None = None
    title: Text = Field(alias="jabatan")
    honorific: Literal["Bapak", "Ibu"] | None = Field(None, alias="sapaan")
    roles: Annotated[tuple[RoleName, ...], Field(min_length=1)] = Field(alias="peran")


class _TrainingFile(Definition):
    office: Slug = Field(alias="kantor")
    officers: Annotated[tuple[_Officer, ...], Field(min_length=1)] = Field(alias="pejabat")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOfficer:
    """A made-up officer; `telegram_id` is the user id that the simulator gives this person."""

    office: str
    telegram_id: int
    name: str
    username: str | None
    nip: str | None
    title: str
    honorific: str | None
    roles: tuple[str, ...]


def load_training_officers(
    folder: Path, office: str | None = None, roles: Collection[str] | None = None
) -> tuple[TrainingOfficer, ...]:
    """Read the officers of an office's folder, or of the file itself; none where there is no such file.

    `office` and `roles`, where given, are the slug and the roles that the office has. Raises DefinitionErrors with
    every problem found.
    """
    path = folder / TRAINING_FILE if folder.is_dir() else folder
    if folder.is_dir() and not path.exists():
        return ()
    source = strict_yaml.read(path)
    findings: tuple[Finding, ...]
    try:
        file = fit(_TrainingFile, strict_yaml.as_mapping(source))
    except InvalidDefinition as error:
        findings = error.findings
    else:
        findings = tuple(_findings(file, office, roles))
        if not findings:
            return tuple(_officer(file.office, each) for each in file.officers)
    raise DefinitionErrors([source.problem(found.loc, found.sentence) for found in findings])


def _officer(office: str, officer: _Officer) -> TrainingOfficer:
    return TrainingOfficer(
        office=office,
        telegram_id=officer.telegram_id,
        name=officer.name,
        username=officer.username,
        nip=officer.nip,
        title=officer.title,
        honorific=officer.honorific,
        roles=officer.roles,
    )


def _findings(file: _TrainingFile, office: str | None, known: Collection[str] | None) -> Iterator[Finding]:
    if office is not None and file.office != office:
        yield Finding(loc=("kantor",), sentence=f'This folder holds the officers of "{office}".')
    seen: set[tuple[str, object]] = set()
    for position, officer in enumerate(file.officers):
        username = officer.username and officer.username.lower()  # Telegram ignores the case
        for key, value in (
            ("id_telegram", officer.telegram_id),
            ("username", username),
            ("nip", officer.nip),
        ):
            if value is not None and (key, value) in seen:
                yield Finding(loc=("pejabat", position, key), sentence=f"{value} belongs to another officer above.")
            seen.add((key, value))
        for entry, role in enumerate(officer.roles):
            if known is not None and role not in known:
                yield Finding(
                    loc=("pejabat", position, "peran", entry),
                    sentence=f'The office has no role "{role}".{did_you_mean(role, known)}',
                )
