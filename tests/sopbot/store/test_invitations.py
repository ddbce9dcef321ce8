from datetime import timedelta

import pytest

from sopbot.store import invitations

DAY = timedelta(days=1)


@pytest.fixture
def invite(write, work, now):
    def inviting(digest=b"1", officer=None):
        whom = work.staf if officer is None else officer
        write(lambda conn: invitations.invite(conn, whom, digest, work.camat, now, now + DAY))

    return inviting


@pytest.fixture
def redeem(write, now):
    return lambda digest=b"1", at=now: write(lambda conn: invitations.redeem(conn, digest, at))


def test_an_invitation_is_used_once(invite, redeem, work):
    invite()
    assert redeem() == work.staf
    assert redeem() is None


def test_an_unknown_or_expired_invitation_is_worth_nothing(invite, redeem, now):
    invite()
    assert redeem(b"2") is None
    assert redeem(at=now + DAY) is None


def test_a_newer_invitation_ends_the_older(invite, redeem, work):
    invite(b"1")
    invite(b"2", officer=work.camat)
    invite(b"3")
    assert [redeem(b"1"), redeem(b"2"), redeem(b"3")] == [None, work.camat, work.staf]


def test_after_five_tries_an_invitation_is_void(invite, redeem, write):
    invite()
    for _ in range(invitations.TRIES):
        write(lambda conn: invitations.count_try(conn, b"1"))
    assert redeem() is None


def test_a_failure_in_the_same_transaction_gives_the_invitation_back(invite, redeem, write, work, now):
    def taken(conn):
        invitations.redeem(conn, b"1", now)
        raise LookupError("the account is taken")

    invite()
    with pytest.raises(LookupError):
        write(taken)
    assert redeem() == work.staf


def test_denials_are_counted_by_account_and_time(write, read, now):
    for account, at in ((7, now - DAY), (7, now), (7, now), (8, now)):
        write(lambda conn, account=account, at=at: invitations.deny(conn, at, account, 5, "tombol", "NotYours"))
    assert read(lambda conn: invitations.denials_since(conn, 7, now - DAY)) == 2
    rows = read(lambda conn: conn.exec_driver_sql("SELECT what, why, update_id FROM denial").all())
    assert rows == [("tombol", "NotYours", 5)] * 4
