import pytest

from sopbot.simulator.ledger import Ledger


@pytest.fixture
def ledger(tmp_path):
    opened = Ledger(tmp_path / "l.sqlite3")
    yield opened
    opened.close()


def test_what_is_committed_is_there_after_opening_again(tmp_path):
    first = Ledger(tmp_path / "a.sqlite3")
    first.put("chat", 7, {"title": "é"})
    first.put("chat", 8, {})
    first.remove("chat", 8)
    assert first.append({"method": "getMe"}) == 1
    first.close()
    second = Ledger(tmp_path / "a.sqlite3")
    assert dict(second.load("chat")) == {"7": {"title": "é"}}
    assert second.entries(0, 10) == [{"seq": 1, "method": "getMe"}]
    second.close()


def test_what_is_rolled_back_never_was(ledger):
    ledger.put("chat", 1, {})
    ledger.commit()
    ledger.put("chat", 1, {"changed": True})
    ledger.append({})
    ledger.rollback()
    assert dict(ledger.load("chat")) == {"1": {}}
    assert ledger.entries(0, 10) == []


def test_the_journal_is_read_from_a_place_on(ledger):
    for number in range(3):
        ledger.append({"n": number})
    assert [entry["n"] for entry in ledger.entries(1, 1)] == [1]


def test_only_one_simulator_uses_a_folder(tmp_path, ledger):
    with pytest.raises(BlockingIOError, match="another simulator uses"):
        Ledger(tmp_path / "l.sqlite3")
