"""What must survive `kill -9`: one SQLite file of JSON records; `state.py` keeps the same records in memory.

A call is answered only after `commit`. WAL with synchronous=NORMAL loses nothing when the process dies; the
simulator does not promise more than that for a power cut.
"""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SCHEMA = """
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS record (
    kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS journal (seq INTEGER PRIMARY KEY, value TEXT NOT NULL);
"""


def compact(value: object) -> str:
    """Writes JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Ledger:
    """Records by kind and key, and the journal, in one file with one writer."""

    def __init__(self, path: Path) -> None:
        """Opens or creates the file; BlockingIOError if another simulator holds it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=1)
        try:
            self._connection.executescript(SCHEMA)
        except sqlite3.OperationalError as error:
            self._connection.close()
            if "locked" not in str(error):
                raise
            raise BlockingIOError(f"another simulator uses {path.parent}") from None

    def load(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Yields every key and value of a kind, in the order of the keys' text."""
        rows = self._connection.execute("SELECT key, value FROM record WHERE kind = ? ORDER BY key", (kind,))
        for key, value in rows:
            yield key, json.loads(value)

    def put(self, kind: str, key: object, value: object) -> None:
        """Writes one record inside the open transaction."""
        self._begin()
        self._connection.execute(
            "INSERT INTO record (kind, key, value) VALUES (?, ?, ?)"
            " ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value",
            (kind, str(key), compact(value)),
        )

    def remove(self, kind: str, key: object) -> None:
        """Removes one record inside the open transaction."""
        self._begin()
        self._connection.execute("DELETE FROM record WHERE kind = ? AND key = ?", (kind, str(key)))

    def append(self, entry: dict[str, Any]) -> int:
        """Appends to the journal inside the open transaction; returns its seq, from 1."""
        self._begin()
        cursor = self._connection.execute("INSERT INTO journal (value) VALUES (?)", (compact(entry),))
        return int(cursor.lastrowid or 0)

    def entries(self, since: int, limit: int) -> list[dict[str, Any]]:
        """Reads the journal after `since`, at most `limit` entries."""
        rows = self._connection.execute(
            "SELECT seq, value FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", (since, limit)
        )
        return [{"seq": seq, **json.loads(value)} for seq, value in rows]

    def commit(self) -> None:
        """Makes everything since the last commit durable."""
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")

    def rollback(self) -> None:
        """Forgets everything since the last commit."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Commits and closes the file."""
        self.commit()
        self._connection.close()

    def _begin(self) -> None:
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")
