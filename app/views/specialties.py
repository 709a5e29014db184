"""The specialties in the form of a declaration: what is offered, what was ticked, and the hours that are due."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import get_locale, gettext as _
from werkzeug.datastructures import MultiDict

from app.extensions.clock import today
from app.extensions.database import db
from app.models import Declaration
from app.models.identity import birthday_at
from app.services.specialties import Offer, Wanted, offers
from app.views.kit.columns import Column
from app.views.kit.policies import policy_today
from app.views.kit.words import words
from app.workflow.checks import SpecialtyFacts
from app.workflow.types import Asked, DeclarationType, Hours

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
    """One offer as a box to tick, with the hours as they were typed."""

    offer: Offer
    label: str
    hours_due: bool
    fixed: bool
    """There is nothing to choose: it belongs to the declaration as it is."""
    ticked: bool = False
    mandatory: str = ""
    elective: str = ""
    faults: list[str] = field(default_factory=list)

    @property
    def id(self) -> int:
        return self.offer.id

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
        years = policy_today().number("education_after_years")
        known = words()
        self.offered = [
            Offered(
                offer,
                known.choice("specialty", offer.specialty),
                hours_due=_hours_are_due(kind, offer, years),
                fixed=kind.specialties is Asked.ALL,
                ticked=kind.specialties is Asked.ALL,
            )
            for offer in offers(db.session, kind, row)
        ]
        if sent is None:
            self._take_stored()
        else:
            self._take(sent)

    def _take_stored(self) -> None:
        asked = {one.specialty: one for one in self.row.specialties}
        for one in self.offered:
            found = asked.get(one.offer.specialty)
            if found is not None:
                one.ticked = True
                one.mandatory = _text(found.mandatory_hours)
                one.elective = _text(found.elective_hours)

    def _take(self, sent: MultiDict[str, str]) -> None:
        ticked = set(sent.getlist("specialty"))
        for one in self.offered:
            one.ticked = one.fixed or str(one.id) in ticked
            if not one.hours_due:
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
    def wanted(self) -> Sequence[Wanted]:
        return [Wanted(one.id, one.mandatory_hours, one.elective_hours) for one in self.offered if one.ticked]

    @property
    def facts(self) -> tuple[SpecialtyFacts, ...]:
        """What the rules are asked about."""
        return tuple(
            SpecialtyFacts(
                one.offer.specialty,
                one.label,
                one.offer.qualification_id,
                one.offer.issued_on,
                one.mandatory_hours,
                one.elective_hours,
                one.offer.registered_until,
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


def _hours_are_due(kind: DeclarationType, offer: Offer, years: int) -> bool:
    """A qualification that is so old needs its hours; a type may ask for them always or never."""
    if kind.hours is Hours.WHEN_OVERDUE:
        return offer.issued_on is not None and birthday_at(offer.issued_on, years) < today()
    return kind.hours is Hours.ALWAYS


def _text(hours: int | None) -> str:
    return "" if hours is None else str(hours)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()[: _MOST_DIGITS * 4]
