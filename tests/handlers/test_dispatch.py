"""Who is heard: officers in their private chat, and nobody else; what goes wrong is told once, with a reference."""

import json
import re

import pytest

from handlers.dispatch import dispatch
from sopbot.chat import texts
from sopbot.domain.instance import AssignmentState
from sopbot.services.intake import Received
from sopbot.store import people
from tests.at_work import account
from tests.building import EKA, RUDI, SARI, WATI

STRANGER = 4711


def nothing_happened(chatting):
    return chatting.telegram.calls == [] and chatting.office.rows("SELECT count(*) FROM trail") == [(0,)]


async def test_a_strangers_start_gets_a_neutral_sentence_and_no_data(chatting):
    assert await chatting.say_from(STRANGER, "/start") == [texts.STRANGER]
    assert "Contoh" not in texts.STRANGER


@pytest.mark.parametrize("text", ["/tugas", "/pantau", "/jejak 1", "/sop", "halo", None])
async def test_a_stranger_learns_nothing_from_any_command(chatting, text):
    await chatting.office.begin()
    assert await chatting.say_from(STRANGER, text) == [texts.STRANGER]


async def test_a_forged_button_of_a_stranger_is_denied_and_recorded(chatting):
    await chatting.office.begin()
    data = chatting.card(1, WATI, "t")
    assert await chatting.tap_from(STRANGER, data) == [texts.NOT_FOR_YOU]
    assert chatting.office.instance().version == 2
    assert chatting.denials() == [(STRANGER, "button", "Stranger")]


@pytest.mark.parametrize(
    "data", ["k|tebakan|t", "k", "k|", "y", "o|1|x", "o|" + "9" * 30 + "|1", "j|1|", "??", "", "M|", "s|a"]
)
async def test_a_forged_button_of_an_officer_is_denied_and_recorded(chatting, data):
    await chatting.office.begin()
    [answer] = await chatting.tap(WATI, data)
    assert answer in {texts.BUTTON_UNKNOWN, texts.refusal(texts.errors.UnknownSop())}
    assert chatting.office.instance().version == 2
    assert len(chatting.denials()) == (answer == texts.BUTTON_UNKNOWN)


async def test_the_card_of_somebody_else_is_denied_with_a_private_alert_and_one_record(chatting):
    await chatting.office.begin()
    [answer] = await chatting.tap(EKA, chatting.card(1, WATI, "t"))
    assert answer == texts.refusal(texts.errors.NotYours())
    assert chatting.telegram.named("answerCallbackQuery")[0]["show_alert"] is True
    assert chatting.office.instance().assignments[0].state is AssignmentState.OFFERED
    assert chatting.denials() == [(account(EKA), "button", "NotYours")]


@pytest.mark.parametrize("data", ["o|1|1", "l|1", "j|1|0"])
async def test_guessed_numbers_of_others_work_show_nothing(chatting, data):
    await chatting.office.begin(subject="Rahasia Renja")
    answers = await chatting.tap(RUDI, data)
    assert len(answers) == 1
    assert "Rahasia" not in answers[0]
    assert len(chatting.denials()) == 1


async def test_a_right_officer_in_the_wrong_state_is_refused_and_the_card_is_drawn_anew(chatting):
    await chatting.office.begin()
    await chatting.office.delivery.drain()
    [answer] = await chatting.tap(WATI, chatting.card(1, WATI, "s"))
    assert answer == texts.refusal(texts.errors.NotAcceptedYet())
    assert chatting.office.outbox()[-1][1] == "segarkan"


async def test_a_button_pressed_twice_has_one_effect(chatting):
    await chatting.office.begin()
    await chatting.tap(WATI, chatting.card(1, WATI, "t"))
    version = chatting.office.instance().version
    [answer] = await chatting.tap(WATI, chatting.card(1, WATI, "t"))
    assert answer == texts.refusal(texts.errors.AlreadyAccepted())
    assert chatting.office.instance().version == version


async def test_yes_and_no_from_two_devices_have_one_winner(chatting):
    office = chatting.office
    await office.begin()
    for n, who in ((1, WATI), (2, EKA), (3, RUDI)):
        await office.work(n, who)
    await office.accept(4, SARI)
    await chatting.tap(SARI, chatting.card(4, SARI, "n"))  # one device asks for the reason
    await chatting.tap(SARI, chatting.card(4, SARI, "y"))  # the other says yes meanwhile
    [answer] = await chatting.say(SARI, "Belum cocok")
    assert answer == texts.refusal(texts.errors.AlreadyDone(state=AssignmentState.DONE))
    assert office.rows("SELECT action FROM trail WHERE action IN ('ya', 'tidak')") == [("ya",)]


