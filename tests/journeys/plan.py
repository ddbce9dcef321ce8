"""What a journey must look like, read from the plain tables in `data/`: officers, SOPs, their steps, the paths.

The tables were written from the source documents, not from the definitions under test: `steps.tsv` has every row of
every SOP, `paths.tsv` one line for each assignment of a journey in order, with who gets it, who acts, and how.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sopbot.definitions.public_holidays import national_calendar
from sopbot.domain.calendar import WorkingCalendar
from sopbot.domain.standard_time import StandardTime
from sopbot.domain.working_hours import PROFILES

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An officer of the simulator."""

    key: str
    id: int
    name: str
    title: str
    honorific: str
    roles: tuple[str, ...]

    @property
    def called(self) -> str:
        return f"{self.honorific} {self.title}"

    @property
    def named(self) -> str:
        return f"{self.name} ({self.title})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of an SOP as people must see it."""

    number: int
    activity: str
    performer: str
    role: str
    participants: tuple[str, ...]
    parallel: bool
    requirements: tuple[str, ...]
    time: StandardTime
    output: tuple[str, ...]
    on_yes: int | None
    on_no: int | None
    outside: str | None
    seals: tuple[tuple[str, str], ...]  # (by whom, what) after YA
    yes_is: str | None
    inferred: frozenset[str]  # pelaksana, ya, tidak


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One assignment of a journey: to whom it goes, who does it, after how long, with which answer."""

    step: int
    round: int
    task: str
    to: tuple[str, ...]
    by: str
    automatic: bool
    wait: int  # minutes of real time until it is accepted, then until it is done
    work: int
    answer: str
    leads_to: str
    reason: str
    seal: int | None = None  # the place of this ratification in the row


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One SOP's journey."""

    slug: str
    office: str
    title: str
    starter: str
    subject: str
    indicative: bool
    calendar: WorkingCalendar
    rows: tuple[Row, ...]
    turns: tuple[Turn, ...]
    people: dict[str, Person]

    def row(self, number: int) -> Row:
        return self.rows[number - 1]

    def holders(self, role: str) -> set[str]:
        return {one.key for one in self.people.values() if role in one.roles}

    def told(self, row: Row) -> set[str]:
        """Return who takes part in a step without doing it."""
        return set().union(*(self.holders(role) for role in row.participants)) - self.holders(row.role)


@cache
def table(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


SLUGS = tuple(line["slug"] for line in table("sops"))


@cache
def people_of(office: str) -> dict[str, Person]:
    return {
        line["kunci"]: Person(
            key=line["kunci"],
            id=int(line["id"]),
            name=line["nama"],
            title=line["jabatan"],
            honorific=line["sapaan"],
            roles=tuple(line["peran"].split()),
        )
        for line in table("officers")
        if line["kantor"] == office
    }


@cache
def plan_of(slug: str) -> Plan:
    [sop] = [line for line in table("sops") if line["slug"] == slug]
    return Plan(
        slug=slug,
        office=sop["kantor"],
        title=sop["sebutan"],
        starter=sop["dimulai_oleh"],
        subject=sop["perihal"],
        indicative=bool(sop["indikatif"]),
        calendar=national_calendar(PROFILES[sop["jam_kerja"]], "Asia/Jakarta"),
        rows=tuple(_row(line) for line in table("steps") if line["slug"] == slug),
        turns=tuple(_turns([line for line in table("paths") if line["slug"] == slug])),
        people=people_of(sop["kantor"]),
    )


def _row(line: dict[str, str]) -> Row:
    inferred = {"disimpulkan": "pelaksana", "disimpulkan_ya": "ya", "disimpulkan_tidak": "tidak"}
    return Row(
        number=int(line["no"]),
        activity=line["uraian"],
        performer=line["pelaksana"],
        role=line["peran"],
        participants=tuple(line["peserta"].split()),
        parallel=line["cara"] == "semua",
        requirements=tuple(line["kelengkapan"].split(" | ")),
        time=StandardTime.parse(line["waktu"]),
        output=tuple(line["output"].split(" | ")),
        on_yes=int(line["ya"]) if line["ya"] else None,
        on_no=int(line["tidak"]) if line["tidak"] else None,
        outside=line["luar"] or None,
        seals=tuple(tuple(one.split(": ")) for one in line["pengesahan"].split(" | ") if one),
        yes_is=line["ya_sebagai"] or None,
        inferred=frozenset(fact for column, fact in inferred.items() if line[column]),
    )


def _turns(lines: list[dict[str, str]]) -> list[Turn]:
    seals: Counter[tuple[str, str]] = Counter()
    turns = []
    for line in lines:
        seal = None
        if "pengesahan" in line["tugas"]:
            seal = seals[line["langkah"], line["putaran"]]
            seals[line["langkah"], line["putaran"]] += 1
        turns.append(
            Turn(
                step=int(line["langkah"]),
                round=int(line["putaran"]),
                task=line["tugas"],
                to=tuple(line["kepada"].split()),
                by=line["oleh"],
                automatic=line["terima"] == "otomatis",
                wait=int(line["tunggu"]),
                work=int(line["kerja"]),
                answer=line["jawaban"],
                leads_to=line["ke"],
                reason=line["alasan"],
                seal=seal,
            )
        )
    return turns
