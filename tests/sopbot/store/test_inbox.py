import hashlib
from datetime import timedelta

from sopbot.store import inbox
from sopbot.store.inbox import RawUpdate

ONE, TWO = RawUpdate(update_id=10, raw=b'{"update_id":10}'), RawUpdate(update_id=11, raw=b'{"update_id":11}')


def test_the_same_update_counts_once_within_and_across_batches(write, now):
    assert write(lambda conn: inbox.receive(conn, [ONE, TWO, ONE], now)) == [1, 2]
    assert write(lambda conn: inbox.receive(conn, [TWO], now)) == []


def test_a_number_used_again_for_something_else_is_new(write, now):
    write(lambda conn: inbox.receive(conn, [ONE], now))
    again = RawUpdate(update_id=10, raw=b"other")
    assert len(write(lambda conn: inbox.receive(conn, [again], now))) == 1


def test_pending_updates_come_in_order_with_their_bytes(write, read, now):
    write(lambda conn: inbox.receive(conn, [TWO, ONE], now))
    found = read(inbox.pending)
    assert [one.update_id for one in found] == [11, 10]
    assert found[1].raw == ONE.raw
    assert found[1].hash_hex == hashlib.sha256(ONE.raw).hexdigest()
    assert found[1].received_at == now
    assert len(read(lambda conn: inbox.pending(conn, 1))) == 1


def test_an_update_is_finished_once(write, read, now):
    [number] = write(lambda conn: inbox.receive(conn, [ONE], now))
    assert write(lambda conn: inbox.finish(conn, number, now))
    assert not write(lambda conn: inbox.finish(conn, number, now))
    assert not write(lambda conn: inbox.quarantine(conn, number, "late", now))
    assert read(inbox.pending) == []
    assert write(lambda conn: inbox.receive(conn, [ONE], now)) == []


def test_what_is_in_quarantine_is_out_of_the_way_and_stays(write, read, now):
    numbers = write(lambda conn: inbox.receive(conn, [ONE, TWO], now))
    assert write(lambda conn: inbox.quarantine(conn, numbers[0], "KeyError", now))
    assert [one.id for one in read(inbox.pending)] == numbers[1:]
    assert not write(lambda conn: inbox.finish(conn, numbers[0], now))
    assert write(lambda conn: inbox.prune(conn, now + timedelta(days=1))) == 0
    rows = read(lambda conn: conn.exec_driver_sql("SELECT state, error FROM inbox WHERE id = 1").all())
    assert rows == [("quarantined", "KeyError")]


def test_pruning_forgets_only_what_was_handled_before(write, now):
    numbers = write(lambda conn: inbox.receive(conn, [ONE, TWO], now))
    write(lambda conn: inbox.finish(conn, numbers[0], now))
    assert write(lambda conn: inbox.prune(conn, now)) == 0
    assert write(lambda conn: inbox.prune(conn, now + timedelta(seconds=1))) == 1
    later = write(lambda conn: inbox.receive(conn, [RawUpdate(update_id=12, raw=b"x")], now))
    assert later == [3]  # a number is never given again


def test_pending_updates_are_found_by_their_index(read):
    def plan(conn):
        text = inbox._PENDING._compile(conn.dialect).text
        return conn.exec_driver_sql("EXPLAIN QUERY PLAN " + text, (1,) * text.count("?")).all()

    assert "ix_inbox_new" in str(read(plan))
