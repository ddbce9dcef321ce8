"""What may run only once at a time: the bot of one token, and a simulation in one folder.

Two bots would each get some of the messages, and two simulations empty each other's folder. The lock is the system's
own on an open file, so it is free the moment its holder dies. Counterpart: `running.py`.
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from sopbot.cli.failures import CommandFailed

_LOCKED_BYTE: Final = 1024  # far behind the holder's number: Windows lets nobody read what is locked


@contextmanager
def only_poller(data: Path, api_url: str, token: str) -> Iterator[None]:
    """Be the only one on this computer, and in this data folder, who fetches the bot's messages.

    The lock stands twice: in the data folder, which containers may share, and in the temporary folder, where bots
    with different data folders meet. It is named by a hash, of the address too: every simulator has the same token.
    Raises CommandFailed at once.
    """
    digest = hashlib.sha256(f"{api_url} {token}".encode()).hexdigest()[:16]
    refusal = "Another sopbot{holder} fetches the messages of this bot; stop it first."
    name = f"sopbot-poller-{digest}.lock"
    with ExitStack() as locks:
        locks.enter_context(_held(data / name, refusal))
        shared = Path(tempfile.gettempdir()).resolve()
        if shared != data.resolve():
            locks.enter_context(_held(shared / name, refusal, optional=True))
        yield


@contextmanager
def only_simulation(data: Path) -> Iterator[None]:
    """Be the only simulation in this folder, which is made where it is missing; raises CommandFailed at once."""
    data.mkdir(parents=True, exist_ok=True)
    refusal = f"Another simulation{{holder}} uses {data}; stop it, or name another folder with --data."
    with _held(data / "simulation.lock", refusal):
        yield


@contextmanager
def _held(path: Path, refusal: str, *, optional: bool = False) -> Iterator[None]:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError:
        if not optional:
            raise
        yield  # another user's file: a second safeguard must not become an obstacle
        return
    with os.fdopen(handle, "r+b") as file:
        if not _locked(file):
            raise CommandFailed(refusal.format(holder=_holder(file)))
        file.truncate(0)
        file.seek(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        yield


def _locked(file: IO[bytes]) -> bool:
    """Take the lock if it is free."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(_LOCKED_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _holder(file: IO[bytes]) -> str:
    with suppress(OSError, ValueError):
        file.seek(0)
        return f" (process {int(file.read(20))})"
    return ""
