"""An SOP as a value: its steps by number, what follows, where a refused ratification goes, which text is shown."""

import pytest

from sopbot.domain.sop import CAMAT, SEKCAM, Mode, Seal, Wording
from tests.building import KASUBAG, SIGNED_BY_CAMAT, STAF, sop, step

PLAN = sop(
    step(KASUBAG),
    step(SEKCAM, yes=4, no=1, ratifications=(SIGNED_BY_CAMAT,)),
    step(KASUBAG),
    step(STAF),
)


def test_steps_are_found_by_number():
    assert [PLAN.step(number).number for number in (1, 2, 3, 4)] == [1, 2, 3, 4]
    for number in (-1, 0, 5):
        with pytest.raises(KeyError):
            PLAN.step(number)


def test_what_follows_a_step():
    assert [PLAN.following(number) for number in (1, 2, 3, 4)] == [2, 4, 4, None]


def test_a_refused_ratification_goes_where_tidak_leads_or_to_a_target_of_its_own():
    assert PLAN.step(2).refused_ratification_to == 1
    assert PLAN.step(3).refused_ratification_to is None
    own = sop(step(KASUBAG), step(STAF), step(CAMAT, yes=4, no=3, returns_to=1), step(STAF))
    assert own.step(3).refused_ratification_to == 1


def test_people_see_the_corrected_text():
    assert Wording(original="Rancagan").shown == "Rancagan"
    assert Wording(original="Rancagan", corrected="Rancangan").shown == "Rancangan"


def test_the_words_of_the_definitions():
    assert [mode.value for mode in Mode] == ["satu", "semua", "rapat"]
    assert [seal.value for seal in Seal] == ["tanda_tangan", "pengesahan"]
