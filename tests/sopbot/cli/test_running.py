"""The commands that stay: what keeps them from starting is told at once, and a signal ends them with exit code 0."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from sopbot.simulator.server import DEFAULT_TOKEN

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60  # seconds, for a computer that is busy with other things

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to send")


@contextmanager
def started(tmp_path, *arguments, until, **variables):
    """Start a command and lend it once it has written what it writes when it is ready; kill it in the end."""
    environ = {**os.environ, "SOPBOT_DATA": str(tmp_path), "TMPDIR": str(tmp_path), **variables}
    process = subprocess.Popen(
        [sys.executable, "-m", "sopbot", *arguments],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        process.ready = next(line for line in process.stdout if until in line).strip()
        yield process
    finally:
        process.kill()
        process.communicate()


def ended(process, number=signal.SIGTERM):
    """Send the signal; return the exit code and what was still written."""
    process.send_signal(number)
    rest, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, rest


def call(url, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data=data, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)


def test_a_simulation_is_alone_in_its_folder_and_ends_on_a_signal(cli, tmp_path):
    with started(tmp_path, "simulate", "--port", "0", until="simulator:") as simulation:
        url = simulation.ready.rpartition(" ")[2]
        assert len(call(url, "/sim/people")) == 37
        cli("simulate", "--port", "0").refused("Another simulation (process")
        port = url.rpartition(":")[2]
        cli("simulate", "--port", port, "--data", tmp_path / "other", "--no-bot").refused(
            f"Port {port} is in use on this computer; choose another with --port."
        )
        code, rest = ended(simulation, signal.SIGINT)
    assert code == 0, rest
    assert "Traceback" not in rest
    assert cli("trail", "verify").out == "The record is sound.\n"  # of what was played, as nothing else is there
    assert len(cli("officer", "list", "--json").json) == 37


def test_a_bot_is_the_only_one_and_ends_on_a_signal(cli, tmp_path, monkeypatch):
    with started(tmp_path, "simulate", "--no-bot", "--port", "0", until="simulator:") as simulator:
        url = simulator.ready.rpartition(" ")[2]
        there = {"SOPBOT_TOKEN": DEFAULT_TOKEN, "SOPBOT_TELEGRAM_API_URL": url, "SOPBOT_SIM_CLOCK_URL": url}
        with started(tmp_path, "run", until="event=running", **there) as bot:
            for name, value in there.items():
                monkeypatch.setenv(name, value)
            monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
            cli("run").refused(f"Another sopbot (process {bot.pid}) fetches the messages of this bot; stop it first.")
            code, rest = ended(bot)
        assert code == 0, rest
        assert "Traceback" not in rest
        assert ended(simulator)[0] == 0


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({}, "No token is set: put SOPBOT_TOKEN into .env, or try `sopbot simulate`."),
        ({"SOPBOT_TOKEN": "secret"}, "SOPBOT_TOKEN must look like the token that BotFather gives, digits:letters."),
        ({"SOPBOT_TOKEN": "1:A", "SOPBOT_DATA": "/dev/null/x"}, "SOPBOT_DATA: /dev/null/x cannot be created"),
        (
            {"SOPBOT_TOKEN": "1:A", "SOPBOT_SIM_CLOCK_URL": "http://127.0.0.1:1"},
            "The simulator that SOPBOT_SIM_CLOCK_URL names cannot be reached (ConnectError)",
        ),
    ],
)
def test_what_keeps_a_bot_from_starting_is_told(cli, tmp_path, monkeypatch, variables, sentence):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    cli("run").refused(sentence)


def test_a_database_that_cannot_be_used_is_told(cli, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "sopbot.db").write_text("no database, but long enough to be looked at " * 30)
    monkeypatch.setenv("SOPBOT_TOKEN", "1:A")
    cli("run").refused("file is not a database")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--office", "sumbamg"], 'There is no office "sumbamg". Did you mean "sumbang"?'),
        (["--data", "/dev/null/x"], "Not a directory: /dev/null/x."),
    ],
)
def test_what_keeps_a_simulation_from_starting_is_told(cli, arguments, sentence):
    cli("simulate", "--port", "0", *arguments).refused(sentence)


def test_a_folder_with_an_offices_data_is_not_played_with(cli, office, tmp_path):
    cli("simulate", "--data", tmp_path, "--fresh").refused("holds the data of a bot, not of a simulation")
    assert (tmp_path / "sopbot.db").exists()
