"""Plays one journey turn by turn as its officers would, and compares everything that anybody sees with the plan.

Counterparts: `plan.py` has the plan, `wording.py` what a card must say, `stage.py` the way to the people.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.journeys import wording
from tests.journeys.plan import Person, Plan, Row, Turn
from tests.journeys.stage import Shown, Stage

Json = dict[str, Any]
GRACE = 60  # working minutes until a task counts as accepted
LEAST_FOR_A_SEAL = 60
REMINDERS = ("🔔", "🔺")


@dataclass(slots=True, kw_only=True)
class Player:
    """Plays `plan` on `stage`."""

    stage: Stage
    plan: Plan
    instance: int = 0
    cards: dict[str, Json] = field(default_factory=dict)  # the newest card of each person
    expected: list[tuple[str, int | None, int | None]] = field(default_factory=list)  # action, step, Telegram id
    reminders: list[Shown] = field(default_factory=list)
    row_due: datetime | None = None  # of the latest decision: a ratification has what is left of its time
    returned: str = ""  # why the next card comes back

    # --------------------------------------------------------------------------------------------- the journey

    async def play(self) -> None:
        """Start, do every turn, and see the end."""
        shown = await self._start()
        turns = self.plan.turns
        for turn, after in pairwise((*turns, None)):
            row = self.plan.row(turn.step)
            if not (row.parallel and turn.by in self.cards):  # its card came together with the others'
                self._arrived(shown, turn)
            await self._accepted(row, turn)
            shown = await self._answered(row, turn, after)
        self._ended(shown)
        self._record()

    async def _start(self) -> list[Shown]:
        starter = self.plan.people[self.plan.starter]
        [menu] = await self.stage.say(starter.id, "/mulai")
        name = self.plan.title.removeprefix("SOP ")
        label = next(one for one in menu.labels if name in one)
        _, [question] = await self.stage.tap(starter.id, menu.message, label)
        assert "Mohon tuliskan perihalnya" in question.text
        assert ("waktunya hanya perkiraan" in question.text) == self.plan.indicative
        [confirm] = await self.stage.say(starter.id, self.plan.subject, reply_to=question.message["message_id"])
        first = self.plan.row(1)
        for part in (self.plan.title, f"Perihal: {self.plan.subject}", f"{first.activity} — {first.performer}"):
            assert part in confirm.text
        assert confirm.labels == ["Ya, Mulai", "Batal"]
        _, shown = await self.stage.tap(starter.id, confirm.message, "Ya, Mulai")
        [said] = [one for one in shown if not one.new]
        assert said.message["message_id"] == confirm.message["message_id"]
        assert "Pelaksanaan dimulai." in said.text
        self.instance = int(said.text.partition("(No. ")[2].partition(")")[0])
        self._receipt(said.text, "dimulai")
        self.expected.append(("dimulai", None, starter.id))
        self._assigned(self.plan.turns[0], starter)
        return [one for one in shown if one.new]

    # ------------------------------------------------------------------------------------------- a step arrives

    def _arrived(self, shown: list[Shown], turn: Turn) -> None:
        """Exactly the right people got a card, exactly the participants were told, nobody else anything."""
        row = self.plan.row(turn.step)
        together = self._together(turn)
        new = [one for one in shown if one.new]
        told = [one for one in new if one.text.startswith("👥")]
        assert {one.person for one in told} == self._ids(self.plan.told(row) if turn.seal is None else set())
        for one in told:
            reader = self._reader(one)
            assert f"Yth. {reader.called}, Bapak/Ibu menjadi peserta langkah berikut" in one.text
            assert f"{row.activity} (langkah {row.number} dari {len(self.plan.rows)})" in one.text
            assert one.labels == []
        cards = [one for one in new if one not in told]
        assert sorted(one.person for one in cards) == sorted(
            self.plan.people[key].id for mate in together for key in mate.to
        )
        self.cards = {}
        for one in cards:
            reader = self._reader(one)
            self.cards[reader.key] = one.message
            assert one.labels == ["Terima Tugas"]
            assert one.text.startswith(wording.heading(turn, returned=bool(self.returned)) + "\n")
            assert f"Yth. {reader.called}, {wording.request(row, turn)}" in one.text
            self._holds(one.text, row, turn)
            accept_by = self.plan.calendar.add_minutes(self._latest("ditugaskan"), GRACE)
            assert f"dianggap diterima otomatis pada {wording.full(accept_by)}." in one.text
            if self.returned:
                assert self.returned in one.text
            else:
                assert "Dikembalikan dari langkah" not in one.text
            if len(turn.to) > 1:
                names = ", ".join(self.plan.people[key].name for key in turn.to)
                assert f"Ditawarkan kepada {names}; yang pertama menekan Terima Tugas" in one.text
        self.returned = ""

    def _together(self, turn: Turn) -> list[Turn]:
        """Return the turns whose cards come at once: all of them where a step is done in parallel."""
        if not self.plan.row(turn.step).parallel:
            return [turn]
        return [one for one in self.plan.turns if (one.step, one.round) == (turn.step, turn.round)]

    # --------------------------------------------------------------------------------------------- it is taken

    async def _accepted(self, row: Row, turn: Turn) -> None:
        by = self.plan.people[turn.by]
        await self._wait(turn.wait)
        if turn.automatic:
            await self._by_itself(row, turn)
            if len(turn.to) == 1:
                return
        card = await self._card(turn.by)
        answer, shown = await self.stage.tap(by.id, card, "Terima Tugas")
        self.expected.append(("diterima", turn.step, by.id))
        due = self._due(row, turn, "diterima")
        assert answer == {"answer": f"Tugas diterima. Jatuh tempo: {wording.full(due)}.", "alert": False}
        assert {one.person for one in shown} == self._ids(set(turn.to))
        assert not any(one.new for one in shown)
        for one in shown:
            self._receipt(one.text, "diterima")
            if one.person == by.id:
                self._holds(one.text, row, turn)
                assert f"Jatuh tempo: {wording.full(due)}" in one.text
                self._working(one, row, turn)
            else:
                assert one.text.startswith(f"👤 Tugas ini sudah diambil oleh {by.named}.")
                assert f"{self.plan.title} — {self.plan.subject} (No. {self.instance})" in one.text
                assert one.labels == []
        if len(turn.to) > 1:
            await self._taken(turn, card)

    async def _by_itself(self, row: Row, turn: Turn) -> None:
        """Nobody pressed: the time runs from the end of the grace, and the card says so."""
        self.expected.append(("diterima_otomatis", turn.step, None))
        due = self._due(row, turn, "diterima_otomatis")
        for key in turn.to:
            card = await self._card(key)
            begun = self.plan.calendar.add_minutes(self._latest("ditugaskan"), GRACE)
            running = (
                f"Waktunya berjalan sejak {wording.full(begun)} (diterima otomatis karena masa tunggu telah habis)."
            )
            for part in (running, f"Jatuh tempo: {wording.full(due)}"):
                assert part in card["text"]
            assert ("Belum ada yang mengambil tugas ini." in card["text"]) == (len(turn.to) > 1)
            if len(turn.to) == 1:
                self._receipt(card["text"], "diterima_otomatis")
            labels = [button["text"] for line in card["buttons"] for button in line]
            assert labels == (wording.buttons(row, turn) if len(turn.to) == 1 else ["Terima Tugas"])

    async def _taken(self, turn: Turn, card: Json) -> None:
        """Another candidate who presses the button of a card that is no longer theirs is told the truth."""
        other = next(self.plan.people[key] for key in turn.to if key != turn.by)
        late = self.cards[other.key]
        before = len(self.stage.trail(self.instance))
        answer, shown = await self.stage.force(other.id, late["message_id"], late["buttons"][0][0]["data"])
        assert answer == {"answer": f"Tugas ini sudah diambil oleh {self.plan.people[turn.by].name}.", "alert": True}
        foreign, more = await self.stage.force(other.id, late["message_id"], card["buttons"][0][0]["data"])
        assert foreign == {"answer": "Mohon maaf, tugas ini tidak ditujukan untuk Bapak/Ibu.", "alert": True}
        assert (shown, more, len(self.stage.trail(self.instance))) == ([], [], before)

    def _working(self, one: Shown, row: Row, turn: Turn) -> None:
        again = wording.again(turn)
        assert one.text.startswith(f"▶️ {wording.WORKING[turn.task]}{again}\n")
        assert one.labels == wording.buttons(row, turn)
        if self.plan.indicative:
            assert "Waktu baku SOP ini hanya perkiraan" in one.text
        elif turn.task.startswith("catat"):
            assert "Waktu pihak luar hanya ditampilkan" in one.text

    # ------------------------------------------------------------------------------------------- it is answered

    async def _answered(self, row: Row, turn: Turn, after: Turn | None) -> list[Shown]:
        """Press the button, or give the reason as well; return what others were shown because of it."""
        by = self.plan.people[turn.by]
        await self._wait(turn.work)
        card = await self._card(turn.by)
        answer, shown = await self.stage.tap(by.id, card, wording.answer_label(row, turn))
        if turn.answer == "tidak":
            assert (answer["answer"], len(shown)) == (None, 1)
            [question] = shown
            assert question.person == by.id
            assert row.on_no is not None
            target = wording.named_step(self.plan, row.on_no)
            assert f"Akan dikembalikan kepada {target}. Mohon tuliskan alasan pengembalian." in question.text
            shown = await self.stage.say(by.id, turn.reason, reply_to=question.message["message_id"])
        action = {"tidak": "tidak", "ya": "ya", "selesai": "selesai"}[turn.answer]
        self.expected.append((action, turn.step, by.id))
        at = self._latest(action)
        sentence = wording.done(self.plan, row, turn, at, self._open_beside(turn))
        if turn.answer == "tidak":
            [said] = [one for one in shown if one.person == by.id and one.text.startswith("Terima kasih.")]
            shown.remove(said)
            assert said.text.startswith(sentence)
            self._receipt(said.text, action)
            self.returned = wording.returned_from(turn, row, by)
        else:
            assert answer == {"answer": sentence, "alert": False}
        edited = [one for one in shown if not one.new]
        assert {one.person for one in edited} == self._ids(set(turn.to))
        for one in edited:
            assert one.labels == []
            self._receipt(one.text, action)
            own = one.person == by.id
            verb = "Dikembalikan" if turn.answer == "tidak" else "Diselesaikan"
            assert (sentence if own else f"{verb} oleh {by.named}.") in one.text
            if turn.answer == "tidak":
                assert f"Alasan:\n{turn.reason}" in one.text
            assert "Jatuh tempo" not in one.text
        if after is None:
            self.expected.append(("rampung", None, by.id))
        elif turn.leads_to != "menunggu":
            self._assigned(after, by)
        else:
            assert [one for one in shown if one.new] == []  # the step goes on until the last of them is done
        return [one for one in shown if one.new]

    def _open_beside(self, turn: Turn) -> int:
        mates = self._together(turn)
        return len(mates) - 1 - mates.index(turn)

    # ------------------------------------------------------------------------------------------------- the end

    def _ended(self, shown: list[Shown]) -> None:
        worked = {turn.by for turn in self.plan.turns}
        told = {self.plan.people[key].id for key in {"sekcam", "camat", self.plan.starter} | worked}
        assert {one.person for one in shown} == told
        assert len(shown) == len(told)
        at = self._latest("rampung")
        for one in shown:
            assert f"seluruh langkah telah selesai pada {wording.full(at)}." in one.text
            assert f"{self.plan.title} — {self.plan.subject} (No. {self.instance})" in one.text
            self._receipt(one.text, "rampung")

    def _record(self) -> None:
        rows = self.stage.trail(self.instance)
        happened = [(row["action"], row["value"].get("step"), row["actor"]["telegram_id"]) for row in rows]
        assert happened == self.expected
        assert [row["instance_seq"] for row in rows] == list(range(1, len(rows) + 1))
        assert rows[-1]["to"] == "selesai"
        answers = [row for row in rows if row["action"] == "tidak"]
        assert [row["reason"] for row in answers] == [one.reason for one in self.plan.turns if one.reason]
        assert self.stage.faults_of_the_trail() == []
        if self.plan.indicative:
            assert not [one for one in self.reminders if "terlambat" in one.text or "melewati" in one.text]

    # --------------------------------------------------------------------------------------------------- small

    async def _wait(self, minutes: int) -> None:
        """Let time pass; what then comes unasked may only be a reminder, or a card that began by itself."""
        if not minutes:
            return
        for one in await self.stage.move(timedelta(minutes=minutes)):
            if one.new:
                assert one.text.startswith(REMINDERS), one.text
                self.reminders.append(one)

    async def _card(self, key: str) -> Json:
        return await self.stage.message(self.plan.people[key].id, self.cards[key]["message_id"])

    def _assigned(self, turn: Turn, by: Person) -> None:
        self.expected += [("ditugaskan", one.step, by.id) for one in self._together(turn)]

    def _due(self, row: Row, turn: Turn, action: str) -> datetime:
        """Work out the due time from the moment that the record gives as the start, and compare it."""
        value = self._entry(action)["value"]
        started, recorded = (datetime.fromisoformat(value[name]) for name in ("started_at", "due_at"))
        if turn.seal is None:
            due = self.plan.calendar.deadline(started, row.time)
            self.row_due = due
        else:
            assert self.row_due is not None
            due = max(self.row_due, self.plan.calendar.add_minutes(started, LEAST_FOR_A_SEAL))
        assert recorded == due
        return due

    def _holds(self, text: str, row: Row, turn: Turn) -> None:
        missing = [part for part in wording.facts(self.plan, row, turn) if part not in text]
        assert not missing, (missing, text)
        assert f"(No. {self.instance})" in text

    def _receipt(self, text: str, action: str) -> None:
        """The message names the record's own number and link."""
        entry = self._entry(action)
        assert f"Rekod {entry['seq']}·{entry['link'][:12]}" in text, (entry, text)

    def _entry(self, action: str) -> Json:
        return next(row for row in reversed(self.stage.trail(self.instance)) if row["action"] == action)

    def _latest(self, action: str) -> datetime:
        return datetime.fromisoformat(self._entry(action)["at"])

    def _reader(self, one: Shown) -> Person:
        return next(person for person in self.plan.people.values() if person.id == one.person)

    def _ids(self, keys: set[str]) -> set[int]:
        return {self.plan.people[key].id for key in keys}
