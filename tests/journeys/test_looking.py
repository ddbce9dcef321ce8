"""What officers look up, and cancelling: lists, pages turned to the end, nothing left out, nothing moved."""

import pytest

from tests.journeys.errands import IDS, PEOPLE, accept, card_of, finish, record, start, until_step
from tests.journeys.plan import SLUGS, plan_of
from tests.journeys.stage import Stage, playing

NEXT = "Lihat selanjutnya ▶"
REASON = "Kegiatan digabung dengan SOP lain."


async def pages(stage: Stage, who: int, message) -> list[str]:
    """Turn the pages of a message to the last one; they replace one another."""
    texts = [message["text"]]
    while NEXT in [button["text"] for row in message["buttons"] for button in row]:
        _, [shown] = await stage.tap(who, message, NEXT)
        assert not shown.new
        message = shown.message
        texts.append(message["text"])
    return texts


async def test_the_trail_page_by_page(stage):
    shown = await until_step(stage, 3)
    shown = await finish(stage, "staf1", card_of(shown, "staf1"))
    shown = await finish(stage, "staf2", card_of(shown, "staf2"))
    card = await accept(stage, "kasubag", card_of(shown, "kasubag"))
    _, [asked] = await stage.tap(IDS["kasubag"], card, "Tidak, Kembalikan")
    await stage.say(IDS["kasubag"], "Angka belum cocok.", reply_to=asked.message["message_id"])
    [choice] = await stage.say(IDS["staf1"], "/jejak")
    _, [first] = await stage.tap(IDS["staf1"], choice.message, "No. 1 · Renja 2027 · Berjalan")
    text = "\n".join(await pages(stage, IDS["staf1"], first.message))
    receipts = [f"Rekod {row['seq']}·{row['link'][:12]}" for row in stage.trail(1)]
    places = [text.index(receipt) for receipt in receipts]
    assert places == sorted(places)
    assert len(receipts) == text.count("Rekod ")
    kasubag = PEOPLE["kasubag"].named
    assert f"Langkah 5: TIDAK oleh {kasubag}, dikembalikan ke langkah 4: Angka belum cocok." in text
    [direct] = await stage.say(IDS["staf1"], "/jejak 1")
    assert direct.text == first.text


@pytest.mark.parametrize("office", ["karawaci", "neglasari", "ngargoyoso", "sumbang"])
async def test_every_sop_of_an_office_step_by_step(office, tmp_path):
    plans = [plan_of(slug) for slug in SLUGS if plan_of(slug).office == office]
    async with playing(tmp_path, [office]) as stage:
        reader = plans[0].people["sekcam"].id
        for plan in plans:
            [menu] = await stage.say(reader, "/sop")
            assert len(menu.labels) == len(plans)
            name = plan.title.removeprefix("SOP ")
            _, [identity] = await stage.tap(reader, menu.message, name)
            assert f"Jumlah langkah: {len(plan.rows)}" in identity.text
            assert ("waktunya hanya perkiraan" in identity.text) == plan.indicative
            _, [first] = await stage.tap(reader, identity.message, "Lihat langkah-langkah")
            text = "\n".join(await pages(stage, reader, first.message))
            for row in plan.rows:
                assert f"{row.number}. {row.activity}\nPelaksana: {row.performer}" in text
                assert f"Waktu: {row.time}" in text
                if row.on_yes is not None:
                    assert (
                        f"Ya → langkah {row.on_yes}{' *)' if 'ya' in row.inferred else ''} · Tidak → langkah " in text
                    )


async def test_my_tasks(stage):
    [empty] = await stage.say(IDS["sekcam"], "/tugas")
    assert empty.text == "Yth. Ibu Sekretaris Camat, saat ini tidak ada tugas yang menunggu. Terima kasih."
    for subject in ("Renja 2027", "Renja 2028"):
        shown = await start(stage, subject=subject)
        await finish(stage, "camat", card_of(shown, "camat"))
    [tasks] = await stage.say(IDS["sekcam"], "/tugas")
    assert tasks.text.startswith("Tugas Bapak/Ibu: 2\n")
    for subject in ("Renja 2027", "Renja 2028"):
        assert f"{subject} · langkah 2 dari 12\nDitugaskan · diterima otomatis hari ini 10." in tasks.text
    _, shown = await stage.tap(IDS["sekcam"], tasks.message, tasks.labels[0])
    [card] = [one.message for one in shown if one.new]
    await accept(stage, "sekcam", card)
    [tasks] = await stage.say(IDS["sekcam"], "/tugas")
    assert "Renja 2027 · langkah 2 dari 12\nDikerjakan · jatuh tempo besok 09." in tasks.text


