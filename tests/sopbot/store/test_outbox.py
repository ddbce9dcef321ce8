from datetime import timedelta

import pytest

from sopbot.store import outbox
from sopbot.store.outbox import Message

SECOND = timedelta(seconds=1)


@pytest.fixture
def message(work, now):
    def make(**changes):
        given = {"office": "sumbang", "recipient": work.staf, "chat_id": None, "kind": "tugas", "instance": 1}
        rest = {"assignment": 1, "rung": None, "epoch": 0, "data": {"langkah": 3}, "not_before": now}
        return Message(**{**given, **rest, **changes})

    return make


@pytest.fixture
def put(write, now):
    return lambda *messages: write(lambda conn: outbox.put(conn, messages, now))


@pytest.fixture
def claim(write, now):
    return lambda at=now, boot="boot-1", limit=10: write(lambda conn: outbox.claim(conn, at, boot, limit))


def state(read, number):
    columns = "state, attempts, uncertain, boot, error, message_id"
    query = f"SELECT {columns} FROM outbox WHERE id = {number}"  # noqa: S608
    return read(lambda conn: dict(conn.exec_driver_sql(query).one()._mapping))


def test_a_claimed_message_is_complete(put, claim, message, work, now):
    assert put(message(rung="tenggat", epoch=2, urgency=3, repeatable=True)) == 1
    [found] = claim()
    assert (found.id, found.office, found.recipient, found.chat_id) == (1, "sumbang", work.staf, 7_000_000_002)
    assert (found.telegram_id, found.active, found.kind) == (7_000_000_002, True, "tugas")
    assert (found.instance, found.assignment, found.rung, found.epoch) == (1, 1, "tenggat", 2)
    assert (found.data, found.urgency, found.repeatable) == ({"langkah": 3}, 3, True)
    assert (found.created_at, found.not_before, found.attempts, found.uncertain) == (now, now, 1, 0)


def test_a_rung_is_put_once(put, message, work):
    assert put(message(rung="tenggat"), message(rung="tenggat")) == 1
    assert put(message(rung="tenggat")) == 0
    others = [{"epoch": 1}, {"rung": "akhir"}, {"recipient": work.camat}, {"kind": "lain"}, {"assignment": 2}]
    assert put(*(message(**{"rung": "tenggat", **other}) for other in others)) == len(others)


def test_a_rung_of_a_chat_or_of_no_instance_is_put_once_too(put, message):
    digest = message(rung="2026-11-23", instance=None, assignment=None)
    group = message(rung="2026-11-23", recipient=None, chat_id=-100, instance=None, assignment=None)
    assert put(digest, digest, group, group) == 2


def test_without_a_rung_everything_is_put(put, message):
    assert put(message(), message()) == 2


def test_a_message_is_claimed_once_and_not_before_its_time(put, claim, message, now):
    put(message(not_before=now + SECOND))
    assert claim() == []
    assert len(claim(now + SECOND)) == 1
    assert claim(now + SECOND) == []


def test_the_most_urgent_goes_first_then_the_oldest(put, claim, message):
    chats = [
        message(recipient=None, chat_id=chat, urgency=urgency) for chat, urgency in ((1, 0), (2, 5), (3, 5), (4, 1))
    ]
    put(*chats)
    assert [one.chat_id for one in claim()] == [2, 3, 4, 1]


def test_a_chat_has_one_message_on_its_way(put, claim, write, message, work, now):
    put(message(kind="a"), message(kind="b"), message(recipient=None, chat_id=7_000_000_002, kind="c"))
    put(message(recipient=work.camat, kind="d"))
    first = claim()
    assert [one.kind for one in first] == ["a", "d"]
    assert claim(boot="boot-2") == []
    write(lambda conn: outbox.sent(conn, first[0].id, now, 5))
    assert [one.kind for one in claim()] == ["b"]


def test_a_chat_with_much_to_come_does_not_hold_up_the_others(put, claim, message, work):
    put(*(message(kind=str(n)) for n in range(50)), message(recipient=work.camat, kind="camat"))
    assert [one.kind for one in claim(limit=2)] == ["0", "camat"]


def test_a_held_chat_is_left_alone_until_then(put, claim, write, message, now):
    put(message())
    write(lambda conn: outbox.hold_chat(conn, 7_000_000_002, now + 5 * SECOND))
    assert claim(now + 4 * SECOND) == []
    assert len(claim(now + 5 * SECOND)) == 1


def test_an_officer_without_account_or_access_is_told_apart(put, claim, write, message, work):
    gone = f"UPDATE officer SET telegram_id = NULL, active = 0 WHERE id = {work.staf}"  # noqa: S608
    write(lambda conn: conn.exec_driver_sql(gone))
    put(message(), message())
    for _ in range(2):
        assert [(one.chat_id, one.active) for one in claim(limit=1)] == [(None, False)]


