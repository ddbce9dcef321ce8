"""A lock is held by one process at a time, is free when its holder dies, and holds no secret."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sopbot.cli.alone import only_poller, only_simulation
from sopbot.cli.failures import CommandFailed

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
HOLDER = (
    "import sys; from pathlib import Path; from sopbot.cli.alone import only_poller\n"
    "with only_poller(Path(sys.argv[1]), 'http://a', sys.argv[2]):\n"
    "    print('held', flush=True); sys.stdin.read()"
)


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path, monkeypatch):
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path), TOKEN],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_poller_is_refused_with_the_first_ones_number(holder, tmp_path):
    with (
        pytest.raises(CommandFailed, match=rf"\(process {holder.pid}\) fetches the messages of this bot"),
        only_poller(tmp_path, "http://a", TOKEN),
    ):
        pass


def test_a_second_poller_with_another_data_folder_is_refused(holder, tmp_path):
    (tmp_path / "other").mkdir()
    with pytest.raises(CommandFailed), only_poller(tmp_path / "other", "http://a", TOKEN):
        pass


def test_another_bot_and_another_server_are_free(holder, tmp_path):
    with only_poller(tmp_path, "http://a", TOKEN + "B"), only_poller(tmp_path, "http://b", TOKEN):
        pass


def test_the_lock_is_free_when_its_holder_was_killed(holder, tmp_path):
    holder.kill()
    holder.wait()
    with only_poller(tmp_path, "http://a", TOKEN):
        pass


def test_no_file_holds_or_is_named_by_the_token(tmp_path):
    with only_poller(tmp_path, "http://a", TOKEN):
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert len(files) == 2
        assert all(TOKEN[10:] not in path.name and path.read_text() == str(os.getpid()) for path in files)


def test_the_temporary_folder_may_be_the_data_folder(tmp_path):
    with (
        only_poller(tmp_path / "tmp", "http://a", TOKEN),
        pytest.raises(CommandFailed),
        only_poller(tmp_path / "tmp", "http://a", TOKEN),
    ):
        pass


def test_a_file_of_somebody_else_in_the_temporary_folder_is_no_obstacle(tmp_path):
    with only_poller(tmp_path, "http://a", TOKEN):
        [name] = [path.name for path in (tmp_path / "tmp").iterdir()]
    (tmp_path / "tmp" / name).unlink()
    (tmp_path / "tmp" / name).mkdir()  # what cannot be opened, whoever runs this
    with only_poller(tmp_path, "http://a", TOKEN):
        pass


def test_one_simulation_uses_a_folder(tmp_path):
    folder = tmp_path / "deep" / "simulasi"
    with (
        only_simulation(folder),
        pytest.raises(CommandFailed, match=rf"Another simulation \(process {os.getpid()}\) uses {folder}; stop it"),
        only_simulation(folder),
    ):
        pass
    with only_simulation(folder):
        pass
