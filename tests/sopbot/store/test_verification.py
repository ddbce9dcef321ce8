"""Each kind of damage that somebody with write access can do, without and with anchors."""

import json
import random
import sqlite3

import pytest

from sopbot.store import guards, meta, trail
from sopbot.store.anchors import heads
from sopbot.store.canonical import canonical, genesis_of, leaf_of, link_of
from sopbot.store.verification import ALTERED, GUARDS_MISSING, TRUNCATED, verify

ENTRIES = 12
MICROS = 1_795_397_400_250_001  # the moment of every entry here


@pytest.fixture
def anchors(database, write, entry, read):
    write(lambda conn: trail.append(conn, "sumbang", [entry(1, n + 1) for n in range(ENTRIES)]))
    write(lambda conn: trail.append(conn, "karawaci", [entry(2, n + 1) for n in range(3)]))
    return read(heads)


@pytest.fixture
def tamper(anchors, url, read):
    """Change the database as its owner can: without guards, which are put back afterwards."""

    def tampering(change, *, with_anchors=False):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        for name in guards.SQLITE:
            connection.execute(f"DROP TRIGGER {name}")
        change(connection)
        for text in guards.SQLITE.values():
            connection.execute(text)
        connection.close()
        return read(lambda conn: verify(conn, anchors if with_anchors else ()))

    return tampering


def codes(found):
    return sorted({one.code for one in found})


def rebuild(connection, uuid, office, bodies):
    """Write an office's chain anew, consistent in itself."""
    connection.execute("DELETE FROM trail WHERE office = ?", [office])
    link = genesis_of(uuid, office)
    for body in bodies:
        fields = json.loads(body)
        leaf = leaf_of(body)
        link = link_of(link, leaf)
        connection.execute(
            "INSERT INTO trail SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?",
            [
                office,
                fields["seq"],
                fields["instance"],
                fields["instance_seq"],
                MICROS,
                fields["action"],
                body,
                leaf,
                link,
            ],
        )
    connection.execute("UPDATE chain SET seq = ?, link = ? WHERE office = ?", [len(bodies), link, office])


def test_an_untouched_trail_is_sound(anchors, read):
    assert read(lambda conn: verify(conn, anchors)) == []


def test_an_empty_trail_is_sound(read):
    assert read(verify) == []


def edit_body(connection, n):
    body = "CAST(replace(body, 'selesai', 'batal__') AS BLOB)"
    connection.execute(f"UPDATE trail SET body = {body} WHERE seq = ?", [n])  # noqa: S608


def edit_with_leaf(connection, n):
    body = connection.execute("SELECT body FROM trail WHERE office = 'sumbang' AND seq = ?", [n]).fetchone()[0]
    body = canonical({**json.loads(body), "reason": "lain"})
    connection.execute(
        "UPDATE trail SET body = ?, leaf = ? WHERE office = 'sumbang' AND seq = ?", [body, leaf_of(body), n]
    )


def swap(connection, one, other):
    for now, then in ((one, 1000), (other, one), (1000, other)):
        connection.execute("UPDATE trail SET seq = ? WHERE office = 'sumbang' AND seq = ?", [then, now])


def insert_before(connection, n):
    for seq in range(ENTRIES, n - 1, -1):
        connection.execute("UPDATE trail SET seq = seq + 1 WHERE office = 'sumbang' AND seq = ?", [seq])
    connection.execute(
        "INSERT INTO trail SELECT office, ?, 9, 9, at, action, body, x'07', link FROM trail LIMIT 1", [n]
    )
    connection.execute("UPDATE chain SET seq = seq + 1 WHERE office = 'sumbang'")


