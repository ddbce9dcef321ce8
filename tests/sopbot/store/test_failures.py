import sqlite3

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from sopbot.store.failures import is_busy, is_unavailable, sqlite_code


def from_sqlite(code, kind=OperationalError):
    origin = sqlite3.OperationalError("reason")
    origin.sqlite_errorcode = code
    return kind("SELECT 1", {}, origin)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR_FSYNC])
def test_a_database_that_cannot_work_now_is_unavailable(code):
    assert is_unavailable(from_sqlite(code))


@pytest.mark.parametrize("error", [from_sqlite(sqlite3.SQLITE_ERROR), ValueError("a bug"), KeyError("x")])
def test_a_wrong_statement_or_program_is_not(error):
    assert not is_unavailable(error)


def test_a_broken_constraint_is_not():
    assert not is_unavailable(from_sqlite(sqlite3.SQLITE_CONSTRAINT_UNIQUE, IntegrityError))


def test_a_server_that_does_not_answer_is_unavailable():
    assert is_unavailable(OperationalError("SELECT 1", {}, Exception("connection refused")))


def test_extended_codes_are_reduced_to_their_kind():
    assert sqlite_code(from_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT)) == sqlite3.SQLITE_BUSY
    assert is_busy(from_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT))
    assert not is_busy(ValueError())
