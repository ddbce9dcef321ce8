import pytest

from sopbot.simulator.errors import BotApiError, SimError
from sopbot.simulator.world import Person, public

CAMAT, STRANGER = 101, 999


def test_enrolling_again_changes_roles_and_keeps_what_the_person_did(telegram):
    world = telegram.world
    world.person(CAMAT).blocked = True
    world.save_person(world.person(CAMAT))
    world.enrol(Person(id=CAMAT, name="Siti", roles=["sekcam"], office="karawaci", started=False))
    person = world.person(CAMAT)
    assert (person.name, person.roles, person.blocked, person.started) == ("Siti", ["sekcam"], True, True)


def test_the_state_is_the_same_after_reading_it_again(telegram):
    world = telegram.world
    message = world.new_message(CAMAT, world.bot, text="x")
    world.commit()
    world.new_message(CAMAT, world.bot, text="never committed")
    world.reload()
    assert world.messages == {CAMAT: {message["message_id"]: message}}
    assert world.next_message_id(CAMAT) == message["message_id"] + 1


@pytest.mark.parametrize(
    ("change", "code", "description"),
    [
        ({"blocked": True}, 403, "Forbidden: bot was blocked by the user"),
        ({"deactivated": True}, 403, "Forbidden: user is deactivated"),
        ({"started": False}, 403, "Forbidden: bot can't initiate conversation with a user"),
    ],
)
def test_whom_the_bot_can_not_reach(telegram, change, code, description):
    for name, value in change.items():
        setattr(telegram.world.person(CAMAT), name, value)
    with pytest.raises(BotApiError) as caught:
        telegram.world.reachable(CAMAT)
    assert (caught.value.code, caught.value.description) == (code, description)


@pytest.mark.parametrize("target", [4711, -4711, "@siti_aminah", "abc"])
def test_chats_that_do_not_exist(telegram, target):
    with pytest.raises(BotApiError, match="chat not found"):
        telegram.world.reachable(target)


def test_supergroups_number_their_messages_themselves(telegram):
    world = telegram.world
    assert [world.next_message_id(CAMAT), world.next_message_id(-1_004_000_000_001)] == [1, 1]
    assert [world.next_message_id(-4_000_000_001), world.next_message_id(-1_004_000_000_001)] == [2, 2]


def test_nobody_is_found_under_an_unknown_id(telegram):
    with pytest.raises(SimError) as caught:
        telegram.world.person(1)
    assert caught.value.status == 404


def test_what_only_the_page_may_see_is_left_out():
    assert public({"message_id": 1, "_pinned": True}) == {"message_id": 1}


def test_people_keep_the_order_of_their_enrolment_when_read_again(telegram):
    world = telegram.world
    for person_id in (2_000, 30, 4_000_000_000):
        world.enrol(Person(id=person_id, name="x", office=f"kantor {person_id}"))
    world.commit()
    before = [person.id for person in world.enrolled()]
    world.reload()
    world.enrol(Person(id=30, name="y"))
    assert before == [person.id for person in world.enrolled()] == [CAMAT, 102, STRANGER, 2_000, 30, 4_000_000_000]
