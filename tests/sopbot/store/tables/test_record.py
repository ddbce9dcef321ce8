import pytest
from sqlalchemy.exc import IntegrityError

from sopbot.store.tables.record import deployment, trail


def test_there_is_one_deployment_only(write):
    with pytest.raises(IntegrityError):
        write(lambda conn: conn.execute(deployment.insert().values(id=2, uuid="x", created_at=0, epoch=1)))


def test_the_trail_depends_on_no_projection():
    assert trail.foreign_keys == set()
