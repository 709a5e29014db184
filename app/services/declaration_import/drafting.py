"""What the types' own rules say of the drafts that a workbook asks for, and how its good rows become drafts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.extensions.clock import today
from app.extensions.refused import Refused
from app.models import Declaration, Enterprise, Person, Registration, RegistrationStatus, State
from app.security.access.policies import policy_on
from app.security.access.roles import Actor
from app.security.access.scope import find, rows_of
from app.services import filing, specialties
from app.services.chinese import in_words
from app.services.declaration_import.columns import typed
from app.services.declaration_import.rows import DeclarationEntry
from app.services.imports.findings import Notice, said
from app.services.imports.reading import Reading
from app.services.specialties import Wanted
from app.workflow import checks, facts, rules
from app.workflow.checks import Case, Finding, Severity
from app.workflow.types import DeclarationType, Hours

Named = Callable[[str], DeclarationType]
"""The type with this key."""

_PLACES = {"registration_number": "number", "valid_until": "number"}
"""In which column a finding stands whose field is no column."""


@dataclass
class Asked:
    """A row whose person was found: the draft that it would become, which is not stored."""

    entry: DeclarationEntry
    kind: DeclarationType
    registration: Registration
    person: Person


class Drafting:
    """One workbook beside the register and the rules; finds what is wrong, and says what is still to do."""

    def __init__(self, session: Session, reading: Reading[DeclarationEntry], actor: Actor) -> None:
        self.session = session
        self.reading = reading
        self.actor = actor
        self.policy = policy_on(session, today())
        self.specialty_words = in_words(session, "specialty")

    def run(self, entries: Sequence[DeclarationEntry], named: Named) -> set[int]:
        """The numbers of the rows for which a draft was begun before."""
        asked = list(self._found([one for one in entries if one.type], named))
        begun = self._begun(asked)
        known = {one.entry.row for one in asked if one.entry.sound and one.person.id in begun[one.kind.key]}
        for row in sorted(known):
            self.reading.leave_aside(row, "type", "begun_before")
        if known:
            self.reading.notices.append(Notice("left_alone", {"count": len(known)}))
        fresh = [one for one in asked if one.entry.row not in known]
        drafts = [(one, self._draft(one)) for one in fresh]
        made = [(one, draft) for one, draft in drafts if draft is not None]
        declared = [(one.kind, facts.declared(self.session, one.kind, draft, {})) for one, draft in made]
        cases = facts.gather_all(self.session, declared, today()) if declared else []
        for (one, _draft), case in zip(made, cases, strict=True):
            self._ask(one, case)
        return known

    def _found(self, entries: Sequence[DeclarationEntry], named: Named) -> Iterator[Asked]:
        """The rows whose person is registered with this enterprise; of every other one nothing is said but that."""
        own = self._own(entries)
        rows_about: dict[int, int] = {}
        for entry in entries:
            kind = named(entry.type or "")
            standing = [one for one in own if one.kind == kind.registration_kind]
            held = self._meant(entry, standing)
            if held is None:
                continue
            if held.name != entry.name and entry.name:
                self.reading.spoil(entry, "name", "name_differs")
            if rows_about.setdefault(held.id, entry.row) != entry.row:
                self.reading.spoil(entry, "name", "same_person", other=rows_about[held.id])
            entry.registration_id = held.id
            yield Asked(entry, kind, held, self.session.get_one(Person, held.person_id))

    def _own(self, entries: Sequence[DeclarationEntry]) -> Sequence[Registration]:
        indexes = {one.id_number_index for one in entries if one.id_number_index}
        numbers = {one.number for one in entries if one.number}
        return self.session.scalars(
            rows_of(Registration, self.actor).where(
                Registration.status == RegistrationStatus.VALID,
                or_(Registration.id_number_index.in_(indexes), Registration.number.in_(numbers)),
            )
        ).all()

    def _meant(self, entry: DeclarationEntry, own: Sequence[Registration]) -> Registration | None:
        index, number = entry.id_number_index, entry.number
        by_person = next((one for one in own if index and one.id_number_index == index), None)
        by_number = next((one for one in own if number and one.number == number), None)
        for attribute, found in (("id_number", by_person), ("number", by_number)):
            if getattr(entry, attribute) and found is None:
                self.reading.spoil(entry, attribute, "not_yours")
                return None
        if by_person is not None and by_number is not None and by_person is not by_number:
            self.reading.spoil(entry, "number", "two_persons")
            return None
        return by_person or by_number

    def _begun(self, asked: Sequence[Asked]) -> Mapping[str, set[int]]:
        """For each type the persons for whom this enterprise has a draft."""
        begun: dict[str, set[int]] = {one.kind.key: set() for one in asked}
        persons = {one.person.id for one in asked}
        rows = self.session.execute(
            select(Declaration.type_key, Declaration.person_id).where(
                Declaration.enterprise_id == self.actor.enterprise_id,
                Declaration.person_id.in_(persons),
                Declaration.type_key.in_(begun),
                Declaration.state == State.DRAFT,
            )
        )
        for key, person_id in rows:
            begun[key].add(person_id)
        return begun

    def _draft(self, one: Asked) -> Declaration | None:
        """The draft as it would be, or nothing where the row itself asks for what there is not."""
        try:
            filing.require_open(self.session, one.kind)
        except Refused as refused:
            self._say(one.entry, "type", refused.message)
            return None
        before = one.entry.sound
        fields = typed(one.kind)
        for name in one.entry.values:
            if name not in fields:
                self.reading.spoil(one.entry, name, "not_asked")
        draft = filing.fresh(self.session, one.kind, self.actor, one.person, one.registration)
        wanted = self._wanted(one, draft)
        if wanted is None:
            return None
        fill(self.session, one.kind, draft, one.entry, wanted)
        return draft if before else None

    def _wanted(self, one: Asked, draft: Declaration) -> list[Wanted] | None:
        offers = {each.specialty: each.id for each in specialties.offers(self.session, one.kind, draft)}
        entry = one.entry
        missing = [name for name in entry.specialties if name not in offers]
        for name in missing:
            word = self.specialty_words.get(("specialty", name), name)
            self.reading.spoil(entry, "specialties", "not_offered", specialty=word)
        if not offers:
            self.reading.spoil(entry, "specialties", "nothing_offered")
        chosen = [offers[name] for name in entry.specialties or offers if name in offers]
        for attribute in ("mandatory_hours", "elective_hours"):
            given = len(getattr(entry, attribute))
            if given and one.kind.hours is Hours.NEVER:
                self.reading.spoil(entry, attribute, "not_asked")
            elif given > 1 and given != len(chosen) and not missing:
                self.reading.spoil(entry, attribute, "hours_count", given=given, count=len(chosen))
                return None
        return wanted_of(entry, chosen) if chosen and not missing else None

    def _ask(self, one: Asked, case: Case) -> None:
        """Every rule of the type; the papers, which nobody can attach yet, are still to do."""
        lacking, warnings = False, []
        for found in checks.run(one.kind.checks, case, self.policy):
            if found.rule == rules.ATTACHMENTS.rule:
                lacking = True
            elif found.severity is Severity.ERROR:
                self._say(one.entry, self._place(found), found.message)
            else:
                warnings.append(found)
        if not one.entry.sound:
            return
        for found in warnings:
            self.reading.remind(one.entry.row, self._place(found), *said(found.message))
        if lacking:
            papers = [paper.label for paper in one.kind.attachments if paper.required(case, self.policy)]
            message = _l("To be attached before the submission: %(papers)s.", papers=papers)
            self.reading.remind(one.entry.row, "name", *said(message))

    def _place(self, found: Finding) -> str:
        name = _PLACES.get(found.field, found.field)
        return name if name in self.reading.layout.places else "name"

    def _say(self, entry: DeclarationEntry, attribute: str, message: Any) -> None:
        code, params = said(message)
        self.reading.spoil(entry, attribute, code, **params)


def wanted_of(entry: DeclarationEntry, chosen: Sequence[int]) -> list[Wanted]:
    """The offers that were chosen, each with its hours: one number counts for all of them."""
    mandatory, elective = (
        list(given) if len(given) == len(chosen) else [given[0] if given else None] * len(chosen)
        for given in (entry.mandatory_hours, entry.elective_hours)
    )
    return [Wanted(*one) for one in zip(chosen, mandatory, elective, strict=True)]


def fill(
    session: Session,
    kind: DeclarationType,
    draft: Declaration,
    entry: DeclarationEntry,
    wanted: Sequence[Wanted],
) -> None:
    """Put into a draft what the row says."""
    for name, value in entry.values.items():
        if name in typed(kind):
            setattr(draft, name, value)
    specialties.set_asked(session, kind, draft, wanted)


def require_complete(session: Session, actor: Actor) -> None:
    filing.require_complete(session, find(session, Enterprise, actor.enterprise_id, actor))


def lock(session: Session, actor: Actor) -> None:
    """Two workbooks of one enterprise are loaded one after the other."""
    session.get_one(Enterprise, actor.enterprise_id, with_for_update=True)


def write(session: Session, good: Sequence[DeclarationEntry], actor: Actor, named: Named) -> None:
    """A draft for each row; one that somebody began meanwhile stays as it is. The caller commits."""
    keys = [entry.registration_id for entry in good]
    held = {one.id: one for one in session.scalars(select(Registration).where(Registration.id.in_(keys)))}
    filing.hold_persons(session, [one.person_id for one in held.values()])
    for entry in good:
        kind = named(entry.type or "")
        registration = held[entry.registration_id or 0]
        person = session.get_one(Person, registration.person_id)
        begun = filing.start(session, kind, actor, person, registration)
        if begun.known:
            continue
        offers = {one.specialty: one.id for one in specialties.offers(session, kind, begun.row)}
        chosen = [offers[name] for name in entry.specialties or offers]
        fill(session, kind, begun.row, entry, wanted_of(entry, chosen))
    session.flush()
