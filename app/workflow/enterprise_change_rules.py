"""Rules about a change of an enterprise's particulars, each with the clause or the practice that it rests on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l, lazy_ngettext

from app.models.enterprise_change import CHANGED
from app.models.identity import uscc_findings
from app.models.policy import Policy
from app.workflow.checks import Check, Finding

LICENCE, NOTICE, OTHER = "business_licence", "enterprise_change", "other"
"""The papers: the new business licence, the notice of the market regulator, and what else is of use."""


@dataclass(frozen=True)
class ChangeFacts:
    """A change as plain data: what is stored of it, and what is known about the enterprise."""

    today: date
    values: Mapping[str, Any]
    """By `new_…`, with the day of the change and its reason."""
    present: Mapping[str, Any]
    """The enterprise as it stands now, by the same names."""
    stored: Mapping[str, Any]
    """What the change says that it was before."""
    required: Sequence[tuple[str, Any]] = ()
    founded_on: date | None = None
    code_taken: bool = False
    region_in_force: bool = True
    open_cases: int = 0
    papers: Mapping[str, int] = field(default_factory=dict)


def _complete(facts: ChangeFacts, _policy: Policy) -> Iterator[Finding]:
    for name, label in facts.required:
        if facts.values.get(name) in (None, ""):
            yield Finding(_l("%(field)s is missing.", field=label), name)


def _differs(facts: ChangeFacts, _policy: Policy) -> Iterator[Finding]:
    if all(facts.values.get(f"new_{name}") == facts.present.get(f"new_{name}") for name in CHANGED):
        yield Finding(_l("Nothing differs from what is registered now."), "new_name")


def _as_it_stands(facts: ChangeFacts, _policy: Policy) -> Iterator[Finding]:
    if any(facts.stored.get(name) != value for name, value in facts.present.items()):
        yield Finding(
            _l(
                "The enterprise's particulars have changed since this was filled in. It has to be saved anew, "
                "so that it says what is registered now."
            )
        )


def _credit_code(facts: ChangeFacts, _policy: Policy) -> Iterator[Finding]:
    for one in uscc_findings(str(facts.values.get("new_uscc") or "")):
        yield Finding(one.message, "new_uscc")
    if facts.code_taken:
        yield Finding(_l("Another enterprise is registered under this credit code."), "new_uscc")


def _place(facts: ChangeFacts, _policy: Policy) -> Iterator[Finding]:
    if not facts.region_in_force:
        yield Finding(_l("The new city or county is not in force any more."), "new_county_code")


def _dates(facts: ChangeFacts, _policy: Policy) -> Iterator[Finding]:
    changed_on = facts.values.get("changed_on")
    if changed_on and changed_on > facts.today:
        yield Finding(_l("The change has to be registered before it is declared here."), "changed_on")
    if changed_on and facts.founded_on and changed_on < facts.founded_on:
        yield Finding(_l("The change was registered before the enterprise was founded."), "changed_on")


def _no_open_case(facts: ChangeFacts, _policy: Policy) -> Iterator[Finding]:
    if facts.open_cases:
        yield Finding(
            lazy_ngettext(
                "%(num)s case of a constructor of the enterprise is under way. It has to be finished or withdrawn "
                "first.",
                "%(num)s cases of constructors of the enterprise are under way. They have to be finished or "
                "withdrawn first.",
                facts.open_cases,
            )
        )


def _papers(facts: ChangeFacts, _policy: Policy) -> Iterator[Finding]:
    for kind, label in ((LICENCE, _l("New business licence")), (NOTICE, _l("Notice of the approved change"))):
        if not facts.papers.get(kind):
            yield Finding(_l("The attachment %(name)s is missing.", name=label), f"attachment_{kind}")


def _check(rule: str, clause: str, label: Any, ask: Any) -> Check:
    return Check(rule, clause, label, ask)


COMPLETE = _check("complete", "操作手册 3.2.2.1", _l("All required fields are filled in"), _complete)
DIFFERS = _check("differs", "建筑业企业资质管理规定 第十九条", _l("Something is changed"), _differs)
AS_IT_STANDS = _check(
    "as_it_stands", "平台自定", _l("What it was before is what is registered now"), _as_it_stands
)
CREDIT_CODE = _check(
    "credit_code", "GB 32100-2015", _l("The credit code is right and not in use"), _credit_code
)
PLACE = _check("place", "GB/T 2260-2007", _l("City and county are in force"), _place)
DATES = _check("dates", "市场主体登记管理条例 第二十四条", _l("The day of the change is possible"), _dates)
NO_OPEN_CASE = _check("no_open_case", "参照北京", _l("No case of a constructor is under way"), _no_open_case)
PAPERS = _check("papers", "参照北京", _l("The attachments"), _papers)

RULES = (COMPLETE, DIFFERS, AS_IT_STANDS, CREDIT_CODE, PLACE, DATES, NO_OPEN_CASE, PAPERS)
