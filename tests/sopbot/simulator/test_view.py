from sopbot.simulator.view import history, shown, viewers

CAMAT, KASI = 101, 102


def test_every_message_has_the_same_fields(telegram):
    world = telegram.world
    message = world.new_message(CAMAT, world.bot, text="a<b", date=1_795_137_600)
    assert shown(world, CAMAT, message) == {
        "message_id": 1,
        "from": "bot",
        "sender": {"id": world.bot["id"], "name": "Bot Simulasi"},
        "text": "a<b",
        "html": "a&lt;b",
        "buttons": [],
        "edited": False,
        "date": "2026-11-20T01:20:00+00:00",
    }


def test_who_wrote_depends_on_who_looks(telegram):
    world = telegram.world
    message = world.new_message(CAMAT, world.person(CAMAT).user(), text="x")
    assert [shown(world, viewer, message)["from"] for viewer in (CAMAT, KASI)] == ["me", "Siti Aminah"]
    assert [item["message_id"] for item in history(world, CAMAT, CAMAT)] == [1]
    assert viewers(world, CAMAT) == [CAMAT]


def test_a_contact_reads_as_text(telegram):
    world = telegram.world
    contact = {"phone_number": "+62", "first_name": "<Budi>"}
    item = shown(world, CAMAT, world.new_message(CAMAT, world.bot, contact=contact))
    assert (item["text"], item["html"], item["contact"]) == ("<Budi> +62", "&lt;Budi&gt; +62", contact)
