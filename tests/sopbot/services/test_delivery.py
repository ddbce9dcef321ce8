"""What leaves: claimed, sent, judged by the cause of a failure, and never an unrecorded duplicate."""

import asyncio
from datetime import timedelta

import pytest

from sopbot.chat.limiter import Limiter
from sopbot.domain.commands import Answer
from sopbot.services.delivery import HELD_WITHOUT_WORD, MOST_ATTEMPTS, UNCERTAIN_WAIT
from sopbot.services.ports import Failure
from sopbot.services.views import CardView, ReminderView, RetiredView, ToldView, UnreachableView
from sopbot.store import outbox, people
from tests.at_work import BEGIN, account
from tests.building import EKA, RUDI, SARI, TINI, WATI, nov

ROW = "SELECT state, attempts, uncertain, not_before, error FROM outbox WHERE id = 1"


def micros(at):
    return int(at.timestamp() * 1_000_000)


def kinds(office, officer):
    return [type(one.view) for one in office.messenger.to(officer)]


async def test_a_card_is_sent_once_and_its_message_known(office):
    await office.begin()
    assert await office.delivery.drain() == 1
    assert await office.delivery.drain() == 0
    [shown] = office.messenger.shown
    assert (shown.chat, type(shown.view), shown.repeated) == (account(WATI), CardView, False)
    assert office.rows("SELECT message_id, revision FROM card") == [(shown.message_id, 2)]
    assert office.rows("SELECT state, message_id FROM outbox") == [("sent", shown.message_id)]


async def test_a_changed_state_edits_the_card_instead_of_sending_another(office):
    await office.begin()
    await office.delivery.drain()
    await office.accept(1, WATI)
    await office.delivery.drain()
    first, second = office.messenger.shown
    assert second.edited
    assert second.message_id == first.message_id
    assert second.view.state == "diterima"


async def test_a_card_is_worded_when_it_is_sent_not_when_it_was_put(office):
    await office.begin()
    await office.accept(1, WATI)
    await office.delivery.drain()
    assert {one.view.state for one in office.messenger.shown} == {"diterima"}
    assert not office.messenger.shown[0].edited
    assert (
        office.rows("SELECT kind, state FROM outbox ORDER BY id") == [("kartu", "sent"), ("segarkan", "skipped")]
        or (office.rows("SELECT kind, state FROM outbox ORDER BY id") == [("kartu", "skipped"), ("segarkan", "sent")])
        or [one.edited for one in office.messenger.shown]
    )


async def test_a_step_that_is_over_is_not_announced_any_more(office):
    await office.begin()
    await office.cancel(SARI)
    await office.delivery.drain()
    assert CardView not in kinds(office, WATI)
    assert office.rows("SELECT state, error FROM outbox WHERE kind = 'kartu'") == [("skipped", "tugas sudah selesai")]


async def test_a_frozen_officer_gets_nothing(office):
    await office.begin()
    office.write(lambda conn: people.freeze(conn, WATI))
    await office.delivery.drain()
    assert office.messenger.shown == []
    assert office.rows("SELECT state, error FROM outbox") == [("skipped", "penerima tidak aktif")]


async def test_what_was_surely_not_sent_is_tried_again_later(office):
    await office.begin()
    office.messenger.fail(account(WATI), Failure.NOT_SENT, Failure.NOT_SENT)
    await office.delivery.drain()
    assert office.rows(ROW) == [("waiting", 1, 0, micros(BEGIN + timedelta(seconds=2)), "test tidak_terkirim")]
    assert await office.delivery.drain() == 0
    office.clock.advance(seconds=2)
    await office.delivery.drain()
    office.clock.advance(seconds=4)
    await office.delivery.drain()
    [shown] = office.messenger.shown
    assert not shown.repeated
    assert office.rows("SELECT state, attempts, uncertain FROM outbox") == [("sent", 3, 0)]


