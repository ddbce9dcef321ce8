"""The record shown, exported, anchored and verified with its exit codes; nothing of it is changed by looking."""

import csv
import io
import json

import pytest

from sopbot.cli.trail import KEYS
from sopbot.store import guards
from tests.building import TINI, WATI

NASTY = '=HYPERLINK("http://x")'


@pytest.fixture
async def played(office):
    await office.begin()
    await office.work(1, WATI)
    await office.begin(subject="Renja 2028")
    await office.cancel(TINI, reason=NASTY, instance=2)
    return office


def tamper(office, *statements):
    for statement in statements:
        office.write(lambda conn, statement=statement: conn.exec_driver_sql(statement))


def test_the_record_is_exported_as_json(cli, played):
    rows = cli("trail", "export", "--format", "json").json
    assert [list(row) for row in rows] == [list(KEYS)] * len(rows)
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows[0] == {
        "seq": 1,
        "at": "2026-11-23T02:00:00.000000Z",
        "office": "contoh",
        "instance": 1,
        "instance_seq": 1,
        "actor": {"acting_for": None, "officer": WATI, "role": "staf", "telegram_id": None},
        "action": "dimulai",
        "from": None,
        "to": "berjalan",
        "value": rows[0]["value"],
        "reason": None,
        "leaf": rows[0]["leaf"],
        "link": rows[0]["link"],
    }
    assert len(rows[0]["leaf"]) == len(rows[0]["link"]) == 64
    assert cli("trail", "export", "--json").json == rows


def test_a_part_of_the_record_is_exported(cli, played):
    rows = cli("trail", "export").json
    assert cli("trail", "export", "--office", "contoh").json == rows
    assert cli("trail", "export", "--instance", 2).json == [row for row in rows if row["instance"] == 2]


def test_a_spreadsheet_computes_nothing_of_the_export(cli, played):
    rows = list(csv.DictReader(io.StringIO(cli("trail", "export", "--format", "csv").out)))
    assert tuple(rows[0]) == KEYS
    assert rows[0]["seq"] == "1"
    assert json.loads(rows[0]["actor"])["officer"] == WATI
    assert rows[0]["reason"] == ""
    assert rows[-1]["reason"] == f"'{NASTY}"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
async def test_every_beginning_of_a_formula_is_made_harmless(cli, office, start):
    await office.begin()
    await office.cancel(TINI, reason=f"a\n{start}b")
    await office.begin()
    tamper(office, "DROP TRIGGER trail_no_update")
    value = json.dumps(f"{start}cmd\n2")
    # Written past the bot, which strips what people type: an old record may hold anything.
    tamper(office, f"UPDATE trail SET body = CAST(json_set(body, '$.reason', json('{value}')) AS BLOB) WHERE seq = 1")  # noqa: S608
    result = cli("trail", "export", "--format", "csv").out
    rows = list(csv.reader(io.StringIO(result, newline="")))
    assert rows[1][KEYS.index("reason")] == f"'{start}cmd\n2"
    assert {len(row) for row in rows} == {len(KEYS)}


def test_an_export_goes_into_a_new_file(cli, played, tmp_path):
    file = tmp_path / "out" / "jejak.json"
    file.parent.mkdir()
    assert cli("trail", "export", "--output", file).out == ""
    assert json.loads(file.read_text(encoding="utf-8")) == cli("trail", "export").json
    cli("trail", "export", "--output", file).refused(f"File exists: {file}.")


def test_an_empty_record_is_exported_as_nothing(cli, office):
    assert cli("trail", "export").json == []
    assert cli("trail", "export", "--format", "csv").out == ",".join(KEYS) + "\n"


def test_the_latest_entries_are_shown(cli, played):
    rows = cli("trail", "export").json
    assert cli("trail", "show", "--last", 2, "--json").json == rows[-2:]
    assert cli("trail", "show", "--last", 0, "--json").json == rows
    assert cli("trail", "show", 2, "--json").json == [row for row in rows if row["instance"] == 2]
    fields = cli("trail", "show").out.splitlines()[-1].split("\t")
    assert fields[2:] == ["contoh", "2", "1 camat", "dibatalkan", "berjalan", "dibatalkan", NASTY]


