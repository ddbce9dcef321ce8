"""How an account becomes an officer's: by a secret, once, in time, and known by its number alone."""

import hashlib
from datetime import timedelta

import pytest

from sopbot.definitions.training import TrainingOfficer
from sopbot.domain.errors import AccountTaken, InvitationInvalid, OfficerTaken
from sopbot.services.enrolment import VALID_FOR
from sopbot.services.execute import Origin
from sopbot.store import people
from tests.at_work import account
from tests.building import SARI, WATI

NEW = 5005


@pytest.fixture
def invited(office):
    """Return the office with Wati not enrolled any more."""
    office.write(lambda conn: people.unbind(conn, WATI))
    return office


async def test_an_invitation_binds_the_account_to_its_officer_and_is_recorded(invited):
    code = await invited.enrolment.invite(WATI)
    origin = invited.receive(update_id=31, who=NEW)
    member = await invited.enrolment.redeem(code, NEW, origin)
    assert (member.officer.id, member.officer.name, member.office.slug) == (WATI, "Wati", "contoh")
    found = invited.queries.member(NEW)
    assert found is not None
    assert found.officer.id == WATI
    [(action, body)] = invited.rows("SELECT action, body FROM trail")
    assert action == "akun_ditautkan"
    assert f'"telegram_id":{NEW}' in body.decode()
    assert '"update_id":31' in body.decode()


async def test_an_invitation_is_used_once(invited):
    code = await invited.enrolment.invite(WATI)
    await invited.enrolment.redeem(code, NEW, Origin())
    invited.write(lambda conn: people.unbind(conn, WATI))
    with pytest.raises(InvitationInvalid):
        await invited.enrolment.redeem(code, NEW + 1, Origin())


async def test_an_invitation_lasts_a_day(invited):
    code = await invited.enrolment.invite(WATI)
    invited.clock.advance(seconds=VALID_FOR.total_seconds())
    with pytest.raises(InvitationInvalid):
        await invited.enrolment.redeem(code, NEW, Origin())
    code = await invited.enrolment.invite(WATI)
    invited.clock.set(invited.clock.now() + VALID_FOR - timedelta(microseconds=1))
    assert await invited.enrolment.redeem(code, NEW, Origin())


async def test_a_newer_invitation_ends_the_older(invited):
    old = await invited.enrolment.invite(WATI)
    invited.clock.advance(seconds=1)
    new = await invited.enrolment.invite(WATI)
    with pytest.raises(InvitationInvalid):
        await invited.enrolment.redeem(old, NEW, Origin())
    assert await invited.enrolment.redeem(new, NEW, Origin())


async def test_after_five_failures_an_account_is_refused_for_a_day_even_with_a_sound_code(invited):
    code = await invited.enrolment.invite(WATI)
    for number in range(5):
        with pytest.raises(InvitationInvalid):
            await invited.enrolment.redeem(f"tebakan-{number}", NEW, Origin(telegram_id=NEW))
    with pytest.raises(InvitationInvalid):
        await invited.enrolment.redeem(code, NEW, Origin(telegram_id=NEW))
    assert await invited.enrolment.redeem(code, NEW + 1, Origin(telegram_id=NEW + 1))  # nobody else is


async def test_the_day_of_an_account_that_failed_five_times_ends(invited):
    for number in range(5):
        with pytest.raises(InvitationInvalid):
            await invited.enrolment.redeem(f"tebakan-{number}", NEW, Origin(telegram_id=NEW))
    invited.clock.advance(days=1)
    code = await invited.enrolment.invite(WATI)
    assert await invited.enrolment.redeem(code, NEW, Origin(telegram_id=NEW))


async def test_every_failure_is_recorded_with_its_account(invited):
    with pytest.raises(InvitationInvalid):
        await invited.enrolment.redeem("tebakan", NEW, invited.receive(update_id=8, who=NEW))
    assert invited.rows("SELECT telegram_id, update_id, what, why FROM denial") == [
        (NEW, 8, "invitation", "InvitationInvalid")
    ]


async def test_one_account_belongs_to_one_officer(invited):
    code = await invited.enrolment.invite(WATI)
    with pytest.raises(AccountTaken):
        await invited.enrolment.redeem(code, account(SARI), Origin())
    assert await invited.enrolment.redeem(code, NEW, Origin())  # the failure did not use it up


async def test_one_officer_has_one_account(invited):
    code = await invited.enrolment.invite(WATI)
    invited.write(lambda conn: people.bind(conn, WATI, NEW))
    with pytest.raises(OfficerTaken):
        await invited.enrolment.redeem(code, NEW + 1, Origin())
    with pytest.raises(OfficerTaken):
        await invited.enrolment.invite(WATI)


async def test_a_frozen_officer_cannot_be_enrolled(invited):
    code = await invited.enrolment.invite(WATI)
    invited.write(lambda conn: people.freeze(conn, WATI))
    with pytest.raises(OfficerTaken):
        await invited.enrolment.redeem(code, NEW, Origin())
    assert invited.queries.member(NEW) is None


async def test_only_the_hash_of_a_code_is_stored(invited):
    code = await invited.enrolment.invite(WATI)
    assert len(code) >= 22  # 128 bits
    [(digest,)] = invited.rows("SELECT hash FROM invitation")
    assert digest == hashlib.sha256(code.encode()).digest()
    raw = b"".join(path.read_bytes() for path in invited.database.path.parent.glob("sopbot.db*"))
    assert code.encode() not in raw


async def test_codes_differ(invited):
    assert len({await invited.enrolment.invite(WATI) for _ in range(20)}) == 20


async def test_nobody_can_be_invited_who_is_not_on_the_register(office):
    with pytest.raises(KeyError):
        await office.enrolment.invite(99)


async def test_a_stranger_is_no_member_and_a_frozen_officer_is_one_that_may_not_act(office):
    assert office.queries.member(NEW) is None
    office.write(lambda conn: people.freeze(conn, WATI))
    assert not office.member(WATI).officer.active


async def test_an_officer_of_an_office_that_is_not_loaded_is_no_member(office):
    office.write(lambda conn: conn.exec_driver_sql("UPDATE officer SET office = 'lain' WHERE id = 6"))
    assert office.queries.member(account(WATI)) is None


async def test_adding_an_officer_is_recorded(office):
    number = await office.enrolment.add(
        "contoh", name="Nina", title="Staf", roles=["staf", "perencana"], honorific="Ibu"
    )
    row = office.read(lambda conn: people.get(conn, number))
    assert (row.name, row.roles, row.telegram_id, row.active) == ("Nina", ("perencana", "staf"), None, True)
    assert office.rows("SELECT action FROM trail") == [("pejabat_ditambahkan",)]


async def test_freezing_takes_effect_at_once_and_is_recorded_once(office):
    assert await office.enrolment.freeze(WATI)
    assert not await office.enrolment.freeze(WATI)
    assert await office.enrolment.freeze(WATI, frozen=False)
    assert office.rows("SELECT action FROM trail ORDER BY seq") == [("akses_dibekukan",), ("akses_dipulihkan",)]
    with pytest.raises(KeyError):
        await office.enrolment.freeze(99)


async def test_made_up_officers_are_enrolled_once(office):
    one = TrainingOfficer(
        office="contoh",
        telegram_id=610,
        name="Siti",
        username=None,
        nip=None,
        title="Staf",
        honorific="Ibu",
        roles=("staf",),
    )
    assert await office.enrolment.enrol_training([one]) == 1
    assert await office.enrolment.enrol_training([one]) == 0
    assert office.queries.member(610).officer.name == "Siti"
