"""Backing up a live SQLite database, and putting a backup in its place.

Never by copying the file: a copy of a live one loses what stands in its log.
Counterpart: `sopbot db backup` and `sopbot db restore`.
"""

from __future__ import annotations

from pathlib import Path


def backup(url: str, target: Path) -> None:
    """Write a copy of the database to `target`."""
    raise NotImplementedError


def restore(url: str, source: Path) -> None:
    """Put the copy in the place of the database."""
    raise NotImplementedError
