"""A small office at work, for tests of services, chat and handlers: a real database, a clock to set, a fake messenger.

The officers are those of `tests/building.py`, enrolled with the Telegram account 1000 + number; a conftest takes the
fixture `working` from here.
"""

import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import Connection

from sopbot.definitions.document import SopDocument
from sopbot.definitions.office import OfficeDefinition
from sopbot.domain.commands import AcceptStep, Answer, AnswerStep, CancelInstance, Command, FinishStep
from sopbot.domain.instance import Instance
from sopbot.domain.office import OfficerId
from sopbot.domain.sop import SEKCAM, Mode, Sop
from sopbot.services.acting import Acting
from sopbot.services.asking import Asking
from sopbot.services.catalogue import Catalogue, Version
from sopbot.services.delivery import Delivery
from sopbot.services.enrolment import Enrolment, Member
from sopbot.services.execute import Execution, Origin, Outcome
from sopbot.services.offices import Offices
from sopbot.services.ports import DeliveryFailed, Failure
from sopbot.services.presenting import Presenting
from sopbot.services.queries import Queries
from sopbot.services.reminding import Reminding
from sopbot.services.rendering import Rendering
from sopbot.services.views import View
from sopbot.store import inbox, people, versions
from sopbot.store.database import Database, open_database, upgrade
from sopbot.store.inbox import RawUpdate
from tests.building import CALENDAR, KASI, KASUBAG, ROSTER, SIGNED_BY_CAMAT, STAF, WATI, nov, sop, step

# Plain lines through the standard logging: the default draws tracebacks with every local, which takes seconds.
structlog.configure(
    processors=[structlog.stdlib.add_log_level, structlog.processors.KeyValueRenderer(key_order=["event"])],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=False,
)

BEGIN = nov(23, "09.00")
# Staf drafts, both Kasi work in parallel, the Sekcam decides and the Camat signs, the Kasubag files it.
SURAT = sop(
    step(STAF),
    step(KASI, mode=Mode.ALL, time="1 Hari"),
    step(SEKCAM, yes=4, no=1, ratifications=(SIGNED_BY_CAMAT,), time="2 Jam"),
    step(KASUBAG, returns_to=1, participants=(STAF,), time="30 Menit"),
)
DOCUMENT = SopDocument.model_validate(
    {
        "slug": "contoh-sop",
        "kantor": "contoh",
        "nama": "SOP Contoh",
        "unit": "KECAMATAN CONTOH",
        "kolom_pelaksana": ["STAF"],
        "langkah": [
            {
                "no": 1,
                "uraian": "Kegiatan",
                "pelaksana": "Staf",
                "kolom": "STAF",
                "peran": "staf",
                "cara": "satu",
                "mutu_baku": {"kelengkapan": ["Disposisi"], "waktu": "15 Menit", "output": ["Konsep"]},
            }
        ],
    }
)


def account(officer: OfficerId) -> int:
    """Return the Telegram account of an officer."""
    return 1000 + officer


