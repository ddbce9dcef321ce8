import pytest
from sqlalchemy.exc import IntegrityError

from sopbot.store import instances, versions
from sopbot.store.tables.work import sop_version


def test_a_slug_has_one_current_version(write, work, now):
    write(lambda conn: versions.store(conn, "h2", "sumbang", "sumbang-renja", "{}", now))
    with pytest.raises(IntegrityError):
        write(lambda conn: conn.execute(sop_version.update().values(current=True)))


@pytest.mark.parametrize("changes", [{"definition": "unknown"}, {"started_by": 99}])
def test_an_instance_refers_to_what_exists(write, work, changes):
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        write(lambda conn: instances.insert(conn, work.instance(**changes)))


def test_an_assignment_belongs_to_an_instance_and_an_officer(write, work):
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        write(lambda conn: instances.save_assignment(conn, work.assignment()))
    write(lambda conn: instances.insert(conn, work.instance()))
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        write(lambda conn: instances.save_assignment(conn, work.assignment(holder=99)))
