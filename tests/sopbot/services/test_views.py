"""Views are facts without wording: frozen, and every kind of them is worded."""

from dataclasses import is_dataclass
from typing import get_args

import pytest

from sopbot.services import views
from sopbot.services.views import View


@pytest.mark.parametrize("kind", get_args(View))
def test_a_view_is_a_frozen_value(kind):
    assert is_dataclass(kind)
    assert kind.__dataclass_params__.frozen
    assert "__slots__" in vars(kind)


def test_every_view_belongs_to_the_union():
    """Fails for a view that the messenger would not know."""
    declared = {name for name in vars(views) if name.endswith("View")} - {"View", "ReturnedView"}
    assert declared == {kind.__name__ for kind in get_args(View)}