async def test_the_overview_puts_the_late_first(stage):
    [empty] = await stage.say(IDS["camat"], "/pantau")
    assert "Tidak ada pelaksanaan SOP yang sedang berjalan." in empty.text
    await start(stage, subject="Renja 2027")
    await start(stage, by="sekcam", subject="LKjIP 2026", sop="Pelaporan Kinerja")
    await stage.move((await stage.now()).replace(hour=6, minute=30))  # 13.30 WIB: five minutes ended at 10.05
    for who in ("camat", "sekcam"):
        [overview] = await stage.say(IDS[who], "/pantau")
        assert overview.text.startswith("Pantau Kecamatan Karawaci\nBerjalan: 2 · terlambat: 1\n\n")
        assert overview.text.index("Renja 2027") < overview.text.index("🔴 Terlambat 2 jam 2")
        assert overview.text.index("🔴 Terlambat") < overview.text.index("LKjIP 2026")
        assert overview.labels == ["No. 1 · Renja 2027", "No. 2 · LKjIP 2026", "Segarkan"]


async def test_the_sekcam_cancels_with_a_reason(stage):
    shown = await until_step(stage, 3)
    before = record(stage)
    [overview] = await stage.say(IDS["sekcam"], "/pantau")
    _, [page] = await stage.tap(IDS["sekcam"], overview.message, "No. 1 · Renja 2027")
    assert "Keadaan: Berjalan" in page.text
    assert "▶️ 3. Mengumpulkan data-data" in page.text
    _, [asked] = await stage.tap(IDS["sekcam"], page.message, "Batalkan Pelaksanaan")
    assert "Mohon tuliskan alasan pembatalan." in asked.text
    assert record(stage) == before
    cards = {who: card_of(shown, who) for who in ("staf1", "staf2")}
    shown = await stage.say(IDS["sekcam"], REASON, reply_to=asked.message["message_id"])
    assert record(stage) == [*before, ("dibatalkan", None)]
    last = stage.trail(1)[-1]
    assert (last["reason"], last["actor"]["telegram_id"]) == (REASON, IDS["sekcam"])
    receipt = f"Rekod {last['seq']}·{last['link'][:12]}"
    told = {one.person: one for one in shown if one.new and one.text.startswith("⏹")}
    assert {IDS["camat"]} <= set(told) <= {IDS["camat"], IDS["sekcam"]}
    for one in told.values():
        assert f"dibatalkan oleh {PEOPLE['sekcam'].named}" in one.text
        assert f"Alasan:\n{REASON}" in one.text
        assert receipt in one.text
    [said] = [one for one in shown if one.new and not one.text.startswith("⏹")]
    assert (said.person, receipt in said.text) == (IDS["sekcam"], True)
    over = "Pelaksanaan ini sudah dibatalkan; tidak ada yang perlu dilakukan lagi."
    for who, card in cards.items():
        now = await stage.message(IDS[who], card["message_id"])
        assert (now["text"].startswith("⏹ Dibatalkan"), now["buttons"]) == (True, [])
        data = card["buttons"][0][0]["data"]
        answer, _ = await stage.force(IDS[who], card["message_id"], data)
        assert answer == {"answer": over, "alert": True}
    again = page.message["buttons"][-1][0]["data"]
    answer, shown = await stage.force(IDS["sekcam"], page.message["message_id"], again)
    assert (answer, shown) == ({"answer": over, "alert": True}, [])
    assert record(stage) == [*before, ("dibatalkan", None)]
    assert stage.faults_of_the_trail() == []


async def test_help_and_menus(stage):
    [help_] = await stage.say(IDS["staf1"], "/bantuan")
    assert "Terima Tugas" in help_.text
    assert "/pantau" not in help_.text
    [help_] = await stage.say(IDS["camat"], "/bantuan")
    assert "/pantau" in help_.text
    menus = {who: await stage.call("GET", f"/people/{IDS[who]}/commands") for who in ("camat", "staf1")}
    assert {one["command"] for one in menus["camat"]} - {one["command"] for one in menus["staf1"]} == {"pantau"}
    [welcome] = await stage.say(IDS["staf1"], "/start")
    assert "Nama: Fajar Ramadhan, A.Md." in welcome.text
    assert "Peran dalam SOP: Staf" in welcome.text
