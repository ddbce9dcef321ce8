"""SQL statements that are built in SQLAlchemy Core once and run as text.

Compiling costs more than most statements take; `exec_driver_sql` with the compiled text avoids it. What it
leaves out is the conversion of types, so parameters are converted here (moments to microseconds) and results
where rows are made. Not for statements whose text depends on the length of a list (`IN`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Connection, CursorResult, Dialect, Table, bindparam, insert, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.elements import ClauseElement

from sopbot.store.instants import to_micros

POSTGRESQL: Final = "postgresql"

type_of_upsert = sqlite.Insert | postgresql.Insert


class _Compiled:
    """The text for one dialect, and how parameters are handed to its driver."""

    __slots__ = ("_constants", "_names", "_positional", "text")

    def __init__(self, clause: ClauseElement, dialect: Dialect) -> None:
        compiled = clause.compile(dialect=dialect)
        binds: Mapping[str, Any] = compiled.binds  # type: ignore[attr-defined]
        self.text = str(compiled)
        self._constants = {name: bind.value for name, bind in binds.items() if not bind.required}
        order = getattr(compiled, "positiontup", None)
        self._positional = order is not None
        self._names = tuple(order if order is not None else binds)

    def arguments(self, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 (a driver takes a tuple or a dict)
        if self._constants:
            values = {**self._constants, **values}
        if self._positional:
            return tuple(
                [
                    to_micros(value) if value.__class__ is datetime else value
                    for value in [values[name] for name in self._names]
                ],
            )
        return {
            name: to_micros(values[name]) if values[name].__class__ is datetime else values[name]
            for name in self._names
        }


class Statement:
    """One statement of Core, or a function from the dialect's name to it where the dialects differ."""

    __slots__ = ("_by_dialect", "_clause", "_compiled")

    def __init__(
        self,
        clause: Executable | None = None,
        *,
        by_dialect: Callable[[str], Executable] | None = None,
    ) -> None:
        self._clause = clause
        self._by_dialect = by_dialect
        self._compiled: dict[str, _Compiled] = {}

    def run(self, conn: Connection, /, **values: object) -> CursorResult[*tuple[Any, ...]]:
        """Run with the values of the named parameters; aware datetimes become microseconds."""
        compiled = self._compiled.get(conn.dialect.name) or self._compile(conn.dialect)
        return conn.exec_driver_sql(compiled.text, compiled.arguments(values))

    def run_many(self, conn: Connection, rows: Iterable[Mapping[str, object]], /) -> None:
        """Run once for each set of values, without results."""
        compiled = self._compiled.get(conn.dialect.name) or self._compile(conn.dialect)
        arguments = [compiled.arguments(values) for values in rows]
        if arguments:
            conn.exec_driver_sql(compiled.text, arguments)

    def _compile(self, dialect: Dialect) -> _Compiled:
        clause = self._clause if self._by_dialect is None else self._by_dialect(dialect.name)
        compiled = self._compiled[dialect.name] = _Compiled(cast("ClauseElement", clause), dialect)
        return compiled


def fixed(word: str) -> ColumnElement[Any]:
    """Return a constant that stands in the text itself: SQLite uses a partial index only where it can read it."""
    return literal_column("'" + word.replace("'", "''") + "'")


def values_for(table: Table, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return a parameter for every column but those in `without`, each named as its column."""
    return {name: bindparam(name) for name in table.c.keys() if name not in without}  # noqa: SIM118 (no dict)


def insert_all(table: Table, *, without: frozenset[str] = frozenset()) -> Executable:
    """Insert one row, a parameter for every column but those in `without`."""
    return insert(table).values(values_for(table, without=without))


def upsert(dialect: str, table: Table, *, without: frozenset[str] = frozenset()) -> type_of_upsert:
    """Insert one row in the form of the dialect that takes ON CONFLICT (both write it alike)."""
    build = postgresql.insert if dialect == POSTGRESQL else sqlite.insert
    return build(table).values(values_for(table, without=without))
