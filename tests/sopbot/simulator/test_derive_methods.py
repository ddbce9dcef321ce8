import json

from sopbot.simulator.derive_methods import derive, render


def field(name, *types, required=False):
    return {"name": name, "types": list(types), "required": required, "description": "words"}


SOURCE = {
    "version": "Bot API 0.1",
    "methods": {
        "getMe": {"name": "getMe"},
        "setColour": {"name": "setColour", "fields": [field("colour", "Colour", required=True), field("n", "Integer")]},
    },
    "types": {
        "Colour": {"name": "Colour", "subtypes": ["Red", "Mixed"]},
        "Red": {"name": "Red", "fields": [field("shade", "Float")]},
        "Mixed": {"name": "Mixed", "fields": [field("parts", "Array of Array of Red")]},
        "Unused": {"name": "Unused", "fields": [field("x", "String")]},
    },
}


def test_names_types_and_required_are_kept_and_nothing_else():
    assert derive(SOURCE) == {
        "version": "Bot API 0.1",
        "methods": {"getMe": {}, "setColour": {"colour": "Colour!", "n": "Integer"}},
        "types": {"Mixed": {"parts": "Array of Array of Red"}, "Red": {"shade": "Float"}},
        "unions": {"Colour": ["Red", "Mixed"]},
    }


def test_each_method_stands_on_a_line_of_its_own():
    text = render(derive(SOURCE))
    assert json.loads(text) == derive(SOURCE)
    assert any(line.startswith('"setColour"') for line in text.splitlines())
