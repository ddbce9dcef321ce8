"""What every test gets: no network but loopback, no settings from outside, one printed seed, two sizes of test run.

`--thorough` runs the long tests as well and gives Hypothesis many more examples; `-m browser` runs those that need
Chromium, and only those. `--seed N` repeats a run: it seeds Hypothesis and the fixture `seed`.
"""

import os
import random
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

LOOPBACK = ("127.", "localhost", "::1", "::ffff:127.", "0.0.0.0", "::")  # noqa: S104 - listening is no way out
OUTSIDE = ("SOPBOT_", "TELEGRAM_BOT_TOKEN", "BOT_TOKEN")

settings.register_profile("quick", max_examples=30, deadline=None, print_blob=True)
settings.register_profile(
    "thorough",
    max_examples=1000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)


class NetworkBlocked(Exception):
    """A test reached for the network; it may only talk to this computer.

    No OSError, so that no code under test takes it for a failed connection and goes on.
    """


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else ""  # a path is a socket of this computer
    elif event == "socket.getaddrinfo":
        host = arguments[0] or ""
    else:
        return
    host = host.decode() if isinstance(host, bytes) else str(host)
    if host and not host.startswith(LOOPBACK):
        raise NetworkBlocked(f"{event} to {host}")


# An audit hook sees every socket, whichever way it was imported; it stays for the life of the process.
sys.addaudithook(_guard)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("sopbot")
    group.addoption("--thorough", action="store_true", help="run the long tests and many more examples")
    group.addoption("--seed", type=int, help="repeat a run whose seed was printed")


@pytest.hookimpl(tryfirst=True)  # before Hypothesis reads its own option
def pytest_configure(config: pytest.Config) -> None:
    thorough = config.getoption("thorough")
    settings.load_profile("thorough" if thorough else "quick")
    if config.option.seed is None:
        config.option.seed = random.randrange(2**32) if thorough else 0
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = str(config.option.seed)


def pytest_report_header(config: pytest.Config) -> str:
    return f"seed: {config.option.seed} (repeat with --seed {config.option.seed})"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = set()
    if "browser" not in config.option.markexpr:
        left_out.add("browser")
    if not config.option.thorough and "thorough" not in config.option.markexpr:
        left_out.add("thorough")
    deselected = [item for item in items if left_out.intersection(mark.name for mark in item.iter_markers())]
    if deselected:
        config.hook.pytest_deselected(items=deselected)
        items[:] = [item for item in items if item not in set(deselected)]


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> Iterator[None]:
    """Hide the operator's own settings, also from the programs that tests start."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(OUTSIDE)]:
            patch.delenv(name)
        patch.setenv("SOPBOT_ENV_FILE", os.devnull)
        yield


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """Return the seed of this run, for a test that makes its own random choices."""
    return int(request.config.option.seed)
