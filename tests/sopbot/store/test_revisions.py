from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from sopbot.store import revisions
from sopbot.store.failures import DatabaseRefused


def test_the_names_of_the_files_give_what_alembic_reads_from_them():
    scripts = list(ScriptDirectory(str(revisions.migrations_folder())).walk_revisions())
    assert tuple(script.revision for script in reversed(scripts)) == revisions.known()
    assert all(Path(script.path).name.startswith(f"{script.revision}_") for script in scripts)


def test_the_current_revision_is_read_from_the_database(read, write):
    assert read(revisions.current) == revisions.known()[-1]
    write(lambda conn: conn.exec_driver_sql("DELETE FROM alembic_version"))
    assert read(revisions.current) is None
    write(lambda conn: conn.exec_driver_sql("DROP TABLE alembic_version"))
    assert read(revisions.current) is None


def test_only_this_programs_own_revision_is_no_problem():
    assert revisions.problem(revisions.known()[-1]) is None
    assert "not been set up" in revisions.problem(None)
    assert "older schema" in revisions.problem(revisions.known()[0])
    assert "newer schema (29991231_0000)" in revisions.problem("29991231_0000")


def test_the_folder_may_stand_where_the_program_was_started(tmp_path, monkeypatch):
    monkeypatch.setattr(revisions, "__file__", str(tmp_path / "site" / "sopbot" / "store" / "revisions.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DatabaseRefused, match="missing"):
        revisions.migrations_folder()
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "env.py").touch()
    assert revisions.migrations_folder() == tmp_path / "migrations"
