"""What does not fit is answered with one true sentence, or not at all, and changes nothing."""

import asyncio

from tests.journeys.errands import IDS, PEOPLE, RENJA, accept, card_of, finish, record, start, until_step
from tests.journeys.plan import people_of
from tests.journeys.stage import playing

NOT_YOURS = "Mohon maaf, tugas ini tidak ditujukan untuk Bapak/Ibu."
STALE = "Tombol ini sudah tidak berlaku. Ketik /tugas untuk melihat keadaan terbaru."
DONE = "Langkah ini sudah selesai; tidak ada yang perlu dilakukan lagi."
NOT_ASKED = (
    "Pesan ini tidak diproses, karena bot tidak sedang menunggu jawaban. Bila ini alasan atau perihal, mohon tekan "
    "lagi tombolnya, lalu ketik jawabannya. Ketik /tugas untuk melihat tugas, atau /bantuan untuk bantuan."
)
STRANGER = (
    "Bot ini melayani pegawai kantor yang terdaftar. Bila Bapak/Ibu memperoleh tautan undangan, "
    "mohon buka tautan tersebut. Untuk pertanyaan, mohon hubungi admin kantor."
)
UNSEEN = "Pelaksanaan itu tidak ditemukan, atau bukan untuk dilihat Bapak/Ibu."
ONLY_TEXT = (
    "Mohon maaf, berkas, foto, dan stiker belum dapat diterima di sini. Bila sedang diminta alasan atau perihal, mohon "
    "ketik dengan kata-kata. Ketik /bantuan untuk bantuan."
)


async def raw_tap(stage, who: str, message_id: int, data: str):
    """Press without waiting for what follows, so that two presses can be under way at once."""
    body = {"message_id": message_id, "data": data, "force": True}
    return await stage.call("POST", f"/people/{IDS[who]}/taps", body)


def data_of(card, label: str) -> str:
    return next(button["data"] for row in card["buttons"] for button in row if button["text"] == label)


async def question(stage, who: str, card, label: str = "Tidak, Kembalikan"):
    """Accept a task, ask to return it, and return the question."""
    _, [asked] = await stage.tap(IDS[who], await accept(stage, who, card), label)
    return asked.message


# --------------------------------------------------------------------------------------------------- pressing


async def test_a_button_pressed_twice_at_once_works_once(stage):
    card = await accept(stage, "camat", card_of(await start(stage), "camat"))
    data = data_of(card, "Selesai")
    answers = await asyncio.gather(*(raw_tap(stage, "camat", card["message_id"], data) for _ in range(3)))
    shown = await stage.settled()
    assert sorted(answer["alert"] for answer in answers) == [False, True, True]
    assert [answer["answer"] for answer in answers if answer["alert"]] == [DONE, DONE]
    assert [one.person for one in shown if one.new] == [IDS["sekcam"]]
    assert record(stage)[-2:] == [("selesai", 1), ("ditugaskan", 2)]


async def test_a_start_confirmed_twice_starts_once(stage):
    [menu] = await stage.say(IDS["camat"], "/mulai")
    _, [asked] = await stage.tap(IDS["camat"], menu.message, RENJA)
    [confirm] = await stage.say(IDS["camat"], "Renja 2027", reply_to=asked.message["message_id"])
    data = data_of(confirm.message, "Ya, Mulai")
    answers = await asyncio.gather(*(raw_tap(stage, "camat", confirm.message["message_id"], data) for _ in range(2)))
    await stage.settled()
    assert sorted(str(answer["answer"]) for answer in answers) == sorted(["None", STALE])
    assert record(stage, 1) == [("dimulai", None), ("ditugaskan", 1)]
    assert record(stage, 2) == []


async def test_a_late_press_on_a_card_of_the_past(stage):
    card = card_of(await start(stage), "camat")
    accepted = await accept(stage, "camat", card)
    await stage.tap(IDS["camat"], accepted, "Selesai")
    before = record(stage)
    for label, source in (("Terima Tugas", card), ("Selesai", accepted)):
        answer, shown = await stage.force(IDS["camat"], card["message_id"], data_of(source, label))
        assert answer == {"answer": DONE, "alert": True}
        assert not any(one.new for one in shown)
    assert record(stage) == before


async def test_finishing_before_accepting(stage):
    card = card_of(await start(stage), "camat")
    data = data_of(card, "Terima Tugas").removesuffix("t") + "s"
    answer, _ = await stage.force(IDS["camat"], card["message_id"], data)
    assert answer == {"answer": "Mohon tekan Terima Tugas terlebih dahulu.", "alert": True}
    assert record(stage) == [("dimulai", None), ("ditugaskan", 1)]


