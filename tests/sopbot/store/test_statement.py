import importlib
import pkgutil
from datetime import UTC, datetime

import pytest
from sqlalchemy import BigInteger, Column, MetaData, Table, Text, bindparam, create_engine, select
from sqlalchemy.dialects import postgresql, sqlite

from sopbot import store
from sopbot.store.statement import Statement, _Compiled, fixed, insert_all, upsert, values_for

THINGS = Table(
    "things", MetaData(), Column("id", BigInteger, primary_key=True), Column("word", Text), Column("at", BigInteger)
)
MOMENT = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def conn():
    engine = create_engine("sqlite://")
    with engine.connect() as conn:
        THINGS.create(conn)
        yield conn
    engine.dispose()


def test_parameters_are_named_and_moments_become_microseconds(conn):
    Statement(insert_all(THINGS)).run(conn, id=1, word="satu", at=MOMENT)
    found = Statement(select(THINGS).where(THINGS.c.id == bindparam("which"))).run(conn, which=1).all()
    assert found == [(1, "satu", int(MOMENT.timestamp()) * 1_000_000)]


def test_constants_of_the_statement_need_no_parameter(conn):
    Statement(insert_all(THINGS)).run_many(conn, [{"id": n, "word": "abc"[n], "at": None} for n in range(3)])
    Statement(insert_all(THINGS)).run_many(conn, [])
    found = Statement(select(THINGS.c.id).where(THINGS.c.word == "b", THINGS.c.id < bindparam("top"))).run(conn, top=9)
    assert found.scalar() == 1


def test_a_missing_parameter_is_an_error(conn):
    with pytest.raises(KeyError):
        Statement(insert_all(THINGS)).run(conn, id=1)


def test_it_is_compiled_once_for_a_dialect(conn):
    built = []

    def build(dialect):
        built.append(dialect)
        return upsert(dialect, THINGS).on_conflict_do_nothing()

    statement = Statement(by_dialect=build)
    counts = [statement.run(conn, id=1, word="x", at=None).rowcount for _ in range(3)]
    assert (counts, built) == ([1, 0, 0], ["sqlite"])


def test_fixed_words_stand_in_the_text(conn):
    compiled = _Compiled(select(THINGS.c.id).where(THINGS.c.word == fixed("it's")), conn.dialect)
    assert "'it''s'" in compiled.text
    assert compiled.arguments({}) == ()


def test_postgresql_gets_its_parameters_by_name():
    compiled = _Compiled(insert_all(THINGS), postgresql.psycopg.dialect())
    assert compiled.arguments({"id": 1, "word": "x", "at": MOMENT}) == {
        "id": 1,
        "word": "x",
        "at": int(MOMENT.timestamp()) * 1_000_000,
    }


def test_every_statement_of_the_store_can_be_said_in_either_dialect():
    modules = [importlib.import_module(f"sopbot.store.{one.name}") for one in pkgutil.iter_modules(store.__path__)]
    found = {value for module in modules for value in vars(module).values() if isinstance(value, Statement)}
    assert len(found) > 60
    for statement in found:
        for dialect in (sqlite.dialect(), postgresql.psycopg.dialect()):
            assert "POSTCOMPILE" not in statement._compile(dialect).text


def test_columns_can_be_left_to_the_database():
    assert set(values_for(THINGS, without=frozenset({"id"}))) == {"word", "at"}
