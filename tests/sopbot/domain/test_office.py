"""The office's register: who is in it, who holds a role now."""

from sopbot.domain.office import OfficerId
from sopbot.domain.sop import Role
from tests.building import ANY_HEAD, BUDI, EKA, KASI, RUDI, office


def test_officers_are_found_frozen_or_not():
    assert office().officer(EKA).name == "Eka"
    assert office(frozen=[EKA]).officer(EKA).active is False
    assert office().officer(OfficerId(99)) is None


def test_holders_are_the_active_ones_in_the_register_s_order():
    assert [one.id for one in office().holders(ANY_HEAD)] == [BUDI, EKA, RUDI]
    assert [one.id for one in office(frozen=[EKA]).holders(KASI)] == [RUDI]
    assert office().holders(Role("perencana")) == ()
