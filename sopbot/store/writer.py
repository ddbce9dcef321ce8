"""The one thread that writes: jobs that wait together share one commit, each in a savepoint of its own.

Durable commits wait for the disk, so what queues meanwhile goes into the next one. A job's failure undoes that
job alone; a commit's failure fails every job in it; nobody learns a result before it is on the disk.
Counterpart: `sopbot/store/database.py` gives it the connection.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from sopbot.store.failures import StoreUnavailable, is_busy, is_unavailable, sqlite_code

T = TypeVar("T")
_Outcome = tuple[Any, BaseException | None]

GROUP: Final = 64
_TRIES: Final = 2  # each waits for the driver's own busy timeout

log = logging.getLogger(__name__)


class _Task:
    """A job and the future that its caller holds."""

    __slots__ = ("future", "job")

    def __init__(self, job: Callable[[Connection], Any]) -> None:
        self.job = job
        self.future: Future[Any] = Future()


class Writer:
    """Runs jobs one after the other on the only connection that writes; safe to call from any thread."""

    def __init__(self, connect: Callable[[], Connection], *, group: int = GROUP) -> None:
        self._connect = connect
        self._group = group
        self._queue: SimpleQueue[_Task | None] = SimpleQueue()
        self._lock = Lock()
        self._closed = False
        self._connection: Connection | None = None
        self._thread = Thread(target=self._work, name="sopbot-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[Connection], T]) -> Future[T]:
        """Queue a job; its future resolves after the commit, to the result or to the job's own exception.

        A commit that fails gives StoreUnavailable. A job must neither commit nor keep the connection.
        """
        task = _Task(job)
        with self._lock:
            if self._closed:
                raise StoreUnavailable("The database has been closed.")
            self._queue.put(task)
        return task.future

    async def run(self, job: Callable[[Connection], T]) -> T:
        """Submit a job and wait for its commit without blocking the event loop."""
        return await asyncio.wrap_future(self.submit(job))

    def close(self) -> None:
        """Finish what was queued, then stop; what is submitted later is refused."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        running = True
        while running:
            group, running = self._next_group()
            tasks = [task for task in group if task.future.set_running_or_notify_cancel()]
            if tasks:
                self._carry_out(tasks)
        self._drop_connection()

    def _next_group(self) -> tuple[list[_Task], bool]:
        """Wait for one task and take those that wait beside it; False at the end of the queue."""
        group: list[_Task] = []
        task = self._queue.get()
        while task is not None:
            group.append(task)
            if len(group) == self._group:
                return group, True
            try:
                task = self._queue.get_nowait()
            except Empty:
                return group, True
        return group, False

    def _carry_out(self, tasks: list[_Task]) -> None:
        try:
            conn = self._begin()
            outcomes = [_attempt(conn, task.job) for task in tasks]
            conn.commit()
        except BaseException as error:  # noqa: BLE001 (whatever broke the commit, its callers must hear of it)
            log.warning("A commit of %d changes failed: %s", len(tasks), _cause(error))
            self._drop_connection()
            for task in tasks:
                task.future.set_exception(_unavailable(error))
            return
        for task, (result, failure) in zip(tasks, outcomes, strict=True):
            if failure is None:
                task.future.set_result(result)
            else:
                task.future.set_exception(failure)

    def _begin(self) -> Connection:
        if self._connection is None:
            self._connection = self._connect()
        conn = self._connection
        if conn.dialect.name != "sqlite":
            return conn  # the driver begins by itself
        for tries_left in reversed(range(_TRIES)):
            try:
                # Not deferred: a transaction that reads first and then wants to write can be refused for good.
                conn.exec_driver_sql("BEGIN IMMEDIATE")
            except DBAPIError as error:
                if not tries_left or not is_busy(error):
                    raise
                conn.rollback()
            else:
                break
        return conn

    def _drop_connection(self) -> None:
        """Forget a connection whose state is unknown; the next group gets a fresh one."""
        if self._connection is not None:
            with suppress(DBAPIError):
                self._connection.rollback()
            with suppress(DBAPIError):
                self._connection.invalidate()
            with suppress(DBAPIError):
                self._connection.close()
            self._connection = None


def _attempt(conn: Connection, job: Callable[[Connection], Any]) -> _Outcome:
    """Run one job in its savepoint; plain SQL, because SQLAlchemy's own savepoints cost a third of all time."""
    conn.exec_driver_sql("SAVEPOINT job")
    outcome: _Outcome
    try:
        outcome = job(conn), None
    except BaseException as error:  # noqa: BLE001 (it belongs to the caller, whatever it is)
        try:
            conn.exec_driver_sql("ROLLBACK TO SAVEPOINT job")
        except DBAPIError:
            # The database undid more than the job, as SQLite may when the disk is full: the group is lost.
            raise error from None
        outcome = None, _unavailable(error) if is_unavailable(error) else error
    conn.exec_driver_sql("RELEASE SAVEPOINT job")
    return outcome


def _unavailable(error: BaseException) -> StoreUnavailable:
    failure = StoreUnavailable(f"The change was not stored: {_cause(error)}.")
    failure.__cause__ = error
    return failure


def _cause(error: BaseException) -> str:
    if sqlite_code(error) is not None and is_busy(error):
        return "another program keeps the database locked"
    return str(error.orig if isinstance(error, DBAPIError) else error).rstrip(".")
