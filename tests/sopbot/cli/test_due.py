"""When something falls due, told in two lines or as JSON; the calendar itself is tested in the domain."""

import shutil

import pytest

from sopbot.settings import ROOT


def test_the_instant_and_the_reason_are_two_lines(cli):
    result = cli("due", "30 Menit", "--from", "2026-11-23T11:50")
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines() == [
        "2026-11-23T13:20:00+07:00",
        "30 Menit kerja sejak Senin, 23 November 2026 pukul 11.50 WIB, melewati istirahat",
    ]


@pytest.mark.parametrize(
    ("amount", "start", "calendar", "due"),
    [
        ("240 Menit", "2026-11-20T10:00", ["--profile", "banyumas-5-hari"], "2026-11-23T07:30:00+07:00"),
        ("1 Hari", "2026-11-20T10:00", ["--profile", "enam-hari"], "2026-11-21T10:00:00+07:00"),
        ("1 Hari", "2026-12-23T14:00", ["--profile", "perpres-5-hari"], "2026-12-28T14:00:00+07:00"),
        ("240 Menit", "2026-11-20T10:00", ["--office", "sumbang"], "2026-11-23T07:30:00+07:00"),
        ("1 Hari 30 Menit", "2026-11-23 10:00", [], "2026-11-24T10:30:00+07:00"),
        ("15 Menit", "2026-11-23T02:00:00Z", [], "2026-11-23T09:15:00+07:00"),
        ("15 Menit", "2026-11-23T11:00+09:00", ["--office", "karawaci"], "2026-11-23T09:15:00+07:00"),
    ],
)
def test_it_is_computed_on_the_calendar_that_was_named(cli, amount, start, calendar, due):
    found = cli("due", amount, "--from", start, *calendar, "--json").json
    assert found["due"] == due
    assert found["alasan"].startswith(amount)


def test_the_only_office_is_the_default(cli, tmp_path, monkeypatch):
    shutil.copytree(ROOT / "sop_definitions" / "sumbang", tmp_path / "definisi" / "sumbang")
    monkeypatch.setenv("SOPBOT_DEFINITIONS", str(tmp_path / "definisi"))
    assert cli("due", "240 Menit", "--from", "2026-11-20T10:00", "--json").json["due"] == "2026-11-23T07:30:00+07:00"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["30 Detik", "--from", "2026-11-23T11:50"], "The standard time '30 Detik' cannot be read"),
        (["0 Menit", "--from", "2026-11-23T11:50"], "amounts to nothing"),
        (["30 Menit", "--from", "besok"], '"besok" is no date and time such as 2026-11-23T11:50.'),
        (["30 Menit", "--from", "2026-02-30T08:00"], '"2026-02-30T08:00" is no date and time'),
        (["30 Menit", "--from", "1066-10-14T08:00"], "The working calendar reaches from 1990 to 2100 only."),
        (["99999 Pekan", "--from", "2026-11-23T11:50"], "The working calendar reaches from 1990 to 2100 only."),
        (["30 Menit", "--from", "0001-01-01T00:00"], "The working calendar reaches from 1990 to 2100 only."),
        (["30 Menit", "--from", "2026-11-23T11:50", "--office", "sumban"], 'Did you mean "sumbang"?'),
        (
            ["30 Menit", "--from", "2026-11-23T11:50", "--profile", "lima-hari"],
            'There is no profile "lima-hari". There are: perpres-5-hari, banyumas-5-hari, enam-hari.',
        ),
        (
            ["30 Menit", "--from", "2026-11-23T11:50", "--profile", "enam-hari", "--office", "sumbang"],
            "Give --office or --profile, not both.",
        ),
    ],
)
def test_what_cannot_be_computed_is_told(cli, arguments, sentence):
    cli("due", *arguments).refused(sentence)
