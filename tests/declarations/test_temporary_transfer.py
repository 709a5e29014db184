"""临时变更申报: each check of the type is kept once and broken once."""

from app.declarations.temporary_transfer import TYPE
from tests.declarations.kept import YESTERDAY, kept
from tests.declarations.proving import Proof, Proved


class TestRules(Proved):
    proof = Proof(TYPE, kept(TYPE, former_enterprise_name="湘江样板工程有限公司", released_on=YESTERDAY))