async def test_a_card_is_tried_for_as_long_as_it_takes(office):
    await office.begin()
    office.messenger.fail(account(WATI), *[Failure.NOT_SENT] * (MOST_ATTEMPTS + 5))
    for _ in range(MOST_ATTEMPTS + 6):
        await office.delivery.drain()
        office.clock.advance(seconds=60)
    assert kinds(office, WATI) == [CardView]


@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [(timedelta(seconds=33), timedelta(seconds=33)), (None, HELD_WITHOUT_WORD)],
)
async def test_a_chat_that_must_rest_is_held_and_no_other(office, retry_after, wait):
    await office.begin()
    await office.work(1, WATI)  # cards of two Kasi
    office.messenger.fail(account(EKA), Failure.HELD, retry_after=retry_after)
    await office.delivery.drain()
    assert kinds(office, RUDI) == [CardView]
    assert office.rows("SELECT chat_id, until FROM chat_hold") == [(account(EKA), micros(BEGIN + wait))]
    await office.begin(subject="Lagi")  # for another chat
    await office.delivery.drain()
    assert office.messenger.attempts.count(account(EKA)) == 1
    office.clock.advance(seconds=wait.total_seconds())
    await office.delivery.drain()
    assert kinds(office, EKA) == [CardView]


async def test_an_uncertain_card_is_repeated_once_after_a_minute_and_says_so(office):
    await office.begin()
    office.messenger.fail(account(WATI), Failure.UNCERTAIN, Failure.UNCERTAIN, Failure.UNCERTAIN)
    await office.delivery.drain()
    assert office.rows(ROW) == [("waiting", 1, 1, micros(BEGIN + UNCERTAIN_WAIT), "test tidak_pasti")]
    office.clock.advance(seconds=59)
    assert await office.delivery.drain() == 0
    office.clock.advance(seconds=1)
    await office.delivery.drain()
    assert office.rows("SELECT state, attempts, uncertain FROM outbox") == [("unknown", 2, 2)]
    office.clock.advance(days=1)
    assert await office.delivery.drain() == 0
    assert office.messenger.attempts == [account(WATI)] * 2


async def test_a_repeated_card_is_marked_as_such(office):
    await office.begin()
    office.messenger.fail(account(WATI), Failure.UNCERTAIN)
    await office.delivery.drain()
    office.clock.advance(seconds=60)
    await office.delivery.drain()
    [shown] = office.messenger.shown
    assert shown.repeated


@pytest.mark.parametrize(
    ("at", "rung", "repeated"),
    [(nov(23, "09.15"), "jatuh_tempo", False), (nov(23, "09.16"), "terlambat", True)],
)
async def test_the_last_word_is_repeated_when_uncertain_a_middle_rung_is_not(office, at, rung, repeated):
    await office.begin()
    await office.accept(1, WATI)
    await office.delivery.drain()
    if repeated:
        await office.reminding.sweep(nov(23, "09.15"))
    office.clock.set(at)
    await office.delivery.drain()
    await office.reminding.sweep(at)
    office.messenger.fail(account(WATI), Failure.UNCERTAIN)
    await office.delivery.drain()
    state = office.rows("SELECT state FROM outbox WHERE rung = :r", r=rung)
    assert state == [("waiting" if repeated else "unknown",)]


async def test_an_escalation_is_repeated_when_uncertain(office):
    await office.begin()
    await office.accept(1, WATI)
    await office.delivery.drain()
    office.clock.set(nov(23, "10.15"))
    await office.reminding.sweep(office.clock.now())
    office.messenger.fail(account(SARI), Failure.UNCERTAIN)
    await office.delivery.drain()
    office.clock.advance(seconds=60)
    await office.delivery.drain()
    [shown] = office.messenger.to(SARI)
    assert isinstance(shown.view, ReminderView)
    assert shown.repeated


