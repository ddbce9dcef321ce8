"""Instances as the database has them, while the bot is running and without changing anything."""

import pytest

from tests.building import TINI, WATI


@pytest.fixture
async def played(office):
    await office.begin()
    await office.work(1, WATI)
    await office.begin(subject="=1+1")
    await office.cancel(TINI, instance=2)
    return office


def test_instances_are_listed(cli, played):
    first, second = cli("instance", "list", "--json").json
    keys = ["id", "slug", "subject", "state", "step", "round", "due_at", "office", "started_at", "ended_at"]
    assert list(first) == keys
    assert (first["id"], first["state"], first["step"]) == (1, "berjalan", 2)
    assert (second["id"], second["state"], second["subject"]) == (2, "dibatalkan", "=1+1")
    assert [one["id"] for one in cli("instance", "list", "--running", "--json").json] == [1]
    assert cli("instance", "list", "--office", "lain", "--json").json == []
    assert cli("instance", "list").out.splitlines()[0] == "1\tcontoh\tcontoh-sop\tRenja 2027\tberjalan\t2\t1\t-"


def test_one_instance_is_shown_with_its_assignments(cli, played):
    found = cli("instance", "show", 1, "--json").json
    assert list(found)[-3:] == ["definition", "started_by", "assignments"]
    assert [one["state"] for one in found["assignments"]] == ["selesai", "ditugaskan", "ditugaskan"]
    out = cli("instance", "show", 1).out
    assert "subject: Renja 2027\n" in out
    assert "\n1\t1\t1\tkerja\tstaf\t6\tselesai\t" in out


def test_what_is_not_there_is_told(cli, played):
    cli("instance", "show", 3).refused("There is no instance 3.")


def test_without_a_database_that_is_told_and_none_is_made(cli, tmp_path):
    cli("instance", "list").refused("There is no database at")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_can_be_named(cli, played, tmp_path, monkeypatch):
    monkeypatch.setenv("SOPBOT_DATA", str(tmp_path / "none"))
    cli("instance", "list").refused("There is no database at")
    assert len(cli("instance", "list", "--data", tmp_path, "--json").json) == 2


def test_an_empty_list_says_so(cli, office):
    result = cli("instance", "list")
    assert (result.code, result.out, result.err) == (0, "", "There is nothing to show yet.\n")
