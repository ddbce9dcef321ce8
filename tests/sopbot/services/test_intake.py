"""Updates from the inbox: in order for each chat, chats side by side, none lost, none able to stop the others."""

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from sopbot.services.intake import KEPT, Intake, chat_of
from sopbot.store.failures import StoreUnavailable
from sopbot.store.inbox import RawUpdate

STATES = "SELECT update_id, state, error FROM inbox ORDER BY id"


def update(number, chat=1, **more):
    body = {"update_id": number, "message": {"chat": {"id": chat}, **more}}
    return RawUpdate(update_id=number, raw=json.dumps(body).encode())


@asynccontextmanager
async def running(intake):
    task = asyncio.create_task(intake.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def intake_of(office, handle):
    return Intake(office.database, office.clock, handle)


async def test_updates_of_a_chat_are_handled_in_order_and_marked(office):
    handled = []

    async def handle(row):
        await asyncio.sleep(0)
        handled.append((row.update_id, len(row.update_hash)))

    intake = intake_of(office, handle)
    async with running(intake):
        assert await intake.receive([update(n) for n in (1, 2, 3, 4)]) == 4
        await asyncio.wait_for(intake.settled(), 5)
    assert handled == [(n, 64) for n in (1, 2, 3, 4)]
    assert office.rows(STATES) == [(n, "done", None) for n in (1, 2, 3, 4)]


async def test_chats_are_handled_side_by_side(office):
    both, started = asyncio.Event(), []

    async def handle(row):
        started.append(row.update_id)
        if len(started) == 2:
            both.set()
        await asyncio.wait_for(both.wait(), 5)  # ends only if the other chat's is under way

    intake = intake_of(office, handle)
    async with running(intake):
        await intake.receive([update(1, chat=1), update(2, chat=2)])
        await asyncio.wait_for(intake.settled(), 5)
    assert sorted(started) == [1, 2]


async def test_an_update_waits_for_the_one_before_it_in_its_chat(office):
    go, other_chat, started = asyncio.Event(), asyncio.Event(), []

    async def handle(row):
        started.append(row.update_id)
        if row.update_id == 1:
            await go.wait()
        if row.update_id == 3:
            other_chat.set()

    intake = intake_of(office, handle)
    async with running(intake):
        await intake.receive([update(1), update(2), update(3, chat=9)])
        await asyncio.wait_for(other_chat.wait(), 5)
        assert started == [1, 3]
        go.set()
        await asyncio.wait_for(intake.settled(), 5)
    assert started == [1, 3, 2]


async def test_what_cannot_be_handled_is_set_aside_and_the_next_proceeds(office):
    handled = []

    async def handle(row):
        if row.update_id == 1:
            raise ValueError("poison")
        handled.append(row.update_id)

    intake = intake_of(office, handle)
    async with running(intake):
        await intake.receive([update(1), update(2)])
        await asyncio.wait_for(intake.settled(), 5)
    assert handled == [2]
    assert office.rows(STATES) == [(1, "quarantined", "ValueError"), (2, "done", None)]


async def test_an_update_that_comes_twice_is_handled_once(office):
    handled = []

    async def handle(row):
        handled.append(row.update_id)

    intake = intake_of(office, handle)
    async with running(intake):
        assert await intake.receive([update(1)]) == 1
        await asyncio.wait_for(intake.settled(), 5)
        assert await intake.receive([update(1), update(2)]) == 1
        await asyncio.wait_for(intake.settled(), 5)
    assert handled == [1, 2]


async def test_a_number_used_again_after_a_quiet_week_is_another_update(office):
    handled = []

    async def handle(row):
        handled.append(row.raw)

    intake = intake_of(office, handle)
    async with running(intake):
        await intake.receive([update(1)])
        await intake.receive([update(1, text="lain")])
        await asyncio.wait_for(intake.settled(), 5)
    assert len(handled) == 2


async def test_what_an_earlier_process_left_is_handled(office):
    async def never(row):
        raise AssertionError

    await intake_of(office, never).receive([update(1)])
    handled = []

    async def handle(row):
        handled.append(row.update_id)

    intake = intake_of(office, handle)
    async with running(intake):
        await asyncio.wait_for(intake.settled(), 5)
    assert handled == [1]


async def test_what_the_command_finished_itself_stays_finished(office):
    async def handle(row):
        from sopbot.store import inbox

        office.write(lambda conn: inbox.finish(conn, row.inbox_id, office.clock.now()))

    intake = intake_of(office, handle)
    async with running(intake):
        await intake.receive([update(1)])
        await asyncio.wait_for(intake.settled(), 5)
    assert office.rows(STATES) == [(1, "done", None)]


async def test_an_inbox_that_cannot_be_written_refuses_so_that_nothing_is_acknowledged(office):
    async def handle(row):
        raise AssertionError

    intake = intake_of(office, handle)
    with office.database._writing.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable):
            await intake.receive([update(1)])
        other.rollback()
    assert office.rows(STATES) == []