EDITS = {
    "body": edit_body,
    "text for bytes": lambda c, n: c.execute("UPDATE trail SET body = cast(body AS TEXT) WHERE seq = ?", [n]),
    "no JSON": lambda c, n: c.execute("UPDATE trail SET body = x'5b', leaf = ? WHERE rowid = ?", [leaf_of(b"["), n]),
    "number": lambda c, n: c.execute("UPDATE trail SET seq = 'x' WHERE office = 'sumbang' AND seq = ?", [n]),
    "body and leaf": edit_with_leaf,
    "link": lambda c, n: c.execute("UPDATE trail SET link = zeroblob(32) WHERE office = 'sumbang' AND seq = ?", [n]),
    "action column": lambda c, n: c.execute("UPDATE trail SET action = 'x' WHERE office = 'sumbang' AND seq = ?", [n]),
    "time column": lambda c, n: c.execute("UPDATE trail SET at = at + 1 WHERE office = 'sumbang' AND seq = ?", [n]),
    "instance column": lambda c, n: c.execute(
        "UPDATE trail SET instance = 77 WHERE office = 'sumbang' AND seq = ?", [n]
    ),
    "swap": lambda c, n: swap(c, n, n % (ENTRIES - 1) + 1 if n % (ENTRIES - 1) + 1 != n else n + 1),
    "delete in the middle": lambda c, n: c.execute(
        "DELETE FROM trail WHERE office = 'sumbang' AND seq = ?", [min(n, ENTRIES - 1)]
    ),
    "insert and renumber": insert_before,
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_every_edit_is_seen_wherever_it_is(tamper, edit, seed):
    number = random.Random(seed).randint(1, ENTRIES)
    assert ALTERED in codes(tamper(lambda connection: edit(connection, number))), f"entry {number}, seed {seed}"


def test_random_single_byte_changes_are_seen(tamper, seed):
    generator = random.Random(seed)
    for _ in range(20):
        number, column = generator.randint(1, ENTRIES), generator.choice(["body", "leaf", "link"])

        def flip(connection, number=number, column=column):
            query = f"SELECT {column} FROM trail WHERE office = 'sumbang' AND seq = ?"  # noqa: S608
            old = connection.execute(query, [number]).fetchone()[0]
            at = generator.randrange(len(old))
            new = old[:at] + bytes([old[at] ^ (1 << generator.randrange(8))]) + old[at + 1 :]
            update = f"UPDATE trail SET {column} = ? WHERE office = 'sumbang' AND seq = ?"  # noqa: S608
            connection.execute(update, [new, number])
            flip.undo = lambda connection: connection.execute(update, [old, number])

        assert ALTERED in codes(tamper(flip)), f"{column} of entry {number}, seed {seed}"
        assert tamper(flip.undo) == []


def test_a_finding_says_where_and_what(tamper):
    [first, *_] = tamper(
        lambda c: c.execute("UPDATE trail SET link = zeroblob(32) WHERE office = 'sumbang' AND seq = 5")
    )
    assert (first.code, first.office, first.seq) == (ALTERED, "sumbang", 5)
    assert first.sentence == "Entry 5 of sumbang does not follow from the one before it."


def test_missing_entries_are_named(tamper):
    found = tamper(lambda c: c.execute("DELETE FROM trail WHERE office = 'sumbang' AND seq IN (4, 5)"))
    assert [one.sentence for one in found] == ["Entries 4 to 5 of sumbang are missing."]


def test_entries_cut_off_at_the_end_are_seen_by_the_noted_end(tamper):
    found = tamper(lambda c: c.execute("DELETE FROM trail WHERE office = 'sumbang' AND seq > 9"))
    assert [(one.code, one.seq) for one in found] == [(TRUNCATED, 9)]


def test_an_office_without_any_entry_left_is_truncated(tamper):
    assert codes(tamper(lambda c: c.execute("DELETE FROM trail WHERE office = 'karawaci'"))) == [TRUNCATED]


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM chain",
        "UPDATE chain SET link = zeroblob(32)",
        "UPDATE chain SET seq = 2",
        "UPDATE chain SET seq = 'x'",
    ],
)
def test_a_changed_end_of_chain_is_seen(tamper, change):
    assert codes(tamper(lambda c: c.execute(change))) == [ALTERED]


def test_a_trail_moved_to_another_deployment_is_seen(tamper):
    other = "UPDATE deployment SET uuid = '00000000-0000-4000-8000-000000000009'"
    assert codes(tamper(lambda c: c.execute(other))) == [ALTERED]
    assert codes(tamper(lambda c: c.execute("DELETE FROM deployment"))) == [ALTERED]


def cut(connection):
    connection.execute("DELETE FROM trail WHERE office = 'sumbang' AND seq > 9")
    last = "(SELECT link FROM trail WHERE office = 'sumbang' AND seq = 9)"
    connection.execute(f"UPDATE chain SET seq = 9, link = {last} WHERE office = 'sumbang'")  # noqa: S608


def erase(connection):
    connection.execute("DELETE FROM trail WHERE office = 'sumbang'")
    connection.execute("DELETE FROM chain WHERE office = 'sumbang'")


@pytest.mark.parametrize("change", [cut, erase])
def test_a_perfect_cut_is_seen_only_with_an_anchor(tamper, change):
    assert tamper(change) == []
    assert codes(tamper(lambda _connection: None, with_anchors=True)) == [TRUNCATED]


def test_a_perfect_rebuild_is_seen_only_with_an_anchor(tamper, read):
    uuid = read(lambda conn: meta.deployment(conn).uuid)

    def forge(connection):
        rows = connection.execute("SELECT body FROM trail WHERE office = 'sumbang' ORDER BY seq").fetchall()
        bodies = [body for (body,) in rows]
        bodies[3] = canonical({**json.loads(bodies[3]), "reason": "dipalsukan"})
        rebuild(connection, uuid, "sumbang", bodies)

    assert tamper(forge) == []
    found = tamper(lambda _connection: None, with_anchors=True)
    assert [(one.code, one.seq) for one in found] == [(ALTERED, ENTRIES)]


def test_missing_guards_are_a_finding_of_their_own(anchors, write, read):
    write(lambda conn: conn.exec_driver_sql("DROP TRIGGER trail_no_update"))
    found = read(lambda conn: verify(conn, anchors))
    assert [(one.code, one.sentence) for one in found] == [
        (GUARDS_MISSING, "The trail's guards are missing or altered: trail_no_update."),
    ]
