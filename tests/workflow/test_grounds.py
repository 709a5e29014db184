"""第十五条: what is known of each ground of refusal, and what stands by the promise of the applicant alone."""

from dataclasses import replace
from datetime import date

import pytest

from app.cli.reference import FOLDER
from app.declarations import initial_registration, renewal, transfer
from app.models.policy import Policy
from app.workflow import checks
from app.workflow.grounds import ARTICLE_15, GROUNDS, answers
from tests.declarations.kept import OTHER, aged, kept, standing, values

POLICY = Policy({})
KIND = initial_registration.TYPE
KEPT = kept(KIND)


def said_of(case, kind=KIND):
    found = checks.run(kind.checks, case, POLICY)
    return {
        one.code: (one.tone, " ".join(str(text) for text in one.said)) for one in answers(case, found, POLICY)
    }


def test_a_good_case_is_checked_where_it_can_be_and_promised_where_it_cannot():
    found = said_of(KEPT)
    assert list(found) == list(ARTICLE_15)
    assert len(found) == 11
    assert {code for code, (tone, _said) in found.items() if tone == "green"} == {
        "two_units", "education", "revoked", "employer", "age",
    }  # fmt: skip
    assert {tone for tone, _said in found.values()} == {"green", "promised"}
    assert "1985-06-15" in found["age"][1]
    assert "2050-06-15" in found["age"][1]


@pytest.mark.parametrize(
    ("code", "changed", "said"),
    [
        ("two_units", {"registrations": [standing(kind="temporary", enterprise_id=OTHER)]}, "another unit"),
        ("two_units", {"registrations": [standing(enterprise_id=OTHER)]}, "registered already"),
        ("education", {"specialties": [aged(date(2020, 1, 1), 120, 0)]}, "120 and 0"),
        (
            "revoked",
            {"registrations": [standing(status="revoked", cancelled_on=date(2025, 1, 1))]},
            "2027-01-01",
        ),
        ("employer", {"enterprise": replace(KEPT.enterprise, qualified=False)}, "have run out"),
        ("age", {"birth_date": date(1961, 8, 1)}, "nothing but a cancellation"),
    ],
)
def test_what_the_platform_knows_speaks_for_the_ground(code, changed, said):
    found = said_of(replace(KEPT, **changed))
    assert found[code][0] == "red"
    assert said in found[code][1]


def test_a_renewal_is_not_said_to_be_free_of_a_revocation_that_no_rule_asks_about():
    """The registration stands, and a temporary one of the same person was revoked."""
    revoked = standing(id=2, kind="temporary", status="revoked", cancelled_on=date(2025, 1, 1))
    case = kept(renewal.TYPE)
    case = replace(case, registrations=[*case.registrations, revoked])
    tone, said = said_of(case, renewal.TYPE)["revoked"]
    assert (tone, "2027-01-01" in said) == ("red", True)


def test_an_annulment_bars_by_another_provision_than_the_ground_that_names_a_revocation():
    annulled = standing(status="annulled", cancelled_on=date(2025, 1, 1))
    found = said_of(replace(KEPT, registrations=[annulled]))
    assert found["revoked"][0] == "green"
    assert found["otherwise_by_law"][0] == "red"
    assert "annulled: a new one may be asked for from 2028-01-01" in found["otherwise_by_law"][1]


def test_what_was_declared_is_looked_at_under_every_ground_that_nobody_can_check():
    found = said_of(replace(KEPT, **values(KEPT, misconduct="2024 年受警告")))
    yellow = {code for code, (tone, _said) in found.items() if tone == "yellow"}
    assert yellow == {code for code, known in ARTICLE_15.items() if known is None or known.fact is None}


def test_whoever_moves_is_not_held_against_with_the_unit_that_he_leaves():
    case = kept(transfer.TYPE)
    assert said_of(case, transfer.TYPE)["two_units"][0] == "green"
    second = standing(id=2, kind="temporary", enterprise_id=OTHER)
    assert (
        said_of(replace(case, registrations=[*case.registrations, second]), transfer.TYPE)["two_units"][0]
        == "red"
    )


@pytest.mark.parametrize(
    "held",
    [standing(kind="temporary"), standing(kind="temporary", status="cancelled", enterprise_id=OTHER)],
    ids=["with the same unit", "with another one, and cancelled"],
)
def test_what_stands_with_the_same_unit_or_no_more_is_no_second_unit(held):
    assert said_of(replace(KEPT, registrations=[held]))["two_units"][0] == "green"


def test_the_dictionary_calls_every_ground_by_its_item_of_the_law():
    lines = (FOLDER / "dictionaries" / "refusal_ground.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == list(GROUNDS)
    assert all("第十五条第" in line for line in lines[:11])
    assert "第三十三条" in lines[11]
