"""Views for tests of the chat's pages, and what every page must be: valid HTML that fits, in the words agreed on."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sopbot.chat.page import LONGEST_LABEL, LONGEST_TEXT, Page, utf16
from sopbot.definitions.catalogue import load_all
from sopbot.definitions.loader import to_sop
from sopbot.domain.instance import AssignmentState, InstanceState, Task
from sopbot.domain.office import Officer, OfficerId
from sopbot.domain.sop import Role
from sopbot.services.catalogue import Version
from sopbot.services.views import CardView, InstanceFacts, Receipt, ReturnedView, StepFacts
from sopbot.simulator.html_markup import parse_html
from tests.building import nov

AVOIDED = re.compile(r"\b(tolak|ditolak|anda|kamu|tenggat)\b", re.IGNORECASE)
NASTY = "<b>&amp;\u202eRTL 😀"
WATI = Officer(id=OfficerId(6), name="Wati <i>", title="Staf & Co", roles=frozenset({Role("staf")}), honorific="Ibu")
EKA = Officer(id=OfficerId(4), name="Eka", title="Kasi", roles=frozenset({Role("kasi")}))
FACTS = InstanceFacts(
    instance=7,
    slug="contoh-sop",
    sop_name="SOP Contoh",
    subject="Renja 2027",
    state=InstanceState.RUNNING,
    steps=4,
    indicative_times=False,
    zone=ZoneInfo("Asia/Jakarta"),
)
STEP = StepFacts(
    number=2,
    activity="Memeriksa draf",
    performer="Kasi",
    requirements=("Draf",),
    output=("Draf final",),
    standard_time="1 Hari",
    inferred=frozenset(),
)
CARD = CardView(
    facts=FACTS,
    assignment=3,
    step=STEP,
    performer="Kasi",
    officer=WATI,
    token="t" * 16,
    task=Task.WORK,
    seal=None,
    outside=None,
    may_return=False,
    state=AssignmentState.OFFERED,
    round=1,
    holder=WATI,
    offered_to=(),
    assigned_at=nov(23, "09.00"),
    accept_by=nov(23, "10.00"),
    started_at=None,
    automatic=False,
    due_at=None,
    ended_at=None,
    next_performer="Sekcam",
    next_on_no=None,
    returned=None,
    reason="",
    receipt=None,
)
RECEIPT = Receipt(seq=1234, link="a1b2c3d4e5f6" + "0" * 52)


def card(state: AssignmentState = AssignmentState.OFFERED, **changes: Any) -> CardView:
    """Return a card in a state, with what belongs to it."""
    view = replace(CARD, state=state)
    if state is not AssignmentState.OFFERED:
        view = replace(view, started_at=nov(23, "09.10"), due_at=nov(24, "09.10"), receipt=RECEIPT)
    if not state.is_open:
        view = replace(view, ended_at=nov(23, "09.42"))
    return replace(view, **changes)


def returned(reason: str = "Angka belum cocok", outside: str | None = None) -> ReturnedView:
    return ReturnedView(from_step=3, by=EKA, outside=outside, reason=reason)


def shown(page: Page) -> str:
    """Check that Telegram takes the page with its markup, and return its text as people see it."""
    text, _ = parse_html(page.html)
    assert utf16(text) <= LONGEST_TEXT, utf16(text)
    assert utf16(text) > 0
    assert not AVOIDED.search(text), AVOIDED.search(text)
    assert "\u202e" not in text
    for row in page.buttons:
        assert row
        for button in row:
            assert 0 < utf16(button.text) <= LONGEST_LABEL
            assert len(button.data.encode()) <= 64
            assert not AVOIDED.search(button.text)
    return text


def shipped() -> list[Version]:
    """Return every SOP that comes with the project."""
    documents = load_all(Path(__file__).parents[1] / "sop_definitions").documents.values()
    return [Version(sop=to_sop(document), document=document) for document in documents]
