import pytest
from sqlalchemy.exc import IntegrityError

from sopbot.store import people
from sopbot.store.people import OfficerRow


@pytest.fixture
def add(write, now):
    def adding(name="Citra", **changes):
        given = {"office": "sumbang", "name": name, "title": "Sekretaris Camat", "roles": ["sekcam"], "at": now}
        return write(lambda conn: people.add(conn, **{**given, **changes}))

    return adding


def test_an_officer_is_found_by_id_account_and_office(add, read, now):
    number = add(nip="197001012000031001", honorific="Ibu", roles=["kasi", "kasi_kasubag"], telegram_id=5_000_000_000)
    found = OfficerRow(
        id=number,
        office="sumbang",
        name="Citra",
        nip="197001012000031001",
        title="Sekretaris Camat",
        honorific="Ibu",
        roles=("kasi", "kasi_kasubag"),
        telegram_id=5_000_000_000,
        active=True,
        reachable=True,
        created_at=now,
    )
    other = add("Dewi", office="karawaci")
    assert read(lambda conn: people.get(conn, number)) == found
    assert read(lambda conn: people.by_telegram(conn, 5_000_000_000)) == found
    assert read(lambda conn: people.of_office(conn, "sumbang")) == [found]
    assert read(lambda conn: people.get(conn, other + 1)) is None
    assert read(lambda conn: people.by_telegram(conn, 1)) is None


def test_what_describes_an_officer_can_change(add, write, read):
    number = add()
    changes = {"name": "Citra Dewi", "nip": "1", "title": "Camat", "honorific": None, "roles": ["camat"]}
    assert write(lambda conn: people.update(conn, number, **changes))
    found = read(lambda conn: people.get(conn, number))
    assert (found.name, found.nip, found.title, found.roles) == ("Citra Dewi", "1", "Camat", ("camat",))
    assert not write(lambda conn: people.update(conn, 99, **changes))


def test_one_account_is_one_officer_and_one_officer_one_account(add, write, read):
    first, second = add(), add("Dewi")
    assert write(lambda conn: people.bind(conn, first, 55))
    assert not write(lambda conn: people.bind(conn, second, 55))
    assert not write(lambda conn: people.bind(conn, first, 56))
    assert read(lambda conn: people.get(conn, second)).telegram_id is None
    with pytest.raises(IntegrityError):
        add("Eka", telegram_id=55)
    write(lambda conn: people.unbind(conn, first))
    assert write(lambda conn: people.bind(conn, second, 55))


def test_a_frozen_officer_gets_no_account_and_is_told_apart(add, write, read):
    number = add()
    assert write(lambda conn: people.freeze(conn, number))
    assert not write(lambda conn: people.freeze(conn, number))
    assert not write(lambda conn: people.bind(conn, number, 55))
    assert not read(lambda conn: people.get(conn, number)).active
    assert write(lambda conn: people.freeze(conn, number, frozen=False))
    assert write(lambda conn: people.bind(conn, number, 55))


def test_an_officer_whom_telegram_does_not_reach_is_reachable_again_with_an_account(add, write, read):
    number = add()
    write(lambda conn: people.set_reachable(conn, number, reachable=False))
    assert not read(lambda conn: people.get(conn, number)).reachable
    write(lambda conn: people.bind(conn, number, 55))
    assert read(lambda conn: people.get(conn, number)).reachable
