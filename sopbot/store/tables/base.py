"""What every table shares: one metadata, names for its constraints, and the kinds of column.

Table classes hold columns only: no relationships and no behaviour. Statements use the Core table behind them.
Counterpart: `migrations/` builds the same tables; a test compares.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table
from sqlalchemy.sql.schema import SchemaItem
from sqlalchemy.types import TypeEngine
from sqlmodel import Field, SQLModel

# SQLite numbers rows by itself only for the very word INTEGER.
ID: Final = BigInteger().with_variant(Integer(), "sqlite")
BIG: Final = BigInteger()
INSTANT: Final = BigInteger()


class Stored(SQLModel):
    """The base of all table classes; with metadata of its own, so that no other library's tables mix in."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        },
    )


def column(
    kind: TypeEngine[Any] | type[TypeEngine[Any]],
    *items: SchemaItem,
    key: bool = False,
    null: bool = False,
    counted: bool = False,
) -> Any:  # noqa: ANN401 (the field takes the type that its class declares)
    """Return a field for one column: `key` in the primary key, `null` may be empty, `counted` numbers itself."""
    return Field(
        sa_column=Column(kind, *items, primary_key=key, nullable=null, autoincrement=counted),
    )


def core(model: type[SQLModel]) -> Table:
    """Return the Core table of a table class."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table
