"""变更申报: each check of the type is kept once and broken once; the pause at month ends; closed by policy."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.declarations.transfer import TYPE
from app.extensions.refused import Refused
from app.models import Person, PolicyValue
from app.models.policy import Policy
from app.services import filing
from tests.declarations.kept import OTHER, YESTERDAY, kept, standing
from tests.declarations.proving import Proof, Proved
from tests.registered import registered

KEPT = kept(TYPE, former_enterprise_name="湘江样板工程有限公司", released_on=YESTERDAY)
PAUSE = next(one for one in TYPE.checks if one.rule == "pause")


class TestRules(Proved):
    proof = Proof(TYPE, KEPT)


@pytest.mark.parametrize(
    ("since", "months", "free_on"),
    [
        (date(2025, 6, 1), 12, date(2026, 6, 1)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2025, 10, 31), 1, date(2025, 11, 30)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
    ],
)
def test_the_pause_ends_with_the_month_where_the_month_has_no_such_day(since, months, free_on):
    policy = Policy({"transfer_pause_months": str(months)})
    case = replace(KEPT, registrations=[standing(enterprise_id=OTHER, moved_on=since)])
    assert PAUSE.findings(replace(case, filed_on=free_on), policy) == []
    (found,) = PAUSE.findings(replace(case, filed_on=free_on - timedelta(days=1)), policy)
    assert free_on.isoformat() in str(found.message)


def test_nobody_begins_a_transfer_before_the_province_opens_it(session, cast):
    row = registered(session, cast.li_juan, cast.zhang_wei)
    person = session.get_one(Person, row.person_id)
    with pytest.raises(Refused, match="not opened"):
        filing.start(session, TYPE, cast.fang_yuan.actor, person, row)
    session.add(PolicyValue(key="transfer_open", value="1", valid_from=date(2026, 1, 1), source="演示文件"))
    session.flush()
    begun = filing.start(session, TYPE, cast.fang_yuan.actor, person, row).row
    assert (begun.enterprise_id, begun.former_enterprise_id) == (
        cast.fang_yuan.actor.enterprise_id,
        cast.li_juan.actor.enterprise_id,
    )
