import pytest

CAMAT = 101


@pytest.mark.parametrize("path", ["/sim/people", "/", "/page/app.js", "/nothing"])
async def test_another_host_name_is_refused(client, path):
    response = await client.get(path, headers={"Host": "simulator.example.org"})
    assert response.status_code == 403


async def test_so_is_the_bot_api_under_another_name(client, bot):
    response = await client.get(f"/bot{bot.token}/getMe", headers={"Host": "example.org"})
    assert (response.status_code, response.json()["ok"]) == (403, False)


async def test_the_names_of_loopback_are_accepted(client, simulator):
    for name in ("localhost", "127.0.0.1", "[::1]"):
        response = await client.get("/sim/people", headers={"Host": f"{name}:{simulator.port}"})
        assert response.status_code == 200


async def test_a_foreign_page_can_not_change_anything(client, simulator):
    place = f"/sim/people/{CAMAT}/messages"
    response = await client.post(place, json={"text": "x"}, headers={"Origin": "https://example.org"})
    assert (response.status_code, response.json()["error"]) == (403, "changes are refused from foreign pages")
    own = await client.post(place, json={"text": "x"}, headers={"Origin": simulator.url})
    assert own.status_code == 201


async def test_bodies_are_limited(client, bot):
    large = {"text": "x" * 1_100_000}
    assert (await client.post(f"/sim/people/{CAMAT}/messages", json=large)).status_code == 413
    response = await client.post(f"/bot{bot.token}/sendMessage", json=large)
    assert response.json() == {"ok": False, "error_code": 413, "description": "Request Entity Too Large"}


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff"])
async def test_a_body_that_is_no_object_is_one_clear_sentence(client, body):
    response = await client.post("/sim/clock", content=body)
    assert (response.status_code, response.json()) == (400, {"error": "the body must be a JSON object"})


async def test_half_a_surrogate_pair_is_no_text(client, bot):
    headers = {"Content-Type": "application/json"}
    half = b'{"chat_id": 101, "text": "\\ud83c"}'
    response = await client.post(f"/sim/people/{CAMAT}/messages", content=half, headers=headers)
    assert (response.status_code, response.json()) == (400, {"error": "texts must be Unicode"})
    response = await client.post(f"/bot{bot.token}/sendMessage", content=half, headers=headers)
    assert response.json()["description"] == "Bad Request: strings must be encoded in UTF-8"
    whole = b'{"chat_id": 101, "text": "\\ud83c\\udfdf"}'
    assert (await client.post(f"/bot{bot.token}/sendMessage", content=whole, headers=headers)).status_code == 200


async def test_what_fails_inside_shows_no_traceback(client, simulator, monkeypatch, caplog):
    monkeypatch.setattr(simulator.world, "commit", None)
    response = await client.post(f"/sim/people/{CAMAT}/messages", json={"text": "x"})
    assert (response.status_code, response.json()) == (500, {"error": "the simulator failed; its log tells why"})
    assert "Traceback" in caplog.text
    monkeypatch.undo()
    assert (await client.get(f"/sim/people/{CAMAT}/messages")).json() == []


async def test_an_unknown_address(client):
    response = await client.get("/sim/nothing")
    assert (response.status_code, response.json()) == (404, {"error": "there is nothing at this address"})
