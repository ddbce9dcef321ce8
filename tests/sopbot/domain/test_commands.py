"""Every command is an immutable value that carries its time, and each is carried out once here."""

from dataclasses import FrozenInstanceError
from typing import get_args

import pytest

from sopbot.domain.commands import Answer, CancelInstance, Command, ExpireGrace
from sopbot.domain.events import (
    InstanceCancelled,
    InstanceFinished,
    InstanceStarted,
    StepAccepted,
    StepAnswered,
    StepAssigned,
    StepFinished,
)
from sopbot.domain.sop import SEKCAM
from tests.building import BUDI, KASUBAG, SARI, TINI, accept, finish, given, nov, office, sop, start, step, yes

BEGIN = start(BUDI, nov(23, "09.00"))
NEW = given(sop(step(KASUBAG), step(SEKCAM, yes=3, no=1), step(KASUBAG)), office())
BEGUN = NEW.when(BEGIN)
TAKEN = BEGUN.when(accept(1, BUDI, nov(23, "09.05")))
EXAMINING = TAKEN.when(finish(1, BUDI, nov(23, "09.10")), accept(2, SARI, nov(23, "09.15")))
FILING = EXAMINING.when(yes(2, SARI, nov(23, "09.20")), accept(3, BUDI, nov(23, "09.25")))

CASES = [
    (NEW, BEGIN, [InstanceStarted, StepAssigned]),
    (BEGUN, accept(1, BUDI, nov(23, "09.05")), [StepAccepted]),
    (BEGUN, ExpireGrace(assignment=1, at=nov(23, "10.00")), [StepAccepted]),
    (TAKEN, finish(1, BUDI, nov(23, "09.10")), [StepFinished, StepAssigned]),
    (EXAMINING, yes(2, SARI, nov(23, "09.20")), [StepAnswered, StepAssigned]),
    (FILING, finish(3, BUDI, nov(23, "09.30")), [StepFinished, InstanceFinished]),
    (FILING, CancelInstance(by=TINI, at=nov(23, "09.30"), reason="batal"), [InstanceCancelled]),
]


def test_every_command_is_carried_out_here():
    assert {type(command) for _, command, _ in CASES} == set(get_args(Command))


@pytest.mark.parametrize(("story", "command", "kinds"), CASES, ids=lambda one: type(one).__name__)
def test_what_a_command_brings_about_bears_its_time(story, command, kinds):
    latest = story.when(command).latest
    assert [type(event) for event in latest] == kinds
    assert {event.at for event in latest} == {command.at}


@pytest.mark.parametrize("command", [command for _, command, _ in CASES], ids=lambda one: type(one).__name__)
def test_commands_are_values(command):
    with pytest.raises(FrozenInstanceError):
        command.at = nov(24, "09.00")
    assert not hasattr(command, "__dict__")


def test_the_answers():
    assert [answer.value for answer in Answer] == ["ya", "tidak"]
