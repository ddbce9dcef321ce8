"""The simulator's chat page in a real browser; the test plays the bot over plain HTTP.

Every test has a person of its own, so that one simulator and one browser serve them all.
"""

import asyncio
import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect, sync_playwright

from sopbot.simulator.server import DEFAULT_TOKEN, Simulator
from sopbot.simulator.world import Person

pytestmark = pytest.mark.browser

Json = dict[str, Any]
CHROMIUM = "/usr/bin/chromium"
ATTACK = '<img src=x onerror="window.hacked=1"> & <script>window.hacked=1</script>'
FIRST, LAST, ATTACKER = 101, 148, 200
PEOPLE = [
    *(
        Person(id=number, name=f"Ibu Nomor {number}", roles=["kasubag_pk"], office="karawaci")
        for number in range(FIRST, LAST)
    ),
    Person(id=ATTACKER, name=ATTACK, username="x", roles=[ATTACK], office=ATTACK),
]


class Bot:
    """A bot of a few lines: calls the Bot API and reads its own updates."""

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx.Client(base_url=f"{url}/bot{token}/", timeout=20)
        self._offset = 0

    def call(self, method: str, **parameters: object) -> Any:
        answer = self._http.post(method, json=parameters).json()
        assert answer["ok"], answer
        return answer["result"]

    def say(self, person: int, text: str, **more: object) -> int:
        return int(self.call("sendMessage", chat_id=person, text=text, **more)["message_id"])

    def say_with_buttons(self, person: int, text: str, *buttons: Json) -> int:
        return self.say(person, text, reply_markup={"inline_keyboard": [list(buttons)]})

    def next_update(self, kind: str, person: int) -> Json:
        """Waits for that person's next update of that kind; others are passed over."""
        while True:
            updates = self.call("getUpdates", offset=self._offset, limit=1, timeout=10)
            assert updates, f"no {kind} came"
            self._offset = updates[0]["update_id"] + 1
            if kind in updates[0] and updates[0][kind]["from"]["id"] == person:
                found: Json = updates[0][kind]
                return found

    def close(self) -> None:
        self._http.close()


