"""`sopbot/definitions/problems.py`: where and what, in a form that editors understand."""

from pathlib import Path

from sopbot.definitions.problems import DefinitionErrors, Problem, did_you_mean, field_name


def problem(line, field="", sentence="Wrong."):
    return Problem(file=Path("a.yaml"), line=line, field=field, sentence=sentence)


def test_a_problem_reads_like_a_compilers_message():
    assert str(problem(3, "langkah[1].uraian")) == "a.yaml:3: langkah[1].uraian: Wrong."
    assert str(problem(1)) == "a.yaml:1: Wrong."


def test_the_error_holds_all_problems_in_order_of_line():
    error = DefinitionErrors([problem(9), problem(2)])
    assert [each.line for each in error.problems] == [2, 9]
    assert str(error) == "a.yaml:2: Wrong.\na.yaml:9: Wrong."


def test_list_entries_count_from_one():
    assert field_name(("langkah", 5, "mutu_baku", "output", 0)) == "langkah[6].mutu_baku.output[1]"
    assert field_name(()) == ""


def test_a_near_word_is_suggested_and_a_far_one_is_not():
    assert did_you_mean("urain", ["uraian", "output"]) == ' Did you mean "uraian"?'
    assert did_you_mean("xyz", ["uraian", "output"]) == ""
