"""What other registers say of a case, in words: a mark, a date and a sentence for each comparison."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from app.extensions.clock import local, now, today
from app.extensions.database import db
from app.models import Comparison, ComparisonKind, ComparisonResult, Declaration, Unanswered
from app.models.policy import Policy
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.services import comparisons
from app.views.kit.columns import plain
from app.views.kit.words import Words
from app.workflow.types import registry

EXCEPTIONS = "insurance_exception"
"""The dictionary of what is insured elsewhere and yet no 挂证."""
DICTIONARIES = (EXCEPTIONS, "registration_kind")
"""What the caller prepares before he asks for the comparisons of a case."""

RESULTS: Mapping[str, Any] = {
    ComparisonResult.FLAGGED: _l("Flagged"),
    ComparisonResult.UNKNOWN: _l("Unknown"),
    ComparisonResult.CLEAR: _l("No flag"),
}
TONES: Mapping[str, str] = {
    ComparisonResult.FLAGGED: "orange",
    ComparisonResult.UNKNOWN: "secondary",
    ComparisonResult.CLEAR: "green",
}
_LABELS: Mapping[str, Any] = {
    ComparisonKind.DUPLICATE: _l("Registered elsewhere"),
    ComparisonKind.PROJECTS: _l("Unfinished projects"),
    ComparisonKind.INSURANCE: _l("Social insurance"),
}
_NOTHING_FOUND: Mapping[str, Any] = {
    ComparisonKind.DUPLICATE: _l("No registration and no case under way at another enterprise."),
    ComparisonKind.PROJECTS: _l("Manager of no project that is under construction."),
    ComparisonKind.INSURANCE: _l("insured by the applicant, and by nobody else."),
}
_BY_ITSELF = _l("It is asked again by itself, later and later.")
_UNANSWERED: Mapping[str | None, Any] = {
    Unanswered.UNREACHABLE: _l("The other side did not answer."),
    Unanswered.WRONG_ANSWER: _l("The answer of the other side could not be trusted; nothing of it is used."),
    Unanswered.NOT_CONNECTED: _l("The platform is not connected with the other side."),
    Unanswered.NO_ID_NUMBER: _l("The case has no ID number: nothing was asked."),
}
_ASKED_AGAIN = frozenset({Unanswered.UNREACHABLE, Unanswered.WRONG_ANSWER})
"""Only of these a job tries again."""


@dataclass(frozen=True)
class Line:
    """One comparison: `found` is what it says, `notes` are what has to be known of the answer itself."""

    kind: str
    label: str
    result: str
    found: Sequence[str]
    notes: Sequence[str] = ()
    when: str = ""
    as_of: str = ""
    exceptions: Sequence[str] = ()

    @property
    def badge(self) -> tuple[str, str]:
        return in_words(self.result), tone(self.result)


@dataclass(frozen=True)
class Comparisons:
    """The section of a case, with what has to be looked at first on top; without lines there is nothing to compare."""

    lines: Sequence[Line] = ()
    may_ask: bool = False
    turn: datetime | None = None
    """When it is the turn of the comparison that an officer has asked for."""

    @property
    def running(self) -> bool:
        return self.turn is not None and self.turn <= now()

    @property
    def later(self) -> str:
        return plain(self.turn) if self.turn is not None and not self.running else ""

    @property
    def worst(self) -> Line | None:
        return self.lines[0] if self.lines else None


def kind_in_words(kind: str) -> str:
    return str(_LABELS[kind])


def flags_in_words(result: str | None, kinds: Sequence[str]) -> str:
    """The result, and which comparisons have flagged it: 有异常：重复注册、社会保险."""
    named = _(", ").join(kind_in_words(kind) for kind in kinds)
    return f"{in_words(result)}{_(': ') if named else ''}{named}"


def in_words(result: str | None) -> str:
    return str(RESULTS.get(result or "", ""))


def tone(result: str | None) -> str:
    return TONES.get(result or "", "")


def comparisons_of(row: Declaration, actor: Actor, words: Words, policy: Policy | None = None) -> Comparisons:
    """What a reviewer of the case reads; its dictionaries were prepared by the caller, who may know the policy."""
    if not registry[row.type_key].comparisons:
        return Comparisons()
    policy = policy or policy_on(db.session(), today())
    known = comparisons.current(db.session(), row.id, actor)
    lines = [_line(row, kind, known.get(kind), policy, words) for kind in comparisons.applying(row, policy)]
    lines.sort(key=lambda one: list(RESULTS).index(one.result))
    if not lines or not comparisons.may_ask(row, actor):
        return Comparisons(lines)
    return Comparisons(lines, may_ask=True, turn=comparisons.turn(db.session(), row))


def _line(
    row: Declaration, kind: ComparisonKind, known: Comparison | None, policy: Policy, words: Words
) -> Line:
    result, label = comparisons.result_of(known, row), str(_LABELS[kind])
    if known is None or known.submitted_at != row.submitted_at:
        waiting = _("Not compared yet: it is done by itself, within minutes as a rule.")
        return Line(kind, label, result, [waiting])
    offers = kind is ComparisonKind.INSURANCE and result is not ComparisonResult.CLEAR
    return Line(
        kind,
        label,
        result,
        found=list(_found(kind, known, words)),
        notes=list(_notes(known, policy.number("comparison_old_days"))),
        when=plain(known.checked_at),
        as_of=plain(known.as_of) if known.as_of else "",
        exceptions=[text for _code, text in words.choices(EXCEPTIONS)] if offers else (),
    )


def _found(kind: ComparisonKind, known: Comparison, words: Words) -> Iterator[str]:
    detail = json.loads(known.detail)
    if known.result == ComparisonResult.UNKNOWN:
        yield str(_UNANSWERED[known.unanswered])
    elif known.result == ComparisonResult.CLEAR:
        months = _(", ").join(one["month"] for one in detail.get("months", ()))
        yield f"{months}{_(': ') if months else ''}{_NOTHING_FOUND[kind]}"
    else:
        yield from _SENTENCES[kind](detail, words)


def _notes(known: Comparison, old_days: int) -> Iterator[str]:
    if known.unanswered in _ASKED_AGAIN:
        yield ngettext("Asked %(num)s time.", "Asked %(num)s times.", known.tries) + f" {_BY_ITSELF}"
    if known.asked_again_at is not None:
        yield _(
            "Asked again at %(time)s without an answer: this is the last that is known.",
            time=plain(known.asked_again_at),
        )
    days = (today() - local(known.checked_at).date()).days
    if days > old_days:
        yield _("This is %(days)s days old.", days=days)


def _elsewhere(detail: Mapping[str, Any], words: Words) -> Iterator[str]:
    for one in detail["elsewhere"]:
        if one["type_key"]:
            yield _(
                "%(type)s under way at %(enterprise)s, submitted on %(date)s.",
                type=words.declaration_type(one["type_key"]),
                enterprise=one["enterprise"],
                date=one["since"],
            )
        else:
            yield _(
                "%(kind)s at %(enterprise)s since %(date)s: %(number)s.",
                kind=words.choice("registration_kind", one["kind"]),
                enterprise=one["enterprise"],
                date=one["since"],
                number=one["number"],
            )


def _projects(detail: Mapping[str, Any], _words: Words) -> Iterator[str]:
    for one in detail["projects"]:
        yield _(
            "Manager of “%(project)s” of %(enterprise)s since %(date)s; it is not finished.",
            project=one["name"],
            enterprise=one["enterprise"],
            date=one["since"],
        )


def _insurance(detail: Mapping[str, Any], _words: Words) -> Iterator[str]:
    """Months of which the same is to be said stand together."""
    for text, months in groupby(detail["months"], _insured):
        yield f"{_(', ').join(one['month'] for one in months)}{_(': ')}{text}"


def _insured(month: Mapping[str, Any]) -> str:
    others = _(", ").join(month["others"])
    if month["here"]:
        also = _("insured by the applicant, and by %(others)s as well", others=others)
        return str(also if others else _("insured by the applicant"))
    return str(
        _("insured by %(others)s, not by the applicant", others=others) if others else _("insured by nobody")
    )


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any], Words], Iterator[str]]] = {
    ComparisonKind.DUPLICATE: _elsewhere,
    ComparisonKind.PROJECTS: _projects,
    ComparisonKind.INSURANCE: _insurance,
}
