from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from sopbot.store import cards, instances
from sopbot.store.cards import CardRow


@pytest.fixture
def issue(write, work, now):
    def begin(conn):
        instances.insert(conn, work.instance())
        for n in (1, 2):
            instances.save_assignment(conn, work.assignment(n=n))

    write(begin)

    def issuing(token, n=1, officer=None, chat_id=100, later=0):
        whom, at = work.staf if officer is None else officer, now + timedelta(seconds=later)
        write(lambda conn: cards.issue(conn, token, 1, n, whom, chat_id, at))

    return issuing


def test_a_card_is_found_by_token_message_and_assignment(issue, write, read, work, now):
    issue("a")
    issue("b", later=1)
    write(lambda conn: cards.shown(conn, "a", 5, 3))
    card = CardRow(
        token="a",
        instance=1,
        assignment=1,
        officer=work.staf,
        chat_id=100,
        message_id=5,
        revision=3,
        retired=False,
        created_at=now,
    )
    assert read(lambda conn: cards.by_token(conn, "a")) == card
    assert read(lambda conn: cards.by_message(conn, 100, 5)) == card
    assert [one.token for one in read(lambda conn: cards.of_assignment(conn, 1, 1))] == ["a", "b"]
    assert read(lambda conn: cards.by_token(conn, "z")) is None
    assert read(lambda conn: cards.by_message(conn, 101, 5)) is None


def test_a_token_is_never_issued_twice(issue):
    issue("a")
    with pytest.raises(IntegrityError):
        issue("a")


def test_a_message_shows_one_card(issue, write, read):
    issue("a")
    issue("b", n=2)
    issue("c", chat_id=101)
    for token in ("a", "c", "b"):
        write(lambda conn, token=token: cards.shown(conn, token, 5, 0))
    shown = {token: read(lambda conn, token=token: cards.by_token(conn, token)).message_id for token in "abc"}
    assert shown == {"a": None, "b": 5, "c": 5}


def test_retiring_voids_the_cards_of_an_assignment_one_card_or_an_officer(issue, write, read, work):
    for token, changes in {"a": {}, "b": {}, "c": {"n": 2}, "d": {"n": 2, "officer": work.camat}}.items():
        issue(token, **changes)
    void = lambda: {one for one in "abcd" if read(lambda conn, one=one: cards.by_token(conn, one)).retired}  # noqa: E731
    write(lambda conn: cards.retire_one(conn, "a"))
    assert void() == {"a"}
    assert write(lambda conn: cards.retire(conn, 1, 1)) == 1
    assert void() == {"a", "b"}
    assert write(lambda conn: cards.retire_of_officer(conn, work.staf)) == 1
    assert void() == {"a", "b", "c"}
