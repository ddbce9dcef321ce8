import asyncio
import sqlite3
import threading
from concurrent.futures import CancelledError
from contextlib import closing

import pytest
from sqlalchemy.exc import OperationalError

from sopbot.store import meta
from sopbot.store.failures import StoreUnavailable


def put(key, value="x"):
    return lambda conn: meta.put(conn, key, value)


@pytest.fixture
def held(database):
    """Keep the writer busy, so that what is submitted meanwhile shares one commit; `release` lets it go on."""
    entered, release = threading.Event(), threading.Event()

    def job(_conn):
        entered.set()
        assert release.wait(10)

    database.writer.submit(job)
    assert entered.wait(10)
    yield release
    release.set()


def test_a_job_returns_its_result_after_the_commit(database, read):
    assert database.writer.submit(lambda conn: (meta.put(conn, "a", "1"), 42)[1]).result(10) == 42
    assert read(lambda conn: meta.get(conn, "a")) == "1"


def test_a_failing_job_undoes_only_itself_and_keeps_its_exception(database, held, read):
    def failing(conn):
        meta.put(conn, "broken", "x")
        raise ZeroDivisionError("mine")

    futures = [database.writer.submit(job) for job in (put("before"), failing, put("after"))]
    held.set()
    assert futures[0].result(10) is None
    with pytest.raises(ZeroDivisionError, match="mine"):
        futures[1].result(10)
    assert futures[2].result(10) is None
    assert [read(lambda conn, key=key: meta.get(conn, key)) for key in ("before", "broken", "after")] == [
        "x",
        None,
        "x",
    ]


def test_even_a_request_to_exit_stays_with_its_job(database):
    def leaving(_conn):
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        database.writer.submit(leaving).result(10)
    assert database.writer.submit(lambda _conn: "alive").result(10) == "alive"


def test_a_broken_statement_undoes_only_itself(database, held, read):
    futures = [database.writer.submit(job) for job in (put("a"), lambda conn: conn.exec_driver_sql("SELEC"), put("b"))]
    held.set()
    with pytest.raises(OperationalError):
        futures[1].result(10)
    assert [futures[0].result(10), futures[2].result(10)] == [None, None]
    assert read(lambda conn: meta.get(conn, "b")) == "x"


def test_waiting_jobs_share_one_commit(database, held):
    commits = []
    database.writer._connection.connection.driver_connection.set_trace_callback(
        lambda text: commits.append(text) if text == "COMMIT" else None,
    )
    futures = [database.writer.submit(put(str(n))) for n in range(20)]
    held.set()
    for future in futures:
        future.result(10)
    assert len(commits) == 2  # the one that was held, and one for all the others


def test_nobody_learns_a_result_before_the_commit(database, held, url):
    seen = []
    other = sqlite3.connect(url.removeprefix("sqlite:///"))
    future = database.writer.submit(put("key"))
    database.writer.submit(lambda _conn: seen.append(future.done()))  # same commit, later job
    done = threading.Event()
    future.add_done_callback(lambda _future: (seen.append(other_count()), done.set()))

    def other_count():
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as fresh:
            return fresh.execute("SELECT count(*) FROM meta WHERE key = 'key'").fetchone()[0]

    held.set()
    assert done.wait(10)
    other.close()
    assert seen == [False, 1]


def test_a_full_disk_fails_every_change_of_the_commit_and_the_writer_survives(database, held, write, read):
    def big(conn):
        conn.exec_driver_sql("INSERT INTO meta VALUES ('big', hex(randomblob(1000000)))")

    def shrink(conn):
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar()
        conn.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")

    limit, small, large, late = [database.writer.submit(job) for job in (shrink, put("small"), big, put("late"))]
    held.set()
    assert limit.exception(10) is None or isinstance(limit.exception(), StoreUnavailable)
    assert isinstance(large.exception(10), StoreUnavailable)
    assert "full" in str(large.exception())
    for future, key in ((small, "small"), (late, "late")):  # told the truth, whichever it is
        stored = read(lambda conn, key=key: meta.get(conn, key)) is not None
        assert stored == (future.exception(10) is None)
    write(lambda conn: conn.exec_driver_sql("PRAGMA max_page_count = 1073741823"))
    write(put("later"))
    assert read(lambda conn: meta.get(conn, "later")) == "x"


def test_a_commit_that_fails_fails_all_its_changes_with_a_clear_sentence(database, held, read):
    # A foreign key checked only at the commit breaks the commit itself.
    def deferred(conn):
        conn.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        conn.exec_driver_sql("INSERT INTO invitation VALUES (1, x'00', 99, NULL, 0, 0, NULL, 0)")

    futures = [database.writer.submit(job) for job in (put("a"), deferred, put("b"))]
    held.set()
    failures = [future.exception(10) for future in futures]
    assert [type(failure) for failure in failures] == [StoreUnavailable] * 3
    assert str(failures[0]) == "The change was not stored: FOREIGN KEY constraint failed."
    assert len({id(failure) for failure in failures}) == 3
    assert read(lambda conn: meta.get(conn, "a")) is None
    assert database.writer.submit(lambda _conn: "alive").result(10) == "alive"


def test_a_lock_held_by_another_program_is_waited_for(database, url, read):
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    future = database.writer.submit(put("patient"))
    assert not future.done()
    other.execute("COMMIT")
    other.close()
    assert future.result(10) is None
    assert read(lambda conn: meta.get(conn, "patient")) == "x"


def test_a_lock_that_stays_is_reported_and_passes(database, url):
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="another program keeps the database locked"):
        database.writer.submit(put("a")).result(10)
    other.close()
    assert database.writer.submit(put("a")).result(10) is None


def test_a_job_holds_the_write_lock_from_its_beginning(database, url):
    """A transaction that only read so far could be refused its first write; see the writer's BEGIN."""

    def reading(conn):
        meta.get(conn, "a")
        locked = pytest.raises(sqlite3.OperationalError, match="locked")
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0)) as other, locked:
            other.execute("INSERT INTO meta VALUES ('a', 'theirs')")
        meta.put(conn, "a", "ours")

    assert database.writer.submit(reading).result(10) is None


def test_a_cancelled_job_never_runs(database, held):
    ran = []
    future = database.writer.submit(ran.append)
    assert future.cancel()
    held.set()
    database.writer.submit(lambda _conn: None).result(10)
    with pytest.raises(CancelledError):
        future.result(0)
    assert ran == []


async def test_the_event_loop_goes_on_while_a_job_waits(database, held):
    waiting = asyncio.ensure_future(database.writer.run(lambda _conn: 5))
    await asyncio.sleep(0)
    assert not waiting.done()
    held.set()
    assert await waiting == 5


def test_closing_finishes_what_was_submitted(database, held):
    futures = [database.writer.submit(put(str(n))) for n in range(100)]
    held.set()
    database.writer.close()
    assert all(future.result(0) is None for future in futures)
    with pytest.raises(StoreUnavailable, match="closed"):
        database.writer.submit(put("late"))
    database.writer.close()
