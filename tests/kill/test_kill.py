"""The bot is killed in the middle of taps, started again, and nothing is lost, doubled or told falsely.

The simulator is a process of its own, and its journal is the truth that messages are counted against. The short form
plays the beginning of one SOP, `--thorough` four of them; `--seed N` repeats the moments of the kills.
"""

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from sopbot.simulator.server import DEFAULT_TOKEN

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds, for a computer that is busy with other things
AGAIN = 4  # seconds after which a person presses once more
UNCERTAIN_WAIT = 61  # seconds of the clock after which a message with an unknown fate is repeated
WITHIN = 0.06  # seconds in which a tap is received, stored, answered and told

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL to send")

TAKE, DONE, YES = "Terima Tugas", "Selesai", "Ya, Setuju"
SOP = "Penyusunan Rencana Kerja"
WALK = [
    ("camat", TAKE),
    ("camat", DONE),
    ("sekcam", TAKE),
    ("sekcam", DONE),
    ("staf", TAKE),
    ("staf", DONE),
    ("staf", TAKE),
    ("staf", DONE),
    ("kasubag_pk", TAKE),
    ("kasubag_pk", DONE),
    ("sekcam", TAKE),
    ("sekcam", YES),
]
ACTIONS = [
    *("dimulai", "ditugaskan"),
    *("diterima", "selesai", "ditugaskan") * 5,
    *("diterima", "ya", "ditugaskan"),
]
STEPS = [1, 2, 3, 4, 5, 6, 6]  # of the assignments: the last one is the Camat's signature


class Program:
    """A sopbot command in a process of its own, its words in a file."""

    def __init__(self, log, *arguments, **variables):
        self._command = [sys.executable, "-m", "sopbot", *arguments]
        self._environ = {**os.environ, **variables}
        self._log = log
        self.process = None

    def start(self):
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environ, stdout=log, stderr=subprocess.STDOUT
            )

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def said(self):
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""