async def test_information_is_not_repeated_when_uncertain(office):
    await office.begin()
    for n, who in ((1, WATI), (2, EKA), (3, RUDI)):
        await office.work(n, who)
    await office.answer(4, SARI, Answer.YES)
    await office.answer(5, TINI, Answer.YES)
    office.clock.advance(minutes=1)
    while await office.delivery.drain():
        pass
    assert ToldView in kinds(office, WATI)
    office.write(lambda conn: conn.exec_driver_sql("UPDATE outbox SET state = 'waiting' WHERE kind = 'peserta'"))
    office.messenger.fail(account(WATI), Failure.UNCERTAIN)
    await office.delivery.drain()
    assert office.rows("SELECT state FROM outbox WHERE kind = 'peserta'") == [("unknown",)]


async def test_an_edit_whose_fate_is_uncertain_is_simply_made_again(office):
    await office.begin()
    await office.delivery.drain()
    await office.accept(1, WATI)
    office.messenger.fail(account(WATI), Failure.UNCERTAIN)
    await office.delivery.drain()
    office.clock.advance(seconds=2)
    await office.delivery.drain()
    assert office.messenger.shown[-1].edited
    assert office.rows("SELECT state, uncertain FROM outbox WHERE kind = 'segarkan'") == [("sent", 0)]


async def test_an_edit_is_not_tried_for_ever(office):
    await office.begin()
    await office.delivery.drain()
    await office.accept(1, WATI)
    office.messenger.fail(account(WATI), *[Failure.UNCERTAIN] * (MOST_ATTEMPTS + 1))
    for _ in range(MOST_ATTEMPTS + 2):
        await office.delivery.drain()
        office.clock.advance(seconds=60)
    assert office.rows("SELECT state, attempts FROM outbox WHERE kind = 'segarkan'") == [("failed", MOST_ATTEMPTS)]


async def test_a_vanished_card_is_sent_anew(office):
    await office.begin()
    await office.delivery.drain()
    [(old,)] = office.rows("SELECT message_id FROM card")
    await office.accept(1, WATI)
    office.messenger.fail(account(WATI), Failure.GONE)
    await office.delivery.drain()
    shown = office.messenger.shown[-1]
    assert not shown.edited
    assert shown.message_id != old
    assert office.rows("SELECT message_id FROM card") == [(shown.message_id,)]


async def test_a_vanished_card_that_is_sent_anew_and_uncertain_is_repeated_once_and_marked(office):
    await office.begin()
    await office.delivery.drain()
    await office.accept(1, WATI)
    office.messenger.fail(account(WATI), Failure.GONE, Failure.UNCERTAIN, Failure.GONE)
    await office.delivery.drain()
    assert office.rows("SELECT state, uncertain FROM outbox WHERE kind = 'segarkan'") == [("waiting", 1)]
    office.clock.advance(seconds=60)
    await office.delivery.drain()
    assert office.messenger.shown[-1].repeated


async def test_a_vanished_card_of_a_finished_step_is_left_alone(office):
    await office.begin()
    await office.delivery.drain()
    await office.work(1, WATI)
    office.messenger.fail(account(WATI), Failure.GONE, Failure.GONE)
    await office.delivery.drain()
    assert kinds(office, WATI) == [CardView]
    assert {state for (state,) in office.rows("SELECT state FROM outbox WHERE kind = 'segarkan'")} <= {
        "failed",
        "sent",
    }


async def test_what_telegram_refuses_for_good_is_recorded_and_not_repeated(office):
    await office.begin()
    office.messenger.fail(account(WATI), Failure.REFUSED)
    await office.delivery.drain()
    assert office.rows("SELECT state, error FROM outbox") == [("failed", "test ditolak")]


async def test_a_refused_token_loses_no_message(office):
    await office.begin()
    office.messenger.fail(account(WATI), Failure.UNAUTHORISED)
    await office.delivery.drain()
    assert office.rows("SELECT state FROM outbox") == [("waiting",)]


