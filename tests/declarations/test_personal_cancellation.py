"""个人注销: each check of the type is kept once and broken once."""

from app.declarations.personal_cancellation import TYPE
from app.models.policy import Policy
from tests.declarations.kept import YESTERDAY, kept
from tests.declarations.proving import Proof, Proved


class TestRules(Proved):
    proof = Proof(
        TYPE,
        kept(TYPE, cancellation_reason="employment_ended", dismissed_on=YESTERDAY),
        policy=Policy({"lock_stops_cancellation": "1"}),
    )
