"""The register from the command line: officers added, invited, frozen; every change recorded."""

import asyncio
import http.server
import json
import threading
from datetime import UTC, datetime

import pytest

from sopbot.cli.places import SIMULATION
from sopbot.domain.errors import InvitationInvalid
from sopbot.services.execute import Origin
from sopbot.store import people
from tests.at_work import BEGIN

TOKEN = "123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
ADD = ["officer", "add", "--office", "karawaci", "--name", "Siti  Aminah", "--title", "Camat", "--role", "camat"]


def actions(cli):
    return [(row["action"], row["value"]["pejabat"]) for row in cli("trail", "export").json]


def test_an_officer_is_added_also_before_the_first_start(cli, tmp_path):
    assert not (tmp_path / "sopbot.db").exists()
    found = cli(*ADD, "--role", "kasi", "--honorific", "Ibu", "--json").json
    assert found == {"id": 1, "office": "karawaci", "name": "Siti Aminah", "title": "Camat", "roles": ["camat", "kasi"]}
    [listed] = cli("officer", "list", "--json").json
    assert {key: listed[key] for key in found} == found
    assert (listed["honorific"], listed["enrolled"], listed["active"]) == ("Ibu", False, True)
    assert cli("officer", "list").out == "1\tkarawaci\tSiti Aminah\tCamat\tIbu\tcamat, kasi\tno\tyes\tyes\n"
    assert actions(cli) == [("pejabat_ditambahkan", 1)]
    assert cli("trail", "verify").code == 0


def test_an_invitation_is_a_code_where_the_bots_name_is_not_known(cli):
    cli(*ADD)
    result = cli("officer", "invite", 1)
    assert result.code == 0
    assert len(result.out.strip()) == 22
    assert "/start CODE" in result.err
    assert set(cli("officer", "invite", 1, "--json").json) == {"id", "code", "link"}


@pytest.fixture
def bot_api(monkeypatch):
    """Return what sets the answer of a Bot API on this computer."""
    answers = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answers[-1])

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("SOPBOT_TOKEN", TOKEN)
    monkeypatch.setenv("SOPBOT_TELEGRAM_API_URL", f"http://127.0.0.1:{server.server_port}")
    yield lambda answer: answers.append(json.dumps(answer).encode())
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_invitation_is_a_link_where_the_bots_name_is_known(cli, bot_api):
    bot_api({"ok": True, "result": {"username": "kecamatan_bot"}})
    cli(*ADD)
    assert cli("officer", "invite", 1).out.startswith("https://t.me/kecamatan_bot?start=")


def test_without_an_answer_the_code_is_given_and_the_token_stays_secret(cli, bot_api, monkeypatch):
    bot_api({"ok": False})
    cli(*ADD)
    assert len(cli("officer", "invite", 1).out.strip()) == 22
    monkeypatch.setenv("SOPBOT_TELEGRAM_API_URL", "http://127.0.0.1:1")
    result = cli("officer", "invite", 1)
    assert (result.code, len(result.out.strip())) == (0, 22)
    assert TOKEN not in result.err


def test_the_code_binds_an_account_once(cli, office):
    number = office.write(
        lambda conn: people.add(conn, office="contoh", name="Nur", title="Staf", roles=["staf"], at=BEGIN)
    )
    office.clock.set(datetime.now(UTC))
    code = cli("officer", "invite", number, "--json").json["code"]
    member = asyncio.run(office.enrolment.redeem(code, 4242, Origin()))
    assert member.officer.id == number
    with pytest.raises(InvitationInvalid):
        asyncio.run(office.enrolment.redeem(code, 4343, Origin()))
    cli("officer", "invite", number).refused(f"Officer {number} has joined already.")


def test_an_officer_is_frozen_and_given_back(cli):
    cli(*ADD)
    assert cli("officer", "freeze", 1).out == "Officer 1 is frozen.\n"
    assert cli("officer", "freeze", 1).out == "Officer 1 was frozen already.\n"
    assert cli("officer", "list", "--json").json[0]["active"] is False
    assert cli("officer", "freeze", 1, "--lift", "--json").json == {"id": 1, "active": True, "changed": True}
    assert actions(cli) == [("pejabat_ditambahkan", 1), ("akses_dibekukan", 1), ("akses_dipulihkan", 1)]


def test_a_change_of_a_simulation_says_so(cli, tmp_path):
    (tmp_path / SIMULATION).mkdir()
    assert str(tmp_path / SIMULATION) in cli(*ADD).err
    assert (tmp_path / SIMULATION / "sopbot.db").exists()


def test_a_record_is_never_made_before_the_last_one(cli, office, monkeypatch):
    """A simulation's clock may be far ahead of the computer's."""
    office.clock.set(office.clock.now().replace(year=2098))
    asyncio.run(office.enrolment.add("karawaci", name="Ani", title="Staf", roles=["staf"], honorific=None))
    cli(*ADD)
    assert [row["at"][:4] for row in cli("trail", "export", "--office", "karawaci").json] == ["2098", "2098"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"--office": "karawac"}, 'There is no office "karawac". Did you mean "karawaci"?'),
        ({"--role": "lurah"}, 'karawaci has no role "lurah". There are: camat,'),
        ({"--name": "  "}, "The name must be 1 to 200 printable characters."),
        ({"--name": "Siti \u202e"}, "The name must be 1 to 200 printable characters."),
        ({"--title": "x" * 201}, "The title must be 1 to 200 printable characters."),
    ],
)
def test_an_officer_who_cannot_be_is_refused_before_anything_is_made(cli, tmp_path, change, sentence):
    arguments = [change.get(ADD[n - 1], one) for n, one in enumerate(ADD)]
    cli(*arguments).refused(sentence)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["invite", "freeze"])
def test_an_officer_who_is_not_there_is_told(cli, command):
    cli("db", "upgrade")
    cli("officer", command, 99).refused("There is no officer 99.")


@pytest.mark.parametrize("command", [["list"], ["invite", 1], ["freeze", 1]])
def test_without_a_database_that_is_told(cli, command):
    cli("officer", *command).refused("There is no database at")
