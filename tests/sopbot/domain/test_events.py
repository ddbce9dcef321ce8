"""Every event is an immutable value, and a sample SOP brings each of them about, from a command to its notices."""

from dataclasses import FrozenInstanceError, fields
from datetime import UTC
from typing import get_args

import pytest

from sopbot.domain.commands import CancelInstance
from sopbot.domain.events import Event
from sopbot.domain.evolve import evolve, fold
from sopbot.domain.notices import notices_for
from sopbot.domain.sop import SEKCAM
from tests.building import BUDI, KASUBAG, SARI, accept, finish, given, no, nov, office, sop, start, step, yes

PLAN = sop(step(KASUBAG), step(SEKCAM, yes=3, no=1), step(KASUBAG))
EXAMINING = given(PLAN, office()).when(
    start(BUDI, nov(23, "09.00")),
    accept(1, BUDI, nov(23, "09.05")),
    finish(1, BUDI, nov(23, "09.10")),
    accept(2, SARI, nov(23, "09.15")),
)
STORIES = (
    EXAMINING.when(
        yes(2, SARI, nov(23, "09.20")), accept(3, BUDI, nov(23, "09.25")), finish(3, BUDI, nov(23, "09.30"))
    ),
    EXAMINING.when(no(2, SARI, nov(23, "09.20")), CancelInstance(by=SARI, at=nov(23, "09.25"), reason="batal")),
)
KINDS = get_args(Event)


def test_every_kind_of_event_comes_about():
    assert {type(event) for story in STORIES for event in story.history} == set(KINDS)


@pytest.mark.parametrize("story", STORIES, ids=["finished", "cancelled"])
def test_every_event_moves_the_instance_and_says_who_must_be_told(story):
    instance = None
    for version, event in enumerate(story.history, start=1):
        before, instance = instance, evolve(instance, event)
        assert instance != before
        assert instance.version == version
        assert instance.last_at == event.at
        assert isinstance(notices_for(event, instance), tuple)
    assert instance == fold(story.history)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_events_are_values(kind):
    event = next(event for story in STORIES for event in story.history if type(event) is kind)
    assert event.at.tzinfo is UTC
    assert hash(event) == hash(kind(**{field.name: getattr(event, field.name) for field in fields(event)}))
    with pytest.raises(FrozenInstanceError):
        event.at = nov(24, "09.00")
    assert not hasattr(event, "__dict__")
