"""The workbench of a reviewer: a case as it was filed, what changed since its return, its papers, and ready reasons."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.extensions.clock import local
from app.extensions.database import db
from app.models import UNFILED, Declaration
from app.security.access.roles import Actor
from app.services import claims, locks
from app.services.claims import Holding
from app.services.filing import CheckLine
from app.views import reasons
from app.views.cases import CasePage, assembled
from app.views.comparisons import DICTIONARIES, Comparisons, comparisons_of
from app.views.exhibits import KINDS, Exhibits, exhibits
from app.views.kit.words import Words, words
from app.views.real_name import method_in_words
from app.workflow import revisions
from app.workflow.checks import LockFacts
from app.workflow.grounds import Answer, answers
from app.workflow.lock_rules import told
from app.workflow.revisions import Content, Filed
from app.workflow.types import registry

_GROUND = "refusal_ground"
_URGENT = {"red": 0, "yellow": 1, "green": 2}


@dataclass(frozen=True)
class SpecialtyChanges:
    """What became of the specialties at the last submission, by their names."""

    added: Sequence[str] = ()
    removed: Sequence[str] = ()


@dataclass(frozen=True)
class Workbench:
    """Everything that `review/case.html` shows of the case itself."""

    case: CasePage
    papers: Exhibits
    specialties: SpecialtyChanges
    unfiled: bool
    """The applicant has the case in hand: what is shown is what he filed last."""
    holding: Holding | None
    """Which other officer has it in hand."""
    claimable: bool
    ready: Mapping[str, Sequence[str]]
    ready_fields: Mapping[str, Sequence[str]]
    recent: Mapping[str, Sequence[str]]
    comparisons: Comparisons
    grounds: Sequence[tuple[Answer, str]] = ()
    """The grounds of article 15 and what each is called, where registration is asked for."""
    verified: str = ""
    """How and when the person proved who he is: at a counter, or by face."""
    locks: Sequence[tuple[Any, str]] = ()
    """What holds up the case now, and why: for the authorities alone."""

    @property
    def since(self) -> str:
        return f"{local(self.holding.since):%H:%M}" if self.holding else ""

    @property
    def checks(self) -> Sequence[CheckLine]:
        """What speaks against the case comes first."""
        return sorted(self.case.checks, key=lambda line: _URGENT[line.tone])

    @property
    def changed(self) -> Sequence[str]:
        """The names of everything that is marked as changed."""
        papers = [one.field for one in self.papers.bundles if one.changed and not self.unfiled]
        return list(dict.fromkeys([*self.case.changed, *papers]))

    def ready_at(self, names: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """The sentences that may be said at each of these fields."""
        return {name: reasons.for_field(self.ready_fields, name) for name in names}


def workbench(row: Declaration, actor: Actor, *, deciding: bool) -> Workbench:
    """The case of an officer who has read it in scope; `deciding` when a step of it is his now."""
    kind, known = registry[row.type_key], words()
    known.prepare((*_dictionaries(kind), "specialty", _GROUND, KINDS, *DICTIONARIES, *reasons.DICTIONARIES))
    unfiled = row.state in UNFILED
    # What was filed once and stands as it was filed needs no revision to be read.
    filings = sum(one.action == "submit" for one in row.decisions)
    contents = revisions.last(db.session, row) if unfiled or filings > 1 else []
    filed = Filed(row, contents[0] if contents else {}) if unfiled else None
    found = () if unfiled else revisions.changes(contents)
    before = contents[1] if len(contents) > 1 and not unfiled else None
    papers = exhibits(row, actor, kind, known, filed=filed, before=before)
    case = assembled(row, filed or row, found, checks=not unfiled, files=papers.counts)
    if case.precheck:
        papers.require(case.precheck.needed_attachments)
    held = claims.holding(db.session, row, actor)
    return Workbench(
        case=case,
        papers=papers,
        specialties=_specialties(contents if found else (), known),
        unfiled=unfiled,
        holding=held if held is not None and not held.by(actor) else None,
        claimable=claims.on_desk(row, actor),
        ready=reasons.for_acts(known),
        ready_fields=reasons.for_fields(known),
        recent=reasons.recent(db.session, actor) if deciding else {},
        comparisons=comparisons_of(row, actor, known, case.precheck.policy if case.precheck else None),
        grounds=_grounds(case, known),
        verified=_verified(case),
        locks=_locks(case, row, actor),
    )


def _grounds(case: CasePage, known: Words) -> Sequence[tuple[Answer, str]]:
    """Of whoever asks for registration; what is given up or put right is refused on none of them."""
    found = case.precheck
    if found is None or "misconduct" not in case.kind.fields:
        return ()
    return [
        (one, known.choice(_GROUND, one.code)) for one in answers(found.case, found.findings, found.policy)
    ]


def _verified(case: CasePage) -> str:
    """Read with the facts that the rules ask for; nothing of a case that is with its applicant."""
    facts = case.precheck.case if case.precheck else None
    return (
        method_in_words(facts.verified_how, facts.verified_at) if facts and facts.real_name_verified else ""
    )


def _locks(case: CasePage, row: Declaration, actor: Actor) -> Sequence[tuple[Any, str]]:
    held = case.precheck.case.locks if case.precheck else ()
    return [
        (told(LockFacts(one.locked_on, one.until, one.registration_id)), one.reason)
        for one in locks.reasons(db.session(), actor, held, row.person_id)
    ]


def _dictionaries(kind: Any) -> Iterator[str]:
    """Every dictionary that a field of the type is written in, read in one statement with the others."""
    for column in kind.model.__mapper__.columns:
        if column.info.get("dictionary"):
            yield column.info["dictionary"]


def _specialties(contents: Sequence[Content], known: Words) -> SpecialtyChanges:
    if not contents:
        return SpecialtyChanges()
    after, before = ([line[0] for line in one.get("specialties", ())] for one in contents[:2])
    return SpecialtyChanges(
        [known.choice("specialty", one) for one in after if one not in before],
        [known.choice("specialty", one) for one in before if one not in after],
    )
