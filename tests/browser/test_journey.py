"""The first steps of Karawaci's Renja, played by clicking in the page: `sopbot simulate` as a program of its own.

The journeys of all SOPs from the first step to the last go over HTTP; this one is what a newcomer does and sees.
"""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from sopbot.settings import ROOT

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
PATIENCE = 15_000  # milliseconds until something that must happen is given up
CAMAT, SEKCAM, KASUBAG, FAJAR, INTAN = 610100001, 610100002, 610100003, 610100009, 610100010
SOP = "Penyusunan Rencana Kerja"
REASON = "Data tahun lalu belum dilampirkan <lengkapi>"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The bot and the simulator as they start for anybody, on a free port; the program prints the page's address."""
    folder = tmp_path_factory.mktemp("simulasi")
    command = [sys.executable, "-m", "sopbot", "simulate", "--port", "0", "--data", str(folder), "--office", "karawaci"]
    with (folder.parent / "simulator.log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
        output = process.stdout
        assert output is not None
        try:
            address = re.search(r"http://127\.0\.0\.1:\d+", output.readline())
            log.seek(0)
            assert address, log.read()
            yield address.group()
        finally:
            process.terminate()
            stopped = process.wait(timeout=20)
            output.close()
    assert stopped == 0, "the program did not end as it should when it was told to stop"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose errors, and whatever it complains of in the console, fail the test."""
    expect.set_options(timeout=PATIENCE)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    made = context.new_page()
    made.set_default_timeout(PATIENCE)
    troubles: list[str] = []
    made.on("pageerror", lambda error: troubles.append(str(error)))
    made.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
    yield made
    context.close()
    assert not troubles


def chat(page: Page, person: int) -> Locator:
    return page.locator(f'[data-column="{person}"]')


def newest(page: Page, person: int) -> Locator:
    """What the bot showed last to that person, with its buttons."""
    return chat(page, person).locator(".row.theirs").last


def button(page: Page, person: int, label: str) -> Locator:
    return newest(page, person).get_by_role("button", name=label, exact=True)


def press(page: Page, person: int, label: str) -> None:
    button(page, person, label).click()


def says(page: Page, person: int, *texts: str) -> None:
    for text in texts:
        expect(newest(page, person)).to_contain_text(text)


def write(page: Page, person: int, text: str) -> None:
    field = chat(page, person).locator("textarea")
    field.fill(text)
    field.press("Enter")


def answer(page: Page, person: int, question: str, text: str) -> None:
    """Answers as a reply to the question that the bot asks above the field."""
    expect(chat(page, person).locator(".composer-banner")).to_contain_text(question)
    write(page, person, text)
    expect(chat(page, person).locator(".row.mine").last.locator(".quote")).to_contain_text(question)


def accept_and_finish(page: Page, person: int, step: int) -> None:
    says(page, person, f"langkah {step} dari 12")
    press(page, person, "Terima Tugas")
    says(page, person, "Jatuh tempo:")
    press(page, person, "Selesai")
    says(page, person, f"Langkah {step} tercatat selesai", "Rekod ")
    expect(newest(page, person).locator(".key")).to_have_count(0)


def test_the_first_steps_of_an_sop_are_played_by_clicking(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("radio", name="4 kolom").check(force=True)
    for person in (CAMAT, SEKCAM, FAJAR, INTAN):
        page.locator(f'[data-person="{person}"]').click()
    expect(page.locator(".column")).to_have_count(4)

    chat(page, CAMAT).get_by_role("button", name="Kirim /mulai").click()
    press(page, CAMAT, SOP)
    answer(page, CAMAT, "Mohon tuliskan perihalnya", "Renja 2027")
    says(page, CAMAT, "Apakah sudah benar?", "Perihal: Renja 2027")
    press(page, CAMAT, "Ya, Mulai")
    says(page, CAMAT, "Tugas baru", "Yth. Bapak Camat Karawaci")
    expect(chat(page, CAMAT).get_by_text("Pelaksanaan dimulai.")).to_be_visible()
    expect(button(page, CAMAT, "Terima Tugas")).to_have_class(re.compile(r"\bkey-primary\b"))

    accept_and_finish(page, CAMAT, 1)
    accept_and_finish(page, SEKCAM, 2)
    one_of_two_takes_the_step(page)
    accept_and_finish(page, INTAN, 4)
    the_kasubag_returns_the_draft(page)
    the_next_reminder_rings(page)
    the_trail_tells_it_all(page)


def one_of_two_takes_the_step(page: Page) -> None:
    says(page, FAJAR, "langkah 3 dari 12", "Ditawarkan kepada Fajar Ramadhan, A.Md., Intan Permatasari, A.Md.")
    expect(button(page, INTAN, "Terima Tugas")).to_be_visible()
    press(page, FAJAR, "Terima Tugas")
    says(page, INTAN, "Tugas ini sudah diambil oleh Fajar Ramadhan, A.Md.")
    expect(newest(page, INTAN).locator(".key")).to_have_count(0)
    press(page, FAJAR, "Selesai")
    says(page, INTAN, "langkah 4 dari 12", "Tugas baru")


def the_kasubag_returns_the_draft(page: Page) -> None:
    page.get_by_label("Cari pejabat").fill("dewi")
    page.locator(f'[data-person="{KASUBAG}"]').click()
    page.get_by_label("Cari pejabat").fill("")
    says(page, KASUBAG, "langkah 5 dari 12")
    press(page, KASUBAG, "Terima Tugas")
    expect(button(page, KASUBAG, "Selesai")).to_have_class(re.compile(r"\bkey-success\b"))
    expect(button(page, KASUBAG, "Tidak, Kembalikan")).to_have_class(re.compile(r"\bkey-danger\b"))
    press(page, KASUBAG, "Tidak, Kembalikan")
    answer(page, KASUBAG, "Mohon tuliskan alasan pengembalian.", REASON)
    says(page, KASUBAG, "Terima kasih. Langkah 5 tercatat dikembalikan", "Rekod ")
    says(page, INTAN, "Dikembalikan untuk diperbaiki", "putaran 2", "Dikembalikan dari langkah 5 oleh Dewi")
    expect(newest(page, INTAN).locator("blockquote")).to_have_text(REASON)


def the_next_reminder_rings(page: Page) -> None:
    before = page.locator(".clock-time").get_attribute("datetime")
    to_next = page.get_by_role("button", name="Ke pengingat berikutnya")
    expect(to_next).to_have_attribute("title", re.compile("^Majukan jam ke "))
    to_next.click()
    says(page, INTAN, "🔔", "tugas ini belum diterima. Mohon tekan Terima Tugas sebelum pukul")
    assert before is not None
    assert page.locator(".clock-time").get_attribute("datetime") != before
    press(page, INTAN, "Buka Tugas")
    expect(button(page, INTAN, "Terima Tugas")).to_be_visible()


def the_trail_tells_it_all(page: Page) -> None:
    write(page, INTAN, "/jejak")
    newest(page, INTAN).get_by_role("button", name="No. 1 · Renja 2027").click()
    says(page, INTAN, "Halaman 1 dari 3", "Pelaksanaan dimulai oleh Drs. Hendra Wirasasmita, M.Si. (Camat Karawaci).")
    press(page, INTAN, "Lihat selanjutnya ▶")
    says(page, INTAN, "Halaman 2 dari 3", "Langkah 3 diterima oleh Fajar Ramadhan, A.Md.", "TIDAK oleh Dewi", REASON)
    press(page, INTAN, "Lihat selanjutnya ▶")
    says(page, INTAN, "Halaman 3 dari 3", "Langkah 4 (putaran 2) ditugaskan kepada Fajar Ramadhan, A.Md.")
    expect(newest(page, INTAN).locator("code")).to_have_text(re.compile(r"^Rekod \d+·[0-9a-f]{12}$"))
