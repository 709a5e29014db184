"""What may be asked for when an enterprise changes its particulars: each rule kept, and broken by what it is for."""

from dataclasses import replace
from datetime import date

import pytest

from app.cli.demo.makers import credit_code
from app.models.policy import Policy
from app.workflow.enterprise_change_rules import LICENCE, NOTICE, RULES, ChangeFacts

TODAY = date(2026, 6, 1)
_PRESENT = {
    "new_name": "长沙示例建设有限公司",
    "new_uscc": "91439900MA0000016W",
    "new_region_code": "430100",
    "new_county_code": "430102",
    "new_address": "演示路 1 号",
    "new_representative": "范例",
}
_TYPED = {"new_name": "长沙示例建设集团有限公司", "changed_on": TODAY, "reason": "改制"}


@pytest.fixture
def kept() -> ChangeFacts:
    """A change of the name alone, registered today, that keeps every rule."""
    present = _PRESENT | {"new_uscc": credit_code(1)}
    return ChangeFacts(
        today=TODAY,
        values=present | _TYPED,
        present=present,
        stored=present,
        required=[("new_name", "企业名称"), ("changed_on", "核准变更日期"), ("reason", "变更原因")],
        founded_on=date(2008, 3, 18),
        papers={LICENCE: 1, NOTICE: 1},
    )


def found(facts: ChangeFacts) -> list[tuple[str, str]]:
    """Which rules it breaks, and at which fields."""
    return [(one.rule, one.field) for rule in RULES for one in rule.findings(facts, Policy({}))]


def typed(facts: ChangeFacts, **values) -> ChangeFacts:
    return replace(facts, values={**facts.values, **values})


def test_a_good_change_keeps_every_rule_and_each_names_what_it_rests_on(kept):
    assert found(kept) == []
    assert all(rule.clause and rule.rule and str(rule.label) for rule in RULES)


@pytest.mark.parametrize(
    ("breaks", "rule"),
    [
        (lambda facts: typed(facts, reason=""), ("complete", "reason")),
        (lambda facts: typed(facts, new_name=facts.present["new_name"]), ("differs", "new_name")),
        (lambda facts: replace(facts, stored={**facts.stored, "new_name": "旧名"}), ("as_it_stands", "")),
        (lambda facts: typed(facts, new_uscc="91439900MA0000017X"), ("credit_code", "new_uscc")),
        (lambda facts: replace(facts, code_taken=True), ("credit_code", "new_uscc")),
        (lambda facts: replace(facts, region_in_force=False), ("place", "new_county_code")),
        (lambda facts: typed(facts, changed_on=date(2026, 6, 2)), ("dates", "changed_on")),
        (lambda facts: typed(facts, changed_on=date(2008, 3, 17)), ("dates", "changed_on")),
        (lambda facts: replace(facts, open_cases=1), ("no_open_case", "")),
        (lambda facts: replace(facts, papers={LICENCE: 1}), ("papers", f"attachment_{NOTICE}")),
        (lambda facts: replace(facts, papers={NOTICE: 1}), ("papers", f"attachment_{LICENCE}")),
    ],
    ids=[
        "no reason", "nothing differs", "the enterprise was changed since", "a wrong check character",
        "the code of somebody else", "a retired county", "registered tomorrow", "before it was founded",
        "an open case", "no notice", "no licence",
    ],
)  # fmt: skip
def test_each_rule_is_broken_by_what_it_is_for_and_by_nothing_else(kept, breaks, rule):
    assert found(breaks(kept)) == [rule]


@pytest.mark.parametrize("name", [*sorted(_PRESENT), "new_uscc"])
def test_one_particular_that_differs_is_a_change(kept, name):
    same = replace(kept, values={**kept.values, **kept.present})
    assert ("differs", "new_name") in found(same)
    assert ("differs", "new_name") not in found(typed(same, **{name: "another"}))


def test_the_day_of_the_founding_and_today_are_possible_days(kept):
    assert found(typed(kept, changed_on=kept.founded_on)) == found(typed(kept, changed_on=TODAY)) == []