async def test_the_older_copy_of_a_card_still_speaks_for_the_same_task(stage):
    shown = await until_step(stage, 2)
    old = await accept(stage, "sekcam", card_of(shown, "sekcam"))
    [tasks] = await stage.say(IDS["sekcam"], "/tugas")
    _, shown = await stage.tap(IDS["sekcam"], tasks.message, tasks.labels[0])
    new = next(one.message for one in shown if one.new)
    assert (await stage.message(IDS["sekcam"], old["message_id"]))["buttons"] == []
    await stage.tap(IDS["sekcam"], new, "Selesai")
    answer, _ = await stage.force(IDS["sekcam"], old["message_id"], data_of(old, "Selesai"))
    assert answer == {"answer": DONE, "alert": True}
    assert record(stage)[-2:] == [("selesai", 2), ("ditugaskan", 3)]


async def test_another_officer_forges_a_press(stage):
    card = card_of(await start(stage), "camat")
    [own] = await stage.say(IDS["sekcam"], "/tugas")
    before = record(stage)
    for data in (data_of(card, "Terima Tugas"), data_of(card, "Terima Tugas")[:-1] + "y", "o|1|1"):
        answer, shown = await stage.force(IDS["sekcam"], own.message["message_id"], data)
        assert answer == {"answer": NOT_YOURS, "alert": True}
        assert shown == []
    assert record(stage) == before


MADE_UP = {
    "omong kosong": STALE,
    "k|tidak-ada|t": STALE,
    "k|tidak-ada": STALE,
    "M|tidak-ada": STALE,
    "p|0": STALE,
    "l|99": UNSEEN,
    "l|1": UNSEEN,
    "j|1|0": UNSEEN,
    "o|1|77": "Tugas itu tidak ditemukan. Ketik /tugas untuk melihat tugas Bapak/Ibu.",
    "x|1": "Pelaksanaan hanya dapat dibatalkan oleh Sekcam atau Camat.",
    "m|sumbang-dpa": "SOP itu tidak ditemukan. Ketik /sop untuk melihat daftar SOP.",
    "m|karawaci-renja": "SOP ini hanya dapat dimulai oleh pelaksana langkah pertama, Sekcam, atau Camat.",
}


async def test_made_up_data_of_an_officer_who_has_no_part_in_it(stage):
    await start(stage)
    [own] = await stage.say(IDS["staf1"], "/tugas")
    before = record(stage)
    answers = {data: await stage.force(IDS["staf1"], own.message["message_id"], data) for data in MADE_UP}
    assert {data: answer["answer"] for data, (answer, _) in answers.items()} == MADE_UP
    assert all(answer["alert"] and not shown for answer, shown in answers.values())
    assert record(stage) == before


# ------------------------------------------------------------------------------------------------- strangers


async def test_a_stranger_learns_nothing_and_moves_nothing(stage):
    card = card_of(await start(stage), "camat")
    stranger = (await stage.call("POST", "/people", {}))["id"]
    for text in ("/start", "/start salah", "/tugas", "/jejak 1", "Halo"):
        [answer] = await stage.say(stranger, text)
        expected = STRANGER if text != "/start salah" else "Tautan undangan ini tidak berlaku, sudah dipakai, atau"
        assert answer.text.startswith(expected)
        assert answer.labels == []
    before = record(stage)
    pressed, shown = await stage.force(stranger, answer.message["message_id"], data_of(card, "Terima Tugas"))
    assert pressed == {"answer": "Mohon maaf, tombol ini tidak ditujukan untuk Bapak/Ibu.", "alert": True}
    assert (shown, record(stage)) == ([], before)


async def test_the_camat_of_another_office(tmp_path):
    neighbour = people_of("neglasari")["camat"]
    async with playing(tmp_path, ["karawaci", "neglasari"]) as stage:
        card = card_of(await start(stage), "camat")
        before = record(stage)
        [answer] = await stage.say(neighbour.id, "/jejak 1")
        assert answer.text == UNSEEN
        for data, sentence in ((data_of(card, "Terima Tugas"), NOT_YOURS), ("l|1", UNSEEN), ("x|1", UNSEEN)):
            pressed, shown = await stage.force(neighbour.id, answer.message["message_id"], data)
            assert (pressed, shown) == ({"answer": sentence, "alert": True}, [])
        assert record(stage) == before


async def test_in_a_group_it_says_nothing_and_leaves(stage):
    await start(stage)
    before = record(stage)
    group = await stage.call("POST", "/chats", {"title": "Kantor", "members": [IDS["camat"]], "bot": True})
    path = f"/chats/{group['id']}/messages"
    await stage.call("POST", path, {"person": IDS["camat"], "text": "/pantau"})
    assert await stage.settled() == []
    said = await stage.call("GET", f"{path}?person={IDS['camat']}")
    assert [one["text"] for one in said if one["from"] == "bot" and one["text"]] == []
    [chat] = await stage.call("GET", "/chats")
    assert chat["bot"] == "left"
    assert record(stage) == before


