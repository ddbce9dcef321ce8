"""One simulator and one bot for each test of this folder, on a folder and a port of its own."""

import pytest

from tests.journeys.stage import playing


@pytest.fixture
async def stage(request, tmp_path):
    """Give the stage of the office that the test asks for with `offices` (Karawaci unless it says otherwise)."""
    async with playing(tmp_path, getattr(request, "param", ["karawaci"])) as running:
        yield running
