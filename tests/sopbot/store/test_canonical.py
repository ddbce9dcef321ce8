import hashlib
from enum import StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopbot.store.canonical import canonical, genesis_of, leaf_of, link_of

DEPLOYMENT = UUID("00000000-0000-4000-8000-000000000001")
INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
KEYS = st.text(st.characters(max_codepoint=127))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | INTEGERS | TEXTS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner)
)


class Colour(StrEnum):
    RED = "merah"


def test_keys_are_sorted_and_nothing_is_added():
    assert canonical({"b": [1, True, None], "a": "é"}) == '{"a":"é","b":[1,true,null]}'.encode()


def test_composed_and_decomposed_text_give_the_same_bytes():
    assert canonical("e\u0301") == canonical("\u00e9")


@given(VALUES)
def test_the_order_of_keys_does_not_matter_and_the_bytes_are_stable(value):
    def turned(one):
        if isinstance(one, dict):
            return {key: turned(one[key]) for key in reversed(one)}
        return [turned(item) for item in one] if isinstance(one, list) else one

    assert canonical(turned(value)) == canonical(value)


def test_enumerations_of_text_are_their_text():
    assert canonical({"warna": Colour.RED}) == b'{"warna":"merah"}'


@pytest.mark.parametrize("value", [1.5, b"x", {1, 2}, object(), {"a": [0.1]}, {1: "a"}])
def test_what_has_no_canonical_form_is_a_type_error(value):
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), {"kunci\u00e9": 1}, "\ud800"])
def test_what_others_would_read_differently_is_a_value_error(value):
    with pytest.raises(ValueError):  # noqa: PT011 - the kind is what matters
        canonical(value)


def test_the_hashes_are_as_documented():
    leaf = hashlib.sha256(b"\x00body").digest()
    assert leaf_of(b"body") == leaf
    assert link_of(b"p" * 32, leaf) == hashlib.sha256(b"\x01" + b"p" * 32 + leaf).digest()


def test_the_genesis_binds_deployment_and_office():
    other = UUID("00000000-0000-4000-8000-000000000002")
    assert (
        len({genesis_of(DEPLOYMENT, "sumbang"), genesis_of(DEPLOYMENT, "karawaci"), genesis_of(other, "sumbang")}) == 3
    )