def test_sent_is_final(put, claim, write, read, message, now):
    put(message())
    claim()
    assert write(lambda conn: outbox.sent(conn, 1, now, 77))
    assert not write(lambda conn: outbox.sent(conn, 1, now, 78))
    for attempt in (
        lambda conn: outbox.retry(conn, 1, now, "x"),
        lambda conn: outbox.uncertain(conn, 1, None, "x"),
        lambda conn: outbox.skip(conn, 1, "x", now),
        lambda conn: outbox.fail(conn, 1, "x", now),
    ):
        assert not write(attempt)
    assert state(read, 1)["state"] == "sent"
    assert (state(read, 1)["message_id"], state(read, 1)["uncertain"]) == (77, 0)


def test_what_was_surely_not_sent_goes_again(put, claim, write, message, now):
    put(message())
    claim()
    assert write(lambda conn: outbox.retry(conn, 1, now + SECOND, "429"))
    assert claim() == []
    [again] = claim(now + SECOND)
    assert (again.attempts, again.uncertain) == (2, 0)


def test_what_only_waited_for_its_turn_was_not_tried(put, claim, write, message, now):
    put(message())
    claim()
    assert write(lambda conn: outbox.postpone(conn, 1, now + SECOND))
    assert claim(now + SECOND)[0].attempts == 1


def test_an_uncertain_attempt_is_counted_and_repeated_only_if_asked(put, claim, write, read, message, now):
    put(message(), message(recipient=None, chat_id=1))
    claim()
    assert write(lambda conn: outbox.uncertain(conn, 1, now + 60 * SECOND, "read timed out"))
    assert write(lambda conn: outbox.uncertain(conn, 2, None, "read timed out"))
    assert [(one.id, one.attempts, one.uncertain) for one in claim(now + 60 * SECOND)] == [(1, 2, 1)]
    assert state(read, 2)["state"] == "unknown"


def test_news_of_arrival_counts_even_after_giving_up(put, claim, write, read, message, now):
    put(message())
    claim()
    write(lambda conn: outbox.uncertain(conn, 1, None, "read timed out"))
    assert write(lambda conn: outbox.sent(conn, 1, now, 5))
    assert state(read, 1)["state"] == "sent"


def test_claims_of_a_dead_process_become_uncertain(put, claim, write, read, message, now):
    put(*(message(recipient=None, chat_id=chat, repeatable=chat == 1) for chat in (1, 2, 3)))
    claim(limit=2, boot="dead")
    claim(limit=1, boot="alive")
    assert write(lambda conn: outbox.orphans(conn, "alive", now)) == 2
    assert [state(read, n)["state"] for n in (1, 2, 3)] == ["waiting", "unknown", "claimed"]
    assert claim(now + 59 * SECOND) == []
    assert [(one.id, one.uncertain) for one in claim(now + 60 * SECOND, boot="dead again")] == [(1, 1)]
    assert write(lambda conn: outbox.orphans(conn, "alive", now + 60 * SECOND)) == 1
    assert state(read, 1)["state"] == "unknown"  # repeated once, never twice


def test_claims_of_a_process_that_may_live_are_spared(put, claim, write, message, now):
    put(message())
    claim(boot="other")
    spare = lambda conn: outbox.orphans(conn, "mine", now + SECOND, claimed_before=now - SECOND)  # noqa: E731
    assert write(spare) == 0


def test_a_message_can_be_skipped_or_failed_before_or_after_its_claim(put, claim, write, read, message, now):
    put(message(), message(recipient=None, chat_id=1))
    assert write(lambda conn: outbox.skip(conn, 1, "langkah sudah selesai", now))
    claim()
    assert write(lambda conn: outbox.fail(conn, 2, "403", now))
    assert [(state(read, n)["state"], state(read, n)["error"]) for n in (1, 2)] == [
        ("skipped", "langkah sudah selesai"),
        ("failed", "403"),
    ]


def test_waiting_and_claimed_messages_are_found_by_their_indexes(read):
    def plans(conn):
        texts = [statement._compile(conn.dialect).text for statement in (outbox._CANDIDATES, outbox._BUSY_CHATS)]
        return [str(conn.exec_driver_sql("EXPLAIN QUERY PLAN " + text, (1,) * text.count("?")).all()) for text in texts]

    candidates, busy = read(plans)
    assert "ix_outbox_waiting" in candidates
    assert "TEMP B-TREE" not in candidates
    assert "ix_outbox_claimed" in busy
