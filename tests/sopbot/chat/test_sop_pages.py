"""SOPs in the chat: every one that comes with the project, on every page."""

from dataclasses import replace

import pytest

from sopbot.chat import sop_pages
from sopbot.services.enrolment import Member
from tests.at_work import DOCUMENT
from tests.building import WATI, office
from tests.showing import shipped, shown

MEMBER = Member(officer=office().officer(WATI), office=office())


def test_the_list():
    page = sop_pages.sop_list(MEMBER, shipped())
    shown(page)
    assert len(page.buttons) == 11
    assert "Belum ada SOP" in shown(sop_pages.sop_list(MEMBER, []))


@pytest.mark.parametrize("version", shipped(), ids=lambda version: version.sop.slug)
def test_every_page_of_every_sop(version):
    first = sop_pages.sop_page(version, startable=True)
    text = shown(first)
    assert version.sop.name.shown in text
    assert ("tersalin" in text) == version.sop.indicative_times
    starts = [button.data for row in first.buttons for button in row if button.data.startswith("m|")]
    assert starts == [f"m|{version.sop.slug}"]
    assert not any(
        button.data.startswith("m|") for row in sop_pages.sop_page(version, startable=False).buttons for button in row
    )
    steps = "\n".join(shown(sop_pages.sop_steps(version, page)) for page in range(4))
    for step in version.sop.steps:
        assert f"{step.number}. {step.activity.shown[:40]}" in steps
    inferred = any(step.inferred for step in version.sop.steps)
    assert ("*) disimpulkan" in steps) == inferred
    for section in range(8):
        shown(sop_pages.sop_identity(version, section))


def test_a_source_without_an_identity_block_offers_none():
    bare = replace(shipped()[0], document=DOCUMENT)
    first = sop_pages.sop_page(bare, startable=True)
    assert not any("|i|" in button.data for row in first.buttons for button in row)
    assert sop_pages.sop_identity(bare, 0) == sop_pages.sop_page(bare, startable=False)
    assert any("|i|" in b.data for row in sop_pages.sop_page(shipped()[0], startable=True).buttons for b in row)


def test_pages_beyond_the_ends_are_the_ends():
    version = shipped()[0]
    assert sop_pages.sop_steps(version, -1) == sop_pages.sop_steps(version, 0)
    assert sop_pages.sop_steps(version, 99) == sop_pages.sop_steps(version, 2)
    assert sop_pages.sop_identity(version, -1) == sop_pages.sop_identity(version, 0)
