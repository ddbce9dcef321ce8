"""Commands that officers type."""

import pytest

from handlers.commands import COMMANDS
from sopbot.chat import menus, texts
from tests.building import EKA, SARI, TINI, WATI


async def test_start_says_who_one_is(chatting):
    [answer] = await chatting.say(WATI, "/start")
    for part in ("Yth. Ibu Staf", "Wati", "Kecamatan Contoh", "Peran dalam SOP: Staf"):
        assert part in answer


async def test_help_names_the_overview_only_to_overseers(chatting):
    assert "/pantau" in (await chatting.say(SARI, "/bantuan"))[0]
    assert "/pantau" not in (await chatting.say(WATI, "/help"))[0]


async def test_tasks(chatting):
    assert "tidak ada tugas" in (await chatting.say(WATI, "/tugas"))[0]
    await chatting.office.begin(subject="Renja <2027>")
    [answer] = await chatting.say(WATI, "/tugas")
    assert "Renja &lt;2027&gt;" in answer
    assert chatting.buttons() == [("1. Kegiatan", "o|1|1")]


async def test_the_overview_is_for_overseers(chatting):
    await chatting.office.begin()
    assert "Berjalan: 1" in (await chatting.say(TINI, "/pantau"))[0]
    assert await chatting.say(WATI, "/pantau") == [menus.WATCH_REFUSED]


async def test_sops_and_what_one_may_start(chatting):
    await chatting.say(WATI, "/sop")
    assert chatting.buttons() == [("SOP Contoh", "s|contoh-sop")]
    await chatting.say(WATI, "/mulai")
    assert chatting.buttons() == [("SOP Contoh", "m|contoh-sop")]
    assert "Tidak ada SOP" in (await chatting.say(EKA, "/mulai"))[0]


async def test_a_trail_is_chosen_or_named(chatting):
    assert "Belum ada" in (await chatting.say(WATI, "/jejak"))[0]
    await chatting.office.begin()
    await chatting.say(WATI, "/jejak")
    assert [data for _, data in chatting.buttons()] == ["j|1|0"]
    for text in ("/jejak 1", "/jejak #1", "/jejak  1 "):
        assert "Pelaksanaan dimulai oleh Wati" in (await chatting.say(WATI, text))[0]


@pytest.mark.parametrize("argument", ["9", "x", "-1", "1.0", "²", "99999999999999999999", "1 2"])
async def test_a_trail_that_is_not_there_or_not_theirs(chatting, argument):
    await chatting.office.begin()
    unknown = texts.refusal(texts.errors.UnknownInstance())
    assert await chatting.say(WATI, f"/jejak {argument}") == [unknown]
    assert await chatting.say(EKA, "/jejak 1") == [unknown]


async def test_dropping_a_question(chatting):
    assert await chatting.say(WATI, "/batal") == [texts.NOTHING_TO_CANCEL]
    await chatting.tap(WATI, "m|contoh-sop")
    assert await chatting.say(WATI, "/batal") == [texts.CANCELLED_DIALOG]
    assert await chatting.say(WATI, "Renja 2027") == [texts.UNKNOWN_TEXT]


async def test_a_link_opened_again_says_that_one_is_enrolled(chatting):
    first, second = await chatting.say(WATI, "/start ABC")
    assert first == texts.refusal(texts.errors.AccountTaken())
    assert "selamat datang" in second


def test_every_command_of_the_menus_is_handled():
    assert {*texts.COMMANDS, *texts.OVERSEER_COMMANDS, *texts.STRANGER_COMMANDS} <= set(COMMANDS)
