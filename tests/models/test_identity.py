"""Numbers that can be true pass, numbers that cannot are refused with the reason."""

import secrets
from datetime import date

import pytest
from hypothesis import assume, given, strategies

from app.models.identity import (
    age_on,
    birth_date_of,
    birthday_at,
    gender_of,
    id_number_findings,
    mobile_findings,
    registration_number_findings,
    uscc_findings,
)

# The standard's own example, two that are in print, and seven of an area that has never been allotted.
TRUE_IDS = [
    "11010519491231002X",
    "440524188001010014",
    "34052419800101001X",
    "439900198506150019",
    "439900199002280025",
    "439900196107010036",
    "439900196001010046",
    "439900200002290050",
    "439900197501010063",
    "439900198808080108",
]


def codes(findings):
    return [finding.code for finding in findings]


def full_width(text):
    """As Chinese input methods type it."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


@pytest.mark.parametrize("number", TRUE_IDS)
def test_true_id_numbers_pass_whatever_their_area(number):
    assert id_number_findings(number) == ()


def test_blanks_full_width_and_small_letters_are_normal():
    assert id_number_findings(" 1101 0519 4912 3100 2x ") == ()
    assert id_number_findings(full_width("11010519491231002X")) == ()


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("110105194912310021", ["id_number_check"]),
        ("130503670401001", ["id_number_old"]),
        ("", ["id_number_form"]),
        ("4.3990019850615E+17", ["id_number_form"]),
        ("43990019850615001", ["id_number_form"]),
        ("4399001985061500199", ["id_number_form"]),
        ("43990019850615X019", ["id_number_form"]),
        ("٤٣٩٩٠٠١٩٨٥٠٦١٥٠٠١٩", ["id_number_form"]),
        ("439900198502300018", ["id_number_check", "id_number_date"]),
    ],
)
def test_false_id_numbers_are_told_apart(number, expected):
    findings = id_number_findings(number)
    assert codes(findings) == expected
    assert {finding.field for finding in findings} == {"id_number"}


@pytest.mark.parametrize("day", ["19850230", "19000229", "20011301", "00000101"])
def test_a_date_that_does_not_exist_is_refused_under_a_right_check_character(day):
    assert codes(id_number_findings(with_check(f"439900{day}001"))) == ["id_number_date"]


def test_a_number_of_15_digits_is_refused_even_though_it_could_be_lengthened():
    assert codes(id_number_findings("130503670401001")) == ["id_number_old"]
    assert id_number_findings("130503196704010016") == ()


@given(
    position=strategies.integers(0, 16),
    number=strategies.sampled_from(TRUE_IDS),
    digit=strategies.integers(0, 9),
)
def test_no_single_wrong_digit_passes(position, number, digit):
    assume(number[position] != str(digit))
    assert id_number_findings(number[:position] + str(digit) + number[position + 1 :])


@given(position=strategies.integers(0, 15), number=strategies.sampled_from(TRUE_IDS))
def test_no_two_swapped_digits_pass(position, number):
    swapped = number[:position] + number[position + 1] + number[position] + number[position + 2 :]
    assume(swapped != number)
    assert id_number_findings(swapped)


def test_birth_date_and_gender_are_compared_with_what_was_typed():
    number = "439900198506150019"
    assert id_number_findings(number, date(1985, 6, 15), "1") == ()
    found = id_number_findings(number, date(1985, 6, 16), "2")
    assert [(finding.code, finding.field) for finding in found] == [
        ("birth_date_differs", "birth_date"),
        ("gender_differs", "gender"),
    ]


def test_beside_a_false_number_nothing_is_compared():
    assert codes(id_number_findings("439900198506150018", date(1990, 1, 1), "2")) == ["id_number_check"]


@pytest.mark.parametrize("area", ["810000", "820000", "830000"])
def test_residence_permits_follow_the_same_rule(area):
    number = with_check(f"{area}19850615001")
    assert id_number_findings(number, id_type="7") == ()


def test_a_residence_permit_has_an_area_of_its_own():
    assert codes(id_number_findings("439900198506150019", id_type="7")) == ["id_number_area"]


def test_a_passport_has_no_rule_to_break():
    assert id_number_findings("E12345678", date(1985, 6, 15), "1", id_type="3") == ()


def test_birth_date_and_gender_are_read_from_the_number():
    assert birth_date_of("439900200002290050") == date(2000, 2, 29)
    assert gender_of("439900198506150019") == "1"
    assert gender_of("439900199002280025") == "2"
    assert birth_date_of("43990019850230001X") is None
    assert birth_date_of("130503670401001") is None
    assert gender_of("E12345678") is None


def test_an_age_is_reached_on_the_birthday():
    born = date(1961, 7, 1)
    assert birthday_at(born, 65) == date(2026, 7, 1)
    assert age_on(born, date(2026, 6, 30)) == 64
    assert age_on(born, date(2026, 7, 1)) == 65


def test_who_was_born_on_a_leap_day_has_the_birthday_at_the_end_of_february():
    born = date(2000, 2, 29)
    assert birthday_at(born, 65) == date(2065, 2, 28)
    assert birthday_at(born, 60) == date(2060, 2, 29)
    assert age_on(born, date(2065, 2, 27)) == 64
    assert age_on(born, date(2065, 2, 28)) == 65


@given(
    born=strategies.dates(date(1940, 1, 1), date(2008, 12, 31)),
    day=strategies.dates(date(2019, 1, 1), date(2060, 12, 31)),
)
def test_age_and_birthday_agree(born, day):
    age = age_on(born, day)
    assert birthday_at(born, age) <= day < birthday_at(born, age + 1)


@pytest.mark.parametrize(
    "number",
    [
        "91350100M000100Y43",
        "11100000000013338W",
        "11110000000021135M",
        "91430000100000016R",
        "91430100100000024R",
        "91350100m000100y43",
    ],
)
def test_true_credit_codes_pass(number):
    assert uscc_findings(number) == ()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("91350100M000100Y4Z", "uscc_form"),  # printed in the standard with a wrong last letter
        ("91350100M000100Y44", "uscc_check"),
        ("91430100100000024A", "uscc_check"),
        ("9143010010000002", "uscc_form"),
        ("91430100I00000024R", "uscc_form"),
        ("", "uscc_form"),
    ],
)
def test_false_credit_codes_are_told_apart(number, code):
    assert codes(uscc_findings(number)) == [code]


@pytest.mark.parametrize("number", ["13973112345", "+86 139 7311 2345", "19900000000"])
def test_mobile_numbers_of_the_mainland_pass(number):
    assert mobile_findings(number) == ()
    assert mobile_findings(full_width(number.replace(" ", ""))) == ()


@pytest.mark.parametrize(
    "number", ["", "12973112345", "1397311234", "139731123456", "0731-88271748", "1397311234X"]
)
def test_other_telephones_are_no_mobiles(number):
    assert codes(mobile_findings(number)) == ["mobile_form"]


@pytest.mark.parametrize("number", ["湘243131300001", "京211050700001", "粤2442021202125000"])
def test_registration_numbers_of_both_lengths_pass(number):
    assert registration_number_findings(number) == ()


@pytest.mark.parametrize(
    "number",
    [
        "",
        "湘143131300001",
        "243131300001",
        "湘24313130001",
        "港243131300001",
        "湘2431313000011",
        "湘2431899201300001",
    ],
)
def test_other_numbers_are_no_registration_numbers(number):
    assert codes(registration_number_findings(number)) == ["registration_number_form"]


def with_check(first17):
    """The 18th character by the weights of the standard, written out independently of the library."""
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return first17 + "10X98765432"[sum(int(d) * w for d, w in zip(first17, weights, strict=True)) % 11]


def test_a_thousand_numbers_by_the_written_out_weights_pass():
    for _ in range(1000):
        assert id_number_findings(with_check(f"43990019850615{secrets.randbelow(1000):03}")) == ()
