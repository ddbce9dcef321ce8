"""Holidays: an office adds, removes, or replaces a year, and the list it began with stays as it was."""

from datetime import date

import pytest

from sopbot.domain.holidays import HolidayList

CHRISTMAS, LEAVE, LATER = date(2026, 12, 25), date(2026, 12, 24), date(2028, 12, 25)
NATIONAL = HolidayList(
    names={LATER: "Hari Raya Natal", CHRISTMAS: "Hari Raya Natal", LEAVE: "Cuti Bersama Hari Raya Natal"},
    complete_years=frozenset({2026}),
)


def test_names_are_copied_in_order_of_date():
    names = {CHRISTMAS: "Natal", LEAVE: "Cuti"}
    listed = HolidayList(names=names)
    names.clear()
    assert list(listed.names.items()) == [(LEAVE, "Cuti"), (CHRISTMAS, "Natal")]


def test_a_region_adds_its_own_and_may_rename():
    local = NATIONAL.with_added({date(2026, 2, 22): "Hari Jadi Banyumas", LEAVE: "Cuti Bersama"})
    assert local.names[date(2026, 2, 22)] == "Hari Jadi Banyumas"
    assert local.names[LEAVE] == "Cuti Bersama"
    assert NATIONAL.names[LEAVE] == "Cuti Bersama Hari Raya Natal"


def test_a_keppres_shrinks_the_list():
    shrunk = NATIONAL.without([LEAVE, date(2026, 1, 2)])
    assert set(shrunk.names) == {CHRISTMAS, LATER}
    assert shrunk.complete_years == {2026}


def test_a_replaced_year_is_complete_and_leaves_the_others():
    replaced = NATIONAL.with_year(2028, {date(2028, 12, 26): "Cuti Bersama Hari Raya Natal"})
    assert set(replaced.names) == {LEAVE, CHRISTMAS, date(2028, 12, 26)}
    assert replaced.complete_years == {2026, 2028}


def test_a_year_takes_no_date_of_another():
    with pytest.raises(ValueError, match="2027-01-01"):
        NATIONAL.with_year(2028, {date(2027, 1, 1): "Tahun Baru"})


def test_lists_are_values():
    assert NATIONAL.without([]) == NATIONAL
    assert NATIONAL.without([LEAVE]) != NATIONAL
    assert hash(NATIONAL.without([])) == hash(NATIONAL)
