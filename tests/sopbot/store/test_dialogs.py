from sopbot.store import dialogs
from sopbot.store.dialogs import DialogRow


def test_a_person_has_one_dialog_and_the_last_question_counts(write, read, now):
    write(lambda conn: dialogs.set(conn, 7, "alasan", {"langkah": 3}, None, now))
    write(lambda conn: dialogs.set(conn, 7, "subjek", {"nama": "Ré"}, 99, now))
    write(lambda conn: dialogs.set(conn, 8, "alasan", {}, None, now))
    wanted = DialogRow(telegram_id=7, kind="subjek", data={"nama": "Ré"}, prompt_id=99, created_at=now)
    assert read(lambda conn: dialogs.get(conn, 7)) == wanted


def test_of_two_answers_at_once_one_ends_the_dialog(write, read, now):
    write(lambda conn: dialogs.set(conn, 7, "alasan", {}, None, now))
    assert [write(lambda conn: dialogs.clear(conn, 7)) for _ in range(2)] == [True, False]
    assert read(lambda conn: dialogs.get(conn, 7)) is None
