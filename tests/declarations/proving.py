"""What every declaration type has to prove: each of its rules is kept once and broken once, under its clause."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from app.models.policy import Policy
from app.workflow.checks import Case, Severity
from app.workflow.types import DeclarationType
from tests.declarations.kept import POLICY, Broken, shared, shared_limits

WARNINGS = frozenset({"misconduct", "right_age"})
"""The rules that stop nothing and tell the reviewer to look closely."""

_CLAUSES = ("注册建造师管理规定 第", "操作手册 3.", "GB 11643", "建办市〔2013〕7号", "参照北京")


@dataclass(frozen=True)
class Proof:
    """A type, a case of it that keeps every rule, and how its own rules are broken and where they stop."""

    kind: DeclarationType
    kept: Case
    broken: dict[str, Broken] = field(default_factory=dict)
    policy: Policy = POLICY
    """Under which the rules are broken, where the province has to have set a value for that."""
    limits: dict[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)

    @property
    def checks(self) -> dict[str, Any]:
        return {one.rule: one for one in self.kind.checks}

    @property
    def ways(self) -> dict[str, Broken]:
        """Every way in which one of the type's rules is broken, the shared ones included."""
        papers = {
            f"{one.key} is missing": ("attachments", self._without(one.key), f"attachment_{one.key}")
            for one in self.kind.attachments
            if one.required(self.kept, POLICY)
        }
        return self._asked({**shared(self.kept), **papers}) | self.broken

    @property
    def stops(self) -> dict[str, tuple[str, Mapping[str, Any]]]:
        papers = {
            f"{one.key} may be missing": ("attachments", self._without(one.key))
            for one in self.kind.attachments
            if not one.required(self.kept, POLICY)
        }
        return self._asked({**shared_limits(self.kept), **papers}) | self.limits

    def _asked(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """Those of a rule that the type asks."""
        return {what: one for what, one in found.items() if one[0] in self.checks}

    def _without(self, paper: str) -> dict[str, Any]:
        return {"attachments": {**self.kept.attachments, paper: 0}}


class Proved:
    """The tests of one type; a class of the type's own file says which (`proof`)."""

    proof: ClassVar[Proof]

    def test_a_good_declaration_keeps_the_check_which_names_its_clause(self, check):
        asked = self.proof.checks[check]
        assert asked.findings(self.proof.kept, POLICY) == []
        assert asked.clause.startswith(_CLAUSES)
        assert str(asked.label)

    def test_the_check_is_broken_somewhere_below(self, check):
        assert check in {rule for rule, _changed, _field in self.proof.ways.values()}

    def test_the_check_is_broken_by_what_it_is_for(self, way):
        rule, changed, at = self.proof.ways[way]
        check = self.proof.checks[rule]
        found = check.findings(replace(self.proof.kept, **changed), self.proof.policy)
        assert [one.field for one in found] == [at]
        assert (found[0].rule, found[0].clause) == (rule, check.clause)
        assert found[0].severity is (Severity.WARNING if rule in WARNINGS else Severity.ERROR)

    def test_the_check_stops_where_its_clause_stops(self, limit):
        rule, changed = self.proof.stops[limit]
        assert self.proof.checks[rule].findings(replace(self.proof.kept, **changed), POLICY) == []

    def test_each_starred_field_is_asked_for(self, star):
        case = replace(self.proof.kept, values={**self.proof.kept.values, star: None})
        assert [one.field for one in self.proof.checks["complete"].findings(case, POLICY)] == [star]
