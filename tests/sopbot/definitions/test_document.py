"""`sopbot/definitions/document.py`: original texts, corrections beside them, nothing that is not in the schema."""

import pytest

from sopbot.definitions.document import Approval, QualityStandard, SopDocument, confirmed, wording, wordings
from sopbot.definitions.loader import content_hash, load
from sopbot.definitions.schema import InvalidDefinition, fit
from sopbot.domain.sop import Wording


def test_empty_entries_of_a_correction_are_filled_with_the_original():
    standard = fit(
        QualityStandard,
        {"kelengkapan": ["satu", "dau"], "kelengkapan_baku": [None, "dua"], "waktu": "1 Hari", "output": ["x"]},
    )
    assert standard.requirements_corrected == ("satu", "dua")
    assert wordings(standard.requirements, standard.requirements_corrected) == (
        Wording(original="satu"),
        Wording(original="dau", corrected="dua"),
    )


def test_a_correction_longer_than_its_original_is_not_filled():
    values = {"kelengkapan": ["a"], "kelengkapan_baku": [None, None], "waktu": "1 Hari", "output": ["x"]}
    with pytest.raises(InvalidDefinition) as caught:
        fit(QualityStandard, values)
    assert [found.loc for found in caught.value.findings] == [("kelengkapan_baku", 1)]


def test_a_correction_equal_to_the_original_is_none():
    assert wording("a", "a") == Wording(original="a")
    assert wording("a", None).shown == "a"
    assert wording("a", "b").shown == "b"


def test_every_correction_stands_beside_a_field_of_its_own():
    def models(model, seen):
        seen.add(model)
        for info in model.model_fields.values():
            for part in [info.annotation, *getattr(info.annotation, "__args__", ())]:
                inner = next(iter(getattr(part, "__args__", ())), part)
                for each in (part, inner):
                    if isinstance(each, type) and hasattr(each, "model_fields") and each not in seen:
                        models(each, seen)
        return seen

    found = models(SopDocument, set())
    assert {QualityStandard, Approval} <= found
    for model in found:
        aliases = {info.alias or name for name, info in model.model_fields.items()}
        corrections = {alias for alias in aliases if alias.endswith("_baku") and alias != "mutu_baku"}
        assert {alias.removesuffix("_baku") for alias in corrections} <= aliases, model


def test_documents_never_change():
    with pytest.raises(ValueError, match="frozen"):
        fit(Approval, {"nama": "A"}).name = "B"


def test_a_confirmed_fact_is_no_longer_inferred_and_makes_a_new_version(sop_file):
    document = load(sop_file())
    after = confirmed(document, 2, "keputusan.tidak")
    assert [step.inferred for step in after.steps] == [(), (), ()]
    assert after.steps[1].decision == document.steps[1].decision
    assert content_hash(after) != content_hash(document)
    written = load(sop_file(("    disimpulkan: [keputusan.tidak]\n", "")))
    assert content_hash(after) == content_hash(written)


def test_what_is_not_inferred_cannot_be_confirmed(sop_file):
    with pytest.raises(ValueError, match="no inferred pelaksana"):
        confirmed(load(sop_file()), 2, "pelaksana")
