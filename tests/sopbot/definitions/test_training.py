"""`sopbot/definitions/training.py`: made-up officers, each a person of its own."""

import pytest

from sopbot.definitions.problems import DefinitionErrors
from sopbot.definitions.training import load_training_officers

ROLES = ("camat", "sekcam", "staf")


def test_the_officers_of_a_folder(officers_file):
    first, second = load_training_officers(officers_file().parent, "contoh", ROLES)
    assert (first.telegram_id, first.name, first.honorific, first.roles) == (
        610000001,
        "Budi Contoh",
        "Bapak",
        ("camat",),
    )
    assert (second.username, second.nip, second.honorific, second.office) == (None, None, None, "contoh")


def test_an_office_without_the_file_has_none(tmp_path):
    assert load_training_officers(tmp_path) == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "about"),
    [
        ("610000002", "610000001", 10, "pejabat[2].id_telegram", "another officer"),
        ("610000002", "61", 10, "pejabat[2].id_telegram", "smaller"),
        ("610000002", "'610000002'", 10, "pejabat[2].id_telegram", "without quotes"),
        (
            "    jabatan: Pengadm",
            "    username: BUDI_contoh\n    jabatan: Pengadm",
            12,
            "pejabat[2].username",
            "another",
        ),
        ("budi_contoh", "b@di", 5, "pejabat[1].username", "letters, digits and underscores"),
        ("'198001012005011001'", "'123'", 6, "pejabat[1].nip", "18 digits"),
        ("'198001012005011001'", "198001012005011001", 6, "pejabat[1].nip", "quotes"),
        ("Bapak", "Pak", 8, "pejabat[1].sapaan", "'Bapak' or 'Ibu'"),
        ("[staf]", "[stap]", 13, "pejabat[2].peran[1]", 'Did you mean "staf"?'),
        ("[staf]", "[]", 13, "pejabat[2].peran", "empty"),
        ("kantor: contoh", "kantor: lain", 1, "kantor", '"contoh"'),
    ],
)
def test_each_defect_has_its_line_field_and_sentence(officers_file, old, new, line, field, about):
    with pytest.raises(DefinitionErrors) as caught:
        load_training_officers(officers_file((old, new)), "contoh", ROLES)
    [problem] = caught.value.problems
    assert (problem.line, problem.field) == (line, field)
    assert about in problem.sentence
