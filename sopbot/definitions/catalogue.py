"""Everything in a definitions folder: the offices and their SOPs; what is faulty is reported and left out whole.

Counterpart: `loader.py` and `office.py` read the single files; `sopbot/services/catalogue.py` stores the versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from sopbot.definitions import strict_yaml
from sopbot.definitions.document import SopDocument
from sopbot.definitions.loader import definition_files, duplicate, load
from sopbot.definitions.office import OFFICE_FILE, OfficeDefinition, load_office
from sopbot.definitions.problems import DefinitionErrors, Problem
from sopbot.definitions.training import TRAINING_FILE, TrainingOfficer, load_training_officers


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Offices, documents and training officers by slug, in order of slug, and what had to be left out."""

    offices: Mapping[str, OfficeDefinition]
    documents: Mapping[str, SopDocument]
    training: Mapping[str, tuple[TrainingOfficer, ...]]  # by the office's slug
    problems: tuple[Problem, ...]

    def documents_of(self, office: str) -> tuple[SopDocument, ...]:
        """Return the SOPs of one office, in order of slug."""
        return tuple(document for document in self.documents.values() if document.office == office)


def load_all(folder: Path) -> Catalogue:
    """Load `<folder>/<office>/*.yaml`; never raises for what a file holds, see `Catalogue.problems`.

    A file with any problem is left out whole and the rest is loaded. Without a sound `kantor.yaml` an office is
    left out with all of its SOPs: nobody would know its hours.
    """
    loading = _Loading()
    for office_folder in _office_folders(folder, loading.problems):
        loading.office(office_folder)
    return Catalogue(
        offices=MappingProxyType(loading.offices),
        documents=MappingProxyType(dict(sorted(loading.documents.items()))),
        training=MappingProxyType(loading.training),
        problems=tuple(sorted(loading.problems)),
    )


def _office_folders(folder: Path, problems: list[Problem]) -> list[Path]:
    if not folder.is_dir():
        problems.append(Problem(file=folder, line=1, field="", sentence="There is no such folder of definitions."))
        return []
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


class _Loading:
    """What has been loaded so far."""

    def __init__(self) -> None:
        self.offices: dict[str, OfficeDefinition] = {}
        self.documents: dict[str, SopDocument] = {}
        self.training: dict[str, tuple[TrainingOfficer, ...]] = {}
        self.problems: list[Problem] = []
        self._files: dict[str, Path] = {}

    def office(self, folder: Path) -> None:
        files = definition_files(folder)
        if not files:
            return
        office = self._office(folder)
        for path in files:
            if path.name in {OFFICE_FILE, TRAINING_FILE}:
                continue
            if office is None:
                self._report(path, "Its office cannot be used, so neither can this SOP.")
                continue
            self._document(path, office)
        if office is not None:
            self._training(folder, office)

    def _office(self, folder: Path) -> OfficeDefinition | None:
        path = folder / OFFICE_FILE
        try:
            office = load_office(path)
        except DefinitionErrors as error:
            self.problems.extend(error.problems)
            return None
        if office.slug != folder.name:
            sentence = f'The office "{office.slug}" belongs into a folder of that name, not "{folder.name}".'
            self.problems.append(strict_yaml.read(path).problem(("slug",), sentence))
            return None
        self.offices[office.slug] = office
        return office

    def _document(self, path: Path, office: OfficeDefinition) -> None:
        try:
            document = load(path, office)
        except DefinitionErrors as error:
            self.problems.extend(error.problems)
            return
        if document.slug in self._files:
            self.problems.append(duplicate(path, document.slug, self._files[document.slug]))
            return
        self._files[document.slug] = path
        self.documents[document.slug] = document

    def _training(self, folder: Path, office: OfficeDefinition) -> None:
        try:
            officers = load_training_officers(folder, office.slug, office.roles)
        except DefinitionErrors as error:
            self.problems.extend(error.problems)
            return
        taken = {each.telegram_id: each.name for group in self.training.values() for each in group}
        for officer in officers:
            if officer.telegram_id in taken:
                name = taken[officer.telegram_id]
                self._report(folder / TRAINING_FILE, f"id_telegram {officer.telegram_id} belongs to {name}, too.")
                return
        self.training[office.slug] = officers

    def _report(self, path: Path, sentence: str) -> None:
        self.problems.append(Problem(file=path, line=1, field="", sentence=sentence))