async def test_a_press_on_a_copy_of_a_card_counts_for_the_same_step(chatting):
    await chatting.office.begin()
    await chatting.office.delivery.drain()
    await chatting.tap(WATI, chatting.card(1, WATI, "t"), message_id=999)
    [answer] = await chatting.tap(WATI, chatting.card(1, WATI, "t"), message_id=101)
    assert answer == texts.refusal(texts.errors.AlreadyAccepted())


async def test_whoever_is_frozen_is_told_so_and_it_is_recorded(chatting):
    await chatting.office.begin()
    data = chatting.card(1, WATI, "t")
    chatting.office.write(lambda conn: people.freeze(conn, WATI))
    frozen = texts.refusal(texts.errors.OfficerInactive())
    assert await chatting.tap(WATI, data) == [frozen]
    assert await chatting.say(WATI, "/tugas") == [frozen]
    assert chatting.denials() == [
        (account(WATI), "button", "OfficerInactive"),
        (account(WATI), "message", "OfficerInactive"),
    ]


async def test_an_account_is_known_by_its_number_and_a_name_gives_nothing(chatting):
    # Everybody here is called "Ketua Jabatan" in Telegram, and a stranger has taken over Wati's user name.
    [answer] = await chatting.say(WATI, "/start")
    assert "Wati" in answer
    assert "Ketua Jabatan" not in answer
    assert await chatting.say_from(STRANGER, "/tugas") == [texts.STRANGER]


async def test_an_edited_message_is_not_a_command_again(chatting):
    await chatting.update(edited_message=chatting.message(account(WATI), "/tugas", edit_date=1_800_000_001))
    assert nothing_happened(chatting)


async def test_an_anonymous_admin_is_not_heard(chatting):
    message = chatting.message(1087968824, "/tugas", sender_chat={"id": -5, "type": "supergroup", "title": "Grup"})
    await chatting.update(message=message)
    message = chatting.message(account(SARI), "/pantau", sender_chat={"id": -5, "type": "channel", "title": "Kanal"})
    await chatting.update(message=message)
    assert nothing_happened(chatting)


async def test_another_bot_is_not_heard(chatting):
    message = chatting.message(account(WATI), "/tugas")
    message["from"]["is_bot"] = True
    await chatting.update(message=message)
    query = {"id": "1", "chat_instance": "1", "from": message["from"], "data": "p|0", "message": message}
    await chatting.update(callback_query=query)
    assert nothing_happened(chatting)


async def test_a_forwarded_command_is_not_carried_out(chatting):
    origin = {"type": "user", "date": 1, "sender_user": {"id": 5, "is_bot": False, "first_name": "X"}}
    assert await chatting.say(WATI, "/tugas", forward_origin=origin) == [texts.FORWARDED]
    assert await chatting.say_from(STRANGER, "/start KODE", forward_origin=origin) == [texts.STRANGER]
    assert chatting.denials() == []


@pytest.mark.parametrize("kind", ["channel_post", "business_message", "edited_channel_post", "guest_message"])
async def test_channels_and_businesses_are_not_heard(chatting, kind):
    await chatting.update(**{kind: chatting.message(account(WATI), "/tugas")})
    assert nothing_happened(chatting)


async def test_in_a_group_nothing_is_said_and_the_bot_leaves_when_it_is_added(chatting):
    group = {"id": -5, "type": "supergroup", "title": "Grup"}
    await chatting.update(message=chatting.message(account(SARI), "/pantau", chat=group))
    assert nothing_happened(chatting)
    bot = {"id": 123456789, "is_bot": True, "first_name": "Bot"}
    member = {"chat": group, "from": chatting.message(STRANGER)["from"], "date": 1}
    left, joined = {"status": "left", "user": bot}, {"status": "member", "user": bot}
    await chatting.update(my_chat_member={**member, "old_chat_member": left, "new_chat_member": joined})
    assert chatting.telegram.calls == [("leaveChat", {"chat_id": -5})]
    await chatting.update(my_chat_member={**member, "old_chat_member": joined, "new_chat_member": left})
    assert len(chatting.telegram.calls) == 1


async def test_blocking_and_unblocking_the_bot_is_no_group(chatting):
    bot = {"id": 123456789, "is_bot": True, "first_name": "Bot"}
    message = chatting.message(account(WATI))
    states = {
        "old_chat_member": {"status": "member", "user": bot},
        "new_chat_member": {"status": "member", "user": bot},
    }
    await chatting.update(my_chat_member={"chat": message["chat"], "from": message["from"], "date": 1, **states})
    assert nothing_happened(chatting)


