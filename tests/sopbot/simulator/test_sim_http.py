import pytest

CAMAT, KASI, STRANGER = 101, 102, 999


async def test_people_are_listed_with_their_roles(driver):
    people = await driver.get("/people")
    assert people[0] == {
        "id": CAMAT,
        "name": "Siti Aminah",
        "username": "siti_aminah",
        "roles": ["camat"],
        "office": "karawaci",
        "started": True,
        "blocked": False,
        "deactivated": False,
    }
    assert [person["started"] for person in people] == [True, True, False]


async def test_a_stranger_is_added_and_has_started_nothing(bot, driver):
    first, second = await driver.post("/people"), await driver.post("/people", name="Dewi", roles=["staf"])
    assert first["id"] != second["id"]
    assert (second["name"], second["roles"], second["started"]) == ("Dewi", ["staf"], False)
    assert await bot.refused("sendMessage", chat_id=first["id"], text="x") == (
        "Forbidden: bot can't initiate conversation with a user"
    )
    given = await driver.post("/people", id=555, name="Eka", started=True)
    assert given["id"] == 555
    await bot.ok("sendMessage", chat_id=555, text="x")


async def test_everybody_sees_only_their_own_chat(bot, driver):
    await bot.ok("sendMessage", chat_id=CAMAT, text="untuk Camat")
    assert [item["text"] for item in await driver.messages(CAMAT)] == ["untuk Camat"]
    assert await driver.messages(KASI) == []


async def test_one_message_is_shown_as_in_the_list(bot, driver, client):
    sent = await bot.ok("sendMessage", chat_id=CAMAT, text="<b>satu</b> &amp; 🏟", parse_mode="HTML")
    [listed] = await driver.messages(CAMAT)
    assert await driver.get(f"/people/{CAMAT}/messages/{sent['message_id']}") == listed
    assert (listed["text"], listed["html"]) == ("satu & 🏟", "<b>satu</b> &amp; 🏟")
    assert (await client.get(f"/sim/people/{CAMAT}/messages/99")).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/people", {"id": "x"}, 400),
        ("/people/5/messages", {"text": "x"}, 404),
        ("/people/5/taps", {"message_id": 1, "data": "x"}, 404),
        ("/people/5/block", {}, 404),
        ("/chats/-5/messages", {"person": CAMAT, "text": "x"}, 404),
        ("/chats/-5/messages", {"text": "x"}, 400),
        ("/chats/-5/upgrade", {}, 404),
    ],
)
async def test_what_does_not_exist(driver, path, body, status):
    found, error = await driver.refused(path, **body)
    assert (found, bool(error)) == (status, True)


async def test_a_file_is_posted_to_a_group(driver, client):
    group = await driver.post("/chats", title="Rapat", members=[CAMAT])
    response = await client.post(
        f"/sim/chats/{group['id']}/messages", data={"person": str(CAMAT)}, files={"file": ("a.txt", b"a")}
    )
    assert response.json()["file"]["name"] == "a.txt"


async def test_documents_are_downloaded_never_shown(client):
    files = {"file": ("a.html", b"<script>alert(1)</script>")}
    posted = (await client.post(f"/sim/people/{CAMAT}/messages", files=files)).json()
    response = await client.get(posted["file"]["url"])
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"] == 'attachment; filename="a.html"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert (await client.get("/sim/files/none")).status_code == 404


async def test_people_are_listed_in_the_order_of_enrolment_after_a_restart(driver, simulator):
    for person_id in (2_000, 30):
        await driver.post("/people", id=person_id)
    simulator.world.reload()
    assert [person["id"] for person in await driver.get("/people")] == [CAMAT, KASI, STRANGER, 2_000, 30]
