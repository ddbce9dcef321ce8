"""The one write path: all or nothing, once per update, against the newest state, with whoever may act now."""

import asyncio
from datetime import timedelta

import pytest

from sopbot.domain.commands import AcceptStep, Answer
from sopbot.domain.errors import (
    AlreadyDone,
    ClockWentBack,
    MayNotStart,
    NotAcceptedYet,
    NotStored,
    NotYours,
    OfficerInactive,
    StaleButton,
    SubjectRequired,
    UnknownAssignment,
)
from sopbot.domain.events import InstanceStarted, StepAssigned, StepFinished
from sopbot.domain.instance import AssignmentState, Task
from sopbot.services.execute import CLOCK_SLACK, AlreadyHandled, Origin
from sopbot.store import people
from tests.at_work import BEGIN, account, renamed
from tests.building import BUDI, EKA, RUDI, SARI, TINI, WATI, nov

EVERYTHING = ("trail", "instance", "assignment", "card", "outbox", "denial")
INBOX = "SELECT update_id, state FROM inbox ORDER BY id"


def counts(office):
    return {table: office.rows(f"SELECT count(*) FROM {table}")[0][0] for table in EVERYTHING}  # noqa: S608 - a list


async def test_a_start_writes_trail_projection_card_and_message_at_once(office):
    outcome = await office.begin()

    assert [type(event) for event in outcome.events] == [InstanceStarted, StepAssigned]
    assert outcome.before is None
    assert [one.seq for one in outcome.receipts] == [1, 2]
    assert office.rows("SELECT id, state, step, version FROM instance") == [(1, "berjalan", 1, 2)]
    assert office.rows("SELECT n, task, state, holder FROM assignment") == [(1, "kerja", "ditugaskan", WATI)]
    assert office.outbox() == [(WATI, "kartu", None, "waiting")]
    assert office.rows("SELECT officer, chat_id, retired FROM card") == [(WATI, account(WATI), 0)]


async def test_a_command_continues_the_numbers_of_instance_and_office(office):
    await office.begin()
    outcome = await office.work(1, WATI)
    assert outcome.before is not None
    assert outcome.after.version == outcome.before.version + len(outcome.events)
    assert office.rows("SELECT instance_seq FROM trail WHERE instance = 1 ORDER BY seq") == [(n,) for n in range(1, 7)]
    assert [one.seq for one in outcome.receipts] == [4, 5, 6]


async def test_the_record_names_who_acted_in_which_role_and_from_which_update(office):
    await office.begin()
    origin = office.receive(update_id=77, who=account(WATI))
    await office.accept(1, WATI, origin=origin)
    [body] = office.rows("SELECT body FROM trail WHERE action = 'diterima'")
    text = body[0].decode()
    assert f'"actor":{{"acting_for":null,"officer":{WATI},"role":"staf","telegram_id":{account(WATI)}}}' in text
    assert '"update_id":77' in text
    assert '"update_hash":"' + "ab" * 32 in text
    assert '"from":"ditugaskan"' in text
    assert f'"definition":"{office.sop.hash}"' in text


async def test_whoever_acts_on_the_whole_instance_does_so_in_the_highest_role(office):
    await office.begin(by=SARI)
    [body] = office.rows("SELECT body FROM trail WHERE action = 'dimulai'")
    assert '"role":"sekcam"' in body[0].decode()


