"""Starts sopbot with nothing installed but Python: makes the environment once, then hands over to it.

    python3 run.py                  the simulator; the bot itself when a token is set
    python3 run.py COMMAND ...      any sopbot command, e.g. `sop list --json`
    python3 run.py test [ARGS]      the tests; ARGS go to pytest (`--thorough`, `-m browser`, a path)
    python3 run.py check            linters, types and layers: what CI runs

Standard library only. An environment is a folder below `.venv`, named after the Python version and the hash of
the lock file it was made from, so versions stand side by side. Its marker file is written last: what an
interrupted installation left behind is thrown away. Counterpart: `sopbot/settings.py` reads the same `.env` and
token names.
"""

from __future__ import annotations  # so that an old Python gets as far as being told that it is too old

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the Python that starts this file is whatever the computer has
    sys.exit(f"sopbot needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable}).")

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).resolve().parent
TOKEN_NAMES = ("SOPBOT_TOKEN", "TELEGRAM_BOT_TOKEN", "BOT_TOKEN")
MARKER = "complete"
KEPT = 2  # environments of one kind: a bot that still runs from the one before an update keeps its modules

CHECKS = (
    ("-m", "ruff", "check", "."),
    ("-m", "ruff", "format", "--check", "."),
    ("-m", "mypy"),
    # import-linter has a command, but no module that `-m` could run.
    ("-c", "from importlinter.cli import lint_imports_command as main; main()"),
)


class StartError(Exception):
    """Starting failed; the message is the one sentence that the person at the keyboard reads."""


class Environment(NamedTuple):
    """An installed environment: its interpreter, and the folder of packages where there is no real one."""

    python: Path
    site: Path | None

    @property
    def scripts(self) -> Path:
        """The folder of the commands that packages brought."""
        return self.site / "bin" if self.site else self.python.parent


# ---------------------------------------------------------------------------------------------- what to start


def dotenv_names(text: str) -> dict[str, str]:
    """Return the names and values of a `.env` file: enough of the format to see whether a token is set."""
    found = {}
    for line in text.splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            found[name.strip()] = value.split(" #")[0].strip().strip("\"'")
    return found


def has_token(environ: Mapping[str, str], dotenv: Mapping[str, str]) -> bool:
    """Say whether a bot token is set; the environment wins over `.env`, and an empty value is none."""
    names = [name + suffix for name in TOKEN_NAMES for suffix in ("", "_FILE")]
    return any(environ.get(name, dotenv.get(name, "")).strip() for name in names)


