"""The history of a registration: each line says what changed, and a life of changes adds up to what stands now."""

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from app.models import RegistrationStatus
from app.services.register_history import Change, changes

ENTERED = {
    "status": "valid", "cancelled_on": None, "cancelled_reason": None, "name": "张伟",
    "id_number": "4399**********0019", "seal_check_code": 0, "enterprise_id": 1, "enterprise_name": "长沙示例",
    "ends_on": "2029-05-31", "specialties": [["building", "2026-06-01", "2029-05-31"]],
}  # fmt: skip


def test_the_first_line_says_all_that_was_entered():
    assert list(changes({}, ENTERED)) == [
        Change("specialty", "2029-05-31", None, "building", "2026-06-01"),
        Change("enterprise_name", "长沙示例"),
        Change("name", "张伟"),
        Change("id_number", "4399**********0019"),
        Change("seal_check_code", "0"),
    ]


def test_a_later_line_says_what_is_different_and_nothing_else():
    after = ENTERED | {"enterprise_name": "邵阳示例", "seal_check_code": 1}
    assert list(changes(ENTERED, after)) == [
        Change("enterprise_name", "邵阳示例", "长沙示例"),
        Change("seal_check_code", "1", "0"),
    ]
    assert list(changes(ENTERED, ENTERED)) == []


def test_a_cancellation_names_its_day_and_ground_and_what_was_taken_out():
    after = ENTERED | {
        "status": "cancelled", "cancelled_on": "2026-07-01", "cancelled_reason": "employment_ended",
        "specialties": [],
    }  # fmt: skip
    assert list(changes(ENTERED, after)) == [
        Change("status", "2026-07-01", subject="employment_ended", status="cancelled"),
        Change("specialty", None, "2029-05-31", "building", "2026-06-01"),
    ]
    assert next(changes(after, ENTERED)) == Change("status", None, "2026-07-01")


def life(*steps):
    """Events from before something was kept do not hold it: each step says what it holds beside the rest."""
    return [changes(before, after) for before, after in pairwise(ENTERED | step for step in steps)]


@pytest.mark.parametrize("status", [one for one in RegistrationStatus if one != "valid"])
def test_every_status_in_which_a_registration_ends_says_which_and_since_when(status):
    after = {"status": status, "cancelled_on": "2026-07-01", "cancelled_reason": status}
    ended, again = life({}, after, {})
    assert list(ended) == [Change("status", "2026-07-01", subject=status, status=status)]
    assert list(again) == [Change("status", None, "2026-07-01")]


def test_a_cancelled_registration_that_is_annulled_later_says_so():
    cancelled = {"status": "cancelled", "cancelled_on": "2026-07-01", "cancelled_reason": "expired"}
    annulled = {"status": "annulled", "cancelled_on": "2026-09-01", "cancelled_reason": "annulled"}
    (told,) = life(cancelled, annulled)
    assert list(told) == [Change("status", "2026-09-01", subject="annulled", status="annulled")]


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("gender", "1", "2"), ("birth_date", "1985-06-15", "1985-06-16"), ("registered_on", "2020-01-01", "2020-01-02"),
        ("employed_since", "2020-01-01", "2024-01-01"), ("paper_number", "湘1", "湘2"), ("name", "张伟", "张玮"),
        ("region_code", "430100", "430500"), ("seal_check_code", "0", "1"),
    ],
)  # fmt: skip
def test_whatever_is_overwritten_is_told_with_what_it_was(field, before, after):
    (told,) = life({field: before}, {field: after})
    assert list(told) == [Change(field, after, before)]


def test_nothing_is_told_of_what_was_not_kept_yet():
    (told,) = life({}, {"gender": "1", "birth_date": "1985-06-15", "region_code": "430100"})
    assert list(told) == []


def test_terms_that_were_over_and_are_put_right_are_told():
    over = {"specialties": [], "removed": [[7, "building", "2020-01-01", "2023-01-01", "2022-05-01"]]}
    right = {"specialties": [], "removed": [[7, "building", "2020-01-01", "2022-12-31", "2022-05-01"]]}
    never = {"specialties": [], "removed": [[7, "building", "2020-01-01", "2022-12-31", "2019-12-31"]]}
    first, second = life(over, right, never)
    assert list(first) == [Change("specialty", "2022-12-31", "2023-01-01", "building", "2020-01-01")]
    assert list(second) == [Change("specialty", None, "2022-12-31", "building", "2020-01-01")]
    imported = changes({}, ENTERED | over)
    assert Change("specialty", "2023-01-01", None, "building", "2020-01-01") in list(imported)


days = st.dates().map(lambda day: day.isoformat())
specialties = st.dictionaries(st.sampled_from(["building", "municipal", "water"]), st.tuples(days, days))


@given(st.lists(specialties, min_size=1, max_size=6))
def test_the_changes_of_a_life_add_up_to_the_specialties_that_stand(held_each_time):
    before, told = {}, {}
    for held in held_each_time:
        after = ENTERED | {"specialties": [[code, *term] for code, term in held.items()]}
        for one in changes(before, after):
            if one.field == "specialty" and one.after is None:
                assert told.pop(one.subject)[1] == one.before
            elif one.field == "specialty":
                assert one.before == told.get(one.subject, (None, None))[1]
                told[one.subject] = (one.begins_on, one.after)
        before = after
    assert told == held_each_time[-1]
