from sqlalchemy import Integer, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from sopbot.store.tables.base import ID, Stored, column, core


def test_ids_number_themselves_on_either_database():
    assert ID.compile(dialect=sqlite.dialect()) == "INTEGER"
    assert ID.compile(dialect=postgresql.dialect()) == "BIGINT"


def test_columns_must_be_filled_unless_they_may_be_empty():
    made = [column(Integer).sa_column, column(Integer, null=True).sa_column, column(Integer, key=True).sa_column]
    assert [(one.nullable, one.primary_key) for one in made] == [(False, False), (True, False), (False, True)]


def test_no_other_librarys_tables_mix_in():
    assert Stored.metadata is not SQLModel.metadata


def test_every_constraint_has_a_name_that_a_migration_can_use():
    from sopbot.store.tables.registry import metadata

    for table in metadata.sorted_tables:
        assert all(one.name for one in table.constraints), table.name
        assert all(one.name for one in table.indexes), table.name


def test_statements_use_the_core_table():
    from sopbot.store.tables.record import Trail

    assert isinstance(core(Trail), Table)
