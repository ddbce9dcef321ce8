"""JSON for programs, tables on a terminal, plain fields elsewhere; nothing that people typed steers a terminal."""

import io
import json

import pytest

from sopbot.cli.output import complain, plain, show_json, show_table


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "-"),
        ("", "-"),
        (7, "7"),
        (True, "yes"),
        ("dua\nbaris\tsaja", "dua baris saja"),
        ("\x1b[31mmerah\x07", "\N{REPLACEMENT CHARACTER}[31mmerah\N{REPLACEMENT CHARACTER}"),
        ("kanan\u202ekiri", "kanan\N{REPLACEMENT CHARACTER}kiri"),
    ],
)
def test_a_value_is_one_harmless_line(value, expected):
    assert plain(value) == expected


def test_json_keeps_letters_as_they_are(capsys):
    show_json({"nama": "Décret"})
    out = capsys.readouterr().out
    assert "Décret" in out
    assert json.loads(out) == {"nama": "Décret"}


def test_rows_are_lines_with_tabs_where_nobody_watches(capsys):
    show_table(("a", "b"), [(1, None), ("x y", "[bold]z[/]")])
    assert capsys.readouterr().out == "1\t-\nx y\t[bold]z[/]\n"


def test_rows_are_a_table_on_a_terminal(monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("NO_COLOR", "1")
    show_table(("Nama", "Peran"), [("Tini", "[bold]camat[/]")])
    lines = terminal.getvalue().splitlines()
    assert any("Nama" in line and "Peran" in line for line in lines)
    assert any("Tini" in line and "[bold]camat[/]" in line for line in lines)


def test_no_rows_are_said_on_stderr(capsys):
    show_table(("a",), [])
    assert capsys.readouterr() == ("", "There is nothing to show yet.\n")


def test_a_complaint_goes_to_stderr(capsys):
    complain("No.")
    assert capsys.readouterr() == ("", "No.\n")