class SetClock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime = BEGIN) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now

    def advance(self, **amount: float) -> datetime:
        self._now += timedelta(**amount)
        return self._now


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One message as it was sent or edited."""

    chat: int
    message_id: int
    view: View
    edited: bool = False
    repeated: bool = False


@dataclass(slots=True)
class FakeMessenger:
    """Records what is shown; fails as it was told, for the chat concerned."""

    shown: list[Shown] = field(default_factory=list)
    failures: dict[int, deque[Exception]] = field(default_factory=dict)
    attempts: list[int] = field(default_factory=list)
    _last_id: int = 100

    def fail(self, chat: int, *failures: Failure | Exception, retry_after: timedelta | None = None) -> None:
        """Let the next calls for a chat fail, each with the next of these."""
        made = [
            one if isinstance(one, Exception) else DeliveryFailed(one, f"test {one.value}", retry_after)
            for one in failures
        ]
        self.failures.setdefault(chat, deque()).extend(made)

    async def send(self, chat_id: int, view: View, *, repeated: bool = False) -> int:
        self._fail(chat_id)
        self._last_id += 1
        self.shown.append(Shown(chat=chat_id, message_id=self._last_id, view=view, repeated=repeated))
        return self._last_id

    async def edit(self, chat_id: int, message_id: int, view: View) -> None:
        self._fail(chat_id)
        self.shown.append(Shown(chat=chat_id, message_id=message_id, view=view, edited=True))

    def _fail(self, chat: int) -> None:
        self.attempts.append(chat)
        if self.failures.get(chat):
            raise self.failures[chat].popleft()

    def to(self, officer: OfficerId) -> list[Shown]:
        """Return what an officer was shown, in order."""
        return [one for one in self.shown if one.chat == account(officer)]

    def take(self) -> list[Shown]:
        """Return what was shown since the last time."""
        taken, self.shown = self.shown, []
        return taken


@dataclass(slots=True, kw_only=True)
class AtWork:
    """The services on one database."""

    database: Database
    clock: SetClock
    sop: Sop
    catalogue: Catalogue
    offices: Offices
    execution: Execution
    presenting: Presenting
    enrolment: Enrolment
    queries: Queries
    acting: Acting
    asking: Asking
    messenger: FakeMessenger
    delivery: Delivery
    reminding: Reminding
    commits: list[datetime]

    def read(self, query: Callable[[Connection], Any]) -> Any:
        with self.database.read() as conn:
            return query(conn)

    def write(self, job: Callable[[Connection], Any]) -> Any:
        return self.database.writer.submit(job).result(timeout=10)

    def rows(self, sql: str, **given: Any) -> list[tuple[Any, ...]]:
        """Return what a SELECT finds, for tests that look into a table."""
        return self.read(lambda conn: [tuple(row) for row in conn.exec_driver_sql(sql, given)])

    def publish(self, one: Sop, document: SopDocument = DOCUMENT) -> None:
        """Make an SOP the current version of its slug."""
        self.catalogue._versions[one.hash] = Version(sop=one, document=document)
        self.write(lambda conn: versions.store(conn, one.hash, one.office, one.slug, "{}", self.clock.now()))

    def member(self, officer: OfficerId) -> Member:
        found = self.queries.member(account(officer))
        assert found is not None
        return found

    def instance(self, number: int = 1) -> Instance:
        scene = self.read(lambda conn: self.presenting.scene(conn, number))
        assert scene is not None
        return scene.instance

    def token(self, n: int, officer: OfficerId, instance: int = 1) -> str:
        [[token]] = self.rows(
            "SELECT token FROM card WHERE instance = :i AND assignment = :n AND officer = :o",
            i=instance,
            n=n,
            o=officer,
        )
        return str(token)

    def outbox(self) -> list[tuple[Any, ...]]:
        """Return officer, kind, rung and state of every message, in the order in which they were put."""
        return self.rows("SELECT recipient, kind, rung, state FROM outbox ORDER BY id")

    def receive(self, update_id: int = 900, raw: bytes = b"{}", who: int = 1006) -> Origin:
        """Put an update into the inbox and return the origin that it gives."""
        [number] = self.write(
            lambda conn: inbox.receive(conn, [RawUpdate(update_id=update_id, raw=raw)], self.clock.now())
        )
        return Origin(telegram_id=who, update_id=update_id, update_hash="ab" * 32, inbox_id=number)

    async def begin(self, by: OfficerId = WATI, subject: str = "Renja 2027", origin: Origin | None = None) -> Outcome:
        return await self.execution.start(self.sop.slug, subject, by, origin or Origin())

    async def do(self, make: Callable[[datetime], Command], instance: int = 1, origin: Origin | None = None) -> Outcome:
        return await self.execution.execute(instance, make, origin or Origin())

    async def accept(self, n: int, by: OfficerId, **where: Any) -> Outcome:
        return await self.do(lambda at: AcceptStep(assignment=n, by=by, at=at), **where)

    async def finish(self, n: int, by: OfficerId, **where: Any) -> Outcome:
        return await self.do(lambda at: FinishStep(assignment=n, by=by, at=at), **where)

    async def work(self, n: int, by: OfficerId, **where: Any) -> Outcome:
        """Take a step and finish it."""
        await self.accept(n, by, **where)
        return await self.finish(n, by, **where)

    async def answer(self, n: int, by: OfficerId, answer: Answer, reason: str = "Angka belum cocok") -> Outcome:
        """Take a decision and answer it."""
        await self.accept(n, by)
        return await self.do(
            lambda at: AnswerStep(
                assignment=n, by=by, at=at, answer=answer, reason="" if answer is Answer.YES else reason
            )
        )

    async def cancel(self, by: OfficerId, reason: str = "Salah berkas", instance: int = 1) -> Outcome:
        return await self.do(lambda at: CancelInstance(by=by, at=at, reason=reason), instance)


def open_office(path: Path, *, sop: Sop = SURAT, grace: int = 60, clock: SetClock | None = None) -> AtWork:
    """Open the office's database, made from a template if there is none yet."""
    fresh = not path.exists()
    if fresh:
        path.write_bytes(_template())
    database = open_database(f"sqlite:///{path}", check=False, busy_ms=200)
    clock = clock or SetClock()
    commits: list[datetime] = []
    definition = OfficeDefinition(
        slug="contoh",
        name="Kecamatan Contoh",
        region="Kabupaten Contoh",
        calendar=CALENDAR,
        grace_minutes=grace,
        roles={"camat": "Camat", "sekcam": "Sekcam", "kasubag_pk": "Kasubag", "kasi": "Kasi", "staf": "Staf"},
    )
    offices = Offices({"contoh": definition})
    catalogue = Catalogue()
    presenting = Presenting(catalogue, offices)
    execution = Execution(database.writer, catalogue, offices, clock, lambda: commits.append(clock.now()))
    enrolment = Enrolment(database.writer, offices, clock)
    messenger = FakeMessenger()
    delivery = Delivery(database, Rendering(presenting), messenger, clock, "boot-1", lambda _chat, _edit: timedelta())
    office = AtWork(
        database=database,
        clock=clock,
        sop=sop,
        catalogue=catalogue,
        offices=offices,
        execution=execution,
        presenting=presenting,
        enrolment=enrolment,
        queries=Queries(database, enrolment, presenting),
        acting=Acting(database, execution, presenting),
        asking=Asking(database, clock),
        messenger=messenger,
        delivery=delivery,
        reminding=Reminding(database.writer, execution, presenting),
        commits=commits,
    )
    if fresh:
        office.write(_roster)
    office.publish(sop)
    return office


@pytest.fixture
def working(tmp_path) -> Iterator[Callable[..., AtWork]]:
    """Return what opens the office; opened a second time it is another process on the same database."""
    opened: list[AtWork] = []

    def open_it(**given: Any) -> AtWork:
        opened.append(open_office(tmp_path / "sopbot.db", **given))
        return opened[-1]

    yield open_it
    for one in opened:
        one.database.close()


@pytest.fixture
def office(working) -> AtWork:
    """Return the office with its usual SOP."""
    return working()


def renamed(one: Sop, digest: str, slug: str | None = None) -> Sop:
    """Return the SOP as another version, or under another slug."""
    return replace(one, hash=digest, slug=slug or one.slug)


def _roster(conn: Connection) -> None:
    for one in ROSTER:
        added = people.add(
            conn,
            office="contoh",
            name=one.name,
            title=one.title,
            roles=sorted(one.roles),
            honorific="Ibu" if one.id == WATI else None,
            telegram_id=account(one.id),
            at=BEGIN,
        )
        assert added == one.id


@cache
def _template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        upgrade(f"sqlite:///{path}", at=BEGIN)
        return path.read_bytes()