async def test_while_the_outcome_cannot_be_stored_the_update_stays_and_the_next_are_handled(office):
    handled = []

    async def handle(row):
        handled.append(row.update_id)
        if len(handled) == 1:
            other.exec_driver_sql("BEGIN IMMEDIATE")
            asyncio.get_running_loop().call_later(0.6, other.rollback)  # longer than the writer waits

    intake = intake_of(office, handle)
    with office.database._writing.connect() as other:
        async with running(intake):
            await intake.receive([update(1)])
            await asyncio.wait_for(intake.settled(), 10)
    assert set(handled) == {1}
    assert office.rows(STATES) == [(1, "done", None)]


async def test_many_chats_leave_nothing_behind(office):
    count = 0

    async def handle(row):
        nonlocal count
        count += 1

    intake = intake_of(office, handle)
    async with running(intake):
        await intake.receive([update(n, chat=n % 40) for n in range(200)])
        await asyncio.wait_for(intake.settled(), 10)
    assert count == 200
    assert intake._chats == {}
    assert intake._taken == set()


async def test_handled_updates_are_forgotten_after_ninety_days_and_quarantined_ones_kept(office):
    async def handle(row):
        if row.update_id == 2:
            raise ValueError

    intake = intake_of(office, handle)
    async with running(intake):
        await intake.receive([update(1), update(2)])
        await asyncio.wait_for(intake.settled(), 5)
    office.clock.set(office.clock.now() + KEPT)
    await intake.prune()
    assert len(office.rows(STATES)) == 2
    office.clock.set(office.clock.now() + timedelta(microseconds=1))
    await intake.prune()
    assert office.rows(STATES) == [(2, "quarantined", "ValueError")]


@pytest.mark.parametrize(
    ("raw", "chat"),
    [
        ({"update_id": 1, "message": {"chat": {"id": 7}, "from": {"id": 8}}}, 7),
        ({"update_id": 1, "callback_query": {"from": {"id": 8}, "message": {"chat": {"id": 7}}}}, 7),
        ({"update_id": 1, "callback_query": {"from": {"id": 8}}}, 8),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": -5}}}, -5),
        ({"update_id": 1}, 0),
        ({"update_id": 1, "message": {"chat": {"id": "x"}}}, 0),
        ({"update_id": 1, "message": {"chat": []}}, 0),
        ([1], 0),
    ],
)
def test_the_chat_of_an_update(raw, chat):
    assert chat_of(json.dumps(raw).encode()) == chat


def test_the_chat_of_rubbish_is_none():
    assert chat_of(b"\xff{") == 0


async def test_one_chats_flood_does_not_hide_what_another_sends(office):
    release, reached = asyncio.Event(), asyncio.Event()

    async def handle(row):
        if json.loads(row.raw)["message"]["chat"]["id"] == 2:
            reached.set()
        else:
            await release.wait()

    intake = intake_of(office, handle)
    async with running(intake):
        await intake.receive([update(number, chat=1) for number in range(1, 1102)])
        await intake.receive([update(5000, chat=2)])
        await asyncio.wait_for(reached.wait(), 10)
        release.set()
        await asyncio.wait_for(intake.settled(), 30)


@pytest.mark.parametrize("raw", [b'{"message":{"chat":{"id":1e999}}}', b'{"message":' + b"[" * 100_000])
def test_no_update_is_too_odd_to_be_put_somewhere(raw):
    assert chat_of(raw) == 0
