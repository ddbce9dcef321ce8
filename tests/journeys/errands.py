"""Short errands for tests that need an SOP under way: start one, take a task, finish it."""

from typing import Any

from tests.journeys.plan import people_of
from tests.journeys.stage import Shown, Stage

Json = dict[str, Any]
PEOPLE = people_of("karawaci")
IDS = {key: one.id for key, one in PEOPLE.items()}
KEYS = {one.id: key for key, one in PEOPLE.items()}
RENJA = "Penyusunan Rencana Kerja"


async def start(stage: Stage, by: str = "camat", subject: str = "Renja 2027", sop: str = RENJA) -> list[Shown]:
    """Start an SOP and return what was shown; the cards are among it."""
    [menu] = await stage.say(IDS[by], "/mulai")
    _, [question] = await stage.tap(IDS[by], menu.message, sop)
    [confirm] = await stage.say(IDS[by], subject, reply_to=question.message["message_id"])
    _, shown = await stage.tap(IDS[by], confirm.message, "Ya, Mulai")
    return shown


def card_of(shown: list[Shown], who: str) -> Json:
    """Return the one new message of a person."""
    [card] = [one.message for one in shown if one.new and one.person == IDS[who]]
    return card


async def accept(stage: Stage, who: str, card: Json) -> Json:
    """Press Terima Tugas and return the card as it is then."""
    await stage.tap(IDS[who], card, "Terima Tugas")
    return await stage.message(IDS[who], card["message_id"])


async def finish(stage: Stage, who: str, card: Json, label: str = "Selesai") -> list[Shown]:
    """Take a task, press the button that completes it and return what was shown."""
    _, shown = await stage.tap(IDS[who], await accept(stage, who, card), label)
    return shown


async def until_step(stage: Stage, step: int) -> list[Shown]:
    """Start the Renja of Karawaci and go on to its step 1, 2 or 3; return what was shown last."""
    shown = await start(stage)
    for who in ("camat", "sekcam")[: step - 1]:
        shown = await finish(stage, who, card_of(shown, who))
    return shown


def record(stage: Stage, instance: int = 1) -> list[tuple[str, int | None]]:
    """Return what the trail says happened: action and step."""
    return [(row["action"], row["value"].get("step")) for row in stage.trail(instance)]
