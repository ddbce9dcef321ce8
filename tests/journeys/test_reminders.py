"""The ladder of reminders through the bot with a moved clock: who is told what, at which moment, and when no more.

Karawaci works Monday to Thursday 07.30–12.00 and 13.00–16.00, Friday 07.30–11.30 and 13.00–16.30; the moments below
were counted by hand on that calendar. Simulated time also runs by itself: every test begins half a minute past the
full one, so that a second or two more neither reaches the next minute nor completes another minute of lateness.
"""

from datetime import datetime, timedelta

import pytest

from tests.journeys.errands import IDS, KEYS, accept, card_of, record, start, until_step
from tests.journeys.stage import WIB, Shown

UNACCEPTED = "tugas ini belum diterima. Mohon tekan Terima Tugas sebelum pukul "
THEN = "; sesudah itu waktunya berjalan sendiri."
HALF = "separuh waktu baku tugas ini telah lewat."
HOUR_BEFORE = "tugas ini jatuh tempo satu jam kerja lagi."
DUE = "tugas ini jatuh tempo sekarang. Mohon tindak lanjut Bapak/Ibu."
LATE = "tugas ini telah melewati jatuh tempo {} (jam kerja). Mohon tindak lanjut Bapak/Ibu."
ESCALATED = "tugas berikut telah melewati jatuh tempo {} (jam kerja)."


def at(text: str) -> datetime:
    """Read "23-11 09.30" of the winter in which these tests play."""
    day, clock = text.split()
    year = 2026 if day.endswith(("11", "12")) else 2027
    return datetime.strptime(f"{year}-{day} {clock}", "%Y-%d-%m %H.%M").replace(tzinfo=WIB)


def begin(text: str) -> datetime:
    """Read the moment at which a test begins."""
    return at(text) + timedelta(seconds=30)


def rung(one: Shown) -> tuple[str, str, str]:
    """Return when a reminder came, to whom, and its sentence."""
    when = datetime.fromisoformat(one.message["date"]).astimezone(WIB)
    assert one.text[0] in "🔔🔺", one.text
    sentence = one.text.partition(", ")[2].partition("\n")[0]
    return f"{when:%d-%m %H.%M}", KEYS[one.person], sentence


async def rungs(stage, until: str) -> list[tuple[str, str, str]]:
    """Let the time pass and return every new message."""
    return [rung(one) for one in await stage.move(at(until)) if one.new]


async def test_five_minutes_of_the_camat_whom_nobody_presses(stage):
    await stage.move(begin("24-11 09.00"))
    card = card_of(await start(stage), "camat")
    assert await rungs(stage, "24-11 09.59") == [("24-11 09.30", "camat", UNACCEPTED + "10.00 WIB" + THEN)]
    assert record(stage)[-1] == ("ditugaskan", 1)
    assert await rungs(stage, "01-12 08.00") == [
        ("24-11 10.05", "camat", DUE),
        ("24-11 10.06", "camat", LATE.format("1 menit")),
        ("24-11 11.05", "sekcam", ESCALATED.format("1 jam")),
        # The Camat is not told once more as the superior of himself.
        ("25-11 07.30", "camat", LATE.format("4 jam 54 menit")),
        ("26-11 07.30", "camat", LATE.format("12 jam 24 menit")),
        ("27-11 07.30", "camat", LATE.format("19 jam 54 menit")),
        # Saturday and Sunday are quiet.
        ("30-11 07.30", "camat", LATE.format("27 jam 24 menit")),
        ("01-12 07.30", "camat", LATE.format("34 jam 54 menit")),
    ]
    assert record(stage)[-1] == ("diterima_otomatis", 1)
    assert datetime.fromisoformat(stage.trail(1)[-1]["at"]).astimezone(WIB).strftime("%d %H.%M") == "24 10.00"
    began = await stage.message(IDS["camat"], card["message_id"])
    await stage.tap(IDS["camat"], began, "Selesai")
    assert {who for _, who, _ in await rungs(stage, "02-12 16.00")} == {"sekcam"}  # whose turn it is now


async def test_one_day_of_the_sekcam(stage):
    await stage.move(begin("24-11 08.59"))
    shown = await until_step(stage, 2)
    await stage.move(begin("24-11 09.00"))
    card = await accept(stage, "sekcam", card_of(shown, "sekcam"))
    assert await rungs(stage, "27-11 08.00") == [
        ("24-11 13.45", "sekcam", HALF),
        ("25-11 08.00", "sekcam", HOUR_BEFORE),
        ("25-11 09.00", "sekcam", DUE),
        ("25-11 09.01", "sekcam", LATE.format("1 menit")),
        # The Sekcam is not told once more as the superior of herself.
        ("26-11 07.30", "sekcam", LATE.format("5 jam 59 menit")),
        ("26-11 09.00", "camat", ESCALATED.format("7 jam 30 menit")),
        ("27-11 07.30", "sekcam", LATE.format("13 jam 29 menit")),
    ]
    await stage.tap(IDS["sekcam"], await stage.message(IDS["sekcam"], card["message_id"]), "Selesai")
    assert {who for _, who, _ in await rungs(stage, "30-11 16.00")} == {"staf1", "staf2"}  # whose turn it is now


