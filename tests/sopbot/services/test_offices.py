"""The offices: definition from the files, roster as it is in this transaction."""

import pytest

from sopbot.store import people
from tests.building import CALENDAR, ROSTER, TINI, WATI


def test_an_office_joins_its_definition_and_the_register(office):
    now = office.read(lambda conn: office.offices.now(conn, "contoh"))
    assert (now.slug, now.name, now.calendar, now.grace_minutes) == ("contoh", "Kecamatan Contoh", CALENDAR, 60)
    assert [(one.id, one.name, one.title, one.roles) for one in now.roster] == [
        (one.id, one.name, one.title, one.roles) for one in ROSTER
    ]
    assert now.officer(WATI).honorific == "Ibu"
    assert now.officer(TINI).honorific is None


def test_a_frozen_officer_stays_on_the_roster_but_is_not_active(office):
    office.write(lambda conn: people.freeze(conn, WATI))
    now = office.read(lambda conn: office.offices.now(conn, "contoh"))
    assert not now.officer(WATI).active
    assert now.holders("staf") == ()


def test_inside_a_transaction_the_roster_is_as_the_transaction_left_it(office):
    def job(conn):
        people.freeze(conn, WATI)
        return office.offices.now(conn, "contoh").officer(WATI).active

    assert office.write(job) is False


def test_roles_are_called_as_the_office_calls_them_in_order_of_rank(office):
    assert office.offices.role_labels("contoh", frozenset({"staf", "kasi", "camat"})) == ["Camat", "Kasi", "Staf"]


def test_an_unknown_office(office):
    with pytest.raises(KeyError):
        office.read(lambda conn: office.offices.now(conn, "lain"))
