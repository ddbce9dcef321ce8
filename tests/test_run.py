"""run.py decides right and installs in the first way that works; nothing is installed here."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import run


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return an empty project with its lock files, beside which environments are made."""
    monkeypatch.setattr(run, "ROOT", tmp_path)
    (tmp_path / "requirements.lock").write_text("telegram==1")
    (tmp_path / "requirements-test.lock").write_text("pytest==1")
    return tmp_path


def fake_way(*, works: bool, calls: list[str], name: str):
    def way(folder, lock, run_command):
        calls.append(f"{name} {lock.name}")
        folder.mkdir(parents=True)
        (folder / "bin").mkdir()
        (folder / "bin" / "python").touch()
        (folder / "Scripts").mkdir()
        (folder / "Scripts" / "python.exe").touch()
        return works

    way.__name__ = name
    return way


@pytest.fixture
def ways(monkeypatch):
    """Replace every way to install but the host's pip, which works, by one that fails; return their calls."""
    calls: list[str] = []
    for name in ("with_uv", "with_host_pip", "with_own_pip", "without_venv"):
        monkeypatch.setattr(run, name, fake_way(works=name == "with_host_pip", calls=calls, name=name))
    return calls


# ------------------------------------------------------------------------------------------------- what to start


@pytest.mark.parametrize(
    ("environ", "dotenv", "expected"),
    [
        ({}, {}, False),
        ({"SOPBOT_TOKEN": "1:a"}, {}, True),
        ({"TELEGRAM_BOT_TOKEN": "1:a"}, {}, True),
        ({"BOT_TOKEN": "1:a"}, {}, True),
        ({"BOT_TOKEN_FILE": "/run/secrets/token"}, {}, True),
        ({}, {"SOPBOT_TOKEN_FILE": "token.txt"}, True),
        ({"SOPBOT_TOKEN": " "}, {}, False),
        ({"SOPBOT_TOKEN": ""}, {"SOPBOT_TOKEN": "1:a"}, False),
        ({"SOPBOT_DATA": "x"}, {"SOPBOT_LOG": "info"}, False),
    ],
)
def test_a_token_is_found_under_each_of_its_names(environ, dotenv, expected):
    assert run.has_token(environ, dotenv) is expected


def test_the_env_file_is_read_as_far_as_needed():
    text = "# SOPBOT_TOKEN=no\nexport BOT_TOKEN='1:a'\nSOPBOT_LOG = debug # loud\nrubbish\nSOPBOT_TOKEN=\n"
    assert run.dotenv_names(text) == {"BOT_TOKEN": "1:a", "SOPBOT_LOG": "debug", "SOPBOT_TOKEN": ""}


def test_the_simulator_starts_without_a_token_and_the_bot_with_one(project):
    assert run.sopbot_arguments([], {}) == ["simulate"]
    assert run.sopbot_arguments([], {"BOT_TOKEN": "1:a"}) == ["run"]
    (project / ".env").write_text("SOPBOT_TOKEN=1:a\n")
    assert run.sopbot_arguments([], {}) == ["run"]
    assert run.sopbot_arguments([], {"SOPBOT_ENV_FILE": os.devnull}) == ["simulate"]


def test_a_command_is_passed_on_as_it_is():
    assert run.sopbot_arguments(["sop", "list", "--json"], {"BOT_TOKEN": "1:a"}) == ["sop", "list", "--json"]


def test_the_program_gets_this_projects_modules_and_no_others():
    environ = run.child_environ({"PYTHONPATH": "/elsewhere", "LANG": "C"}, None)
    assert environ == {"PYTHONPATH": str(run.ROOT), "LANG": "C", "PYTHONUTF8": "1"}
    with_site = run.child_environ({}, Path("site"))
    assert with_site["PYTHONPATH"] == os.pathsep.join([str(run.ROOT), "site"])


# ------------------------------------------------------------------------------------------------- the environment


def test_environments_stand_side_by_side():
    lock = b"telegram==1"
    folders = {
        run.environment_folder(lock, "run", (3, 11)),
        run.environment_folder(lock, "run", (3, 13)),
        run.environment_folder(lock, "test", (3, 11)),
        run.environment_folder(b"telegram==2", "run", (3, 11)),
    }
    assert len(folders) == 4
    assert {folder.parent for folder in folders} == {run.ROOT / ".venv"}


def test_an_environment_is_made_once(project, ways):
    first = run.environment("run")
    assert ways == ["with_uv requirements.lock", "with_host_pip requirements.lock"]
    assert run.environment("run") == first
    assert len(ways) == 2
    run.environment("test")
    assert ways[2:] == ["with_uv requirements-test.lock", "with_host_pip requirements-test.lock"]


def test_a_changed_lock_file_makes_a_new_environment_and_the_one_before_stays(project, ways):
    made = []
    for number in range(4):
        (project / "requirements.lock").write_text(f"telegram=={number}")
        folder = run.environment("run").python.parent.parent
        os.utime(folder / run.MARKER, (number, number))
        made.append(folder)
    assert [folder.exists() for folder in made] == [False, False, True, True]


