"""Cards and reminders: every task in every state, valid for Telegram, and within its limit."""

from dataclasses import replace
from itertools import product

import pytest

from sopbot.chat.cards import done_sentence, listed, page_of, toast
from sopbot.chat.texts import about, receipt_text
from sopbot.domain.instance import AssignmentState, InstanceState, Task
from sopbot.domain.reminders import Rung
from sopbot.domain.sop import Seal
from sopbot.services.presenting import step_facts
from sopbot.services.views import ReminderView, RetiredView
from tests.building import nov
from tests.showing import CARD, EKA, FACTS, NASTY, RECEIPT, STEP, WATI, card, returned, shipped, shown

OUTSIDE = {Task.RECORD_VERDICT: "Bappeda", Task.RECORD_RATIFICATION: "Kepala BKAD"}
SEALS = {Task.RATIFY: Seal.SIGNATURE, Task.RECORD_RATIFICATION: Seal.RATIFICATION}
DONE = "Terima kasih. Langkah 2 tercatat selesai pukul 09.42 WIB"
LONG = "Huruf " * 33 + "ab"  # 200 letters
REASON = "Alasan yang panjang " * 50  # 1,000 letters


def of_task(task, state=AssignmentState.OFFERED, **changes):
    decided = {"may_return": True, "next_on_no": "Staf"} if task is not Task.WORK else {}
    return card(state, **{"task": task, "outside": OUTSIDE.get(task), "seal": SEALS.get(task), **decided, **changes})


def labels(page):
    return [button.text for row in page.buttons for button in row]


@pytest.mark.parametrize(("task", "state"), [*product(Task, AssignmentState)])
def test_every_task_in_every_state_can_be_shown(task, state):
    for holder, officer in ((WATI, WATI), (EKA, WATI), (None, WATI)):
        for back in (None, returned(NASTY), returned(outside="Bappeda")):
            view = of_task(task, state, holder=holder, officer=officer, returned=back, reason=NASTY)
            text = shown(page_of(view))
            assert "Renja 2027" in text
            shown(page_of(RetiredView(card=view)))
            assert toast(view) or state is AssignmentState.WITHDRAWN
            assert len(toast(view)) <= 200


@pytest.mark.parametrize(("task", "rung"), [*product(Task, Rung)])
def test_every_rung_of_every_task_can_be_shown(task, rung):
    for holder, due in ((WATI, nov(23, "10.00")), (None, None)):
        view = of_task(task, holder=holder, due_at=due)
        page = page_of(ReminderView(card=view, rung=rung, officer=EKA, late_minutes=135, at=nov(23, "13.00")))
        shown(page)
        assert labels(page) == (["Lihat"] if rung.escalates_to else ["Buka Tugas"])


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (card(), ["Terima Tugas"]),
        (card(AssignmentState.ACCEPTED), ["Selesai"]),
        (card(AssignmentState.ACCEPTED, may_return=True), ["Selesai", "Tidak, Kembalikan"]),
        (of_task(Task.DECIDE, AssignmentState.ACCEPTED), ["Ya, Setuju", "Tidak, Kembalikan"]),
        (of_task(Task.RECORD_VERDICT, AssignmentState.ACCEPTED), ["Ya, Setuju", "Tidak, Kembalikan"]),
        (of_task(Task.RATIFY, AssignmentState.ACCEPTED), ["Catat Tanda Tangan", "Tidak, Kembalikan"]),
        (of_task(Task.RECORD_RATIFICATION, AssignmentState.ACCEPTED), ["Catat Pengesahan", "Tidak, Kembalikan"]),
        (card(AssignmentState.ACCEPTED, holder=EKA), []),
        (card(AssignmentState.DONE), []),
        (card(AssignmentState.RETURNED), []),
        (card(AssignmentState.WITHDRAWN), []),
        (card(token=""), []),
    ],
)
def test_which_buttons_a_card_has(view, expected):
    page = page_of(view)
    assert labels(page) == expected
    assert all(CARD.token in button.data for row in page.buttons for button in row)


