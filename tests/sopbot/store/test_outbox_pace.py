from datetime import timedelta

import pytest

from sopbot.store import outbox, outbox_pace

SECOND = timedelta(seconds=1)


@pytest.fixture
def put(write, work, now):
    def putting(recipient=None, chat_id=None, after=0 * SECOND):
        row = {"office": "sumbang", "kind": "a", "instance": None, "assignment": None, "rung": None, "epoch": 0}
        one = outbox.Message(**row, recipient=recipient, chat_id=chat_id, not_before=now + after)
        write(lambda conn: outbox.put(conn, [one], now))

    return putting


def test_the_next_moment_is_that_of_the_first_waiting_message(put, read, write, now):
    assert read(outbox_pace.next_moment) is None
    put(chat_id=1, after=9 * SECOND)
    put(chat_id=2, after=4 * SECOND)
    assert read(outbox_pace.next_moment) == now + 4 * SECOND
    write(lambda conn: outbox.claim(conn, now + 4 * SECOND, "boot", 9))
    assert read(outbox_pace.next_moment) == now + 9 * SECOND


def test_a_hold_delays_the_next_moment_of_its_chat_only(put, read, write, work, now):
    put(recipient=work.staf)
    write(lambda conn: outbox_pace.hold_chat(conn, 7_000_000_002, now + 30 * SECOND))
    assert read(outbox_pace.next_moment) == now + 30 * SECOND
    put(chat_id=3, after=9 * SECOND)
    assert read(outbox_pace.next_moment) == now + 9 * SECOND


def test_the_longer_hold_stays(put, read, write, now):
    put(chat_id=1)
    for seconds in (20, 30, 10):
        write(lambda conn, seconds=seconds: outbox_pace.hold_chat(conn, 1, now + seconds * SECOND))
    assert read(outbox_pace.next_moment) == now + 30 * SECOND
    assert write(lambda conn: outbox_pace.release_chats(conn, now + 29 * SECOND)) == 0
    assert write(lambda conn: outbox_pace.release_chats(conn, now + 30 * SECOND)) == 1
    assert read(outbox_pace.next_moment) == now


def test_messages_are_counted_by_state_and_uncertain_attempts_altogether(put, read, write, now):
    for chat in (1, 2, 3):
        put(chat_id=chat)
    write(lambda conn: outbox.claim(conn, now, "boot", 2))
    write(lambda conn: outbox.uncertain(conn, 1, None, "x"))
    assert read(outbox_pace.counts) == {"unknown": 1, "claimed": 1, "waiting": 1, "uncertain_attempts": 1}
