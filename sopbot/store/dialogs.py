"""Open dialogs: the question that a person is being asked, kept so that a restart does not forget it.

Counterpart: `handlers/` asks and answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, delete, select

from sopbot.store.instants import from_micros
from sopbot.store.statement import Statement, upsert
from sopbot.store.tables.messages import dialog


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogRow:
    """A row of `dialog`; `prompt_id` is the message that asks."""

    telegram_id: int
    kind: str
    data: dict[str, Any]
    prompt_id: int | None
    created_at: datetime


def _set(dialect: str) -> Executable:
    insertion = upsert(dialect, dialog)
    changed = {name: insertion.excluded[name] for name in ("kind", "data", "prompt_id", "created_at")}
    return insertion.on_conflict_do_update(index_elements=["telegram_id"], set_=changed)


_SET = Statement(by_dialect=_set)
_GET = Statement(
    select(dialog.c.kind, dialog.c.data, dialog.c.prompt_id, dialog.c.created_at).where(
        dialog.c.telegram_id == bindparam("account"),
    ),
)
_CLEAR = Statement(delete(dialog).where(dialog.c.telegram_id == bindparam("account")))


def set(  # noqa: A001 (read as `dialogs.set`)
    conn: Connection,
    telegram_id: int,
    kind: str,
    data: Mapping[str, Any],
    prompt_id: int | None,
    at: datetime,
) -> None:
    """Begin a dialog; one that was open is replaced."""
    _SET.run(
        conn,
        telegram_id=telegram_id,
        kind=kind,
        data=json.dumps(data, ensure_ascii=False, separators=(",", ":")),
        prompt_id=prompt_id,
        created_at=at,
    )


def get(conn: Connection, telegram_id: int) -> DialogRow | None:
    """Return the person's open dialog, or None."""
    row = _GET.run(conn, account=telegram_id).first()
    if row is None:
        return None
    return DialogRow(
        telegram_id=telegram_id,
        kind=row[0],
        data=json.loads(row[1]),
        prompt_id=row[2],
        created_at=from_micros(row[3]),
    )


def clear(conn: Connection, telegram_id: int) -> bool:
    """End the person's dialog; False if none was open, as when two answers arrive at once."""
    return _CLEAR.run(conn, account=telegram_id).rowcount == 1