# ---------------------------------------------------------------------------------------------------- writing


async def test_what_nobody_asked_for(stage):
    for content, sentence in (
        ({"sticker": "👍"}, ONLY_TEXT),
        ({"contact": "me"}, ONLY_TEXT),
        ({"text": "Selamat pagi"}, NOT_ASKED),
        ({"text": "😀" * 2048}, NOT_ASKED),
        (
            {"text": "/hapus"},
            (
                "Mohon maaf, perintah itu tidak dikenal. Bila itu jawaban atas pertanyaan bot, mohon ketik tanpa tanda "
                "/ di depannya. Ketik /bantuan untuk melihat daftar perintah."
            ),
        ),
        ({"text": "/jejak 99"}, UNSEEN),
        ({"text": "/jejak <b>"}, UNSEEN),
        (
            {"text": "/mulai", "forward_from": IDS["sekcam"]},
            "Mohon maaf, pesan terusan tidak diproses. Mohon ketik sendiri perintahnya.",
        ),
        ({"text": "/batal"}, "Tidak ada isian yang sedang berjalan."),
        (
            {"text": "/pantau"},
            "Mohon maaf, /pantau tersedia untuk Sekcam dan Camat. Ketik /tugas untuk melihat tugas Bapak/Ibu.",
        ),
    ):
        [answer] = await stage.post(IDS["staf1"], **content)
        assert (answer.text, answer.labels) == (sentence, [])
    assert record(stage) == []


async def test_an_edited_message_is_not_read_again(stage):
    shown = await until_step(stage, 2)
    [answer] = await stage.say(IDS["sekcam"], "/tugas")
    own = [one for one in await stage.messages(IDS["sekcam"]) if one["from"] == "me"][-1]
    before = record(stage)
    await stage.call("PATCH", f"/people/{IDS['sekcam']}/messages/{own['message_id']}", {"text": "/mulai"})
    assert await stage.settled() == []
    assert record(stage) == before
    assert shown
    assert answer


async def test_subjects_that_are_too_long_or_empty_are_asked_for_again(stage):
    [menu] = await stage.say(IDS["camat"], "/mulai")
    _, [asked] = await stage.tap(IDS["camat"], menu.message, RENJA)
    reply = asked.message["message_id"]
    for text, sentence in (
        ("😀" * 2048, "Perihal terlalu panjang. Mohon ringkas menjadi paling banyak 200 huruf."),
        ("\u200f\u202e", 'Mohon tuliskan perihalnya, misalnya "Renja 2027".'),
    ):
        [answer] = await stage.say(IDS["camat"], text, reply_to=reply)
        assert answer.text == sentence
    [confirm] = await stage.say(IDS["camat"], "<b>Renja</b> &amp; \u202e2027\u202c 😀", reply_to=reply)
    assert "Perihal: <b>Renja</b> &amp; 2027 😀\n" in confirm.text
    [answer] = await stage.say(IDS["camat"], "ya")
    assert answer.text == "Mohon tekan tombol Ya, Mulai atau Batal pada pesan di atas."
    _, shown = await stage.tap(IDS["camat"], confirm.message, "Ya, Mulai")
    assert "— <b>Renja</b> &amp; 2027 😀 (No. 1)" in card_of(shown, "camat")["text"]
    assert stage.trail(1)[0]["value"]["subject"] == "<b>Renja</b> &amp; 2027 😀"


async def test_reasons_that_are_too_long_or_empty_are_asked_for_again(stage):
    shown = await until_step(stage, 3)
    shown = await finish(stage, "staf1", card_of(shown, "staf1"))
    shown = await finish(stage, "staf2", card_of(shown, "staf2"))
    asked = await question(stage, "kasubag", card_of(shown, "kasubag"))
    before = record(stage)
    for text, sentence in (
        ("😀" * 2048, "Alasan terlalu panjang. Mohon ringkas menjadi paling banyak 1.000 huruf."),
        ("\u200f\u202e", "Mohon tuliskan alasannya."),
    ):
        [answer] = await stage.say(IDS["kasubag"], text, reply_to=asked["message_id"])
        assert answer.text == sentence
    [answer] = await stage.post(IDS["kasubag"], sticker="👎", reply_to=asked["message_id"])
    assert answer.text == ONLY_TEXT
    assert record(stage) == before
    shown = await stage.say(IDS["kasubag"], "<i>Angka</i> \u202ebelum cocok 😀" * 3, reply_to=asked["message_id"])
    reason = "<i>Angka</i> belum cocok 😀" * 3
    assert stage.trail(1)[-2]["reason"] == reason
    assert f"dengan alasan:\n{reason}\n" in card_of(shown, "staf1")["text"]


