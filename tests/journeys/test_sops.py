"""Each of the eleven SOPs from its first step to its last, with every decision answered TIDAK at least once."""

import pytest

from tests.journeys.plan import SLUGS, plan_of
from tests.journeys.player import Player
from tests.journeys.stage import playing


@pytest.mark.parametrize("slug", SLUGS)
async def test_the_journey(slug, tmp_path):
    plan = plan_of(slug)
    async with playing(tmp_path, [plan.office]) as stage:
        await Player(stage=stage, plan=plan).play()


def test_the_journeys_cover_every_step_and_return_every_decision():
    steps, decisions, returned = set(), set(), set()
    for slug in SLUGS:
        plan = plan_of(slug)
        steps |= {(slug, turn.step) for turn in plan.turns}
        decisions |= {(slug, row.number) for row in plan.rows if row.on_yes is not None}
        returned |= {(slug, turn.step) for turn in plan.turns if turn.answer == "tidak" and turn.seal is None}
    assert len(steps) == 100
    assert len(decisions) == 20
    assert returned == decisions | {("karawaci-renja", 5), ("ngargoyoso-renja", 6)}
