"""News that asks for no act: who is told what, valid for Telegram."""

from dataclasses import replace

from sopbot.chat.cards import page_of
from sopbot.domain.instance import InstanceState
from sopbot.services.views import EndedView, RetapView, ToldView, UnreachableView, VacantView
from tests.building import nov
from tests.showing import EKA, FACTS, NASTY, RECEIPT, STEP, WATI, shown

REASON = "Alasan yang panjang " * 50  # 1,000 letters


def test_news():
    ended = {"facts": FACTS, "officer": WATI, "by": EKA, "at": nov(23, "10.00"), "receipt": RECEIPT}
    cancelled = shown(page_of(EndedView(**ended, reason=REASON + NASTY)))
    assert "dibatalkan oleh Eka (Kasi) pada Senin" in cancelled
    finished = replace(FACTS, state=InstanceState.FINISHED)
    assert "seluruh langkah telah selesai" in shown(page_of(EndedView(**{**ended, "facts": finished}, reason="")))
    assert "dipimpin Bapak/Ibu Kasi" in shown(page_of(ToldView(facts=FACTS, step=STEP, officer=WATI, leader=EKA)))
    shown(page_of(ToldView(facts=FACTS, step=STEP, officer=WATI, leader=None)))
    assert "belum ada pejabat" in shown(page_of(VacantView(facts=FACTS, step=STEP, officer=WATI)))
    assert "Tugas yang menunggu: 3." in shown(page_of(RetapView(officer=WATI, open_tasks=3)))
    unreachable = shown(page_of(UnreachableView(officer=WATI, whom=EKA, open_tasks=2)))
    assert "Eka (Kasi) belum dapat dihubungi lewat Telegram" in unreachable
