"""Pages that answer a question: complete, valid, and within Telegram's limits however much there is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sopbot.chat import menus
from sopbot.domain.commands import Answer
from sopbot.domain.instance import AssignmentState, InstanceState
from sopbot.domain.sop import SEKCAM, Wording
from sopbot.services.enrolment import Member
from sopbot.services.queries import Overview, RunningView
from sopbot.store import people
from tests.at_work import BEGIN
from tests.building import EKA, RUDI, SARI, STAF, WATI, nov, office, sop, step
from tests.showing import EKA as SOMEBODY
from tests.showing import FACTS, NASTY, card, shipped, shown

LONG = "Huruf " * 33 + "ab"
OFFICE = office()


def member(officer=WATI):
    found = OFFICE.officer(officer)
    assert found is not None
    return Member(officer=found, office=OFFICE)


def row(number, **changes):
    facts = replace(FACTS, instance=number, subject=LONG)
    given = {"facts": facts, "step": 3, "activity": LONG * 3, "round": 30, "holders": (SOMEBODY,) * 3}
    times = {"due_at": nov(23, "10.00"), "late_minutes": 135, "vacant": False}
    return RunningView(**{**given, **times, **changes})


def test_welcome_and_help():
    assert "Peran dalam SOP: Staf, Kasi" in shown(menus.welcome(member(), ["Staf", "Kasi"]))
    assert "belum ada" in shown(menus.welcome(member(), []))
    assert "/pantau" in shown(menus.help_page(member(SARI)))
    assert "/pantau" not in shown(menus.help_page(member()))


@pytest.mark.parametrize("count", [0, 1, 20, 21, 100])
def test_tasks_however_many(count):
    cards = [card(facts=replace(FACTS, instance=number, subject=NASTY * 20)) for number in range(count)]
    page = menus.tasks(member(), cards, BEGIN)
    text = shown(page)
    assert len(page.buttons) == min(count, menus.TASKS_SHOWN)
    assert (f"dan {count - menus.TASKS_SHOWN} tugas lain" in text) == (count > menus.TASKS_SHOWN)


def test_late_tasks_are_marked_where_lateness_counts():
    late = card(due_at=nov(23, "08.00"))
    assert "terlambat: 1" in shown(menus.tasks(member(), [late], BEGIN))
    indicative = replace(late, facts=replace(FACTS, indicative_times=True))
    assert "erlambat" not in shown(menus.tasks(member(), [indicative], BEGIN))
    assert "erlambat" not in shown(menus.tasks(member(), [replace(late, outside="Bappeda")], BEGIN))


def test_the_overview_of_a_hundred_instances():
    rows = tuple(row(number) for number in range(6))
    page = menus.overview(Overview(rows=rows, page=3, pages=17, total=100, late=60), member(SARI), BEGIN)
    text = shown(page)
    assert "Berjalan: 100 · terlambat: 60" in text
    assert "Halaman 4 dari 17" in text
    assert [one.data for one in page.buttons[-2]] == ["p|2", "p|4"]
    assert page.buttons[-1][0].data == "p|3"


def test_many_tasks_with_long_activities_fit():
    long = card(
        facts=replace(FACTS, subject="Perihal " * 25, steps=14),
        step=replace(card().step, activity="Kegiatan " * 60, number=14),
        state=AssignmentState.ACCEPTED,
        due_at=nov(20, "10.00"),
    )
    text = shown(menus.tasks(member(), [long] * 40, nov(27, "10.00").replace(year=2027)))
    assert "terlambat: 40" in text
    assert text.count("Sen") == 0
    assert text.count("Jum 20 Nov 2026 10.00") == menus.TASKS_SHOWN


def test_an_overview_with_everything_long_fits():
    head = replace(SOMEBODY, name="Dr. Ir. H. Muhammad Abdurrahman Wahyudiono, S.Sos., M.Si.")
    facts = replace(FACTS, sop_name="Pengumpulan Data Kinerja Kecamatan Contoh", subject="😀" * 200, steps=14)
    rows = (row(1, facts=facts, step=14, holders=(head,) * 7, due_at=nov(20, "10.00"), late_minutes=9999),) * 6
    view = Overview(rows=rows, page=3, pages=17, total=100, late=60)
    text = shown(menus.overview(view, member(SARI), nov(27, "10.00").replace(year=2027)))
    assert text.count("M.Si. dan 4 pejabat lain") == 6


def test_a_label_cannot_turn_the_letters_around_it():
    assert menus.label("Renja \u202e7202 \u200f") == "Renja 7202"
    assert menus.label("x" * 99) == "x" * 59 + "…"


def test_the_overview_of_none():
    page = menus.overview(Overview(rows=(), page=0, pages=1, total=0, late=0), member(SARI), BEGIN)
    assert "Tidak ada pelaksanaan" in shown(page)


def test_nobody_and_nothing_due_in_the_overview():
    rows = (row(1, holders=(), due_at=None, late_minutes=0, round=1),)
    text = shown(menus.overview(Overview(rows=rows, page=0, pages=1, total=1, late=0), member(SARI), BEGIN))
    assert "belum ada pejabat" in text
    assert "Terlambat" not in text


def test_starting():
    choices = [version.sop for version in shipped()]
    page = menus.choose_sop(choices)
    shown(page)
    assert len(page.buttons) == len(choices)
    assert "Tidak ada SOP" in shown(menus.choose_sop([]))
    for one in choices:
        assert menus.ask_subject(one).question
        asked = shown(menus.ask_subject(one))
        assert ("tersalin" in asked) == one.indicative_times
        confirm = menus.confirm_start(one, NASTY, "n" * 12)
        assert "<b>&amp;RTL 😀" in shown(confirm)
        assert [button.data for button in confirm.buttons[0]] == ["M|" + "n" * 12, "B|" + "n" * 12]
    assert "Rekod 1·abc" in shown(menus.started(FACTS, "Rekod 1·abc"))


async def test_an_instance_of_twelve_long_steps_in_its_thirtieth_round(working):
    long = Wording(original=("Kegiatan panjang " * 30).strip())
    steps = [replace(step(STAF), activity=long) for _ in range(10)]
    at_work = working(sop=sop(*steps, replace(step(SEKCAM, yes=12, no=10), activity=long), replace(step(STAF))))
    await at_work.begin(subject=LONG)
    for n in range(1, 11):
        await at_work.work(n, WATI)
    n = 11
    for _ in range(29):
        at_work.clock.advance(minutes=1)
        await at_work.answer(n, SARI, Answer.NO, "Belum cocok")
        await at_work.work(n + 1, WATI)
        n += 2
    scene = at_work.queries.visible(at_work.member(SARI), 1)
    page = menus.instance_page(scene, at_work.member(SARI), at_work.clock.now())
    text = shown(page)
    assert "(putaran 30)" in text
    assert [one.data for (one,) in page.buttons] == ["j|1|0", "x|1"]
    assert shown(menus.ask_cancel_reason(scene))


async def test_an_instance_shows_what_is_done_now_and_to_come(working):
    at_work = working()
    await at_work.begin()
    await at_work.work(1, WATI)
    scene = at_work.queries.visible(at_work.member(SARI), 1)
    text = shown(menus.instance_page(scene, at_work.member(WATI), at_work.clock.now()))
    signs = [line.strip()[0] for line in text.splitlines() if " Kegiatan" in line]
    assert signs == ["✅", "▶", "▫", "▫"]
    assert "Eka (Kasi Pemerintahan) · Ditugaskan" in text
    at_work.write(lambda conn: [people.freeze(conn, one) for one in (EKA, RUDI)])
    await at_work.cancel(SARI)
    ended = at_work.queries.visible(at_work.member(SARI), 1)
    page = menus.instance_page(ended, at_work.member(SARI), at_work.clock.now())
    assert "Dibatalkan" in shown(page)
    assert [one.data for (one,) in page.buttons] == ["j|1|0"]


async def test_an_instance_shows_how_late_its_step_is(working):
    at_work = working()
    await at_work.begin()
    await at_work.accept(1, WATI)
    due = at_work.instance().assignments[0].due_at
    reader = at_work.member(SARI)

    def page(now):
        return shown(menus.instance_page(at_work.queries.visible(reader, 1), reader, now))

    assert "terlambat" not in page(due)
    assert "🔴 terlambat 1 jam (jam kerja)" in page(due + timedelta(hours=1))


def test_asking_for_the_reason_of_a_return():
    page = menus.ask_return_reason(card(next_on_no="Staf <i>"))
    assert "dikembalikan kepada Staf <i>" in shown(page)
    assert page.question
    assert shown(menus.ask_return_reason(card()))


def test_choosing_an_instance():
    assert "Belum ada" in shown(menus.choose_instance([]))
    many = [replace(FACTS, instance=number, subject=LONG, state=InstanceState.CANCELLED) for number in range(100)]
    page = menus.choose_instance(many)
    shown(page)
    assert len(page.buttons) == 20


def test_turning_pages():
    def turned(page, pages):
        return [one.data for one in menus.turning(page, pages, "p")]

    assert turned(0, 1) == []
    assert turned(0, 3) == ["p|1"]
    assert turned(1, 3) == ["p|0", "p|2"]
    assert turned(2, 3) == ["p|1"]
