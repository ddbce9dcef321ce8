import pytest
from sqlalchemy.exc import IntegrityError

from sopbot.store import inbox, outbox
from sopbot.store.inbox import RawUpdate
from sopbot.store.tables.messages import inbox as inbox_table
from sopbot.store.tables.messages import outbox as outbox_table


@pytest.mark.parametrize("table", [inbox_table, outbox_table])
def test_only_known_states_are_stored(write, work, now, table):
    row = {"office": "sumbang", "kind": "a", "instance": None, "assignment": None, "rung": None, "epoch": 0}
    message = outbox.Message(**row, recipient=work.staf, chat_id=None, not_before=now)
    write(lambda conn: (outbox.put(conn, [message], now), inbox.receive(conn, [RawUpdate(update_id=1, raw=b"")], now)))
    with pytest.raises(IntegrityError, match="CHECK"):
        write(lambda conn: conn.execute(table.update().values(state="lost")))


def test_a_message_goes_to_an_officer_who_exists(write, now):
    row = {"office": "sumbang", "kind": "a", "instance": None, "assignment": None, "rung": None, "epoch": 0}
    message = outbox.Message(**row, recipient=99, chat_id=None, not_before=now)
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        write(lambda conn: outbox.put(conn, [message], now))
