"""Settings for one small office beside a simulator, for the tests of the whole bot."""

import logging
import shutil
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog
from pydantic import SecretStr

from sopbot.settings import ROOT, Settings
from sopbot.simulator.server import DEFAULT_TOKEN, Simulator
from tests import at_work

assert at_work.BEGIN  # importing it sends the log through the standard one, where tests can read it


@pytest.fixture
def settings(tmp_path) -> Settings:
    """Return settings with the definitions of one office and nothing to reach outside."""
    shutil.copytree(ROOT / "sop_definitions" / "neglasari", tmp_path / "definitions" / "neglasari")
    return Settings(
        data=tmp_path / "data",
        definitions=tmp_path / "definitions",
        token=SecretStr(DEFAULT_TOKEN),
        telegram_api_url="http://127.0.0.1:9",
        limit_overall=0,
        limit_chat=0,
        limit_group=0,
    )


@pytest.fixture
async def local_telegram(settings, tmp_path) -> AsyncIterator[Simulator]:
    """Return a running simulator with the office's people."""
    from sopbot.definitions.catalogue import load_all
    from sopbot.simulation import training_people

    running = Simulator(data=tmp_path / "telegram", tap_patience=5, step_patience=5)
    running.enrol(training_people(load_all(settings.definitions), []))
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
def beside(settings, local_telegram) -> Settings:
    """Return settings of a bot beside the simulator, on its clock."""
    own = {"telegram_api_url": local_telegram.url, "sim_clock_url": local_telegram.url}
    return settings.model_copy(update=own)


@pytest.fixture
def own_logging() -> Iterator[None]:
    """Put logging back as it was: the test sets it up as a process does."""
    root, kept = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    noisy = {name: logging.getLogger(name).level for name in ("httpx", "httpcore", "telegram", "apscheduler")}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in noisy.items():
        logging.getLogger(name).setLevel(before)
    structlog.configure(**kept)
