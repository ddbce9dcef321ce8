"""An office's own file, `kantor.yaml`: name, zone, working hours, holidays, Ramadan, grace and the names of its roles.

Counterparts: `sopbot/domain/calendar.py` computes with the calendar built here, `public_holidays.py` has the national
holidays that the office overrides, `catalogue.py` loads the offices of a folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, Strict

from sopbot.definitions import strict_yaml
from sopbot.definitions.problems import DefinitionErrors, Finding, Loc, did_you_mean
from sopbot.definitions.public_holidays import national_holidays, ramadan_windows
from sopbot.definitions.schema import Definition, InvalidDefinition, IsoDate, RoleName, Slug, Text, fit
from sopbot.domain.calendar import WorkingCalendar
from sopbot.domain.holidays import HolidayList
from sopbot.domain.sop import CAMAT, SEKCAM
from sopbot.domain.working_hours import (
    PROFILES,
    DatedHours,
    InvalidWorkingHours,
    Ramadan,
    WorkingHours,
    day,
    merged,
)

OFFICE_FILE = "kantor.yaml"
DEFAULT_GRACE_MINUTES = 60

_WEEKDAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")


class _Weekdays(Definition):
    """Working intervals per weekday, such as "07.30-12.00 13.00-16.00"; a day left out is off."""

    monday: Text | None = Field(None, alias="senin")
    tuesday: Text | None = Field(None, alias="selasa")
    wednesday: Text | None = Field(None, alias="rabu")
    thursday: Text | None = Field(None, alias="kamis")
    friday: Text | None = Field(None, alias="jumat")
    saturday: Text | None = Field(None, alias="sabtu")
    sunday: Text | None = Field(None, alias="minggu")

    @property
    def texts(self) -> tuple[str, ...]:
        days = (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday)
        return tuple(text or "" for text in days)


class _Hours(Definition):
    """A set of hours and the first date on which it holds: a shipped profile, or weeks of the office's own."""

    since: IsoDate | None = Field(None, alias="sejak")
    profile: Text | None = Field(None, alias="profil")
    normal: _Weekdays | None = Field(None, alias="biasa")
    ramadan: _Weekdays | None = None


class _NamedDate(Definition):
    day: IsoDate = Field(alias="tanggal")
    name: Text = Field(alias="nama")


class _HolidaysOfYear(Definition):
    """How the holidays of one year differ from the national ones; `ganti` replaces all of them."""

    year: Annotated[int, Strict(), Field(ge=2000, le=2100)] = Field(alias="tahun")
    replaced: tuple[_NamedDate, ...] | None = Field(None, alias="ganti")
    added: tuple[_NamedDate, ...] = Field((), alias="tambah")
    removed: tuple[IsoDate, ...] = Field((), alias="hapus")


class _Window(Definition):
    first: IsoDate = Field(alias="mulai")
    last: IsoDate = Field(alias="selesai")


class _OfficeFile(Definition):
    slug: Slug
    name: Text = Field(alias="nama")
    region: Text = Field(alias="wilayah")
    zone: Literal["Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"] = Field(alias="zona")
    grace: Annotated[int, Strict(), Field(ge=0, le=6000)] = Field(DEFAULT_GRACE_MINUTES, alias="tenggang_terima")
    hours: Annotated[tuple[_Hours, ...], Field(min_length=1)] = Field(alias="jam_kerja")
    holidays: tuple[_HolidaysOfYear, ...] = Field((), alias="libur")
    ramadan: tuple[_Window, ...] = ()
    roles: dict[RoleName, Text] = Field(alias="peran")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeDefinition:
    """What an office's file says; the officers themselves are in the register, not here."""

    slug: str
    name: str
    region: str
    calendar: WorkingCalendar
    grace_minutes: int  # working minutes after which an untouched step is accepted by itself
    roles: Mapping[str, str]  # role → what the office calls it, in order of rank

    @property
    def zone(self) -> str:
        """The time zone's name, such as "Asia/Jakarta"."""
        return self.calendar.zone_name


def load_office(path: Path) -> OfficeDefinition:
    """Read an office's file (or the one in this folder); raises DefinitionErrors with every problem found."""
    source = strict_yaml.read(path / OFFICE_FILE if path.is_dir() else path)
    findings: list[Finding] = []
    try:
        file = fit(_OfficeFile, strict_yaml.as_mapping(source))
    except InvalidDefinition as error:
        findings.extend(error.findings)
    else:
        hours = _hours(file, findings)
        holidays = _holidays(file, findings)
        windows = _windows(file, findings)
        findings.extend(_missing_roles(file))
        if not findings:
            calendar = WorkingCalendar(zone_name=file.zone, hours=hours, ramadan=windows, holidays=holidays)
            return OfficeDefinition(
                slug=file.slug,
                name=file.name,
                region=file.region,
                calendar=calendar,
                grace_minutes=file.grace,
                roles=MappingProxyType(file.roles),
            )
    raise DefinitionErrors([source.problem(found.loc, found.sentence) for found in findings])