class Running:
    """A simulator in a thread of its own, since Playwright keeps this one."""

    def __init__(self, data: Path, port: int = 0) -> None:
        self._data, self.port = data, port
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self._thread.start()
        assert self._ready.wait(10), "the simulator did not start"

    async def _run(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        simulator = Simulator(data=self._data, port=self.port)
        simulator.enrol(PEOPLE)
        self.port = await simulator.start()
        self._ready.set()
        await self._stop.wait()
        await simulator.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    simulator = Running(tmp_path_factory.mktemp("simulator"))
    yield simulator.url
    simulator.stop()


@pytest.fixture(scope="module")
def bot(url: str) -> Iterator[Bot]:
    made = Bot(url, DEFAULT_TOKEN)
    yield made
    made.close()


@pytest.fixture(scope="module")
def people() -> Iterator[int]:
    return iter(range(FIRST, LAST))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own storage; an error or a refused script in it fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    made = context.new_page()
    made.set_default_timeout(10_000)
    troubles: list[str] = []
    made.on("pageerror", lambda error: troubles.append(str(error)))
    yield made
    context.close()
    assert not troubles


def column(page: Page, person: int) -> Locator:
    return page.locator(f'[data-column="{person}"]')


def row(page: Page, person: int) -> Locator:
    return page.locator(f'[data-person="{person}"]')


def bubble(page: Page, person: int, message_id: int) -> Locator:
    return column(page, person).locator(f'[data-message="{message_id}"]')


def write(page: Page, person: int, text: str) -> None:
    field = column(page, person).locator("textarea")
    field.fill(text)
    field.press("Enter")


def show(page: Page, url: str, *people: int) -> None:
    """Opens the page with these people side by side, and waits until their chats are there."""
    page.goto(f"{url}/#buka={','.join(map(str, people))}&aktif={people[0]}")
    for person in people:
        expect(column(page, person).locator(".bubble, .empty-title").first).to_be_visible()


def test_a_sent_text_reaches_the_bot_and_its_answer_the_right_chat(
    page: Page, url: str, bot: Bot, people: Iterator[int]
) -> None:
    me, other = next(people), next(people)
    show(page, url, me, other)
    write(page, me, "Selamat pagi")
    message = bot.next_update("message", me)
    assert message["text"] == "Selamat pagi"
    expect(column(page, me).locator(".mine .text")).to_have_text("Selamat pagi")
    expect(column(page, me).locator("textarea")).to_have_value("")
    bot.say(me, "Pagi, <b>Ibu</b>", parse_mode="HTML")
    expect(column(page, me).locator(".theirs strong")).to_have_text("Ibu")
    expect(column(page, other).locator(".bubble")).to_have_count(0)


def test_formatting_is_shown_and_a_spoiler_hides_until_pressed(
    page: Page, url: str, bot: Bot, people: Iterator[int]
) -> None:
    me = next(people)
    text = (
        "<b>a</b> <i>b</i> <u>c</u> <s>d</s> <code>e</code>\n<pre>f</pre>\n<blockquote>g</blockquote>\n"
        "<tg-spoiler>h</tg-spoiler>"
    )
    message_id = bot.say(me, text, parse_mode="HTML")
    show(page, url, me)
    shown = bubble(page, me, message_id).locator(".text")
    for tag, inner in zip(("strong", "em", "u", "s", "code", "pre", "blockquote"), "abcdefg", strict=True):
        expect(shown.locator(tag)).to_have_text(inner)
    spoiler = shown.get_by_role("button", name="Teks tersembunyi")
    expect(spoiler).to_have_css("color", "rgba(0, 0, 0, 0)")
    spoiler.press("Enter")
    expect(shown.locator(".spoiler")).not_to_have_css("color", "rgba(0, 0, 0, 0)")


def test_shift_enter_makes_a_line_and_does_not_send(page: Page, url: str, people: Iterator[int]) -> None:
    me = next(people)
    show(page, url, me)
    field = column(page, me).locator("textarea")
    field.press_sequentially("satu")
    field.press("Shift+Enter")
    field.press_sequentially("dua")
    expect(field).to_have_value("satu\ndua")
    expect(column(page, me).locator(".bubble")).to_have_count(0)


def test_a_press_spins_until_the_answer_which_is_a_toast(page: Page, url: str, bot: Bot, people: Iterator[int]) -> None:
    me = next(people)
    message_id = bot.say_with_buttons(me, "Setuju?", {"text": "Ya", "callback_data": "y", "style": "success"})
    show(page, url, me)
    button = bubble(page, me, message_id).get_by_role("button", name="Ya", exact=True)
    expect(button).to_have_class(re.compile("key-success"))
    button.click()
    query = bot.next_update("callback_query", me)
    assert query["data"] == "y"
    expect(button).to_have_attribute("aria-busy", "true")
    bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Tercatat")
    expect(column(page, me).locator(".toast")).to_have_text("Tercatat")
    expect(button).not_to_have_attribute("aria-busy", "true")


def test_an_alert_must_be_confirmed(page: Page, url: str, bot: Bot, people: Iterator[int]) -> None:
    me = next(people)
    message_id = bot.say_with_buttons(me, "Setuju?", {"text": "Ya", "callback_data": "y"})
    show(page, url, me)
    bubble(page, me, message_id).get_by_role("button", name="Ya", exact=True).click()
    query = bot.next_update("callback_query", me)
    bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Sudah dijawab", show_alert=True)
    alert = page.get_by_role("dialog")
    expect(alert).to_contain_text("Sudah dijawab")
    alert.get_by_role("button", name="Mengerti").click()
    expect(alert).to_have_count(0)


def test_a_bot_that_does_not_answer_is_told(page: Page, url: str, bot: Bot, people: Iterator[int]) -> None:
    me = next(people)
    message_id = bot.say_with_buttons(me, "Setuju?", {"text": "Ya", "callback_data": "y"})
    page.route("**/taps", lambda route: route.fulfill(status=504, json={}))
    show(page, url, me)
    bubble(page, me, message_id).get_by_role("button", name="Ya", exact=True).click()
    expect(column(page, me).locator(".toast")).to_have_text("Bot belum menjawab")


def test_an_edit_replaces_in_place_and_keeps_the_spinner(page: Page, url: str, bot: Bot, people: Iterator[int]) -> None:
    me = next(people)
    first = bot.say_with_buttons(me, "Setuju?", {"text": "Ya", "callback_data": "y"})
    bot.say(me, "Pesan sesudahnya")
    show(page, url, me)
    bubble(page, me, first).get_by_role("button", name="Ya", exact=True).click()
    query = bot.next_update("callback_query", me)
    bot.call(
        "editMessageText",
        chat_id=me,
        message_id=first,
        text="Disetujui",
        reply_markup={"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]},
    )
    edited = bubble(page, me, first)
    expect(edited.locator(".text")).to_have_text("Disetujui")
    expect(edited.locator(".meta")).to_contain_text("diedit")
    expect(edited.locator(".key")).to_have_attribute("aria-busy", "true")
    assert column(page, me).locator(".text").all_inner_texts() == ["Disetujui", "Pesan sesudahnya"]
    bot.call("answerCallbackQuery", callback_query_id=query["id"])
    expect(edited.locator(".key")).not_to_have_attribute("aria-busy", "true")


def test_a_deleted_message_vanishes(page: Page, url: str, bot: Bot, people: Iterator[int]) -> None:
    me = next(people)
    message_id = bot.say(me, "Keliru")
    show(page, url, me)
    bot.call("deleteMessage", chat_id=me, message_id=message_id)
    expect(bubble(page, me, message_id)).to_have_count(0)
    expect(column(page, me)).to_contain_text("Belum ada pesan")


def test_reading_above_is_not_disturbed_by_edits_and_news(
    page: Page, url: str, bot: Bot, people: Iterator[int]
) -> None:
    me = next(people)
    messages = [bot.say(me, f"Baris {number}\n" * 4) for number in range(15)]
    show(page, url, me)
    log = column(page, me).get_by_role("log")
    expect(bubble(page, me, messages[-1])).to_be_in_viewport()
    log.evaluate("log => { log.scrollTop = 200 }")
    pill = column(page, me).locator(".pill")
    expect(pill).to_be_visible()
    bot.call("editMessageText", chat_id=me, message_id=messages[-1], text="Lebih pendek")
    expect(bubble(page, me, messages[-1]).locator(".text")).to_have_text("Lebih pendek")
    newest = bot.say(me, "Terbaru")
    expect(pill).to_have_text("1 pesan baru")
    assert log.evaluate("log => log.scrollTop") == 200
    expect(row(page, me).locator(".badge")).to_have_text("1")
    pill.click()
    expect(bubble(page, me, newest)).to_be_in_viewport()
    expect(pill).to_be_hidden()
    expect(row(page, me).locator(".badge")).to_have_count(0)


def test_unread_messages_are_counted_until_the_chat_is_opened(
    page: Page, url: str, bot: Bot, people: Iterator[int]
) -> None:
    me, other = next(people), next(people)
    show(page, url, me)
    bot.say(other, "Satu")
    bot.say(other, "Dua")
    expect(row(page, other).locator(".badge")).to_have_text("2")
    expect(page).to_have_title(re.compile(r"^\(\d+\) "))
    row(page, other).click()
    expect(column(page, other).locator(".text")).to_have_text(["Satu", "Dua"])
    expect(row(page, other).locator(".badge")).to_have_count(0)
    page.reload()
    expect(column(page, other).locator(".text")).to_have_text(["Satu", "Dua"])
    expect(column(page, me)).to_be_visible()
    expect(row(page, other).locator(".badge")).to_have_count(0)


def test_markup_in_names_and_texts_stays_text(page: Page, url: str, bot: Bot) -> None:
    shown = bot.say(ATTACKER, ATTACK)
    linked = bot.say(ATTACKER, '<a href="https://contoh.go.id/">aman</a>', parse_mode="HTML")
    bot.say_with_buttons(ATTACKER, "Tombol", {"text": ATTACK[:40], "callback_data": "x"})
    page.route(f"**/sim/people/{ATTACKER}/messages", poison)
    show(page, url, ATTACKER)
    write(page, ATTACKER, ATTACK)
    expect(column(page, ATTACKER).locator(".mine .text")).to_have_text(ATTACK)
    expect(bubble(page, ATTACKER, shown).locator(".text")).to_have_text(ATTACK)
    expect(column(page, ATTACKER).get_by_role("heading")).to_contain_text("<img src=x")
    poisoned = bubble(page, ATTACKER, linked)
    expect(poisoned.locator(".text")).to_have_text("gambar klik aman")
    expect(poisoned.locator(".text a")).to_have_count(1)
    expect(poisoned.locator(".text a")).to_have_attribute("rel", "noopener noreferrer")
    expect(page.locator(".columns img, .people img, .columns [onclick], .columns script")).to_have_count(0)
    assert page.evaluate("window.hacked") is None
    page.unroute_all(behavior="wait")


def poison(route: Route) -> None:
    """A simulator gone bad: its `html` holds what entities never give."""
    if route.request.method != "GET":
        route.continue_()
        return
    response = route.fetch()
    messages = response.json()
    for message in messages:
        if "aman" in message["text"]:
            message["html"] = (
                '<img src="x">gambar <a href="javascript:window.hacked=1">klik</a> <b onclick="window.hacked=1"></b>'
                '<a href="https://contoh.go.id/" onclick="window.hacked=1">aman</a><script>window.hacked=1</script>'
            )
    route.fulfill(response=response, json=messages)


def test_deep_links_and_commands_are_sent_as_the_person(page: Page, url: str, bot: Bot, people: Iterator[int]) -> None:
    me = next(people)
    message_id = bot.say_with_buttons(
        me, "Ketik /bantuan", {"text": "Gabung", "url": "https://t.me/apa_bot?start=abc_1"}
    )
    show(page, url, me)
    bubble(page, me, message_id).get_by_role("button", name="Gabung").click()
    assert bot.next_update("message", me)["text"] == "/start abc_1"
    bubble(page, me, message_id).get_by_role("button", name="/bantuan").click()
    assert bot.next_update("message", me)["text"] == "/bantuan"


def test_the_command_list_completes_what_is_typed(page: Page, url: str, bot: Bot, people: Iterator[int]) -> None:
    me = next(people)
    commands = [{"command": "mulai", "description": "Memulai SOP"}, {"command": "tugas", "description": "Daftar tugas"}]
    bot.call("setMyCommands", commands=commands)
    show(page, url, me)
    field = column(page, me).locator("textarea")
    column(page, me).get_by_role("button", name="Daftar perintah").click()
    expect(column(page, me).get_by_role("option")).to_have_count(2)
    field.press("Escape")
    field.press_sequentially("/tu")
    expect(column(page, me).get_by_role("option")).to_have_text(["/tugasDaftar tugas"])
    field.press("Enter")
    assert bot.next_update("message", me)["text"] == "/tugas"


def test_a_forced_reply_is_quoted_and_answered(page: Page, url: str, bot: Bot, people: Iterator[int]) -> None:
    me = next(people)
    show(page, url, me)
    asked = bot.say(
        me, "Mohon sebutkan alasannya", reply_markup={"force_reply": True, "input_field_placeholder": "Alasan"}
    )
    banner = column(page, me).locator(".composer-banner")
    expect(banner).to_contain_text("Mohon sebutkan alasannya")
    expect(column(page, me).get_by_placeholder("Alasan")).to_be_visible()
    write(page, me, "Kurang lengkap")
    message = bot.next_update("message", me)
    assert message["reply_to_message"]["message_id"] == asked
    expect(banner).to_be_hidden()
    expect(column(page, me).locator(".mine .quote")).to_contain_text("Mohon sebutkan alasannya")


def ask_after_a_press(page: Page, bot: Bot, person: int, before: int, elsewhere: Locator | None = None) -> None:
    """Presses the button, may go to another place, and lets the bot ask."""
    pressed = bubble(page, person, before).get_by_role("button", name="Tolak", exact=True)
    pressed.focus()
    pressed.press("Enter")
    query = bot.next_update("callback_query", person)
    if elsewhere:
        elsewhere.focus()
    bot.call("answerCallbackQuery", callback_query_id=query["id"])
    bot.call("editMessageReplyMarkup", chat_id=person, message_id=before)
    bot.say(person, "Mohon sebutkan alasannya", reply_markup={"force_reply": True})
    expect(column(page, person).locator(".composer-banner")).to_contain_text("Mohon sebutkan alasannya")


def test_a_question_after_a_press_is_ready_to_be_answered(
    page: Page, url: str, bot: Bot, people: Iterator[int]
) -> None:
    me, other = next(people), next(people)
    before = bot.say_with_buttons(me, "Setuju?", {"text": "Tolak", "callback_data": "t"})
    show(page, url, me, other)
    ask_after_a_press(page, bot, me, before)
    expect(column(page, me).locator("textarea")).to_be_focused()


def test_a_question_takes_the_focus_from_nobody_who_is_elsewhere(
    page: Page, url: str, bot: Bot, people: Iterator[int]
) -> None:
    me, other = next(people), next(people)
    before = bot.say_with_buttons(me, "Setuju?", {"text": "Tolak", "callback_data": "t"})
    show(page, url, me, other)
    writing = column(page, other).locator("textarea")
    ask_after_a_press(page, bot, me, before, elsewhere=writing)
    expect(writing).to_be_focused()


def test_a_question_that_nobody_pressed_for_takes_no_focus(
    page: Page, url: str, bot: Bot, people: Iterator[int]
) -> None:
    me = next(people)
    show(page, url, me)
    log = column(page, me).get_by_role("log")
    log.focus()
    bot.say(me, "Mohon sebutkan alasannya", reply_markup={"force_reply": True})
    expect(column(page, me).locator(".composer-banner")).to_be_visible()
    expect(log).to_be_focused()


def test_a_column_at_its_end_stays_there_when_the_layout_changes(
    page: Page, url: str, bot: Bot, people: Iterator[int]
) -> None:
    first, second, third = next(people), next(people), next(people)
    newest = {}
    for person in (first, second):
        for number in range(12):
            newest[person] = bot.say(person, f"{number} Yth. Ibu, mohon diperiksa dan disetujui. " * 8)
    show(page, url, first, second)
    for person, message_id in newest.items():
        expect(bubble(page, person, message_id)).to_be_in_viewport()
    row(page, third).click()
    stays_at_its_end(page, *newest)
    for width, height in ((1000, 500), (1440, 900), (1100, 400), (1300, 1000)):
        page.set_viewport_size({"width": width, "height": height})
        stays_at_its_end(page, *newest)


def stays_at_its_end(page: Page, *people: int) -> None:
    """Looks once everything that a new layout sets off has run: scroll events, then resize observers, twice."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    for person in people:
        expect(column(page, person).locator(".pill")).to_be_hidden()
        log = column(page, person).get_by_role("log").element_handle()
        page.wait_for_function("log => log.scrollHeight - log.scrollTop - log.clientHeight < 2", arg=log)


def test_a_quote_leads_to_a_message_of_long_ago(page: Page, url: str, bot: Bot, people: Iterator[int]) -> None:
    me = next(people)
    oldest = bot.say(me, "Yang pertama")
    for number in range(125):
        bot.say(me, f"Pesan {number}")
    newest = bot.say(me, "Lihat di atas", reply_parameters={"message_id": oldest})
    show(page, url, me)
    expect(bubble(page, me, oldest)).to_have_count(0)
    bubble(page, me, newest).locator(".quote").click()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(bubble(page, me, oldest)).to_be_in_viewport()
    expect(bubble(page, me, newest)).not_to_be_in_viewport()


def test_a_double_click_replies_and_one_may_edit_ones_own(
    page: Page, url: str, bot: Bot, people: Iterator[int]
) -> None:
    me = next(people)
    asked = bot.say(me, "Berapa?")
    show(page, url, me)
    bubble(page, me, asked).locator(".bubble").dblclick()
    write(page, me, "Duwa")
    message = bot.next_update("message", me)
    assert message["reply_to_message"]["message_id"] == asked
    own = bubble(page, me, message["message_id"])
    own.hover()
    own.get_by_role("button", name="Tindakan pesan").click()
    page.get_by_role("menuitem", name="Ubah").click()
    field = column(page, me).locator("textarea")
    expect(field).to_have_value("Duwa")
    write(page, me, "Dua")
    assert bot.next_update("edited_message", me)["text"] == "Dua"
    expect(own.locator(".text")).to_have_text("Dua")
    expect(own.locator(".meta")).to_contain_text("diedit")


def test_files_and_stickers_are_sent(page: Page, url: str, bot: Bot, people: Iterator[int], tmp_path: Path) -> None:
    me = next(people)
    (tmp_path / "draf.txt").write_text("isi draf")
    show(page, url, me)
    column(page, me).locator("input[type=file]").set_input_files(tmp_path / "draf.txt")
    expect(column(page, me).locator(".composer-banner")).to_contain_text("draf.txt")
    write(page, me, "Terlampir")
    message = bot.next_update("message", me)
    assert (message["document"]["file_name"], message["caption"]) == ("draf.txt", "Terlampir")
    chip = column(page, me).locator(".file")
    expect(chip).to_contain_text("8 B")
    with page.expect_download() as download:
        chip.click()
    assert download.value.path().read_text() == "isi draf"
    column(page, me).get_by_role("button", name="Stiker", exact=True).click()
    column(page, me).get_by_role("button", name="Kirim stiker 👍").click()
    assert "sticker" in bot.next_update("message", me)
    expect(column(page, me).locator(".sticker")).to_have_text("👍")


def test_the_clock_bar_moves_the_clock_and_says_that_it_works(page: Page, url: str, people: Iterator[int]) -> None:
    show(page, url, next(people))
    with httpx.Client(base_url=url) as http:
        before = http.get("/sim/clock").json()
        due = datetime.fromisoformat(before["now"]) + timedelta(hours=50)
        settled = {"name": "uji", "version": before["version"], "next": due.isoformat()}
        http.post("/sim/clock/settled", json=settled).raise_for_status()
        to_next = page.get_by_role("button", name="Ke pengingat berikutnya")
        expect(to_next).to_be_enabled()
        to_next.click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        # The jump waits for its follower, which settles only now.
        settled = {"name": "uji", "version": before["version"] + 1, "next": None}
        http.post("/sim/clock/settled", json=settled).raise_for_status()
        expect(page.get_by_role("progressbar")).to_be_hidden()
        after = datetime.fromisoformat(http.get("/sim/clock").json()["now"])
    assert timedelta(0) <= after - due < timedelta(minutes=1)
    local = after + timedelta(hours=7)
    expect(page.locator(".clock-time")).to_have_text(re.compile(rf"^\w+, {local.day} \w+ {local.year} \d\d\.\d\d WIB$"))
    expect(to_next).to_be_disabled()
    page.get_by_role("button", name="Waktu lain…").click()
    page.get_by_label("Majukan ke").fill("2020-01-01T08:00")
    page.get_by_role("button", name="Majukan", exact=True).click()
    expect(page.locator("#toasts .toast").last).to_have_text("Jam simulator tidak dapat dimundurkan.")


def test_a_phone_shows_the_list_or_one_chat(browser: Browser, url: str, bot: Bot, people: Iterator[int]) -> None:
    me = next(people)
    bot.say_with_buttons(me, "Yth. Ibu, mohon diperiksa. " * 6, {"text": "Ya, Setuju", "callback_data": "y"})
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    try:
        phone = context.new_page()
        phone.goto(url)
        row(phone, me).tap()
        expect(column(phone, me).locator(".bubble")).to_be_visible()
        expect(row(phone, me)).to_be_hidden()
        assert phone.evaluate("document.documentElement.scrollWidth") == 360
        key = column(phone, me).locator(".key").bounding_box()
        assert key is not None
        assert key["height"] >= 44
        phone.reload()
        expect(column(phone, me).locator(".bubble")).to_be_visible()
        phone.get_by_role("button", name="Kembali ke daftar pejabat").tap()
        expect(row(phone, me)).to_be_visible()
        expect(column(phone, me)).to_have_count(0)
        row(phone, me).tap()
        expect(column(phone, me)).to_be_visible()
        phone.go_back()
        expect(row(phone, me)).to_be_visible()
    finally:
        context.close()


def test_columns_are_chosen_closed_and_replaced_by_the_newest(page: Page, url: str, people: Iterator[int]) -> None:
    first, second, third = next(people), next(people), next(people)
    show(page, url, first, second)
    page.get_by_role("radio", name="2 kolom").check(force=True)
    column(page, first).locator("textarea").click()
    row(page, third).click()
    expect(column(page, second)).to_have_count(0)
    expect(column(page, third).locator("textarea")).to_be_focused()
    page.get_by_role("button", name=re.compile("^Tutup percakapan")).first.click()
    expect(page.locator(".column")).to_have_count(1)


def test_a_column_does_not_move_away_under_a_press(page: Page, url: str, people: Iterator[int]) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})  # too narrow for four: the last one is half outside
    show(page, url, next(people))
    page.get_by_role("radio", name="4 kolom").check(force=True)
    for person in (next(people), next(people), last := next(people)):
        row(page, person).click()
    columns = page.locator(".columns")
    columns.evaluate("node => { node.scrollLeft = 0 }")
    column(page, int(page.locator(".column").first.get_attribute("data-column") or 0)).locator("textarea").focus()
    box = column(page, last).locator("textarea").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + 9)
    page.mouse.down()
    expect(column(page, last)).to_have_class("column active")
    assert columns.evaluate("node => node.scrollLeft") == 0
    page.mouse.up()


def test_the_list_is_searched_by_role_and_office(page: Page, url: str, people: Iterator[int]) -> None:
    me = next(people)
    show(page, url, me)
    page.get_by_label("Cari pejabat").fill("kasubag pk karawaci")
    expect(page.locator(".person-roles").first).to_contain_text("Kasubag PK")
    page.get_by_label("Cari pejabat").fill("tidak ada yang begini")
    expect(page.locator(".people-list")).to_contain_text("Tidak ada pejabat yang cocok")


def test_the_page_reconnects_and_fetches_what_it_missed(page: Page, tmp_path: Path) -> None:
    simulator = Running(tmp_path)
    bot = Bot(simulator.url, DEFAULT_TOKEN)
    try:
        bot.say(FIRST, "Sebelum")
        show(page, simulator.url, FIRST)
        banner = page.get_by_text("Terputus, menyambung kembali…")
        expect(banner).to_be_hidden()
        simulator.stop()
        expect(banner).to_be_visible()
        write(page, FIRST, "Jangan hilang")
        expect(column(page, FIRST).locator(".toast")).to_have_text("Simulator tidak dapat dihubungi.")
        expect(column(page, FIRST).locator("textarea")).to_have_value("Jangan hilang")
        simulator = Running(tmp_path, simulator.port)
        bot.say(FIRST, "Selama terputus")
        expect(banner).to_be_hidden()
        expect(column(page, FIRST).locator(".text")).to_have_text(["Sebelum", "Selama terputus"])
        bot.say(FIRST, "Sesudah")
        expect(column(page, FIRST).locator(".text").last).to_have_text("Sesudah")
    finally:
        bot.close()
        simulator.stop()
