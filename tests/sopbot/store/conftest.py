"""A fresh, upgraded database for each test: copied from a template, which costs less than upgrading anew."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sopbot.store import instances, people, trail, versions
from sopbot.store.database import Database, open_database, upgrade

NOW = datetime(2026, 11, 23, 1, 30, 0, 250_001, tzinfo=UTC)
DIALECTS = ("sqlite",)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session", params=DIALECTS)
def template(request, tmp_path_factory) -> Path:
    """Return an upgraded database that nobody has open."""
    path = tmp_path_factory.mktemp("template") / f"{request.param}.db"
    upgrade(f"sqlite:///{path}", at=NOW)
    assert not path.with_name(path.name + "-wal").exists()
    return path


@pytest.fixture
def url(template, tmp_path) -> str:
    path = tmp_path / "sopbot.db"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def database(url) -> Iterator[Database]:
    opened = open_database(url, check=False, busy_ms=200)
    yield opened
    opened.close()


@pytest.fixture
def write(database) -> Callable[[Callable[..., Any]], Any]:
    """Return what runs a job on the writer and waits for its commit."""
    return lambda job: database.writer.submit(job).result(timeout=10)


@pytest.fixture
def read(database) -> Callable[[Callable[..., Any]], Any]:
    def reading(query):
        with database.read() as conn:
            return query(conn)

    return reading


@pytest.fixture
def work(write) -> SimpleNamespace:
    """Add two officers and an SOP version, and return makers for what refers to them."""

    def begin(conn):
        camat = people.add(
            conn, office="sumbang", name="Ani", title="Camat", roles=["camat"], at=NOW, telegram_id=7_000_000_001
        )
        staf = people.add(
            conn, office="sumbang", name="Budi", title="Staf", roles=["staf"], at=NOW, telegram_id=7_000_000_002
        )
        versions.store(conn, "h1", "sumbang", "sumbang-renja", "{}", NOW)
        return camat, staf

    camat, staf = write(begin)

    def instance(number=1, **changes):
        given = {"office": "sumbang", "slug": "sumbang-renja", "definition": "h1", "subject": "Renja 2027"}
        state = {"state": "berjalan", "step": 1, "round": 1, "version": 1, "started_by": camat, "started_at": NOW}
        return instances.InstanceRow(**{"id": number, **given, **state, **changes})

    def assignment(number=1, n=1, **changes):
        given = {"office": "sumbang", "step": n, "round": 1, "task": "kerja", "role": "staf", "state": "ditugaskan"}
        return instances.AssignmentRow(
            **{"instance": number, "n": n, "holder": None, "assigned_at": NOW, **given, **changes}
        )

    return SimpleNamespace(camat=camat, staf=staf, instance=instance, assignment=assignment)


@pytest.fixture
def entry() -> Callable[..., trail.Entry]:
    def make(instance=1, instance_seq=1, **changes):
        given = {"actor": trail.Actor(officer=1, telegram_id=7_000_000_001, role="camat"), "action": "langkah_selesai"}
        states = {"from_state": "diterima", "to_state": "selesai", "value": {"langkah": 3, "catatan": "Décret"}}
        return trail.Entry(
            **{"at": NOW, "instance": instance, "instance_seq": instance_seq, **given, **states, **changes}
        )

    return make
