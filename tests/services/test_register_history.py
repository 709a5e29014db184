"""The history of a registration: each line says what changed, and a life of changes adds up to what stands now."""

from hypothesis import given, strategies as st

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
        Change("status", "2026-07-01", subject="employment_ended"),
        Change("specialty", None, "2029-05-31", "building", "2026-06-01"),
    ]
    assert next(changes(after, ENTERED)) == Change("status", None, "2026-07-01")


days = st.dates().map(lambda day: day.isoformat())
specialties = st.dictionaries(st.sampled_from(["building", "municipal", "water"]), st.tuples(days, days))


@given(st.lists(specialties, min_size=1, max_size=6))
def test_the_changes_of_a_life_add_up_to_the_specialties_that_stand(life):
    before, told = {}, {}
    for held in life:
        after = ENTERED | {"specialties": [[code, *term] for code, term in held.items()]}
        for one in changes(before, after):
            if one.field == "specialty" and one.after is None:
                assert told.pop(one.subject)[1] == one.before
            elif one.field == "specialty":
                assert one.before == told.get(one.subject, (None, None))[1]
                told[one.subject] = (one.begins_on, one.after)
        before = after
    assert told == life[-1]