def test_an_interrupted_installation_is_made_again(project, ways):
    folder = run.environment("run").python.parent.parent
    (folder / run.MARKER).unlink()
    (folder / "half").touch()
    run.environment("run")
    assert len(ways) == 4
    assert not (folder / "half").exists()


def test_an_environment_whose_interpreter_is_gone_is_made_again(project, ways):
    run.environment("run").python.unlink()
    assert run.environment("run").python.exists()


def test_a_failure_is_one_sentence_and_leaves_no_environment(project, ways, monkeypatch, capsys):
    monkeypatch.setattr(run, "with_host_pip", fake_way(works=False, calls=ways, name="with_host_pip"))
    assert run.main(["sop", "list"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines()[-1].startswith("sopbot could not install its packages: is this computer")
    assert len(ways) == 4
    assert list((project / ".venv").glob("py*")) == []


def test_an_environment_that_cannot_be_written_is_one_sentence(project, capsys):
    (project / ".venv").touch()
    assert run.main(["sop", "list"]) == 1
    assert capsys.readouterr().err.startswith("sopbot cannot make its environment: ")


def test_the_plain_folder_is_used_with_this_interpreter(tmp_path):
    (tmp_path / "site").mkdir()
    assert run.environment_in(tmp_path) == run.Environment(Path(sys.executable), tmp_path / "site")


def test_windows_keeps_its_interpreter_elsewhere(tmp_path):
    assert run.environment_in(tmp_path, "nt").python == tmp_path / "Scripts/python.exe"
    assert run.environment_in(tmp_path, "posix").python == tmp_path / "bin/python"


def commands_of(way, tmp_path):
    asked: list[list[str]] = []

    def record(command):
        asked.append([str(part) for part in command])
        return True

    assert way(tmp_path / "env", tmp_path / "a.lock", record) is True
    return asked


def test_each_way_installs_with_hashes_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    for way in (run.with_uv, run.with_host_pip, run.with_own_pip, run.without_venv):
        last = commands_of(way, tmp_path)[-1]
        assert {"--require-hashes", "--no-deps", "-r", str(tmp_path / "a.lock")} <= set(last)


def test_uv_is_used_only_where_there_is_one(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert run.with_uv(tmp_path, tmp_path, lambda command: True) is False


def test_an_installers_words_go_to_its_log(tmp_path, capfd):
    with (tmp_path / "log").open("w") as out:
        assert run.succeeds([sys.executable, "-c", "print('hello')"], out)
        assert not run.succeeds([sys.executable, "-c", "raise SystemExit(3)"], out)
        assert not run.succeeds([str(tmp_path / "missing")], out)
    assert "hello" in (tmp_path / "log").read_text()
    assert capfd.readouterr().out == ""


def test_two_starts_at_once_do_not_install_together(tmp_path):
    with run.one_at_a_time(tmp_path / "lock"), (tmp_path / "lock").open("a+b") as other:
        assert not run.try_lock(other)
    with (tmp_path / "lock").open("a+b") as other:
        assert run.try_lock(other)


# ------------------------------------------------------------------------------------------------------- starting


def test_an_old_python_is_told_so():
    code = "import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path('run.py')"
    done = subprocess.run([sys.executable, "-c", code], cwd=run.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("sopbot needs Python 3.11 or newer; this is ")
    assert done.stderr.count("\n") == 1


def test_the_program_takes_this_processs_place_with_its_input_and_exit_code():
    program = "import sys; print(sys.stdin.read().upper(), end=''); sys.exit(7)"
    code = f"import os, run, sys; run.become([sys.executable, '-c', {program!r}], os.environ)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=run.ROOT, input="ya", capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("YA", "", 7)


def test_where_there_is_no_exec_the_exit_code_is_passed_on():
    assert run.wait_for([sys.executable, "-c", "raise SystemExit(7)"], os.environ) == 7


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to a whole console")
def test_ctrl_c_while_waiting_leaves_the_ending_to_the_program():
    program = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, lambda *_: sys.exit(9))\n"
        "os.kill(os.getppid(), signal.SIGINT)\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
        "signal.pause()\n"
    )
    assert run.wait_for([sys.executable, "-c", program], os.environ) == 9


def test_check_runs_every_tool_and_fails_if_one_does(tmp_path, monkeypatch, capfd):
    commands = [("-c", "print('first'); raise SystemExit(1)"), ("-c", "print('second')")]
    monkeypatch.setattr(run, "CHECKS", commands)
    tools = run.Environment(Path(sys.executable), tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "hadolint").write_text("#!/bin/sh\necho hadolint $1\n")
    (tmp_path / "bin" / "hadolint").chmod(0o755)
    assert run.check(tools, os.environ) == 1
    assert capfd.readouterr().out.split("\n")[:2] == ["first", "second"]
    monkeypatch.setattr(run, "CHECKS", commands[1:])
    assert run.check(tools, os.environ) == 0
