from datetime import timedelta

import pytest

from sopbot.store import meta


def test_the_deployment_is_founded_once(read, write, now):
    first = read(meta.deployment)
    assert (first.epoch, first.created_at) == (1, now)
    assert write(lambda conn: meta.found(conn, now + timedelta(days=1))) == first


def test_the_epoch_can_be_set(write, read):
    write(lambda conn: meta.set_epoch(conn, 4))
    assert read(meta.deployment).epoch == 4


def test_a_database_without_deployment_says_so(write):
    write(lambda conn: conn.exec_driver_sql("DELETE FROM deployment"))
    with pytest.raises(LookupError):
        write(meta.deployment)


def test_facts_are_kept_replaced_and_forgotten(write, read):
    seen = []
    for value in ("1", "2", None):
        write(lambda conn, value=value: meta.put(conn, "offset", value))
        seen.append(read(lambda conn: meta.get(conn, "offset")))
    assert seen == ["1", "2", None]
