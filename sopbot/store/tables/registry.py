"""All tables together, for what looks at every one of them: migrations' test, checks and copies."""

from __future__ import annotations

from sopbot.store.tables import messages, people, record, work
from sopbot.store.tables.base import Stored

MODULES = (people, record, work, messages)
metadata = Stored.metadata
