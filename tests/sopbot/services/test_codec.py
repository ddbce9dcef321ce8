"""Events in the trail: every kind comes back as it was, and a new kind cannot be forgotten."""

import json
from dataclasses import fields
from datetime import UTC, datetime
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopbot.chat import trail_page
from sopbot.domain import events
from sopbot.domain.commands import Answer
from sopbot.domain.events import Event, StepAccepted, StepAnswered
from sopbot.domain.instance import InstanceState
from sopbot.services import codec
from sopbot.store.canonical import canonical

KINDS = get_args(Event)
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
# Composed, as the trail writes every text.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(lambda text: normalize("NFC", text))


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Return what makes values of a field's type."""
    kind = getattr(kind, "__supertype__", kind)
    if get_origin(kind) is tuple:
        return st.lists(values(get_args(kind)[0]), max_size=3).map(tuple)
    if get_origin(kind) in (Union, UnionType):
        return st.one_of([values(one) for one in get_args(kind)])
    plain = {NoneType: st.none(), datetime: INSTANTS, int: st.integers(1, 2**52), str: TEXTS}
    return plain[kind] if kind in plain else st.sampled_from(kind)


def made(kind: type[Event]) -> st.SearchStrategy[Event]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: values(hints[field.name]) for field in fields(kind)})


@given(st.one_of([made(kind) for kind in KINDS]))
def test_every_event_comes_back_as_it_was_through_the_trails_own_bytes(event):
    stored = json.loads(canonical({"value": codec.encode(event)}))["value"]
    back = codec.decode(codec.name_of(codec.action(event)), stored)
    assert back == event
    assert type(back) is type(event)


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_event_needs_a_name_a_state_and_a_sentence(kind):
    """Fails for an event that the codec, the trail's columns or the chat's trail page does not know."""
    assert kind in codec.NAMES
    known = {"at", "instance", "office", "slug", "definition", "steps", "subject", "by", "assignment", "step"}
    known |= {"round", "task", "ratification", "role", "holder", "offered_to", "told", "accept_by", "started_at"}
    known |= {"due_at", "answer", "reason", "leads_to", "outside", "seal"}
    assert {field.name for field in fields(kind)} <= known  # a new field: see whether `_READ` must know its type
    assert kind.__name__ in trail_page._sentence.__globals__


def test_names_and_events_belong_together():
    assert set(codec.NAMES) == set(KINDS)
    assert len(set(codec.NAMES.values())) == len(KINDS)
    declared = [one for one in vars(events).values() if isinstance(one, type) and one.__module__ == events.__name__]
    assert set(declared) == set(KINDS)


@given(st.one_of([made(kind) for kind in KINDS]))
def test_the_action_leads_back_to_the_events_name(event):
    assert codec.name_of(codec.action(event)) == codec.NAMES[type(event)]


def test_people_find_answers_and_automatic_acceptance_by_their_own_words():
    accepted = {"at": AT, "assignment": 1, "step": 1, "started_at": AT, "due_at": AT}
    assert codec.action(StepAccepted(by=None, **accepted)) == "diterima_otomatis"
    assert codec.action(StepAccepted(by=3, **accepted)) == "diterima"
    answered = {"at": AT, "assignment": 1, "step": 1, "by": 3, "reason": "", "leads_to": None, "outside": None}
    for answer in Answer:
        event = StepAnswered(answer=answer, seal=None, **answered)
        assert codec.action(event) == answer.value
        assert codec.states(event)[1] == {"ya": "selesai", "tidak": "dikembalikan"}[answer.value]


@given(st.one_of([made(kind) for kind in KINDS]))
def test_every_event_leads_somewhere(event):
    before, after = codec.states(event)
    assert after is not None
    assert before != InstanceState.FINISHED.value


@given(INSTANTS)
def test_instants_are_written_in_utc_with_six_decimals(at):
    text = codec.instant_text(at)
    assert text.endswith("Z")
    assert len(text) == len("2026-11-20T03:00:00.000000Z")
    assert codec.instant(text) == at


def test_what_is_no_event_is_refused():
    with pytest.raises(KeyError):
        codec.decode("tidak_ada", {})
    with pytest.raises(TypeError):
        codec.decode("selesai", {"at": "2026-11-20T03:00:00.000000Z"})
