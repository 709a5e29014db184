"""注销申报: each check of the type is kept once and broken once; no other rule shuts anybody in."""

import pytest

from app.declarations import cancellation, personal_cancellation, temporary_cancellation
from app.declarations.cancellation import TYPE
from app.models.policy import Policy
from tests.declarations.kept import YESTERDAY, kept
from tests.declarations.proving import Proof, Proved

KEPT = kept(TYPE, cancellation_reason="employment_ended", dismissed_on=YESTERDAY)


class TestRules(Proved):
    proof = Proof(TYPE, KEPT, policy=Policy({"lock_stops_cancellation": "1"}))


@pytest.mark.parametrize(
    "kind",
    [cancellation.TYPE, personal_cancellation.TYPE, temporary_cancellation.TYPE],
    ids=lambda kind: kind.key,
)
def test_a_cancellation_is_open_when_nothing_else_is(kind):
    """Whatever shuts a registration in, its end may be asked for: age, last days, an enterprise in disorder."""
    rules = {one.rule for one in kind.checks}
    assert not rules & {
        "age",
        "temporary_age",
        "in_force",
        "employer",
        "region",
        "lock",
        "contract",
        "real_name",
    }