def test_yes_and_no_have_their_colours():
    [[yes, no]] = page_of(of_task(Task.DECIDE, AssignmentState.ACCEPTED)).buttons
    assert (yes.style, no.style) == ("success", "danger")


def test_a_new_card_says_what_is_asked_and_when_it_starts_by_itself():
    text = shown(page_of(card()))
    for part in (
        "Yth. Ibu Staf & Co, mohon berkenan melaksanakan:",
        "Memeriksa draf (langkah 2 dari 4)",
        "Waktu baku: 1 Hari",
        "diterima otomatis pada Senin, 23 November 2026 pukul 10.00 WIB",
        "diteruskan kepada Sekcam",
    ):
        assert part in text


def test_what_people_typed_never_becomes_markup():
    facts = replace(FACTS, subject=NASTY, sop_name=NASTY)
    step = replace(STEP, activity=NASTY, requirements=(NASTY, NASTY), output=(NASTY,))
    view = card(facts=facts, step=step, performer=NASTY, returned=returned(NASTY), next_performer=NASTY)
    text = shown(page_of(view))
    assert text.count("<b>&amp;RTL 😀") >= 7


@pytest.mark.parametrize("version", shipped(), ids=lambda version: version.sop.slug)
def test_every_step_that_comes_with_the_project_fits_with_the_longest_subject_and_reason(version):
    facts = replace(FACTS, subject=LONG, sop_name=version.sop.name.shown, steps=len(version.sop.steps))
    for step in version.sop.steps:
        for task, state in product(Task, AssignmentState):
            view = of_task(
                task,
                state,
                facts=facts,
                step=replace(step_facts(step), inferred=frozenset({"pelaksana", "keputusan.ya", "keputusan.tidak"})),
                returned=returned(REASON, "Tim Verifikasi Kabupaten"),
                reason=REASON,
                offered_to=(WATI, EKA, WATI, EKA, WATI),
            )
            shown(page_of(view, repeated=True))


def test_a_reason_of_a_thousand_emoji_still_fits_or_is_cut_by_the_messenger():
    view = card(AssignmentState.RETURNED, reason="😀" * 1000)
    shown(page_of(view))


def test_inferred_facts_are_marked_and_explained():
    step = replace(STEP, inferred=frozenset({"pelaksana", "keputusan.ya", "keputusan.tidak"}))
    text = shown(page_of(of_task(Task.DECIDE, step=step)))
    assert text.count("*)") == 4
    assert "*)" not in shown(page_of(of_task(Task.DECIDE)))


def test_indicative_times_and_outside_time_are_said_to_be_so():
    facts = replace(FACTS, indicative_times=True)
    assert "perkiraan" in shown(page_of(card(AssignmentState.ACCEPTED, facts=facts)))
    assert "Waktu pihak luar" in shown(page_of(of_task(Task.RECORD_VERDICT, AssignmentState.ACCEPTED)))


def test_an_offer_names_the_others():
    assert "Ditawarkan kepada Wati <i>, Eka" in shown(page_of(card(holder=None, offered_to=(WATI, EKA))))


def test_a_repeated_message_says_so():
    page = page_of(card(), repeated=True)
    assert shown(page).startswith("(ulangan) ")
    assert page.buttons == page_of(card()).buttons


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (
            card(AssignmentState.DONE),
            f"{DONE} dan diteruskan kepada Sekcam.",
        ),
        (
            card(AssignmentState.DONE, open_beside=2),
            "Terima kasih. Langkah 2 tercatat selesai pukul 09.42 WIB. Menunggu 2 pejabat lain pada langkah yang sama.",
        ),
        (
            card(AssignmentState.DONE, facts=replace(FACTS, state=InstanceState.FINISHED)),
            f"{DONE}. Seluruh langkah SOP telah selesai.",
        ),
        (
            of_task(Task.DECIDE, AssignmentState.RETURNED),
            f"{DONE.replace('selesai', 'tidak disetujui')} dan dikembalikan kepada Staf untuk diperbaiki.",
        ),
    ],
)
def test_thanks_say_who_has_it_now(view, expected):
    assert done_sentence(view) == expected
    assert toast(view) == expected


