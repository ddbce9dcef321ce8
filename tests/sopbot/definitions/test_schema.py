"""`sopbot/definitions/schema.py`: strict pieces, and one English sentence per misfit."""

from typing import Annotated

import pytest
from pydantic import Field

from sopbot.definitions.schema import (
    Definition,
    InvalidDefinition,
    IsoDate,
    RoleName,
    Slug,
    StepNumber,
    Text,
    YesNo,
    fit,
    wrong_corrections,
)


class Inner(Definition):
    activity: Text = Field(alias="uraian")


class Sample(Definition):
    text: Text | None = Field(None, alias="teks")
    number: StepNumber | None = Field(None, alias="no")
    outside: YesNo | None = Field(None, alias="luar")
    day: IsoDate | None = Field(None, alias="tanggal")
    slug: Slug | None = None
    role: RoleName | None = Field(None, alias="peran")
    items: Annotated[tuple[Inner, ...], Field(min_length=1, max_length=2)] = Field((), alias="isi")


def misfits(**values):
    with pytest.raises(InvalidDefinition) as caught:
        fit(Sample, values)
    return [(found.loc, found.sentence) for found in caught.value.findings]


def test_texts_are_folded_and_answers_are_words():
    sample = fit(Sample, {"teks": "  satu\n dua\u00a0 tiga ", "luar": "ya", "no": 3, "tanggal": "2026-02-28"})
    assert (sample.text, sample.outside, sample.number, sample.day) == ("satu dua tiga", True, 3, "2026-02-28")
    assert fit(Sample, {"luar": "tidak"}).outside is False
    assert fit(Sample, {"luar": True}).outside is True  # as it is stored


@pytest.mark.parametrize(
    ("values", "loc", "sentence"),
    [
        ({"teks": 12}, ("teks",), "This must be a text: write 12 in quotes."),
        ({"teks": ["a"]}, ("teks",), "This must be a text, not a list or keys and values."),
        ({"teks": " "}, ("teks",), "This text is empty."),
        ({"teks": "a\u200bb"}, ("teks",), "This text holds a character that cannot be printed."),
        ({"teks": "a" * 2001}, ("teks",), "This text is longer than 2000 characters."),
        ({"no": "1"}, ("no",), "This must be a whole number, without quotes."),
        ({"no": 0}, ("no",), "This number is smaller than 1."),
        ({"no": 100}, ("no",), "This number is larger than 99."),
        ({"luar": "benar"}, ("luar",), 'This must be "ya" or "tidak".'),
        ({"tanggal": "2026-02-30"}, ("tanggal",), 'A date is written like "2026-01-31", in quotes.'),
        ({"tanggal": "20260228"}, ("tanggal",), 'A date is written like "2026-01-31", in quotes.'),
        ({"isi": []}, ("isi",), "This list is empty."),
        ({"isi": "x"}, ("isi",), "This must be a list, each entry on a line of its own after a dash."),
        ({"isi": ["x"]}, ("isi", 0), "This must hold keys and values."),
        ({"isi": [{"uraian": "a"}] * 3}, ("isi",), "This list is longer than 2 entries."),
        ({"isi": [{}]}, ("isi", 0, "uraian"), 'The key "uraian" is missing.'),
        ({"teksx": "a"}, ("teksx",), 'There is no key "teksx" here. Did you mean "teks"?'),
        ({"qqq": "a"}, ("qqq",), 'There is no key "qqq" here.'),
        (
            {"isi": [{"uraian": "a", "urain": "b"}]},
            ("isi", 0, "urain"),
            'There is no key "urain" here. Did you mean "uraian"?',
        ),
        (
            {"isi": [{"uraian": None}]},
            ("isi", 0, "uraian"),
            "This is empty; write a text or leave the key out.",
        ),
    ],
)
def test_each_misfit_has_its_place_and_sentence(values, loc, sentence):
    assert misfits(**values) == [(loc, sentence)]


@pytest.mark.parametrize("slug", ["Karawaci", "a--b", "-a", "a_b", "a b", "1a", "a/../b", "a\n"])
def test_slugs_are_plain(slug):
    [(loc, sentence)] = misfits(slug=slug)
    assert loc == ("slug",)
    assert "hyphens" in sentence
    assert fit(Sample, {"slug": "karawaci-renja-2"}).slug == "karawaci-renja-2"


def test_roles_are_plain():
    assert "underscores" in misfits(peran="Kasi/Kasubag")[0][1]
    assert fit(Sample, {"peran": "kasi_kasubag"}).role == "kasi_kasubag"


def test_a_correction_stands_beside_an_original_matches_it_and_corrects_something():
    wrong = {
        "a_baku": "x",
        "b": ["x", "y"],
        "b_baku": ["x"],
        "c": "x",
        "c_baku": "x",
        "mutu_baku": {"d": ["x"], "d_baku": ["y"]},
        "list": [{"e_baku": "x"}],
    }
    assert [(found.loc, found.sentence.split(";")[0]) for found in wrong_corrections(wrong)] == [
        (("a_baku",), 'This corrects "a", which is missing.'),
        (("b_baku",), 'This has 1 entries, but "b" has 2'),
        (("c_baku",), 'This repeats "c" and corrects nothing.'),
        (("list", 0, "e_baku"), 'This corrects "e", which is missing.'),
    ]
