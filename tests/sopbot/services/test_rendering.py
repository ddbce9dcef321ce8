"""From an outbox row to what is true now, or to the reason why it is no longer worth sending."""

import pytest

from sopbot.domain.notices import NoticeKind
from sopbot.services.reminding import REMINDER
from sopbot.services.rendering import RETAP, RETIRE, Rendering, Stale, ToShow
from sopbot.services.views import (
    CardView,
    EndedView,
    ReminderView,
    RetapView,
    RetiredView,
    ToldView,
    VacantView,
)
from sopbot.store.outbox import Claimed
from tests.at_work import BEGIN, account
from tests.building import EKA, SARI, WATI


@pytest.fixture
def render(office):
    def rendered(kind, recipient=WATI, **changes):
        given = {
            "id": 1,
            "office": "contoh",
            "recipient": recipient,
            "chat_id": account(recipient),
            "telegram_id": account(recipient),
            "active": True,
            "kind": str(kind),
            "instance": 1,
            "assignment": 1,
            "rung": None,
            "epoch": 0,
            "data": {},
            "urgency": 0,
            "repeatable": False,
            "created_at": BEGIN,
            "not_before": BEGIN,
            "attempts": 1,
            "uncertain": 0,
        }
        row = Claimed(**{**given, **changes})
        return office.read(lambda conn: Rendering(office.presenting).of(conn, row, office.clock.now()))

    return rendered


async def test_a_card_not_shown_yet_is_a_new_message(office, render):
    await office.begin()
    found = render(NoticeKind.CARD)
    assert isinstance(found, ToShow)
    assert isinstance(found.view, CardView)
    assert (found.chat_id, found.message_id, found.token, found.revision) == (
        account(WATI),
        None,
        office.token(1, WATI),
        2,
    )
    assert render(NoticeKind.REFRESH) == Stale(why="kartu belum terkirim")


async def test_a_card_that_is_shown_is_edited_only_if_its_step_is_over(office, render):
    await office.begin()
    await office.delivery.drain()
    assert render(NoticeKind.CARD) == Stale(why="kartu sudah terkirim")
    assert (render(NoticeKind.REFRESH).message_id, render(NoticeKind.REFRESH).only_edit) == (101, False)
    await office.work(1, WATI)
    assert render(NoticeKind.REFRESH).only_edit


async def test_nobody_active_nobody_known(office, render):
    await office.begin()
    assert isinstance(render(NoticeKind.CARD, active=False), Stale)
    assert isinstance(render(NoticeKind.CARD, chat_id=None), Stale)
    assert isinstance(render(NoticeKind.CARD, instance=None), Stale)
    assert isinstance(render(NoticeKind.CARD, instance=9), Stale)
    assert isinstance(render(NoticeKind.CARD, assignment=9), Stale)
    assert isinstance(render(NoticeKind.CARD, assignment=None), Stale)
    assert isinstance(render(NoticeKind.CARD, recipient=EKA), Stale)  # has no card of it


async def test_a_retired_copy_is_only_edited(office, render):
    await office.begin()
    found = render(RETIRE, data={"message_id": 7})
    assert isinstance(found.view, RetiredView)
    assert (found.message_id, found.only_edit) == (7, True)


async def test_how_it_ended_is_told_only_once_it_has(office, render):
    await office.begin()
    assert render(NoticeKind.FINISHED) == Stale(why="masih berjalan")
    await office.cancel(SARI)
    assert isinstance(render(NoticeKind.CANCELLED, assignment=None).view, EndedView)


async def test_told_and_vacant(office, render):
    await office.begin()
    assert isinstance(render(NoticeKind.TOLD).view, ToldView)
    assert isinstance(render(NoticeKind.VACANT, SARI).view, VacantView)


@pytest.mark.parametrize(
    ("rung", "before", "after"),
    [("belum_diterima", True, False), ("jatuh_tempo", True, True), ("ke_sekcam", True, True)],
)
async def test_a_rung_is_shown_while_it_is_true(office, render, rung, before, after):
    await office.begin()
    reader = SARI if rung == "ke_sekcam" else WATI
    assert isinstance(getattr(render(REMINDER, reader, data={"rung": rung}), "view", None), ReminderView) == before
    await office.accept(1, WATI)
    assert isinstance(getattr(render(REMINDER, reader, data={"rung": rung}), "view", None), ReminderView) == after
    await office.finish(1, WATI)
    assert isinstance(render(REMINDER, reader, data={"rung": rung}), Stale)


async def test_a_rung_of_somebody_who_has_it_no_more_is_not_shown(office, render):
    await office.begin()
    await office.accept(1, WATI)
    assert isinstance(render(REMINDER, EKA, data={"rung": "jatuh_tempo"}), Stale)


async def test_asking_to_press_again(office, render):
    assert render(RETAP, instance=None) == Stale(why="tidak ada tugas")
    await office.begin()
    assert isinstance(render(RETAP, instance=None).view, RetapView)


async def test_every_kind_of_notice_is_rendered(office, render):
    """Fails for a new kind that nobody thought of here."""
    await office.begin()
    await office.cancel(SARI)
    for kind in NoticeKind:
        assert isinstance(render(kind), ToShow | Stale)
    assert len(NoticeKind) == 6