def test_a_receipt_makes_every_phone_a_witness():
    assert receipt_text(RECEIPT) == "Rekod 1234·a1b2c3d4e5f6"
    assert "Rekod 1234·a1b2c3d4e5f6" in shown(page_of(card(AssignmentState.DONE)))


def test_a_card_with_everything_long_keeps_its_due_time_and_the_reason():
    step = replace(
        STEP, activity="Memverifikasi " * 60, requirements=("Dokumen " * 60,) * 9, output=("Hasil " * 90,) * 9
    )
    facts = replace(FACTS, subject="😀" * 200, sop_name="Penyusunan " * 60)
    view = of_task(
        Task.RATIFY, AssignmentState.ACCEPTED, step=step, facts=facts, returned=returned("😀" * 1000, "Bappeda")
    )
    text = shown(page_of(view, repeated=True))
    assert "Jatuh tempo: Selasa, 24 November 2026 pukul 09.10 WIB" in text
    assert "Dikembalikan dari langkah 3 oleh Bappeda, dicatat oleh Eka (Kasi), dengan alasan:\n😀" in text
    assert "• dan 7 lainnya\n" in text


def test_a_signature_is_told_as_a_record_of_it():
    signed = of_task(Task.RATIFY, AssignmentState.DONE)
    assert done_sentence(signed).startswith("Terima kasih. Langkah 2 tercatat ditandatangani pukul 09.42 WIB")
    ratified = of_task(Task.RECORD_RATIFICATION, AssignmentState.DONE, seal=Seal.RATIFICATION)
    assert done_sentence(ratified).startswith("Terima kasih. Langkah 2 tercatat disahkan pukul 09.42 WIB")
    decided = of_task(Task.DECIDE, AssignmentState.ACCEPTED, seal=Seal.SIGNATURE)
    assert "Ya, Setuju sekaligus menjadi catatan tanda tangan Bapak/Ibu." in shown(page_of(decided))


@pytest.mark.parametrize(
    ("at", "accept_by", "until"),
    [
        (nov(23, "09.30"), nov(23, "10.00"), "pukul 10.00 WIB."),
        (nov(23, "15.45"), nov(24, "08.15"), "Selasa, 24 November 2026 pukul 08.15 WIB."),
    ],
)
def test_a_task_not_yet_accepted_names_the_day_where_it_is_another(at, accept_by, until):
    view = ReminderView(card=card(accept_by=accept_by), rung=Rung.UNACCEPTED, officer=WATI, late_minutes=0, at=at)
    expected = f"Mohon tekan Terima Tugas sebelum {until.rstrip('.')}; sesudah itu waktunya berjalan sendiri.\n"
    assert expected in shown(page_of(view))


def test_a_new_assignment_word_for_word():
    step = replace(STEP, requirements=("Draf RKA", "Renja"), inferred=frozenset({"pelaksana"}))
    assert shown(page_of(card(step=step))) == (
        "📋 Tugas baru\n\n"
        "Yth. Ibu Staf & Co, mohon berkenan melaksanakan:\n"
        "Memeriksa draf (langkah 2 dari 4)\n"
        "SOP SOP Contoh — Renja 2027 (No. 7)\n\n"
        "Pelaksana: Kasi *)\n"
        "Kelengkapan: \n• Draf RKA\n• Renja\n"
        "Output: Draf final\n"
        "Waktu baku: 1 Hari\n"
        "Setelah selesai: diteruskan kepada Sekcam\n\n"
        "Mohon tekan Terima Tugas. Waktu baku dihitung sejak tugas diterima; bila belum ditekan, tugas dianggap "
        "diterima otomatis pada Senin, 23 November 2026 pukul 10.00 WIB.\n\n"
        "*) disimpulkan: tidak tertulis tegas dalam naskah SOP, belum dikonfirmasi kantor."
    )