async def test_a_button_in_a_group_is_answered_privately_and_has_no_effect(chatting):
    await chatting.office.begin()
    shown = {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group", "title": "Grup"}, "text": "-"}
    answers = await chatting.tap_from(account(WATI), chatting.card(1, WATI, "t"), message=shown)
    assert answers == [texts.PRIVATE_ONLY]
    assert chatting.office.instance().version == 2


async def test_a_button_without_its_message_is_ignored(chatting):
    assert await chatting.tap_from(account(WATI), "p|0", message=None) == []


@pytest.mark.parametrize("content", [{"dice": {"emoji": "🎲", "value": 3}}, {"photo": []}, {}])
async def test_what_is_no_text_is_answered_as_such(chatting, content):
    assert await chatting.say(WATI, None, **content) == [texts.TEXT_ONLY]


async def test_commands_may_name_the_bot_and_be_shouted(chatting):
    assert await chatting.say(WATI, "/TUGAS@simulasi_bot") == await chatting.say(WATI, "/tugas")
    assert await chatting.say(WATI, "/tidakada") == [texts.UNKNOWN_COMMAND]
    assert await chatting.say(WATI, "/") == [texts.UNKNOWN_COMMAND]


# Enrolment


async def test_an_invitation_enrols_welcomes_and_sets_the_menu(chatting):
    chatting.office.write(lambda conn: people.unbind(conn, SARI))
    code = await chatting.office.enrolment.invite(SARI)
    [answer] = await chatting.say_from(STRANGER, f"/start {code}")
    assert "Sari" in answer
    assert chatting.office.queries.member(STRANGER).officer.id == SARI
    [menu] = chatting.telegram.named("setMyCommands")
    assert menu["scope"] == {"type": "chat", "chat_id": STRANGER}
    assert "pantau" in [one["command"] for one in menu["commands"]]


async def test_a_used_or_guessed_link_is_denied_recorded_and_closed_after_five(chatting):
    invalid = texts.refusal(texts.errors.InvitationInvalid())
    for number in range(5):
        assert await chatting.say_from(STRANGER, f"/start tebakan{number}") == [invalid]
    assert chatting.denials() == [(STRANGER, "invitation", "InvitationInvalid")] * 5
    chatting.office.write(lambda conn: people.unbind(conn, WATI))
    code = await chatting.office.enrolment.invite(WATI)
    assert await chatting.say_from(STRANGER, f"/start {code}") == [invalid]


async def test_an_account_that_is_enrolled_cannot_take_another_officers_link(chatting):
    chatting.office.write(lambda conn: people.unbind(conn, WATI))
    code = await chatting.office.enrolment.invite(WATI)
    first, _ = await chatting.say(EKA, f"/start {code}")
    assert first == texts.refusal(texts.errors.AccountTaken())
    assert chatting.office.queries.member(account(WATI)) is None


# Errors


async def test_an_error_of_ours_is_told_with_a_reference_and_raised_so_that_it_is_set_aside(chatting, caplog):
    await chatting.office.begin()
    chatting.office.write(lambda conn: conn.exec_driver_sql("DROP TABLE card"))
    with pytest.raises(Exception, match="card"):
        await chatting.say(WATI, "/tugas")
    [answer] = chatting.telegram.texts
    [reference] = re.findall(r"nomor gangguan ([0-9a-f]{6})", answer)
    assert reference in caplog.text
    assert "card" not in answer


async def test_an_error_behind_a_button_is_told_as_an_alert(chatting):
    await chatting.office.begin()
    data = chatting.card(1, WATI, "t")
    chatting.office.write(lambda conn: conn.exec_driver_sql("DROP TABLE card"))
    with pytest.raises(Exception, match="card"):
        await chatting.tap(WATI, data)
    assert "nomor gangguan" in chatting.telegram.texts[0]
    assert chatting.telegram.named("answerCallbackQuery")[0]["show_alert"] is True


async def test_a_reply_that_cannot_be_delivered_undoes_nothing_and_is_no_error(chatting, caplog):
    await chatting.office.begin()
    chatting.telegram.refuse("answerCallbackQuery", 403, "Forbidden: bot was blocked by the user")
    await chatting.tap(WATI, chatting.card(1, WATI, "t"))
    assert chatting.office.instance().assignments[0].state is AssignmentState.ACCEPTED
    assert "press_not_answered" in caplog.text


async def test_while_nothing_can_be_stored_a_press_says_so(chatting):
    await chatting.office.begin()
    chatting.telegram.take()
    data, who = chatting.card(1, WATI, "t"), {"id": account(WATI), "is_bot": False, "first_name": "W"}
    shown = {"message_id": 101, "date": 1, "text": "-", "chat": {"id": account(WATI), "type": "private"}}
    query = {"id": "7", "chat_instance": "1", "from": who, "data": data, "message": shown}
    raw = json.dumps({"update_id": 1, "callback_query": query}).encode()
    with chatting.office.database._writing.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        await dispatch(chatting.desk, Received(inbox_id=1, update_id=1, update_hash="0" * 64, raw=raw))
        other.rollback()
    assert chatting.telegram.texts == [texts.STORE_DOWN]
