"""Small builders for tests of the core: an office, an SOP from one-line steps, and given/when/then over events.

The month is November 2026 in WIB: Monday the 23rd is an ordinary working day, Wednesday the 25th a holiday.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Self
from zoneinfo import ZoneInfo

import pytest

from sopbot.domain.calendar import WorkingCalendar
from sopbot.domain.commands import AcceptStep, Answer, AnswerStep, Command, FinishStep, StartInstance
from sopbot.domain.decide import decide
from sopbot.domain.errors import Rejected
from sopbot.domain.events import Event, InstanceStarted, StepAssigned
from sopbot.domain.evolve import fold
from sopbot.domain.holidays import HolidayList
from sopbot.domain.instance import Instance, InstanceId, Task
from sopbot.domain.office import Office, Officer, OfficerId
from sopbot.domain.sop import (
    CAMAT,
    SEKCAM,
    Decision,
    Mode,
    QualityStandard,
    Ratification,
    Role,
    Seal,
    Sop,
    Step,
    Wording,
)
from sopbot.domain.standard_time import StandardTime
from sopbot.domain.working_hours import PERPRES_5_HARI, DatedHours

KASUBAG, KASI, ANY_HEAD, STAF = Role("kasubag_pk"), Role("kasi"), Role("kasi_kasubag"), Role("staf")

TINI, SARI, BUDI, EKA, RUDI, WATI = (OfficerId(n) for n in range(1, 7))
ROSTER = (
    Officer(id=TINI, name="Tini", title="Camat", roles=frozenset({CAMAT})),
    Officer(id=SARI, name="Sari", title="Sekretaris Camat", roles=frozenset({SEKCAM})),
    Officer(id=BUDI, name="Budi", title="Kasubag Perencanaan", roles=frozenset({KASUBAG, ANY_HEAD})),
    Officer(id=EKA, name="Eka", title="Kasi Pemerintahan", roles=frozenset({KASI, ANY_HEAD})),
    Officer(id=RUDI, name="Rudi", title="Kasi Pelayanan", roles=frozenset({KASI, ANY_HEAD})),
    Officer(id=WATI, name="Wati", title="Staf", roles=frozenset({STAF})),
)
CALENDAR = WorkingCalendar(
    zone_name="Asia/Jakarta",
    hours=(DatedHours(since=date(2023, 1, 1), hours=PERPRES_5_HARI),),
    holidays=HolidayList(names={date(2026, 11, 25): "Libur setempat"}, complete_years=frozenset({2026, 2027})),
)
SIGNED_BY_CAMAT = Ratification(by=CAMAT, outside=False, seal=Seal.SIGNATURE)
RATIFIED_OUTSIDE = Ratification(by="Kepala BKAD", outside=True, seal=Seal.RATIFICATION)


def nov(day: int, clock: str) -> datetime:
    """Return an instant of November 2026 by the office's clock, e.g. `nov(23, "09.15")`; aware UTC."""
    hour, minute = clock.split(".")
    return datetime(2026, 11, day, int(hour), int(minute), tzinfo=ZoneInfo("Asia/Jakarta")).astimezone(UTC)


def office(*, grace: int = 60, without: Collection[OfficerId] = (), frozen: Collection[OfficerId] = ()) -> Office:
    """Return the office, without some of its officers or with some of them frozen."""
    roster = tuple(replace(one, active=one.id not in frozen) for one in ROSTER if one.id not in without)
    return Office(slug="contoh", name="Kecamatan Contoh", calendar=CALENDAR, grace_minutes=grace, roster=roster)


def step(
    role: Role,
    *,
    time: str = "15 Menit",
    yes: int | None = None,
    no: int | None = None,
    mode: Mode = Mode.ONE,
    participants: tuple[Role, ...] = (),
    outside: str | None = None,
    ratifications: tuple[Ratification, ...] = (),
    returns_to: int | None = None,
    yes_is: Seal | None = None,
) -> Step:
    """Return a step of 15 minutes; `yes` and `no` make it a decision. `sop` gives it its number."""
    return Step(
        number=0,
        activity=Wording(original="Kegiatan"),
        performer=outside or role,
        column=role,
        role=role,
        mode=mode,
        participants=participants,
        standard=QualityStandard(
            requirements=(), time=StandardTime.parse(time), time_text=Wording(original=time), output=()
        ),
        decision=None if yes is None or no is None else Decision(on_yes=yes, on_no=no),
        outside_decider=outside,
        recorder=role if outside is not None or any(one.outside for one in ratifications) else None,
        ratifications=ratifications,
        returns_to=returns_to,
        yes_is=yes_is,
        inferred=frozenset(),
        note="",
    )


