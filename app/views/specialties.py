"""The specialties in the form of a declaration: what is offered, what was ticked, and the hours that are due."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import get_locale, gettext as _
from werkzeug.datastructures import MultiDict

from app.extensions.clock import today
from app.extensions.database import db
from app.models import Declaration, Person, Qualification
from app.models.identity import birthday_at
from app.security.access.policies import policy_on
from app.services.filing import WantedSpecialty, choices
from app.views.kit.columns import Column
from app.views.kit.words import words
from app.workflow.checks import SpecialtyFacts
from app.workflow.types import DeclarationType

SEEN = "seen-specialties"
_MOST_DIGITS = 4
_SEPARATOR = "、"


def in_words(specialties: str) -> str:
    """The specialties of a declaration, which are stored in Chinese, in the language of the page."""
    locale = get_locale()
    if locale is None or locale.language == "zh":
        return specialties
    known = words().translated("specialty")
    return ", ".join(known.get(one, one) for one in specialties.split(_SEPARATOR) if one)


SPECIALTIES = Column("specialties_text", words=lambda stored: in_words(stored or ""))
"""The column of a list of declarations."""


@dataclass
class Offered:
    """One qualification of the person as a box to tick, with the hours as they were typed."""

    id: int
    specialty: str
    label: str
    certificate_number: str
    issued_on: date
    overdue: bool
    ticked: bool = False
    mandatory: str = ""
    elective: str = ""
    faults: list[str] = field(default_factory=list)

    @property
    def mandatory_hours(self) -> int | None:
        return _hours(self.mandatory)

    @property
    def elective_hours(self) -> int | None:
        return _hours(self.elective)


def _hours(text: str) -> int | None:
    return int(text) if _is_whole(text) else None


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


class SpecialtiesForm:
    """The boxes of one declaration: as stored, or as they were sent."""

    def __init__(
        self, kind: DeclarationType, row: Declaration, sent: MultiDict[str, str] | None = None
    ) -> None:
        self.row = row
        person = db.session.get_one(Person, row.person_id)
        years = policy_on(db.session, today()).number("education_after_years")
        held = choices(db.session, kind, person) if kind.specialties else []
        known = words()
        self.offered = [_offered(one, known.choice("specialty", one.specialty), years) for one in held]
        if sent is None:
            self._take_stored()
        else:
            self._take(sent)

    def _take_stored(self) -> None:
        asked = {one.qualification_id: one for one in self.row.specialties}
        for one in self.offered:
            found = asked.get(one.id)
            if found is not None:
                one.ticked = True
                one.mandatory = _text(found.mandatory_hours)
                one.elective = _text(found.elective_hours)

    def _take(self, sent: MultiDict[str, str]) -> None:
        ticked = set(sent.getlist("specialty"))
        for one in self.offered:
            one.ticked = str(one.id) in ticked
            if not one.overdue:
                continue
            one.mandatory = _normal(sent.get(f"mandatory-{one.id}", ""))
            one.elective = _normal(sent.get(f"elective-{one.id}", ""))
            if one.ticked and any(text and not _is_whole(text) for text in (one.mandatory, one.elective)):
                one.faults.append(
                    _("Please write the hours of %(specialty)s in digits.", specialty=one.label)
                )

    @property
    def faults(self) -> list[str]:
        return [message for one in self.offered for message in one.faults]

    @property
    def wanted(self) -> Sequence[WantedSpecialty]:
        return [
            WantedSpecialty(one.id, one.mandatory_hours, one.elective_hours)
            for one in self.offered
            if one.ticked
        ]

    @property
    def facts(self) -> tuple[SpecialtyFacts, ...]:
        """What the rules are asked about."""
        return tuple(
            SpecialtyFacts(
                one.specialty, one.label, one.id, one.issued_on, one.mandatory_hours, one.elective_hours
            )
            for one in self.offered
            if one.ticked
        )

    @property
    def seen(self) -> str:
        """A mark of what is stored: it comes back with the form and tells whether somebody else was faster."""
        stored = sorted(
            (one.specialty, one.mandatory_hours or 0, one.elective_hours or 0) for one in self.row.specialties
        )
        return hashlib.sha256(repr(stored).encode()).hexdigest()[:10]


def _offered(one: Qualification, label: str, years: int) -> Offered:
    return Offered(
        id=one.id,
        specialty=one.specialty,
        label=label,
        certificate_number=one.certificate_number,
        issued_on=one.issued_on,
        overdue=birthday_at(one.issued_on, years) < today(),
    )


def _text(hours: int | None) -> str:
    return "" if hours is None else str(hours)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()[: _MOST_DIGITS * 4]
