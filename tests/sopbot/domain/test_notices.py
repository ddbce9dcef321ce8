"""Who must be told what after each event."""

from sopbot.domain.commands import CancelInstance, ExpireGrace
from sopbot.domain.events import Event
from sopbot.domain.evolve import evolve
from sopbot.domain.notices import Notice, NoticeKind, notices_for
from sopbot.domain.sop import CAMAT, SEKCAM, Mode
from tests.building import (
    ANY_HEAD,
    BUDI,
    EKA,
    KASI,
    KASUBAG,
    RUDI,
    SARI,
    STAF,
    TINI,
    WATI,
    Story,
    accept,
    finish,
    given,
    no,
    nov,
    office,
    sop,
    start,
    step,
    yes,
)

PLAN = sop(step(KASUBAG), step(SEKCAM, yes=3, no=1, mode=Mode.MEETING, participants=(KASI,)), step(STAF))
BEGUN = given(PLAN, office()).when(start(BUDI, nov(23, "09.00")))
DRAFTED = BEGUN.when(accept(1, BUDI, nov(23, "09.05")), finish(1, BUDI, nov(23, "09.10")))
EXAMINING = DRAFTED.when(accept(2, SARI, nov(23, "09.15")))


def told(story: Story) -> tuple[Notice, ...]:
    """What follows for people from the events that the story's last command brought about."""
    instance = None
    notices: list[Notice] = []
    latest: set[int] = {id(event) for event in story.latest}
    for event in story.history:
        instance = evolve(instance, event)
        notices += notices_for(event, instance) if id(event) in latest else ()
    return tuple(notices)


def refresh(n: int) -> Notice:
    return Notice(kind=NoticeKind.REFRESH, assignment=n)


def card(n: int, *officers: int) -> Notice:
    return Notice(kind=NoticeKind.CARD, assignment=n, officers=officers)


def test_the_officer_gets_a_card():
    assert told(BEGUN) == (card(1, BUDI),)


def test_every_holder_gets_a_card_when_it_is_offered_to_several():
    story = given(sop(step(ANY_HEAD)), office()).when(start(SARI, nov(23, "09.00")))
    assert told(story) == (card(1, BUDI, EKA, RUDI),)
    assert told(story.when(accept(1, EKA, nov(23, "09.05")))) == (refresh(1),)


def test_each_gets_a_card_of_their_own_in_parallel():
    story = given(sop(step(KASI, mode=Mode.ALL)), office()).when(start(SARI, nov(23, "09.00")))
    assert told(story) == (card(1, EKA), card(2, RUDI))


def test_participants_are_told():
    assert told(DRAFTED) == (
        refresh(1),
        card(2, SARI),
        Notice(kind=NoticeKind.TOLD, assignment=2, officers=(EKA, RUDI)),
    )


def test_acceptance_shows_on_the_card():
    assert told(BEGUN.when(accept(1, BUDI, nov(23, "09.05")))) == (refresh(1),)
    assert told(BEGUN.when(ExpireGrace(assignment=1, at=nov(23, "10.00")))) == (refresh(1),)


def test_answers_show_on_the_card_and_the_next_gets_one():
    assert told(EXAMINING.when(yes(2, SARI, nov(23, "09.20")))) == (refresh(2), card(3, WATI))
    assert told(EXAMINING.when(no(2, SARI, nov(23, "09.20")))) == (refresh(2), card(3, BUDI))


def test_a_return_shows_on_the_cards_that_it_withdraws():
    plan = sop(step(STAF), step(KASI, mode=Mode.ALL, returns_to=1))
    story = given(plan, office(grace=0)).when(
        start(WATI, nov(23, "09.00")), finish(1, WATI, nov(23, "09.10")), no(2, EKA, nov(23, "09.20"))
    )
    assert told(story) == (refresh(2), refresh(3), card(4, WATI), refresh(4))


def test_the_overseers_are_told_that_nobody_holds_the_role():
    story = EXAMINING.in_office(office(without=[WATI])).when(yes(2, SARI, nov(23, "09.20")))
    assert told(story) == (
        refresh(2),
        Notice(kind=NoticeKind.VACANT, assignment=3, roles=(SEKCAM, CAMAT)),
    )


def test_who_started_who_worked_and_the_overseers_are_told_of_the_end():
    story = EXAMINING.when(
        yes(2, SARI, nov(23, "09.20")), accept(3, WATI, nov(23, "09.25")), finish(3, WATI, nov(23, "09.30"))
    )
    assert told(story) == (
        refresh(3),
        Notice(kind=NoticeKind.FINISHED, officers=(BUDI, SARI, WATI), roles=(SEKCAM, CAMAT)),
    )


def test_everybody_who_worked_is_told_of_cancelling_but_not_who_did_it():
    story = EXAMINING.when(no(2, SARI, nov(23, "09.20")))
    by_camat = story.when(CancelInstance(by=TINI, at=nov(23, "09.25"), reason="batal"))
    assert told(by_camat) == (
        refresh(3),
        Notice(kind=NoticeKind.CANCELLED, officers=(BUDI, SARI), roles=(SEKCAM, CAMAT), but=TINI),
    )
    by_sekcam = story.when(CancelInstance(by=SARI, at=nov(23, "09.25"), reason="batal"))
    assert told(by_sekcam)[-1].but == SARI


def test_every_kind_of_notice_comes_about_here():
    stories = [
        BEGUN,
        DRAFTED,
        EXAMINING.in_office(office(without=[WATI])).when(yes(2, SARI, nov(23, "09.20"))),
        EXAMINING.when(CancelInstance(by=SARI, at=nov(23, "09.25"), reason="batal")),
        given(sop(step(KASUBAG)), office(grace=0)).when(
            start(BUDI, nov(23, "09.00")), finish(1, BUDI, nov(23, "9.10"))
        ),
    ]
    assert {notice.kind for story in stories for notice in told(story)} == set(NoticeKind)


def test_starting_itself_is_told_to_nobody():
    first: Event = BEGUN.history[0]
    assert notices_for(first, evolve(None, first)) == ()