async def test_one_week_of_the_staff_over_christmas(stage):
    await stage.move(begin("17-12 08.59"))
    shown = await until_step(stage, 3)
    await stage.move(begin("17-12 09.00"))
    card = await accept(stage, "staf1", card_of(shown, "staf1"))
    assert await rungs(stage, "04-01 08.00") == [
        ("21-12 13.45", "staf1", HALF),
        # 24 and 25 December are holidays.
        ("28-12 08.00", "staf1", HOUR_BEFORE),
        ("28-12 09.00", "staf1", DUE),
        ("28-12 09.01", "staf1", LATE.format("1 menit")),
        ("28-12 10.00", "sekcam", ESCALATED.format("1 jam")),
        ("29-12 07.30", "staf1", LATE.format("5 jam 59 menit")),
        ("29-12 09.00", "camat", ESCALATED.format("7 jam 30 menit")),
        ("30-12 07.30", "staf1", LATE.format("13 jam 29 menit")),
        ("31-12 07.30", "staf1", LATE.format("20 jam 59 menit")),
        # 1 January is a holiday, then comes the weekend.
        ("04-01 07.30", "staf1", LATE.format("28 jam 29 menit")),
    ]
    card = await stage.message(IDS["staf1"], card["message_id"])
    _, shown = await stage.tap(IDS["staf1"], card, "Selesai")
    for one in ("staf1", "staf2"):  # the next step is theirs; take it so that it is quiet too
        card_of(shown, one)
    await accept(stage, "staf2", card_of(shown, "staf2"))
    assert await rungs(stage, "05-01 16.00") == []


async def test_all_to_whom_a_step_is_offered_are_reminded_until_one_takes_it(stage):
    await stage.move(begin("24-11 08.59"))
    shown = await until_step(stage, 3)
    assert sorted(await rungs(stage, "24-11 16.00")) == [
        ("24-11 09.29", "staf1", UNACCEPTED + "09.59 WIB" + THEN),
        ("24-11 09.29", "staf2", UNACCEPTED + "09.59 WIB" + THEN),
    ]
    assert record(stage)[-1] == ("diterima_otomatis", 3)
    assert sorted(await rungs(stage, "27-11 13.00")) == [("26-11 14.44", key, HALF) for key in ("staf1", "staf2")]
    await accept(stage, "staf2", await stage.message(IDS["staf2"], card_of(shown, "staf2")["message_id"]))
    assert await rungs(stage, "01-12 10.02") == [
        ("01-12 08.59", "staf2", HOUR_BEFORE),
        ("01-12 09.59", "staf2", DUE),
        ("01-12 10.00", "staf2", LATE.format("1 menit")),
    ]


async def test_nothing_rings_once_a_step_is_finished_or_the_whole_is_cancelled(stage):
    await stage.move(begin("24-11 09.00"))
    shown = await until_step(stage, 2)
    await accept(stage, "sekcam", card_of(shown, "sekcam"))
    [overview] = await stage.say(IDS["sekcam"], "/pantau")
    [label] = [label for label in overview.labels if label.startswith("No. 1")]
    _, [page] = await stage.tap(IDS["sekcam"], overview.message, label)
    _, [question] = await stage.tap(IDS["sekcam"], page.message, "Batalkan Pelaksanaan")
    await stage.say(IDS["sekcam"], "Anggaran ditunda.", reply_to=question.message["message_id"])
    assert record(stage)[-1][0] == "dibatalkan"
    assert await rungs(stage, "04-12 16.00") == []


@pytest.mark.parametrize(("until", "who", "label"), [("25-11 08.30", "sekcam", "Buka Tugas")])
async def test_a_reminder_leads_to_the_task(stage, until, who, label):
    await stage.move(begin("24-11 08.59"))
    shown = await until_step(stage, 2)
    old = await accept(stage, who, card_of(shown, who))
    reminder = (await stage.move(at(until)))[-1]
    assert reminder.labels == [label]
    _, shown = await stage.tap(IDS[who], reminder.message, label)
    [new] = [one for one in shown if one.new]
    assert new.labels == ["Selesai"]
    [retired] = [one for one in shown if not one.new]
    assert retired.message["message_id"] == old["message_id"]
    assert (retired.labels, retired.text[:45]) == ([], "Kartu ini sudah digantikan oleh kartu yang le")
    _, shown = await stage.tap(IDS[who], new.message, "Selesai")
    assert record(stage)[-2:] == [("selesai", 2), ("ditugaskan", 3)]