def sop(*steps: Step, indicative: bool = False) -> Sop:
    """Return an SOP of these steps, numbered from 1."""
    return Sop(
        slug="contoh-sop",
        office="contoh",
        hash="abc123",
        number="001",
        name=Wording(original="SOP Contoh"),
        steps=tuple(replace(one, number=number) for number, one in enumerate(steps, start=1)),
        indicative_times=indicative,
    )


def start(by: OfficerId, at: datetime, subject: str = "Renja 2027") -> StartInstance:
    return StartInstance(instance=InstanceId(7), by=by, subject=subject, at=at)


def accept(n: int, by: OfficerId, at: datetime) -> AcceptStep:
    return AcceptStep(assignment=n, by=by, at=at)


def finish(n: int, by: OfficerId, at: datetime) -> FinishStep:
    return FinishStep(assignment=n, by=by, at=at)


def yes(n: int, by: OfficerId, at: datetime) -> AnswerStep:
    return AnswerStep(assignment=n, by=by, at=at, answer=Answer.YES)


def no(n: int, by: OfficerId, at: datetime, reason: str = "Angka belum cocok") -> AnswerStep:
    return AnswerStep(assignment=n, by=by, at=at, answer=Answer.NO, reason=reason)


def started(sop: Sop, by: OfficerId, at: datetime) -> InstanceStarted:
    """Return the first event of every history."""
    return InstanceStarted(
        at=at,
        instance=InstanceId(7),
        office="contoh",
        slug=sop.slug,
        definition=sop.hash,
        steps=len(sop.steps),
        subject="Renja 2027",
        by=by,
    )


def assigned(
    n: int,
    step: int,
    role: Role,
    to: OfficerId | tuple[OfficerId, ...],
    at: datetime,
    accept_by: datetime,
    *,
    round_: int = 1,
    task: Task = Task.WORK,
    ratification: int | None = None,
    told: tuple[OfficerId, ...] = (),
) -> StepAssigned:
    """Return an assignment to one officer, or an offer to several (or to nobody)."""
    offered = to if isinstance(to, tuple) else (to,)
    return StepAssigned(
        at=at,
        assignment=n,
        step=step,
        round=round_,
        task=task,
        ratification=ratification,
        role=role,
        holder=None if isinstance(to, tuple) else to,
        offered_to=offered,
        told=told,
        accept_by=accept_by,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What has happened so far, and what the last command brought about."""

    sop: Sop
    office: Office
    history: tuple[Event, ...] = ()
    latest: tuple[Event, ...] = ()

    @property
    def instance(self) -> Instance:
        """The instance that the history gives."""
        instance = fold(self.history)
        assert instance is not None
        return instance

    def when(self, *commands: Command) -> Self:
        """Carry out commands one after another; `then` looks at what the last of them brought about."""
        story = self
        for command in commands:
            events = decide(story.sop, story.office, fold(story.history), command)
            story = replace(story, history=(*story.history, *events), latest=events)
        return story

    def then(self, *events: Event) -> Self:
        """Expect exactly these events."""
        assert self.latest == events, "\n".join(["", "got:", *map(repr, self.latest), "expected:", *map(repr, events)])
        return self

    def refuses(self, kind: type[Rejected], command: Command) -> Self:
        """Expect that the command is refused with exactly this kind."""
        with pytest.raises(kind) as refusal:
            decide(self.sop, self.office, fold(self.history), command)
        assert refusal.type is kind
        return self

    def in_office(self, office: Office) -> Self:
        """Go on with the office as it has become."""
        return replace(self, office=office)


def given(sop: Sop, office: Office, *history: Event) -> Story:
    """Begin with what has already happened (nothing, or events)."""
    return Story(sop=sop, office=office, history=history)