async def test_a_later_write_that_fails_undoes_everything(office):
    await office.begin()
    before = counts(office)
    origin = office.receive()
    # The outbox is written last; a trigger breaks it from inside the database.
    office.write(
        lambda conn: conn.exec_driver_sql(
            "CREATE TRIGGER broken BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )
    )
    with pytest.raises(Exception, match="broken"):
        await office.accept(1, WATI, origin=origin)

    assert counts(office) == before
    assert office.rows(INBOX) == [(900, "new")]
    assert office.rows("SELECT version FROM instance") == [(2,)]
    office.write(lambda conn: conn.exec_driver_sql("DROP TRIGGER broken"))
    outcome = await office.accept(1, WATI, origin=origin)  # nothing of the failed attempt was remembered
    assert outcome.after.version == 3
    assert office.rows(INBOX) == [(900, "done")]


async def test_an_update_that_was_handled_has_no_effect_again(office):
    await office.begin()
    origin = office.receive()
    await office.accept(1, WATI, origin=origin)
    before = counts(office)
    with pytest.raises(AlreadyHandled):
        await office.finish(1, WATI, origin=origin)
    assert counts(office) == before


async def test_a_double_press_of_one_button_makes_one_transition(office):
    await office.begin()
    await office.accept(1, WATI)
    first, second = await asyncio.gather(
        office.finish(1, WATI, origin=office.receive(update_id=1)),
        office.finish(1, WATI, origin=office.receive(update_id=2)),
        return_exceptions=True,
    )
    assert isinstance(second, AlreadyDone)
    assert not isinstance(first, BaseException)
    assert office.rows("SELECT count(*) FROM trail WHERE action = 'selesai'") == [(1,)]
    assert office.rows(INBOX) == [(1, "done"), (2, "done")]


async def test_what_another_process_wrote_is_seen(working):
    here, there = working(), working()
    await here.begin()
    await there.accept(1, WATI)
    with pytest.raises(Exception, match="already been accepted"):
        await here.accept(1, WATI)
    outcome = await here.finish(1, WATI)
    assert outcome.after.assignments[0].state is AssignmentState.DONE


async def test_an_instance_whose_commit_failed_is_not_remembered_as_it_would_have_been(working):
    here, there = working(), working()
    await here.begin()
    with there.database._writing.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(NotStored):
            await here.accept(1, WATI)
        other.rollback()
    await there.cancel(SARI)
    assert here.instance().state == "dibatalkan"
    with pytest.raises(Exception, match="already ended"):
        await here.accept(1, WATI)


async def test_a_remembered_instance_of_a_rolled_back_job_is_forgotten(working):
    here, there = working(), working()
    await here.begin()

    def job(conn):
        here.execution.execute_in(conn, 1, lambda at: AcceptStep(assignment=1, by=WATI, at=at), Origin())
        raise LookupError

    with pytest.raises(LookupError):
        here.write(job)
    await there.cancel(SARI)  # one event, as the lost acceptance was: the versions are equal
    with pytest.raises(Exception, match="already ended"):
        await here.accept(1, WATI)


async def test_authority_is_what_it_is_at_the_commit_not_at_the_tap(office):
    await office.begin()
    origin = office.receive(who=account(WATI))  # the tap is already queued
    office.write(lambda conn: people.freeze(conn, WATI))
    with pytest.raises(OfficerInactive):
        await office.accept(1, WATI, origin=origin)
    assert office.instance().assignments[0].state is AssignmentState.OFFERED


async def test_what_nobody_may_do_is_recorded_once_and_the_update_is_over(office):
    await office.begin()
    origin = office.receive(update_id=55, who=account(EKA))
    with pytest.raises(NotYours):
        await office.accept(1, EKA, origin=origin)
    assert office.rows("SELECT telegram_id, update_id, what, why FROM denial") == [
        (account(EKA), 55, "command", "NotYours")
    ]
    assert office.rows(INBOX) == [(55, "done")]


async def test_a_refusal_for_the_state_is_no_denial(office):
    await office.begin()
    with pytest.raises(NotAcceptedYet):
        await office.finish(1, WATI, origin=office.receive())
    assert counts(office)["denial"] == 0
    assert office.rows(INBOX) == [(900, "done")]


async def test_only_those_who_may_start_an_sop_start_it(office):
    with pytest.raises(MayNotStart):
        await office.begin(by=RUDI)
    with pytest.raises(SubjectRequired):
        await office.begin(subject="   ")
    assert counts(office)["instance"] == 0


async def test_unknown_sops_and_instances_are_refused(office):
    with pytest.raises(UnknownAssignment):
        await office.execution.start("tidak-ada", "Renja", WATI, Origin())
    with pytest.raises(UnknownAssignment):
        await office.accept(1, WATI)


async def test_a_guard_refuses_inside_the_transaction(office):
    def guard(_conn):
        raise StaleButton

    with pytest.raises(StaleButton):
        await office.execution.start(office.sop.slug, "Renja 2027", WATI, Origin(), guard=guard)
    assert counts(office)["instance"] == 0


async def test_what_follows_a_command_belongs_to_its_transaction(office):
    def afterwards(_conn):
        raise StaleButton

    await office.begin()
    with pytest.raises(StaleButton):
        await office.execution.execute(
            1, lambda at: AcceptStep(assignment=1, by=WATI, at=at), Origin(), afterwards=afterwards
        )
    assert office.instance().assignments[0].state is AssignmentState.OFFERED


async def test_nothing_follows_a_refused_command(office):
    done = []
    await office.begin()
    with pytest.raises(UnknownAssignment):
        await office.execution.execute(
            1, lambda at: AcceptStep(assignment=7, by=WATI, at=at), Origin(), afterwards=done.append
        )
    assert done == []


async def test_a_clock_set_back_a_little_uses_the_last_records_time(office):
    await office.begin()
    office.clock.set(BEGIN - CLOCK_SLACK)
    outcome = await office.accept(1, WATI)
    assert outcome.after.last_at == BEGIN


async def test_a_clock_set_back_further_stops_the_writing(office):
    await office.begin()
    office.clock.set(BEGIN - CLOCK_SLACK - timedelta(microseconds=1))
    with pytest.raises(ClockWentBack):
        await office.accept(1, WATI)


async def test_whoever_listens_hears_of_a_commit_and_of_no_refusal(office):
    await office.begin()
    assert office.commits == [BEGIN]
    with pytest.raises(NotYours):
        await office.accept(1, EKA)
    assert office.commits == [BEGIN]


async def test_a_locked_database_is_told_and_changes_nothing(working):
    here = working()
    await here.begin()
    before = counts(here)
    with here.database._writing.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(NotStored):
            await here.accept(1, WATI)
        other.rollback()
    assert counts(here) == before


async def test_the_whole_sop_runs_to_its_end(office):
    await office.begin()
    await office.work(1, WATI)
    await office.work(2, EKA)
    await office.work(3, RUDI)
    await office.answer(4, SARI, Answer.YES)
    [ratifying] = office.instance().open_assignments
    assert (ratifying.task, ratifying.holder) == (Task.RATIFY, TINI)
    await office.answer(5, TINI, Answer.YES)
    outcome = await office.work(6, BUDI)
    assert isinstance(outcome.events[0], StepFinished)
    assert outcome.after.state == "selesai"
    assert office.rows("SELECT count(*) FROM assignment WHERE ended_at IS NULL") == [(0,)]


async def test_an_instance_keeps_the_version_it_began_with(office):
    await office.begin()
    office.publish(renamed(office.sop, "def456"))
    outcome = await office.accept(1, WATI)
    assert outcome.after.definition == "abc123"
    assert (await office.begin()).after.definition == "def456"


async def test_the_machine_acts_as_nobody(office):
    await office.begin()
    office.clock.set(nov(23, "10.00"))
    await office.reminding.sweep(office.clock.now())
    assert isinstance(office.instance().assignments[0].due_at, type(BEGIN))
    [body] = office.rows("SELECT body FROM trail WHERE action = 'diterima_otomatis'")
    assert '"actor":{"acting_for":null,"officer":null,"role":null,"telegram_id":null}' in body[0].decode()
