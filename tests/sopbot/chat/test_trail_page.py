"""An instance's trail in the chat: every event a sentence, every record its place in the chain."""

from dataclasses import replace
from typing import get_args

import pytest

from sopbot.chat.trail_page import ROWS, _sentence, trail_page
from sopbot.domain.commands import Answer
from sopbot.domain.events import Event, InstanceCancelled, StepAnswered, StepAssigned
from sopbot.domain.sop import Seal
from tests.building import EKA, RUDI, SARI, WATI, nov
from tests.showing import NASTY, shown


async def scene_of(office, number=1):
    return office.queries.visible(office.member(SARI), number)


async def test_a_record_has_its_time_its_sentence_and_its_receipt(office):
    outcome = await office.begin(subject=NASTY)
    text = shown(trail_page(await scene_of(office), 0))
    assert "Senin, 23 November 2026 pukul 09.00 WIB\nPelaksanaan dimulai oleh Wati (Staf)." in text
    assert f"Rekod 1·{outcome.receipts[0].link[:12]}" in text
    assert "Langkah 1 ditugaskan kepada Wati (Staf)." in text


async def test_thirty_returns_turn_page_by_page(office):
    await office.begin()
    n = 0
    for _ in range(30):
        for who in (WATI, EKA, RUDI):
            n += 1
            await office.work(n, who)
        n += 1
        await office.answer(n, SARI, Answer.NO, "Alasan panjang <b> " * 50)
        office.clock.advance(minutes=1)
    scene = await scene_of(office)
    pages = -(-len(scene.history.records) // ROWS)
    assert pages > 40
    texts = [shown(trail_page(scene, page)) for page in range(pages)]
    assert sum(text.count("Rekod ") for text in texts) == len(scene.history.records)
    assert any("(putaran 30)" in text for text in texts)
    assert trail_page(scene, 999) == trail_page(scene, pages - 1)
    assert trail_page(scene, -1) == trail_page(scene, 0)
    assert [one.data for one in trail_page(scene, 1).buttons[0]] == ["j|1|0", "j|1|2"]


@pytest.mark.parametrize("kind", get_args(Event))
async def test_every_event_has_a_sentence(office, kind):
    """Fails for a new event without one."""
    await office.begin()
    scene = await scene_of(office)
    given = {
        "at": nov(23, "09.00"), "by": WATI, "instance": 1, "office": "contoh", "slug": "s", "definition": "d",
        "steps": 4, "subject": "x", "assignment": 1, "step": 1, "round": 2, "task": "kerja", "ratification": None,
        "role": "staf", "holder": None, "offered_to": (), "told": (), "accept_by": nov(23, "10.00"),
        "started_at": nov(23, "09.00"), "due_at": nov(23, "10.00"), "answer": Answer.NO, "reason": NASTY,
        "leads_to": 1, "outside": "Bappeda", "seal": None,
    }  # fmt: skip
    event = kind(**{name: given[name] for name in kind.__dataclass_fields__})
    sentence = _sentence(scene, event)
    assert sentence.rstrip("</i>").rstrip()
    assert "<b>&amp;" not in sentence
    if kind is StepAssigned:
        assert sentence == "Langkah 1 (putaran 2) belum sampai kepada siapa pun: belum ada pejabat aktif."


async def test_answers_name_the_outside_party_and_what_was_put_on_the_document(office):
    await office.begin()
    scene = await scene_of(office)
    yes = StepAnswered(
        at=nov(23, "09.00"), assignment=1, step=7, by=SARI, answer=Answer.YES, reason="", leads_to=None,
        outside="Bappeda", seal=None,
    )  # fmt: skip
    assert _sentence(scene, yes) == "Langkah 7: YA oleh Bappeda, dicatat oleh Sari (Sekretaris Camat)."
    no = replace(yes, answer=Answer.NO, leads_to=4, reason="x" * 300)
    assert _sentence(scene, no) == (
        "Langkah 7: TIDAK oleh Bappeda, dicatat oleh Sari (Sekretaris Camat), dikembalikan ke langkah 4: "
        f"<i>{'x' * 199}…</i>"
    )
    cancelled = InstanceCancelled(at=nov(23, "09.00"), by=SARI, reason="x" * 300)
    assert _sentence(scene, cancelled) == (f"Pelaksanaan dibatalkan oleh Sari (Sekretaris Camat): <i>{'x' * 199}…</i>")
    signed = replace(yes, outside=None, seal=Seal.SIGNATURE)
    assert _sentence(scene, signed) == "Langkah 7: YA oleh Sari (Sekretaris Camat) (catatan tanda tangan)."
    gone = replace(signed, by=99, seal=None)
    assert "pejabat yang tidak terdaftar lagi" in _sentence(scene, gone)