def read_dotenv(environ: Mapping[str, str]) -> dict[str, str]:
    """Read the `.env` beside this file, or the one that SOPBOT_ENV_FILE names."""
    path = Path(environ.get("SOPBOT_ENV_FILE") or ROOT / ".env")
    try:
        return dotenv_names(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return {}  # sopbot itself says what is wrong with it


def sopbot_arguments(arguments: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """Return sopbot's command line: the given one, else `run` with a token and `simulate` without."""
    if arguments:
        return list(arguments)
    return ["run" if has_token(environ, read_dotenv(environ)) else "simulate"]


def child_environ(environ: Mapping[str, str], site: Path | None) -> dict[str, str]:
    """Return the variables for the started program: this project's modules, and UTF-8 on Windows as well."""
    # A PYTHONPATH from outside would put other versions before the pinned ones.
    paths = [str(ROOT)] + ([str(site)] if site else [])
    return {"PYTHONUTF8": "1", **environ, "PYTHONPATH": os.pathsep.join(paths)}


# -------------------------------------------------------------------------------------------- the environment


def environment_folder(lock: bytes, kind: str, version: tuple[int, int]) -> Path:
    """Return where the environment of that lock file's content belongs, e.g. `.venv/py311-test-1a2b3c4d`."""
    name = f"py{version[0]}{version[1]}-{kind}-{hashlib.sha256(lock).hexdigest()[:8]}"
    return ROOT / ".venv" / name


def environment_in(folder: Path, platform: str = os.name) -> Environment:
    """Return the environment that stands in the folder, whichever way it was made."""
    site = folder / "site"
    if site.is_dir():
        return Environment(Path(sys.executable), site)
    return Environment(folder / ("Scripts/python.exe" if platform == "nt" else "bin/python"), None)


def is_complete(folder: Path) -> bool:
    """Say whether the folder holds a finished environment whose interpreter still exists."""
    return (folder / MARKER).is_file() and environment_in(folder).python.exists()


def environment(kind: str) -> Environment:
    """Return the environment for `run` or `test`, installing it if it is not there.

    Raises:
        StartError: it could not be installed.
    """
    lock = ROOT / ("requirements.lock" if kind == "run" else "requirements-test.lock")
    try:
        folder = environment_folder(lock.read_bytes(), kind, sys.version_info[:2])
        if not is_complete(folder):
            folder.parent.mkdir(exist_ok=True)
            with one_at_a_time(folder.parent / "lock"):
                if not is_complete(folder):
                    install(folder, lock)
                    remove_old(folder)
    except OSError as error:
        raise StartError(f"sopbot cannot make its environment: {error}.") from error
    return environment_in(folder)


def install(folder: Path, lock: Path) -> None:
    """Make the environment in the folder from the lock file, by the first way that works on this computer."""
    import shutil

    say("sopbot: installing what it needs, once; this takes about a minute.")
    log = folder.parent / "install.log"
    with log.open("w", encoding="utf-8") as out:
        for way in (with_uv, with_host_pip, with_own_pip, without_venv):
            shutil.rmtree(folder, ignore_errors=True)
            out.write(f"--- {way.__name__}\n")
            out.flush()
            if way(folder, lock, lambda command: succeeds(command, out)):
                (folder / MARKER).touch()
                return
    shutil.rmtree(folder, ignore_errors=True)
    raise StartError(
        "sopbot could not install its packages: is this computer connected to the internet, and does it have pip?"
        f" The attempts stand in {log}."
    )


Run = Callable[[Sequence[str | Path]], bool]


def with_uv(folder: Path, lock: Path, run: Run) -> bool:
    """Install with uv, the fastest, where there is one."""
    import shutil

    if not (uv := shutil.which("uv")):
        return False
    made = run([uv, "venv", "--quiet", "--no-project", "--python", sys.executable, folder])
    options = ("--quiet", "--no-deps", "--require-hashes", "--python", environment_in(folder).python)
    return made and run([uv, "pip", "install", *options, "-r", lock])


def with_host_pip(folder: Path, lock: Path, run: Run) -> bool:
    """Install with this Python's pip into an environment without one: quick, and Debian lacks ensurepip."""
    made = run([sys.executable, "-m", "venv", "--without-pip", folder])
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", environment_in(folder).python]
    return made and run(pip_install(pip, lock))


def with_own_pip(folder: Path, lock: Path, run: Run) -> bool:
    """Install with the environment's own pip, where this Python has none or one too old for `--python`."""
    made = run([sys.executable, "-m", "venv", folder])
    return made and run(pip_install([environment_in(folder).python, "-m", "pip"], lock))


def without_venv(folder: Path, lock: Path, run: Run) -> bool:
    """Install into a plain folder that PYTHONPATH names, where this Python lacks the venv module."""
    site = folder / "site"
    site.mkdir(parents=True)
    return run([*pip_install([sys.executable, "-m", "pip"], lock), "--target", site])


def pip_install(pip: Sequence[str | Path], lock: Path) -> list[str | Path]:
    """Return the pip command that installs exactly what the lock file lists."""
    options = (
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "--retries",
        "2",
        "--no-deps",
        "--require-hashes",
    )
    return [*pip, "install", *options, "-r", lock]


def succeeds(command: Sequence[str | Path], out: IO[str]) -> bool:
    """Run an installer's command, its words to the log; stdout belongs to the command that was asked for."""
    import subprocess

    foreign = ("PYTHON", "VIRTUAL_ENV")  # what would send the packages or the modules elsewhere
    environ = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    try:
        return subprocess.run(command, stdout=out, stderr=out, env=environ, check=False).returncode == 0
    except OSError as error:
        out.write(f"{command[0]}: {error}\n")
        return False


def remove_old(folder: Path) -> None:
    """Remove the environments of the same kind that earlier lock files left, all but the newest."""
    import shutil

    kind = folder.name.rpartition("-")[0]
    markers = sorted(folder.parent.glob(f"{kind}-*/{MARKER}"), key=lambda marker: marker.stat().st_mtime)
    for marker in markers[:-KEPT]:
        shutil.rmtree(marker.parent, ignore_errors=True)


@contextlib.contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Hold a lock between processes while installing; the system frees it when its holder dies."""
    with path.open("a+b") as file:
        if not try_lock(file):
            say("sopbot: another start is installing; waiting for it.")
            import time

            while not try_lock(file):
                time.sleep(0.2)
        yield


def try_lock(file: IO[bytes]) -> bool:
    """Take the lock on the file if it is free."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


# --------------------------------------------------------------------------------------------------- starting


def become(command: list[str], environ: Mapping[str, str]) -> int:
    """Run the command in this process's place, so that signals and the exit code are its own."""
    if os.name != "nt":
        sys.stdout.flush()
        sys.stderr.flush()
        os.execve(command[0], command, dict(environ))
    return wait_for(command, environ)  # Windows has no exec: its imitation would return to the prompt at once


def wait_for(command: list[str], environ: Mapping[str, str]) -> int:
    """Run the command and return its exit code; Ctrl-C reaches it too, and it decides when it has finished."""
    import subprocess

    process = subprocess.Popen(command, env=environ)
    while True:
        with contextlib.suppress(KeyboardInterrupt):
            return process.wait()


def check(tools: Environment, environ: Mapping[str, str]) -> int:
    """Run every check, also after one has failed, and return 1 if any did."""
    import subprocess

    commands = [[str(tools.python), *arguments] for arguments in CHECKS]
    if sys.platform == "win32":
        say("sopbot: hadolint has no build for Windows; the Dockerfile was not checked.")
    else:
        commands.append([str(tools.scripts / "hadolint"), "Dockerfile"])
    # A list, not a generator: the checks after one that failed run as well.
    codes = [subprocess.run(command, env=environ, check=False).returncode for command in commands]
    say("check: something failed, see above." if any(codes) else "check: all clean.")
    return 1 if any(codes) else 0


def say(sentence: str) -> None:
    """Tell the person something without touching stdout."""
    print(sentence, file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Start what the arguments ask for and return its exit code."""
    try:
        if arguments[:1] not in (["test"], ["check"]):
            tools = environment("run")
            environ = child_environ(os.environ, tools.site)
            # -P: modules come from the pinned packages and this project, not from where one happens to stand.
            module = ["-P", "-m", "sopbot", *sopbot_arguments(arguments, os.environ)]
            return become([str(tools.python), *module], environ)
        tools = environment("test")
        environ = child_environ(os.environ, tools.site)
        os.chdir(ROOT)
        if arguments[0] == "check":
            return check(tools, environ)
        return become([str(tools.python), "-P", "-m", "pytest", *arguments[1:]], environ)
    except StartError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
