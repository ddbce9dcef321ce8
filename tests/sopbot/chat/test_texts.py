"""Sentences: one for every refusal, polite, in the words agreed on."""

import re

import pytest

from sopbot.chat import menus, texts
from sopbot.domain import errors
from sopbot.domain.errors import Rejected
from sopbot.domain.instance import AssignmentState, InstanceState
from sopbot.domain.office import Officer, OfficerId
from tests.building import ROSTER, SARI, WATI, nov
from tests.showing import AVOIDED, CARD


def kinds(base: type[Rejected]) -> set[type[Rejected]]:
    """Return the refusals that may be raised: those without kinds of their own."""
    below = set().union(*(kinds(one) for one in base.__subclasses__()))
    return below or {base}


def sentences() -> list[str]:
    constants = [
        value
        for module in (texts, menus)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str) and len(value) > 2
    ]
    facts = [{}, *({"state": state} for state in [*AssignmentState, *InstanceState]), {"role": "kasi"}]
    refusals = [texts.refusal(kind(**given)) for kind in kinds(Rejected) for given in facts]
    menu = [*texts.COMMANDS.values(), *texts.OVERSEER_COMMANDS.values(), *texts.STRANGER_COMMANDS.values()]
    states = [*texts.STATE_NAMES.values(), *texts.INSTANCE_STATES.values()]
    return [*constants, *refusals, *menu, *states, texts.trouble("a1b2c3"), texts.cancelled("Renja")]


@pytest.mark.parametrize("kind", sorted(kinds(Rejected), key=lambda kind: kind.__name__))
def test_every_refusal_has_its_own_sentence(kind):
    """Fails for a new refusal without one."""
    sentence = texts.refusal(kind())
    assert re.match(r"^[A-Z].+[.]$", sentence)
    assert kind.__name__ not in sentence


def test_no_sentence_belongs_to_a_refusal_that_no_longer_exists():
    assert set(texts._REFUSALS) == kinds(Rejected)


@pytest.mark.parametrize("sentence", sentences())
def test_the_words_agreed_on(sentence):
    assert not AVOIDED.search(sentence)
    assert "Jum'at" not in sentence
    assert "silahkan" not in sentence.lower()


def test_what_is_over_says_how():
    assert "dibatalkan" in texts.refusal(errors.InstanceOver(state=InstanceState.CANCELLED))
    assert "selesai" in texts.refusal(errors.InstanceOver(state=InstanceState.FINISHED))
    assert "dikembalikan" in texts.refusal(errors.AlreadyDone(state=AssignmentState.RETURNED))
    assert "ditarik" in texts.refusal(errors.AlreadyDone(state=AssignmentState.WITHDRAWN))
    assert "selesai" in texts.refusal(errors.AlreadyDone(state=AssignmentState.DONE))


def test_nobody_is_called_bapak_or_ibu_by_guess():
    known = Officer(id=OfficerId(1), name="Ani", title="Sekcam", roles=frozenset(), honorific="Ibu")
    unknown = Officer(id=OfficerId(2), name="Ani", title="Sekcam", roles=frozenset())
    assert texts.greeting(known) == "Yth. Ibu Sekcam"
    assert texts.greeting(unknown) == "Yth. Bapak/Ibu Sekcam"
    assert texts.named(None) == "pejabat yang tidak terdaftar lagi"


def test_names_and_titles_are_escaped():
    officer = Officer(id=OfficerId(1), name="<b>Ani", title="Kasi & Co", roles=frozenset())
    assert texts.named(officer) == "&lt;b&gt;Ani (Kasi &amp; Co)"
    assert texts.called(officer) == "Bapak/Ibu Kasi &amp; Co"
    assert "&lt;" in texts.cancelled("<x>")


def test_overseers_have_a_longer_menu():
    roster = {one.id: one for one in ROSTER}
    assert "pantau" in texts.commands_for(roster[SARI])
    assert "pantau" not in texts.commands_for(roster[WATI])
    for menu in (texts.COMMANDS, texts.OVERSEER_COMMANDS, texts.STRANGER_COMMANDS):
        for name, description in menu.items():
            assert re.fullmatch(r"[a-z]{1,32}", name)
            assert 1 <= len(description) <= 256


def test_an_acceptance_names_the_due_time():
    zone = CARD.facts.zone
    assert texts.accepted(None, zone) == "Tugas diterima."
    expected = "Tugas diterima. Jatuh tempo: Senin, 23 November 2026 pukul 10.00 WIB."
    assert texts.accepted(nov(23, "10.00"), zone) == expected