class Play:
    """People at the simulator's page, who press again what had no effect, and a bot that dies under their hands."""

    def __init__(self, url, bot, rng):
        self.url = url
        self.bot = bot
        self.rng = rng
        self.kills = 0
        officers = [one for one in self.call("/sim/people") if one["office"] == "karawaci"]
        roles = ("camat", "sekcam", "staf", "kasubag_pk")
        self.people = {role: next(one["id"] for one in officers if role in one["roles"]) for role in roles}
        self._threads = []

    def call(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    def messages(self, person):
        return self.call(f"/sim/people/{person}/messages")

    def wait(self, what, found, *, again=lambda: None):
        """Wait until `found` gives something; every few seconds time passes on the clock, and `again` is done."""
        end, next_try = time.monotonic() + PATIENCE, time.monotonic() + AGAIN
        while not (seen := found()):
            assert self.bot.process.poll() is None, self.bot.said()[-3000:]
            assert time.monotonic() < end, f"{what} did not happen.\n{self.bot.said()[-3000:]}"
            if time.monotonic() > next_try:
                again()
                self.call("/sim/clock", {"advance": UNCERTAIN_WAIT})
                next_try = time.monotonic() + AGAIN
            time.sleep(0.02)
        return seen

    def button(self, person, label, after):
        """Return the newest message with this button and what it sends, once it is there."""
        return self.wait(f"The button {label}", lambda: self.shown(person, label, after))

    def shown(self, person, label, after):
        for message in reversed(self.messages(person)):
            for button in (one for row in message["buttons"] for one in row):
                if button["text"] == label and message["message_id"] > after:
                    return message["message_id"], button["data"]
        return None

    def press(self, person, label, *, killed=False, after=0, effect=None):
        """Press a button until its effect is seen: by default, that the message shows something else."""
        message_id, data = self.button(person, label, after)

        def tap():
            # Nobody answered, or the button has gone: what counts is what the message shows.
            with contextlib.suppress(urllib.error.HTTPError, ConnectionError):
                self.call(f"/sim/people/{person}/taps", {"message_id": message_id, "data": data})

        def pressed():
            self._threads.append(threading.Thread(target=tap))
            self._threads[-1].start()

        def gone():
            shown = next(one for one in self.messages(person) if one["message_id"] == message_id)
            return all(button["text"] != label for row in shown["buttons"] for button in row)

        pressed()
        if killed:
            time.sleep(self.rng.uniform(0, WITHIN))
            self.bot.kill()
            self.kills += 1
            self.bot.start()
        self.wait(f"The effect of {label}", effect or gone, again=pressed)

    def begin(self, subject, *, killed):
        camat = self.people["camat"]
        latest = max([one["message_id"] for one in self.messages(camat)], default=0)
        for text, answer in (("/mulai", SOP), (subject, "Ya, Mulai")):
            self.call(f"/sim/people/{camat}/messages", {"text": text})
            self.button(camat, answer, latest)
            if answer == SOP:
                message_id, data = self.button(camat, SOP, latest)
                self.call(f"/sim/people/{camat}/taps", {"message_id": message_id, "data": data})

        def began():
            return self.shown(camat, TAKE, latest)  # the confirmation may be lost with the process, the card not

        self.press(camat, "Ya, Mulai", killed=killed, after=latest, effect=began)

    def finish(self):
        for thread in self._threads:
            thread.join(PATIENCE)


@pytest.fixture
def simulator(tmp_path):
    program = Program(
        tmp_path / "simulator.log", "simulate", "--no-bot", "--port", "0", "--data", str(tmp_path / "sim")
    )
    program.start()
    end = time.monotonic() + PATIENCE
    while "simulator: " not in program.said():
        assert time.monotonic() < end
        assert program.process.poll() is None, program.said()
        time.sleep(0.05)
    yield program.said().split("simulator: ")[1].split()[0]
    program.kill()


@pytest.fixture
def bot(tmp_path, simulator, monkeypatch):
    data = tmp_path / "bot"
    there = {"SOPBOT_TOKEN": DEFAULT_TOKEN, "SOPBOT_TELEGRAM_API_URL": simulator, "SOPBOT_SIM_CLOCK_URL": simulator}
    limits = dict.fromkeys(("SOPBOT_LIMIT_OVERALL", "SOPBOT_LIMIT_CHAT", "SOPBOT_LIMIT_GROUP"), "0")
    program = Program(tmp_path / "bot.log", "run", SOPBOT_DATA=str(data), **there, **limits)
    program.data = data
    program.start()
    yield program
    program.kill()


def sopbot(bot, *arguments):
    """Run a command on the bot's data."""
    return subprocess.run(
        [sys.executable, "-m", "sopbot", *arguments, "--data", str(bot.data)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def rows(bot, sql):
    with contextlib.closing(
        sqlite3.connect(f"file:{bot.data / 'sopbot.db'}?mode=ro", uri=True, timeout=30)
    ) as connection:
        return connection.execute(sql).fetchall()


def killing(rng, kills, walks):
    """Choose the taps that a kill shall fall into; the start of each walk is one of them."""
    taps = [(walk, tap) for walk in range(walks) for tap in range(len(WALK) + 1)]
    return set(rng.sample(taps, kills))


@pytest.mark.parametrize(
    ("kills", "walks"), [pytest.param(5, 1, id="short"), pytest.param(40, 4, id="long", marks=pytest.mark.thorough)]
)
def test_nothing_is_lost_or_doubled_when_the_bot_is_killed(simulator, bot, seed, kills, walks):
    rng = random.Random(seed)
    chosen = killing(rng, kills, walks)
    play = Play(simulator, bot, rng)
    for walk in range(walks):
        play.begin(f"Renja {2027 + walk}", killed=(walk, 0) in chosen)
        for number, (role, label) in enumerate(WALK, start=1):
            play.press(play.people[role], label, killed=(walk, number) in chosen)
    waiting = "SELECT id FROM outbox WHERE state IN ('waiting', 'claimed')"
    play.wait("The last message", lambda: not rows(bot, waiting))
    play.finish()
    assert play.kills == kills
    assert bot.stop() == 0, bot.said()[-3000:]

    verified = sopbot(bot, "trail", "verify")
    assert (verified.returncode, verified.stderr) == (0, "")
    exported = json.loads(sopbot(bot, "trail", "export", "--format", "json").stdout)
    walked = [row for row in exported if row["instance"] is not None]
    assert {row["instance"] for row in walked} == set(range(1, walks + 1))
    for instance in range(1, walks + 1):
        assert [row["action"] for row in walked if row["instance"] == instance] == ACTIONS
    assert rows(bot, "SELECT count(*) FROM inbox WHERE state NOT IN ('done')") == [(0,)]
    assert_everybody_was_told(play, bot, walked)


def assert_everybody_was_told(play, bot, walked):
    """Every assignment's card reached each of its officers, and no copy of it goes unrecorded."""
    journal = play.call("/sim/journal?limit=100000")
    sent = [one["parameters"] for one in journal if one["method"] == "sendMessage" and one["accepted"]]
    accounts = {one["id"]: one["telegram_id"] for one in json.loads(sopbot(bot, "officer", "list", "--json").stdout)}
    surplus = 0
    assigned = [row for row in walked if row["action"] == "ditugaskan"]
    takers = {
        (row["instance"], row["value"]["assignment"]): row["actor"]["officer"]
        for row in walked
        if row["action"] == "diterima"
    }
    assert len(assigned) == len(STEPS) * len({row["instance"] for row in walked})
    for row in assigned:
        step = STEPS[row["value"]["assignment"] - 1]
        for officer in row["value"]["offered_to"]:
            cards = [
                one
                for one in sent
                if int(one["chat_id"]) == accounts[officer]
                and "Tugas baru" in one["text"]
                and f"(langkah {step} dari 12)" in one["text"]
                and f"(No. {row['instance']})" in one["text"]
            ]
            if not cards and officer != takers[row["instance"], row["value"]["assignment"]]:
                # Somebody else took the step while the bot was dead: then the card says that, or is not sent any more.
                assignment = row["value"]["assignment"]
                which = f"recipient = {officer} AND instance = {row['instance']} AND assignment = {assignment}"
                outcome = rows(bot, f"SELECT state, error FROM outbox WHERE kind = 'kartu' AND {which}")  # noqa: S608
                assert outcome in ([("sent", None)], [("skipped", "tugas sudah selesai")]), outcome
                continue
            assert cards, f"The card of step {step} never reached officer {officer}."
            surplus += len(cards) - 1
    [[uncertain]] = rows(bot, "SELECT coalesce(sum(uncertain), 0) FROM outbox")
    assert surplus <= uncertain
