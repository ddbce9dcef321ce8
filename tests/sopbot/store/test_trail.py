import json
from datetime import timedelta, timezone

import pytest
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.exc import IntegrityError

from sopbot.store import meta, trail
from sopbot.store.canonical import canonical, genesis_of, leaf_of, link_of


def test_receipts_number_each_office_by_itself(write, entry, read):
    first = write(lambda conn: trail.append(conn, "sumbang", [entry(1, 1), entry(1, 2)]))
    other = write(lambda conn: trail.append(conn, "karawaci", [entry(2, 1)]))
    third = write(lambda conn: trail.append(conn, "sumbang", [entry(1, 3)]))
    assert [one.seq for one in first + other + third] == [1, 2, 1, 3]
    assert read(lambda conn: trail.head(conn, "sumbang")) == third[0]
    assert read(lambda conn: trail.head(conn, "neglasari")) is None


def test_nothing_to_append_changes_nothing(write, read):
    assert write(lambda conn: trail.append(conn, "sumbang", [])) == []
    assert read(lambda conn: trail.head(conn, "sumbang")) is None


def test_the_chain_is_computed_as_documented(write, entry, read):
    receipts = write(lambda conn: trail.append(conn, "sumbang", [entry(1, 1), entry(1, 2)]))
    uuid = read(lambda conn: meta.deployment(conn).uuid)
    link = genesis_of(uuid, "sumbang")
    bodies = read(lambda conn: [row[0] for row in conn.exec_driver_sql("SELECT body FROM trail ORDER BY seq")])
    for body, receipt in zip(bodies, receipts, strict=True):
        assert canonical(json.loads(body)) == body
        link = link_of(link, leaf_of(body))
        assert receipt.link_hex == link.hex()


def test_what_was_appended_is_read_back(write, entry, read, now):
    given = entry(
        1,
        1,
        at=now.astimezone(timezone(timedelta(hours=7))),
        actor=trail.Actor(officer=3, telegram_id=7, role="sekcam", acting_for=4),
        reason="Lampiran kurang",
        update_id=99,
        update_hash="ab",
        definition="h1",
    )
    [receipt] = write(lambda conn: trail.append(conn, "sumbang", [given]))
    [stored] = read(lambda conn: trail.of_instance(conn, 1))
    assert (stored.office, stored.seq, stored.link.hex()) == ("sumbang", receipt.seq, receipt.link_hex)
    for name in ("at", "instance", "instance_seq", "actor", "action", "from_state", "to_state", "value"):
        assert getattr(stored, name) == getattr(given, name)
    for name in ("reason", "update_id", "update_hash", "definition"):
        assert getattr(stored, name) == getattr(given, name)


def test_an_instance_is_read_whole_from_a_point_or_in_pages(write, entry, read):
    write(lambda conn: trail.append(conn, "sumbang", [entry(n % 2, 1 + n // 2) for n in range(10)]))
    numbers = lambda found: [one.instance_seq for one in found]  # noqa: E731 - only here
    assert numbers(read(lambda conn: trail.of_instance(conn, 1))) == [1, 2, 3, 4, 5]
    assert numbers(read(lambda conn: trail.of_instance(conn, 1, after=3))) == [4, 5]
    assert numbers(read(lambda conn: trail.page(conn, 1, 1, 2))) == [2, 3]


def test_the_export_has_the_documented_keys(write, entry, read):
    write(lambda conn: trail.append(conn, "sumbang", [entry(1, 1), entry(2, 1)]))
    write(lambda conn: trail.append(conn, "karawaci", [entry(3, 1)]))
    rows = read(lambda conn: list(trail.export(conn)))
    keys = "seq at office instance instance_seq actor action from to value reason leaf link"
    assert [list(row) for row in rows] == [keys.split()] * 3
    assert [(row["office"], row["seq"]) for row in rows] == [("karawaci", 1), ("sumbang", 1), ("sumbang", 2)]
    assert rows[0]["at"] == "2026-11-23T01:30:00.250001Z"
    assert rows[0]["actor"] == {"acting_for": None, "officer": 1, "role": "camat", "telegram_id": 7_000_000_001}
    assert [row["instance"] for row in read(lambda conn: list(trail.export(conn, "sumbang", 2)))] == [2]


def test_a_whole_second_is_written_with_six_decimals_too(now):
    assert trail.moment_text(now.replace(microsecond=0)) == "2026-11-23T01:30:00.000000Z"


def test_a_value_without_canonical_form_leaves_no_trace(write, entry, read):
    with pytest.raises(TypeError):
        write(lambda conn: trail.append(conn, "sumbang", [entry(1, 1), entry(1, 2, value={"nilai": 0.5})]))
    assert read(lambda conn: trail.head(conn, "sumbang")) is None


def test_the_same_number_of_an_instance_is_never_given_twice(write, entry):
    write(lambda conn: trail.append(conn, "sumbang", [entry(1, 1)]))
    with pytest.raises(IntegrityError):
        write(lambda conn: trail.append(conn, "sumbang", [entry(1, 1)]))


def test_several_processes_lock_the_end_of_the_chain():
    assert trail._HEAD._compile(psycopg.dialect()).text.endswith("FOR UPDATE")


def test_entries_of_no_instance_have_no_number_there(write, entry, read):
    receipts = write(lambda conn: trail.append(conn, "sumbang", [entry(None, None), entry(None, None)]))
    assert [one.seq for one in receipts] == [1, 2]