def test_a_sound_record_is_said_to_be_sound(cli, played):
    result = cli("trail", "verify")
    assert (result.code, result.out, result.err) == (0, "The record is sound.\n", "")
    assert cli("trail", "verify", "--json").json == {"code": 0, "findings": []}


ALTER = ("DROP TRIGGER trail_no_update", "UPDATE trail SET action = 'lain' WHERE seq = 2")
CUT = (
    "DROP TRIGGER trail_no_delete",
    "DELETE FROM trail WHERE instance = 3",
    "DELETE FROM card WHERE instance = 3",
    "DELETE FROM outbox WHERE instance = 3",
    "DELETE FROM assignment WHERE instance = 3",
    "DELETE FROM instance WHERE id = 3",
)
RESTORED = (guards.SQLITE["trail_no_delete"],)


@pytest.mark.parametrize(
    ("statements", "code"),
    [
        (ALTER, 10),
        (("UPDATE instance SET step = 4 WHERE id = 1",), 10),
        ((*ALTER, *CUT), 10),
        (CUT, 11),
        ((*CUT, *RESTORED), 11),
        (("DROP TRIGGER trail_append",), 12),
    ],
)
async def test_the_exit_code_is_the_lowest_that_applies(cli, played, statements, code):
    await played.begin()
    tamper(played, *statements)
    result = cli("trail", "verify")
    assert (result.code, result.out) == (code, "")
    assert result.err
    as_json = cli("trail", "verify", "--json")
    assert as_json.code == code
    assert json.loads(as_json.out)["code"] == code


async def test_an_anchor_shows_what_the_chain_alone_cannot(cli, played, tmp_path):
    await played.begin()
    anchors = tmp_path / "anchors.jsonl"
    assert cli("trail", "anchor", anchors, "--json").json[0]["office"] == "contoh"
    assert cli("trail", "verify", "--anchor", anchors).code == 0
    tamper(
        played,
        *CUT,
        *RESTORED,
        "UPDATE chain SET seq = (SELECT max(seq) FROM trail), link = (SELECT link FROM trail ORDER BY seq DESC)",
    )
    assert cli("trail", "verify").code == 0  # whoever cut it was careful
    assert cli("trail", "verify", "--anchor", anchors).code == 11


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["export", "--office", "lain"], 'The record has nothing of an office "lain".'),
        (["export", "--instance", "9"], "The record has nothing of an instance 9."),
        (["show", "9"], "The record has nothing of an instance 9."),
        (["export", "--output", "/dev/null/x"], "Not a directory: /dev/null/x."),
        (["verify", "--anchor", "/none"], "No such file or directory: /none."),
        (["anchor", "/dev/null/x"], "Not a directory: /dev/null/x."),
        (["export", "--json", "--format", "csv"], "Give --json or --format csv, not both."),
    ],
)
def test_what_cannot_be_done_is_told(cli, played, arguments, sentence):
    cli("trail", *arguments).refused(sentence)


@pytest.mark.parametrize("content", [b"{}\n", b"nonsense\n", b"\xff\xfe\n"])
def test_a_file_without_anchors_is_refused(cli, played, tmp_path, content):
    (tmp_path / "anchors").write_bytes(content)
    cli("trail", "verify", "--anchor", tmp_path / "anchors").refused("holds no anchors: ")


def test_looking_changes_nothing(cli, played, tmp_path):
    before = (tmp_path / "sopbot.db").read_bytes(), (tmp_path / "sopbot.db-wal").read_bytes()
    for command in (["show"], ["export"], ["verify"], ["anchor", tmp_path / "a"]):
        assert cli("trail", *command).code == 0
    assert ((tmp_path / "sopbot.db").read_bytes(), (tmp_path / "sopbot.db-wal").read_bytes()) == before


def test_without_a_database_that_is_told(cli):
    cli("trail", "verify").refused("There is no database at")
