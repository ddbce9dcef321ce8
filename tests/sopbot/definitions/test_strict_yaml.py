"""`sopbot/definitions/strict_yaml.py`: text stays text, nothing is guessed, every refusal names its line."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopbot.definitions.problems import DefinitionErrors
from sopbot.definitions.strict_yaml import MAX_BYTES, MAX_DEPTH, as_mapping, parse, read

FILE = Path("a.yaml")


def refused(text):
    with pytest.raises(DefinitionErrors) as caught:
        parse(text, FILE)
    return [(each.line, each.field, each.sentence) for each in caught.value.problems]


def test_text_whole_numbers_and_empty_values_come_through():
    source = parse("a: Surat perintah\nb: 12\nc:\nd: ['12', \"\", x]\ne: |\n  dua\n  baris\n", FILE)
    assert source.value == {"a": "Surat perintah", "b": 12, "c": None, "d": ["12", "", "x"], "e": "dua\nbaris\n"}


def test_every_value_knows_its_line():
    source = parse("a:\n  - x\n  - b: 1\n    c: 2\n", FILE)
    assert source.line(("a", 1, "c")) == 4
    assert source.line(("a", 1, "missing")) == 3
    assert source.line(("nowhere",)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "NO",
        "No",
        "no",
        "YES",
        "yes",
        "on",
        "Off",
        "true",
        "False",
        "y",
        "N",
        "null",
        "Null",
        "NULL",
        "~",
        "12:30",
        "1.0",
        "07.30",
        ".5",
        "1_000",
        "0x1F",
        "017",
        "0b1",
        "-4",
        "+7",
        ".inf",
        ".NaN",
        "2026-01-31",
        "2026-01-31T07:30:00",
        "197809071996021003",
        "=",
    ],
)
def test_what_yaml_would_turn_into_something_else_must_be_quoted(text):
    [(line, field, sentence)] = refused(f"x: y1\na: {text}\n")
    assert (line, field) == (2, "a")
    assert "quotes" in sentence
    assert parse(f"a: '{text}'", FILE).value == {"a": text}


@pytest.mark.parametrize("text", ["Tidak", "ya", "No.", "1 Hari", "007/SOP", "5 Menit", "08", "a=b", "20 25", "1.a"])
def test_ordinary_words_need_no_quotes(text):
    assert parse(f"a: {text}", FILE).value == {"a": text}


@pytest.mark.parametrize(
    ("text", "line", "field", "about"),
    [
        ("a: 1\na: 2\n", 2, "a", "second time"),
        ("a: &x 1\n", 1, "a", "Anchors"),
        ("a: &x 1\nb: *x\n", 2, "b", "Aliases"),
        ("a: !!str 1\n", 1, "a", "Tags"),
        ("a: !!python/object:os.system x\n", 1, "a", "Tags"),
        ("a:\n  b: 1\nc:\n  <<: {b: 2}\n", 4, "c", "Merge keys"),
        ("a: 1\n---\nb: 2\n", 2, "", "second document"),
        ("? [a, b]\n: 1\n", 1, "", "single word"),
        ("&x a: 1\n", 1, "", "anchor"),
        ("", 1, "", "empty"),
        ("# nur\n", 1, "", "empty"),
        ("a: b: c\n", 1, "", "not YAML"),
        ("a: [1\n", 2, "", "not YAML"),
        ("a: *nowhere\n", 1, "a", "Aliases"),
        ('a: "\\UFFFFFFFF"\n', 1, "", "not YAML"),
    ],
)
def test_what_hides_meaning_is_refused_with_its_line(text, line, field, about):
    found = refused(text)
    assert any(each[:2] == (line, field) and about in each[2] for each in found), found


def test_all_defects_of_notation_are_reported_together():
    assert [line for line, _, _ in refused("a: NO\nb: 1.0\nc: &x d\n")] == [1, 2, 3]


def test_depth_is_limited():
    deep = "a: " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)
    assert "Nested deeper" in refused(deep)[0][2]
    assert "Nested deeper" in refused("a: " + "[" * 50_000)[0][2]


def test_the_file_must_be_there_small_and_utf8(tmp_path):
    missing, large, latin = tmp_path / "missing.yaml", tmp_path / "large.yaml", tmp_path / "latin.yaml"
    large.write_bytes(b"#" * (MAX_BYTES + 1))
    latin.write_bytes(b"a: 1\nb: caf\xe9\n")
    for path, line, about in ((missing, 1, "cannot be read"), (large, 1, "larger"), (latin, 2, "not UTF-8")):
        with pytest.raises(DefinitionErrors) as caught:
            read(path)
        [problem] = caught.value.problems
        assert (problem.file, problem.line, problem.field) == (path, line, "")
        assert about in problem.sentence


def test_a_folder_in_place_of_a_file_is_a_sentence_too(tmp_path):
    with pytest.raises(DefinitionErrors, match="cannot be read"):
        read(tmp_path)


def test_a_byte_order_mark_is_no_defect(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: x\n")
    assert read(path).value == {"a": "x"}


def test_a_file_holds_keys_and_values():
    assert as_mapping(parse("a: x", FILE)) == {"a": "x"}
    with pytest.raises(DefinitionErrors, match="keys and values"):
        as_mapping(parse("- a\n- b\n", FILE))


@given(st.text(alphabet=st.sampled_from(list("ab:- \n'\"[]{}&*!|>#?<=%@`\\,019.\t~ÿ\x07\u2028")), max_size=60))
def test_any_text_gives_values_or_problems_and_nothing_else(text):
    try:
        found = parse(text, FILE).value
    except DefinitionErrors as error:
        found = [problem.sentence for problem in error.problems if problem.line >= 1]
        found = found or 1.0  # which no file can give: an error without a problem would fail here
    assert found is None or isinstance(found, str | int | list | dict)


@given(st.binary(max_size=80))
def test_any_bytes_give_values_or_problems_and_nothing_else(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "fuzz.yaml"
    path.write_bytes(data)
    with contextlib.suppress(DefinitionErrors):
        read(path)
