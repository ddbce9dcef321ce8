"""Commands called as the shell calls them: arguments in; exit code, stdout and stderr out."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from sopbot.cli.main import main
from tests.at_work import office, working

__all__ = ["cli", "office", "working"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)

    def refused(self, sentence: str, code: int = 1) -> None:
        """Expect one sentence on stderr, this one, and nothing else anywhere."""
        assert (self.code, self.out) == (code, "")
        assert self.err.count("\n") == 1, self.err
        assert sentence in self.err


@pytest.fixture
def cli(tmp_path, monkeypatch, capsys) -> Callable[..., Result]:
    """Return what runs a command on the data in `tmp_path`, where the office's database is as well."""
    monkeypatch.setenv("SOPBOT_DATA", str(tmp_path))

    def run(*arguments: object) -> Result:
        with pytest.raises(SystemExit) as stopped:
            main([str(one) for one in arguments])
        captured = capsys.readouterr()
        return Result(code=stopped.value.code or 0, out=captured.out, err=captured.err)

    # capsys has no bytes below it, as a shell's pipe has.
    assert not sys.stdout.isatty()
    return run
