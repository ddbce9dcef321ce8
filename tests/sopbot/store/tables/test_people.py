import pytest
from sqlalchemy.exc import IntegrityError

from sopbot.store.tables.people import invitation, officer


def test_an_account_is_one_officers_only(write, work):
    with pytest.raises(IntegrityError):
        write(lambda conn: conn.execute(officer.update().values(telegram_id=5)))


def test_an_invitation_is_for_an_officer_who_exists(write):
    row = {"hash": b"1", "officer": 99, "created_at": 0, "expires_at": 0, "tries": 0}
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        write(lambda conn: conn.execute(invitation.insert().values(row)))
