"""Views built from what is true now."""

import pytest

from sopbot.domain.commands import Answer
from sopbot.domain.instance import AssignmentState, InstanceState, Task
from sopbot.domain.reminders import Rung
from sopbot.domain.sop import SEKCAM, Mode, Seal
from sopbot.services import presenting
from tests.building import (
    EKA,
    KASI,
    KASUBAG,
    RATIFIED_OUTSIDE,
    RUDI,
    SARI,
    SIGNED_BY_CAMAT,
    STAF,
    TINI,
    WATI,
    nov,
    sop,
    step,
)


def scene_of(office, number=1):
    return office.read(lambda conn: office.presenting.scene(conn, number))


def card(office, n, reader, token="token"):
    scene = scene_of(office)
    return presenting.card(scene, scene.instance.assignment(n), reader, token)


async def to_the_decision(office):
    await office.begin()
    for n, who in ((1, WATI), (2, EKA), (3, RUDI)):
        await office.work(n, who)


async def test_a_new_card(office):
    await office.begin(subject="Renja 2027")
    view = card(office, 1, WATI)
    assert (view.facts.subject, view.facts.steps, view.facts.state) == ("Renja 2027", 4, InstanceState.RUNNING)
    assert (view.step.number, view.step.standard_time) == (1, "15 Menit")
    assert (view.task, view.state, view.due_at, view.receipt) == (Task.WORK, AssignmentState.OFFERED, None, None)
    assert (view.accept_by, view.next_performer, view.may_return) == (nov(23, "10.00"), "kasi (langkah 2)", False)


async def test_an_accepted_card_has_its_receipt_and_due_time(office):
    await office.begin()
    outcome = await office.accept(1, WATI)
    view = card(office, 1, WATI)
    assert (view.due_at, view.receipt, view.holder.id) == (nov(23, "09.15"), outcome.receipts[-1], WATI)


async def test_parallel_cards_know_how_many_others_are_open(office):
    await office.begin()
    await office.work(1, WATI)
    await office.work(2, EKA)
    assert card(office, 2, EKA).open_beside == 1
    assert card(office, 3, RUDI).open_beside == 0


async def test_an_offer_names_everybody_to_whom_it_is_made(working):
    office = working(sop=sop(step(KASI), step(SEKCAM)))
    await office.begin(by=EKA)
    assert [one.id for one in card(office, 1, EKA).offered_to] == [EKA, RUDI]
    await office.accept(1, RUDI)
    view = card(office, 1, EKA)
    assert (view.offered_to, view.holder.id, view.officer.id) == ((), RUDI, EKA)


async def test_a_decision_leads_to_the_signature_and_back(office):
    await to_the_decision(office)
    view = card(office, 4, SARI)
    assert (view.task, view.may_return, view.next_performer, view.next_on_no) == (
        Task.DECIDE,
        True,
        "Camat",
        "staf (langkah 1)",
    )
    await office.answer(4, SARI, Answer.YES)
    signing = card(office, 5, TINI)
    assert (signing.task, signing.seal, signing.next_performer, signing.next_on_no) == (
        Task.RATIFY,
        Seal.SIGNATURE,
        "kasubag_pk (langkah 4)",
        "staf (langkah 1)",
    )


async def test_a_return_shows_who_why_and_from_where_and_what_became_of_the_returned_one(office):
    await to_the_decision(office)
    office.clock.advance(minutes=5)
    await office.answer(4, SARI, Answer.NO, "Angka <belum> cocok")
    again = card(office, 5, WATI)
    assert (again.round, again.returned.by.id, again.returned.from_step, again.returned.reason) == (
        2,
        SARI,
        3,
        "Angka <belum> cocok",
    )
    assert card(office, 4, SARI).reason == "Angka <belum> cocok"
    assert card(office, 1, WATI).returned is None


async def test_outside_parties_are_named(working):
    office = working(
        sop=sop(
            step(STAF),
            step(KASUBAG, yes=3, no=1, outside="Bappeda", ratifications=(SIGNED_BY_CAMAT, RATIFIED_OUTSIDE)),
            step(STAF),
        )
    )
    await office.begin()
    await office.work(1, WATI)
    verdict = card(office, 2, office.instance().assignments[1].holder)
    assert (verdict.task, verdict.outside, verdict.next_performer) == (Task.RECORD_VERDICT, "Bappeda", "Camat")
    await office.answer(2, verdict.holder.id if verdict.holder else 3, Answer.YES)
    assert card(office, 3, TINI).next_performer == "Kepala BKAD"
    await office.answer(3, TINI, Answer.YES)
    outside = card(office, 4, office.instance().assignments[3].holder)
    assert (outside.task, outside.outside, outside.seal) == (
        Task.RECORD_RATIFICATION,
        "Kepala BKAD",
        Seal.RATIFICATION,
    )


async def test_a_reminder_tells_lateness_in_working_minutes(office):
    await office.begin()
    await office.accept(1, WATI)
    scene = scene_of(office)

    def late(at):
        return presenting.reminder(scene, scene.instance.assignment(1), WATI, Rung.MORNING, "", at).late_minutes

    assert late(nov(23, "09.15")) == 0
    assert late(nov(23, "10.15")) == 60
    assert late(nov(23, "20.00")) == 345  # until 16.00 without the break
    assert late(nov(24, "07.30")) == 345


async def test_told_vacant_and_retired(office):
    await office.begin()
    scene = scene_of(office)
    first = scene.instance.assignment(1)
    officer = scene.office.officer(SARI)
    assert presenting.told(scene, first, officer).leader.id == WATI
    assert presenting.vacant(scene, first, officer).step.number == 1
    assert presenting.retired(scene, first, WATI, "t").card.assignment == 1


async def test_how_it_ended(office):
    await office.begin()
    assert presenting.ended(scene_of(office), scene_of(office).office.officer(WATI)) is None
    outcome = await office.cancel(SARI, "Salah berkas")
    scene = scene_of(office)
    view = presenting.ended(scene, scene.office.officer(WATI))
    assert (view.by.id, view.reason, view.receipt) == (SARI, "Salah berkas", outcome.receipts[-1])


async def test_how_it_finished(working):
    office = working(sop=sop(step(STAF, mode=Mode.ONE)))
    await office.begin()
    outcome = await office.work(1, WATI)
    scene = scene_of(office)
    view = presenting.ended(scene, scene.office.officer(WATI))
    assert (view.facts.state, view.reason, view.receipt) == (InstanceState.FINISHED, "", outcome.receipts[-1])
    assert card(office, 1, WATI).next_performer is None


async def test_a_reader_of_another_office_is_a_mistake(office):
    await office.begin()
    with pytest.raises(KeyError):
        card(office, 1, 99)


def test_an_unknown_instance_has_no_scene(office):
    assert scene_of(office, 9) is None