async def test_an_officer_who_cannot_be_reached_is_told_to_the_sekcam(office):
    await office.begin()
    office.messenger.fail(account(WATI), Failure.UNREACHABLE)
    await office.delivery.drain()
    assert office.rows("SELECT reachable FROM officer WHERE id = :w", w=WATI) == [(0,)]
    assert office.rows("SELECT state FROM outbox WHERE kind = 'kartu'") == [("failed",)]
    [shown] = office.messenger.to(SARI)
    assert isinstance(shown.view, UnreachableView)
    assert (shown.view.whom.id, shown.view.open_tasks) == (WATI, 1)


async def test_a_message_that_arrives_makes_the_officer_reachable_again(office):
    await office.begin()
    office.messenger.fail(account(WATI), Failure.UNREACHABLE)
    await office.delivery.drain()
    await office.begin(subject="Lain")
    await office.delivery.drain()
    assert office.rows("SELECT reachable FROM officer WHERE id = :w", w=WATI) == [(1,)]


async def test_a_claim_that_a_dead_process_left_is_an_uncertain_attempt(office):
    await office.begin()
    await office.begin(subject="Lain", by=SARI)
    office.write(lambda conn: outbox.claim(conn, BEGIN, "boot-0", 16))
    assert await office.delivery.drain() == 0  # somebody else may be sending it
    assert await office.delivery.recover() == 1
    assert office.rows(ROW)[0][:4] == ("waiting", 1, 1, micros(BEGIN + UNCERTAIN_WAIT))
    office.clock.advance(seconds=60)
    await office.delivery.drain()
    assert sorted(one.repeated for one in office.messenger.shown) == [False, True]


async def test_own_claims_are_not_taken_for_those_of_a_dead_process(office):
    await office.begin()
    office.write(lambda conn: outbox.claim(conn, BEGIN, "boot-1", 16))
    assert await office.delivery.recover() == 0


async def test_messages_of_one_chat_leave_in_order(office):
    for number in range(5):
        await office.begin(subject=f"Berkas {number}")
    await office.delivery.drain()
    assert [one.view.facts.subject for one in office.messenger.to(WATI)] == [f"Berkas {n}" for n in range(5)]


async def test_a_slow_chat_does_not_hold_up_another(office):
    await office.begin()
    await office.work(1, WATI)
    both, arrived = asyncio.Event(), []
    sending = office.messenger.send

    async def meet(chat_id, view, *, repeated=False):
        arrived.append(chat_id)
        if len(arrived) == 2:
            both.set()
        await asyncio.wait_for(both.wait(), 5)  # ends only if the other is under way, too
        return await sending(chat_id, view, repeated=repeated)

    office.delivery.messenger = type("Slow", (), {"send": staticmethod(meet), "edit": office.messenger.edit})()
    await office.delivery.drain()
    assert sorted(arrived) == [account(EKA), account(RUDI)]


async def test_the_limiter_postpones_without_counting_an_attempt(office):
    limiter = Limiter(office.clock.now, 0, 1, 0)
    office.delivery.may_send = limiter.wait
    for number in range(3):
        await office.begin(subject=f"Berkas {number}")
    for _ in range(3):
        await office.delivery.drain()
        office.clock.advance(seconds=1)
    assert [one.view.facts.subject for one in office.messenger.to(WATI)] == [f"Berkas {n}" for n in range(3)]
    assert office.rows("SELECT attempts FROM outbox") == [(1,)] * 3


async def test_a_message_that_cannot_be_made_stops_no_other_and_waits(office):
    await office.begin()
    await office.begin(subject="Lain", by=SARI)
    office.write(lambda conn: conn.exec_driver_sql("UPDATE outbox SET kind = 'pengingat', data = '{}' WHERE id = 1"))
    await office.delivery.drain()
    assert [one.view.facts.subject for one in office.messenger.shown] == ["Lain"]
    assert office.rows("SELECT state, error FROM outbox WHERE id = 1") == [("waiting", "KeyError")]


async def test_an_error_that_the_messenger_does_not_judge_counts_as_uncertain(office):
    await office.begin()
    office.messenger.fail(account(WATI), RuntimeError("unexpected"))
    await office.delivery.drain()
    assert office.rows("SELECT state, uncertain, error FROM outbox") == [("waiting", 1, "RuntimeError")]


