"""The commands as a whole: help for each, one sentence for a failure, and no heavy import where none is needed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from sopbot.cli import main as command_line

ROOT = Path(__file__).resolve().parents[3]
COMMANDS = [
    *(["run"], ["simulate"], ["due"], ["doctor"]),
    *(["sop", one] for one in ("list", "show", "check")),
    *(["instance", one] for one in ("list", "show")),
    *(["trail", one] for one in ("show", "export", "verify", "anchor")),
    *(["officer", one] for one in ("add", "list", "invite", "freeze")),
    *(["db", one] for one in ("upgrade", "check", "backup", "restore")),
]


@pytest.mark.parametrize("command", [[], ["sop"], ["instance"], ["trail"], ["officer"], ["db"], *COMMANDS])
def test_every_command_has_help(cli, command):
    result = cli(*command, "--help")
    assert (result.code, result.err) == (0, "")
    assert len(result.out.splitlines()) > 3


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_ends_has_json(cli, command):
    assert ("--json" in cli(*command, "--help").out) == (command not in (["run"], ["simulate"]))


@pytest.mark.parametrize("arguments", [["nothing"], ["sop", "nothing"], ["due"], ["sop", "list", "--nothing"]])
def test_a_wrong_use_is_told_and_ends_with_two(cli, arguments):
    result = cli(*arguments)
    assert (result.code, result.out) == (2, "")
    assert "Traceback" not in result.err


@pytest.mark.parametrize("token", ["123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "1:short"])
def test_an_unexpected_error_shows_its_traceback_without_the_token(cli, monkeypatch, token):
    def broken(**_given):
        raise ValueError(f"The token {token} is odd")

    monkeypatch.setenv("SOPBOT_TOKEN", token)
    monkeypatch.setattr(command_line, "app", broken)
    result = cli("run")
    assert result.code == 1
    assert result.err.startswith("Traceback")
    assert token not in result.err


def test_ctrl_c_ends_with_130(cli, monkeypatch):
    def interrupted(**_given):
        raise KeyboardInterrupt

    monkeypatch.setattr(command_line, "app", interrupted)
    assert (cli("run").code, cli("run").err) == (130, "")


def test_typer_is_told_to_leave_errors_alone():
    assert isinstance(command_line.app, typer.Typer)
    assert command_line.app.pretty_exceptions_enable is False


@pytest.mark.parametrize("arguments", [["sop", "list", "--json"], ["sop", "show", "karawaci-renja"], ["--help"]])
def test_a_command_that_needs_no_database_imports_none(arguments):
    program = (
        "import sys\n"
        "from sopbot.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "finally:\n    heavy = {'telegram', 'tornado', 'sqlalchemy', 'apscheduler', 'babel', 'httpx', 'rich'}\n"
        "    print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "[]\n")
    assert done.stdout


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path):
    environ = {**os.environ, "SOPBOT_DATA": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-m", "sopbot", "sop", "show", "karawaci-renja", "--json"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