def _missing_roles(file: _OfficeFile) -> Iterator[Finding]:
    """Reminders, reassignment and cancelling need the two heads of the office."""
    for role in (CAMAT, SEKCAM):
        if role not in file.roles:
            yield Finding(loc=("peran",), sentence=f'Every office has the role "{role}"; name it here.')


def _hours(file: _OfficeFile, findings: list[Finding]) -> tuple[DatedHours, ...]:
    dated: list[DatedHours] = []
    for position, entry in enumerate(file.hours):
        loc: Loc = ("jam_kerja", position)
        since = date.min if entry.since is None else date.fromisoformat(entry.since)
        if any(since == earlier.since for earlier in dated):
            findings.append(Finding(loc=loc, sentence="Another entry begins on the same date; change sejak."))
        hours = _profile(file, entry, loc, findings)
        if hours is not None:
            dated.append(DatedHours(since=since, hours=hours))
    if all(entry.since is not None for entry in file.hours):
        findings.append(
            Finding(loc=("jam_kerja", 0, "sejak"), sentence="One entry has no sejak: it holds before all the others.")
        )
    return tuple(dated)


def _profile(file: _OfficeFile, entry: _Hours, loc: Loc, findings: list[Finding]) -> WorkingHours | None:
    if (entry.profile is None) == (entry.normal is None):
        sentence = "Name a profile (profil) or write the office's own weeks (biasa and ramadan), one of the two."
        findings.append(Finding(loc=loc, sentence=sentence))
        return None
    if entry.profile is not None:
        if entry.profile not in PROFILES:
            sentence = f'There is no profile "{entry.profile}".{did_you_mean(entry.profile, PROFILES)}'
            findings.append(Finding(loc=(*loc, "profil"), sentence=sentence))
        return PROFILES.get(entry.profile)
    weeks: list[list[tuple[str, str]]] = []
    before = len(findings)
    normal = entry.normal or _Weekdays()
    for key, weekdays in (("biasa", normal), ("ramadan", entry.ramadan or normal)):
        weeks.append(list(zip(_WEEKDAYS, weekdays.texts, strict=True)))
        for weekday, text in weeks[-1]:
            try:
                day(text)
            except InvalidWorkingHours as error:
                findings.append(Finding(loc=(*loc, key, weekday), sentence=str(error)))
    if len(findings) > before:
        return None
    usual, fasting = ([day(text) for _, text in each] for each in weeks)
    try:
        return WorkingHours(
            name=file.slug,
            normal=(usual[0], usual[1], usual[2], usual[3], usual[4], usual[5], usual[6]),
            ramadan=(fasting[0], fasting[1], fasting[2], fasting[3], fasting[4], fasting[5], fasting[6]),
        )
    except InvalidWorkingHours as error:
        findings.append(Finding(loc=loc, sentence=str(error)))
        return None


def _holidays(file: _OfficeFile, findings: list[Finding]) -> HolidayList:
    holidays = national_holidays()
    for position, entry in enumerate(file.holidays):
        loc: Loc = ("libur", position)
        if any(entry.year == earlier.year for earlier in file.holidays[:position]):
            findings.append(Finding(loc=(*loc, "tahun"), sentence=f"The year {entry.year} stands here twice."))
        for key, days in (
            ("ganti", [named.day for named in entry.replaced or ()]),
            ("tambah", [named.day for named in entry.added]),
            ("hapus", list(entry.removed)),
        ):
            findings.extend(
                Finding(loc=(*loc, key, number), sentence=f"{text} is not in {entry.year}.")
                for number, text in enumerate(days)
                if date.fromisoformat(text).year != entry.year
            )
        if entry.replaced is not None and not findings:
            holidays = holidays.with_year(entry.year, _named(entry.replaced))
        unknown = [text for text in entry.removed if date.fromisoformat(text) not in holidays.names]
        findings.extend(
            Finding(loc=(*loc, "hapus", entry.removed.index(text)), sentence=f"{text} is no holiday to remove.")
            for text in unknown
        )
        holidays = holidays.without(map(date.fromisoformat, entry.removed)).with_added(_named(entry.added))
    return holidays


def _named(days: tuple[_NamedDate, ...]) -> dict[date, str]:
    return {date.fromisoformat(named.day): named.name for named in days}


def _windows(file: _OfficeFile, findings: list[Finding]) -> tuple[Ramadan, ...]:
    own: list[Ramadan] = []
    for position, window in enumerate(file.ramadan):
        try:
            own.append(Ramadan(first=date.fromisoformat(window.first), last=date.fromisoformat(window.last)))
        except InvalidWorkingHours as error:
            findings.append(Finding(loc=("ramadan", position), sentence=str(error)))
    return merged(own, ramadan_windows())