async def test_while_the_result_cannot_be_stored_it_is_kept_and_nothing_is_sent_twice(office):
    await office.begin()
    pauses = []

    async def pause(seconds):
        pauses.append(seconds)
        other.rollback()  # the other program lets go

    office.delivery.pause = pause
    with office.database._writing.connect() as other:
        sending = office.messenger.send

        async def send(chat_id, view, *, repeated=False):
            other.exec_driver_sql("BEGIN IMMEDIATE")
            return await sending(chat_id, view, repeated=repeated)

        office.delivery.messenger = type("Locking", (), {"send": staticmethod(send)})()
        await office.delivery.drain()
    assert pauses == [1.0]
    assert len(office.messenger.shown) == 1
    assert office.rows("SELECT state, attempts FROM outbox") == [("sent", 1)]


async def test_a_press_on_a_message_that_was_uncertain_adopts_it_and_retires_the_copy(office):
    await office.begin()
    office.messenger.fail(account(WATI), Failure.UNCERTAIN)  # it did arrive, as message 77
    await office.delivery.drain()
    office.clock.advance(seconds=60)
    await office.delivery.drain()
    [(copy,)] = office.rows("SELECT message_id FROM card")
    await office.acting.press(office.member(WATI), office.token(1, WATI), "t", 77, office.receive())
    assert office.rows("SELECT message_id FROM card") == [(77,)]
    await office.delivery.drain()
    retired = [one for one in office.messenger.shown if isinstance(one.view, RetiredView)]
    assert [(one.message_id, one.edited) for one in retired] == [(copy, True)]


async def test_a_press_before_the_repetition_saves_the_repetition(office):
    await office.begin()
    office.messenger.fail(account(WATI), Failure.UNCERTAIN)
    await office.delivery.drain()
    await office.acting.press(office.member(WATI), office.token(1, WATI), "t", 77, office.receive())
    office.clock.advance(seconds=60)
    await office.delivery.drain()
    assert not [one for one in office.messenger.shown if not one.edited]


async def test_stopping_lets_what_is_under_way_arrive_and_claims_nothing_more(office):
    await office.begin()
    under_way, go = asyncio.Event(), asyncio.Event()
    sending = office.messenger.send

    async def slow(chat_id, view, *, repeated=False):
        under_way.set()
        await go.wait()
        return await sending(chat_id, view, repeated=repeated)

    office.delivery.messenger = type("Slow", (), {"send": staticmethod(slow)})()
    task = asyncio.create_task(office.delivery.run())
    await asyncio.wait_for(under_way.wait(), 5)
    await office.begin(subject="Lain")
    office.delivery.stop()
    go.set()
    await asyncio.wait_for(task, 5)
    assert office.rows("SELECT state FROM outbox ORDER BY id") == [("sent",), ("waiting",)]


async def test_run_delivers_what_it_is_woken_for_and_ends_when_cancelled(office):
    drained = asyncio.Event()
    office.delivery.on_drained = drained.set
    task = asyncio.create_task(office.delivery.run())
    await office.begin()
    office.delivery.wake()
    await asyncio.wait_for(drained.wait(), 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert kinds(office, WATI) == [CardView]


async def test_run_goes_on_after_the_database_was_locked(office):
    await office.begin()
    drained, paused = asyncio.Event(), asyncio.Event()
    office.delivery.on_drained = drained.set
    with office.database._writing.connect() as other:

        async def pause(_seconds):
            paused.set()
            other.rollback()

        office.delivery.pause = pause
        other.exec_driver_sql("BEGIN IMMEDIATE")
        task = asyncio.create_task(office.delivery.run())
        await asyncio.wait_for(drained.wait(), 10)
        office.delivery.stop()
        await asyncio.wait_for(task, 5)
    assert paused.is_set()
    assert kinds(office, WATI) == [CardView]