async def test_a_reply_to_an_older_question_answers_no_newer_one(stage):
    """Two tasks, both about to be returned: the reason for the one must never return the other."""
    asked = []
    for _ in range(2):
        shown = await start(stage)
        for who in ("camat", "sekcam", "staf1", "staf2"):
            shown = await finish(stage, who, card_of(shown, who))
        asked.append(await question(stage, "kasubag", card_of(shown, "kasubag")))
    before = record(stage, 1), record(stage, 2)
    [answer] = await stage.say(IDS["kasubag"], "Untuk yang pertama.", reply_to=asked[0]["message_id"])
    assert answer.text == (
        "Balasan ini bukan untuk pertanyaan yang sedang menunggu jawaban. "
        "Mohon balas pertanyaan yang terakhir, atau ketik /batal."
    )
    assert (record(stage, 1), record(stage, 2)) == before
    await stage.say(IDS["kasubag"], "Untuk yang kedua.", reply_to=asked[1]["message_id"])
    assert (record(stage, 1), record(stage, 2)[-2:]) == (before[0], [("tidak", 5), ("ditugaskan", 4)])


async def test_batal_forgets_the_question(stage):
    shown = await until_step(stage, 3)
    shown = await finish(stage, "staf1", card_of(shown, "staf1"))
    shown = await finish(stage, "staf2", card_of(shown, "staf2"))
    asked = await question(stage, "kasubag", card_of(shown, "kasubag"))
    before = record(stage)
    for text, sentence in (
        ("/batal", "Isian dibatalkan. Tidak ada yang berubah."),
        ("/batal", "Tidak ada isian yang sedang berjalan."),
        ("Angka belum cocok.", NOT_ASKED),
    ):
        [answer] = await stage.say(IDS["kasubag"], text, reply_to=asked["message_id"])
        assert answer.text == sentence
    [menu] = await stage.say(IDS["camat"], "/mulai")
    _, [prompt] = await stage.tap(IDS["camat"], menu.message, RENJA)
    [confirm] = await stage.say(IDS["camat"], "Renja 2028", reply_to=prompt.message["message_id"])
    _, [forgotten] = await stage.tap(IDS["camat"], confirm.message, "Batal")
    assert (forgotten.text, forgotten.labels) == ("Isian dibatalkan. Tidak ada yang berubah.", [])
    answer, _ = await stage.force(IDS["camat"], confirm.message["message_id"], data_of(confirm.message, "Ya, Mulai"))
    assert answer == {"answer": STALE, "alert": True}
    assert (record(stage), record(stage, 2)) == (before, [])


# ------------------------------------------------------------------------------------------------- a restart


async def test_a_restart_loses_nothing_and_repeats_nothing(stage):
    shown = await until_step(stage, 3)
    shown = await finish(stage, "staf1", card_of(shown, "staf1"))
    shown = await finish(stage, "staf2", card_of(shown, "staf2"))
    asked = await question(stage, "kasubag", card_of(shown, "kasubag"))
    before = record(stage)
    counts = {who: len(await stage.messages(one)) for who, one in IDS.items()}
    await stage.restart()
    await stage.settled()
    assert {who: len(await stage.messages(one)) for who, one in IDS.items()} == counts
    assert record(stage) == before
    # The question asked before the restart is answered after it, and an old button still works.
    shown = await stage.say(IDS["kasubag"], "Angka belum cocok.", reply_to=asked["message_id"])
    assert record(stage) == [*before, ("tidak", 5), ("ditugaskan", 4)]
    again = card_of(shown, "staf1")
    await stage.restart()
    await finish(stage, "staf1", again)
    assert record(stage)[-3:] == [("diterima", 4), ("selesai", 4), ("ditugaskan", 5)]
    assert stage.faults_of_the_trail() == []


async def test_what_is_pressed_while_the_bot_is_down_is_done_when_it_is_back(stage):
    card = await accept(stage, "camat", card_of(await start(stage), "camat"))
    await stage._stop_bot()
    press = asyncio.create_task(raw_tap(stage, "camat", card["message_id"], data_of(card, "Selesai")))
    await stage.call("POST", f"/people/{IDS['sekcam']}/messages", {"text": "/tugas"})
    await stage._start_bot()
    answer = await press
    assert answer["answer"].startswith("Terima kasih. Langkah 1 tercatat selesai pukul ")
    shown = await stage.settled()
    assert PEOPLE["sekcam"].called in card_of([one for one in shown if "Tugas baru" in one.text], "sekcam")["text"]
    assert record(stage)[-2:] == [("selesai", 1), ("ditugaskan", 2)]
