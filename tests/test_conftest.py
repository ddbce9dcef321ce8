"""The guards that every test runs under: conftest.py itself, tried in a pytest of its own."""

import socket

import pytest

pytest_plugins = ["pytester"]

TESTS = """
import pytest
from hypothesis import settings

def test_quick():
    print("examples:", settings.default.max_examples)

def test_seed(seed):
    print("seed:", seed)

@pytest.mark.thorough
def test_long(): pass

@pytest.mark.browser
def test_page(): pass
"""


@pytest.fixture
def project(pytester, request):
    pytester.makeconftest((request.config.rootpath / "tests" / "conftest.py").read_text(encoding="utf-8"))
    pytester.makeini(
        "[pytest]\nasyncio_default_fixture_loop_scope = function\nmarkers =\n    browser: b\n    thorough: t\n"
    )
    pytester.makepyfile(TESTS)
    return pytester


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", b"example.org"])
def test_the_network_is_out_of_reach(host):
    with pytest.raises(Exception, match=r"^socket\.(getaddrinfo|connect) to (192\.0\.2\.1|example\.org)$"):
        socket.create_connection((host, 80), timeout=0.1)


def test_loopback_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


# In a process of their own: an option given there would otherwise change the settings of this very run.


def test_a_plain_run_is_short_and_always_the_same(project):
    result = project.runpytest_subprocess("-s")
    result.assert_outcomes(passed=2, deselected=2)
    result.stdout.fnmatch_lines(["seed: 0 (repeat with --seed 0)", "*examples: 30", "*seed: 0"])


def test_a_thorough_run_takes_the_long_tests_and_repeats_a_printed_seed(project):
    result = project.runpytest_subprocess("-s", "--thorough", "--seed", "7")
    result.assert_outcomes(passed=3, deselected=1)
    result.stdout.fnmatch_lines(["seed: 7 (repeat with --seed 7)", "*examples: 1000", "*seed: 7"])


def test_browser_tests_run_alone_when_asked_for(project):
    project.runpytest_subprocess("-m", "browser").assert_outcomes(passed=1, deselected=3)


def test_asking_for_browser_tests_where_there_are_none_fails(project):
    project.makepyfile("def test_quick(): pass")
    assert project.runpytest_subprocess("-m", "browser").ret == pytest.ExitCode.NO_TESTS_COLLECTED