def test_a_decision_that_was_returned_word_for_word():
    view = of_task(Task.DECIDE, AssignmentState.RETURNED, reason="Angka <belum> cocok")
    assert shown(page_of(view)) == (
        "↩️ Dikembalikan\n\n"
        "Memeriksa draf (langkah 2 dari 4)\n"
        "SOP SOP Contoh — Renja 2027 (No. 7)\n\n"
        "Terima kasih. Langkah 2 tercatat tidak disetujui pukul 09.42 WIB dan dikembalikan kepada Staf untuk "
        "diperbaiki.\n\n"
        "Alasan:\nAngka <belum> cocok\n\n"
        "Rekod 1234·a1b2c3d4e5f6"
    )


def test_a_signature_word_for_word():
    assert shown(page_of(of_task(Task.RATIFY, AssignmentState.ACCEPTED, performer="Camat"))) == (
        "▶️ Menunggu Persetujuan\n\n"
        "Yth. Ibu Staf & Co, langkah ini telah disetujui, mohon berkenan menandatangani:\n"
        "Memeriksa draf (langkah 2 dari 4)\n"
        "SOP SOP Contoh — Renja 2027 (No. 7)\n\n"
        "Pelaksana: Camat\n"
        "Kelengkapan: Draf\n"
        "Output: Draf final\n"
        "Waktu: sisa waktu baku langkah ini, paling sedikit 60 menit kerja\n"
        "Setelah tanda tangan: diteruskan kepada Sekcam\n"
        "Bila Tidak: dikembalikan kepada Staf\n\n"
        "Jatuh tempo: Selasa, 24 November 2026 pukul 09.10 WIB\n\n"
        "Rekod 1234·a1b2c3d4e5f6"
    )


def test_lists():
    assert listed(("a" * 299, "b" * 299, "c", "dd", "e")) == f"\n• {'a' * 299}\n• {'b' * 299}\n• c\n• dan 2 lainnya"
    assert listed(()) == "-"
    assert listed(("satu",)) == "satu"
    assert listed(("satu", "<dua>")) == "\n• satu\n• &lt;dua&gt;"
    assert about(replace(FACTS, subject="😀" * 200)).count("😀") == 99


def test_lateness_is_told_in_working_time():
    view = ReminderView(
        card=card(AssignmentState.ACCEPTED), rung=Rung.OVERDUE, officer=WATI, late_minutes=135, at=nov(24, "13.00")
    )
    expected = "Tugas ini telah melewati jatuh tempo 2 jam 15 menit (jam kerja). Mohon tindak lanjut Bapak/Ibu."
    assert expected.lower() in shown(page_of(view)).lower()


def test_a_step_that_nobody_has_taken_says_so_when_it_is_late():
    untaken = card(AssignmentState.OFFERED, holder=None, started_at=nov(23, "09.10"), due_at=nov(24, "09.10"))
    view = ReminderView(card=untaken, rung=Rung.OVERDUE, officer=WATI, late_minutes=1, at=nov(24, "09.11"))
    assert "belum diambil siapa pun; mohon salah satu menekan Terima Tugas" in shown(page_of(view))
    assert "Belum ada yang mengambil tugas ini." in shown(page_of(replace(untaken, automatic=True)))


def test_whoever_checks_again_sees_what_was_asked_for():
    text = shown(page_of(card(task=Task.DECIDE, asked_for=returned())))
    assert "Sebelumnya dikembalikan dari langkah 3 oleh Eka (Kasi), dengan alasan:\nAngka belum cocok" in text


def test_a_step_done_by_several_says_that_each_must_do_it():
    assert "Dikerjakan masing-masing oleh 4 pejabat" in shown(page_of(card(together=4)))
    assert "masing-masing" not in shown(page_of(card()))


def test_an_older_copy_is_one_line_without_buttons():
    page = page_of(RetiredView(card=card(AssignmentState.ACCEPTED)))
    assert "digantikan" in shown(page)
    assert (page.buttons, "Jatuh tempo" in page.html) == ((), False)
