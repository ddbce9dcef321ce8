"""Standard time: what the SOPs write, what is refused, and that fields are never converted."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sopbot.domain.standard_time import InvalidStandardTime, StandardTime

AMOUNTS = st.builds(
    StandardTime,
    weeks=st.integers(0, 99999),
    days=st.integers(0, 99999),
    hours=st.integers(0, 99999),
    minutes=st.integers(0, 99999),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30 Menit", StandardTime(minutes=30)),
        ("5 menit", StandardTime(minutes=5)),
        ("240 MENIT", StandardTime(minutes=240)),
        ("2 jam", StandardTime(hours=2)),
        ("1 hari", StandardTime(days=1)),
        ("2 Hari kerja", StandardTime(days=2)),
        ("1 Pekan", StandardTime(weeks=1)),
        ("1 Minggu", StandardTime(weeks=1)),
        ("1 Hari 30 Menit", StandardTime(days=1, minutes=30)),
        ("4 Hari 55 Menit", StandardTime(days=4, minutes=55)),
        ("  1 Jam,  15 Menit ", StandardTime(hours=1, minutes=15)),
        ("1 Pekan dan 2 Hari", StandardTime(weeks=1, days=2)),
        ("30Menit", StandardTime(minutes=30)),
        ("90 Menit", StandardTime(minutes=90)),
    ],
)
def test_reads_what_sops_write(text, expected):
    assert StandardTime.parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "30",
        "Menit",
        "Menit 30",
        "30 Menitan",
        "1 Haridan 2 Jam",
        "-5 Menit",
        "1,5 Jam",
        "1.5 Jam",
        "½ Jam",
        "٣٠ Menit",
        "1 Bulan",
        "0 Menit",
        "0 Hari 0 Menit",
        "1 Pekan 1 Minggu",
        "30 Menit 15 Menit",
        "1 Hari dan",
        "1 Hari,",
        "dan 1 Hari",
        "1 Hari dan dan 2 Jam",
        "secepatnya",
        "1000000 Menit",
        "30 Menit; hapus",
    ],
)
def test_refuses_anything_else_in_one_sentence(text):
    with pytest.raises(InvalidStandardTime) as refused:
        StandardTime.parse(text)
    assert str(refused.value).startswith("The standard time ")
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_negative_fields_are_refused():
    with pytest.raises(InvalidStandardTime, match="cannot be negative"):
        StandardTime(minutes=-1)


def test_the_total_of_an_sop_adds_days_and_minutes_apart():
    rows = ["2 Hari", "15 Menit", "1 Hari", "30 Menit", "1 Hari", "10 Menit"]
    total = sum((StandardTime.parse(row) for row in rows), StandardTime())
    assert total == StandardTime.parse("4 Hari 55 Menit")
    assert str(total) == "4 Hari 55 Menit"


def test_nothing_is_converted():
    assert str(StandardTime(minutes=45) + StandardTime(minutes=45)) == "90 Menit"
    assert str(StandardTime(days=3) + StandardTime(days=4)) == "7 Hari"
    assert str(StandardTime()) == "0 Menit"


def test_adding_something_else_is_a_type_error():
    with pytest.raises(TypeError):
        StandardTime() + 5


@pytest.mark.parametrize(
    ("text", "expected"), [("480 Menit", False), ("8 Jam", False), ("1 Hari 5 Menit", True), ("1 Pekan", True)]
)
def test_at_least_a_day_counts_days_not_hours(text, expected):
    assert StandardTime.parse(text).at_least_a_day is expected


@given(AMOUNTS)
def test_what_is_written_is_read_back(amount):
    assume(amount != StandardTime())
    assert StandardTime.parse(str(amount)) == amount
    assert StandardTime.parse(str(amount).upper()) == amount


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_addition_is_a_sum(first, second, third):
    assert first + second == second + first
    assert (first + second) + third == first + (second + third)
    assert first + StandardTime() == first


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        amount = StandardTime.parse(text)
    except InvalidStandardTime:
        return
    assert amount != StandardTime()
