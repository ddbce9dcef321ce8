import pytest

from sopbot.store import versions
from sopbot.store.versions import VersionRow


@pytest.fixture
def store(write, now):
    return lambda digest, slug="sumbang-dpa", office="sumbang": write(
        lambda conn: versions.store(conn, digest, office, slug, f'{{"slug":"{slug}"}}', now),
    )


def test_the_version_stored_last_is_current_and_the_older_stays(store, read, now):
    assert store("h1")
    assert store("h2")
    document = '{"slug":"sumbang-dpa"}'
    current = VersionRow(
        hash="h2", office="sumbang", slug="sumbang-dpa", document=document, loaded_at=now, current=True
    )
    assert read(lambda conn: versions.current(conn, "sumbang-dpa")) == current
    assert not read(lambda conn: versions.get(conn, "h1")).current
    assert read(lambda conn: versions.get(conn, "h3")) is None


def test_a_known_version_becomes_current_again(store, read):
    store("h1")
    store("h2")
    assert not store("h1")
    assert not store("h1")
    assert read(lambda conn: versions.current(conn, "sumbang-dpa")).hash == "h1"


def test_all_current_versions_by_office(store, read):
    for digest, slug, office in (("h1", "sumbang-rka", "sumbang"), ("h2", "sumbang-dpa", "sumbang"), ("h3", "k", "k")):
        store(digest, slug, office)
    assert [one.slug for one in read(versions.all_current)] == ["k", "sumbang-dpa", "sumbang-rka"]
    assert [one.slug for one in read(lambda conn: versions.all_current(conn, "k"))] == ["k"]


def test_a_withdrawn_slug_has_no_current_version(store, write, read):
    store("h1")
    assert [write(lambda conn: versions.withdraw(conn, "sumbang-dpa")) for _ in range(2)] == [True, False]
    assert read(lambda conn: versions.current(conn, "sumbang-dpa")) is None
    assert read(lambda conn: versions.get(conn, "h1")) is not None
