"""SOP versions in the database: new ones are published, old ones stay for what runs on them."""

import pytest

from sopbot.definitions.loader import canonical_json, to_sop
from sopbot.services.catalogue import Catalogue, publish
from tests.at_work import DOCUMENT, SetClock

CHANGED = DOCUMENT.model_copy(update={"name": "SOP Lain"})
OTHER = DOCUMENT.model_copy(update={"slug": "contoh-lain", "name": "Amat Lain"})


def test_what_is_published_reads_back_whole(office):
    assert office.write(lambda conn: publish(conn, [DOCUMENT], SetClock())) == ["contoh-sop"]
    version = office.read(lambda conn: Catalogue().current(conn, "contoh-sop"))
    assert version.sop == to_sop(DOCUMENT)
    assert canonical_json(version.document) == canonical_json(DOCUMENT)


def test_only_new_and_changed_documents_are_published(office):
    office.write(lambda conn: publish(conn, [DOCUMENT], SetClock()))
    assert office.write(lambda conn: publish(conn, [DOCUMENT, OTHER], SetClock())) == ["contoh-lain"]
    assert office.write(lambda conn: publish(conn, [CHANGED, OTHER], SetClock())) == ["contoh-sop"]


def test_a_changed_file_is_a_new_version_and_the_old_one_stays(office):
    office.write(lambda conn: publish(conn, [DOCUMENT], SetClock()))
    office.write(lambda conn: publish(conn, [CHANGED], SetClock()))
    catalogue = Catalogue()
    assert office.read(lambda conn: catalogue.current(conn, "contoh-sop")).sop.name.shown == "SOP Lain"
    old = office.read(lambda conn: catalogue.by_hash(conn, to_sop(DOCUMENT).hash))
    assert old.sop.name.shown == "SOP Contoh"


def test_going_back_to_an_old_text_makes_its_version_current_again(office):
    for document in (DOCUMENT, CHANGED, DOCUMENT):
        office.write(lambda conn, document=document: publish(conn, [document], SetClock()))
    assert office.read(lambda conn: Catalogue().current(conn, "contoh-sop")).sop.hash == to_sop(DOCUMENT).hash


def test_an_office_lists_its_current_versions_by_name(office):
    office.write(lambda conn: publish(conn, [DOCUMENT, CHANGED, OTHER], SetClock()))
    names = [one.sop.name.shown for one in office.read(lambda conn: Catalogue().of_office(conn, "contoh"))]
    assert names == ["Amat Lain", "SOP Lain"]
    assert office.read(lambda conn: Catalogue().of_office(conn, "lain")) == []


def test_what_was_read_once_is_kept(office):
    office.write(lambda conn: publish(conn, [DOCUMENT], SetClock()))
    catalogue = Catalogue()
    first = office.read(lambda conn: catalogue.current(conn, "contoh-sop"))
    assert office.read(lambda conn: catalogue.by_hash(conn, first.sop.hash)) is first


def test_unknown_slugs_and_hashes(office):
    assert office.read(lambda conn: Catalogue().current(conn, "tidak-ada")) is None
    with pytest.raises(KeyError):
        office.read(lambda conn: Catalogue().by_hash(conn, "tidak-ada"))
