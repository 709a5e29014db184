"""What the central registry says otherwise than the enterprise, field by field and licence by licence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.integrations.central_registry import Entry, Licence
from app.models import DictionaryEntry, Enterprise, EnterpriseQualification, Region
from app.models.contacts import contact_fault
from app.models.enterprise_change import CHANGED
from app.services.enterprise_changes import is_held

FIELDS = (
    "name", "former_name", "founded_on", "province_code", "region_code", "county_code", "legal_representative",
    "business_address", "postal_code", "registration_type", "registered_capital", "capital_currency",
    "office_phone", "fax", "website", "email", "business_scope",
)  # fmt: skip
LICENCE_FIELDS = ("grade", "issued_on", "valid_until", "authority")
LICENCE_NAMED = ("certificate_number", "category", "specialty")
"""What tells one licence of an enterprise from another."""

FIXED = _l("Not taken here: it is changed through a change of the enterprise's information.")
HELD = _l("Not taken here: a change of the enterprise's information is open, which decides about it.")
_UNKNOWN = _l("Not taken here: the platform does not know this value.")
_OTHER_CITY = _l(
    "Not taken here: this county does not belong to the city in which the enterprise is registered."
)


@dataclass(frozen=True)
class Difference:
    """A field with the value of either side; `why_not` says why the registry's cannot be taken here."""

    name: str
    ours: Any
    theirs: Any
    why_not: Any = None


@dataclass(frozen=True)
class LicenceDifference:
    """A licence that is missing here (`ours` is None), or that differs in the fields `changed`."""

    position: int
    theirs: Licence
    ours: EnterpriseQualification | None
    changed: Sequence[str]
    why_not: Any = None


@dataclass(frozen=True)
class Differences:
    """`equal` and `silent` (of which the registry says nothing) name fields; `ours_alone` are licences."""

    fields: Sequence[Difference]
    equal: Sequence[str]
    silent: Sequence[str]
    licences: Sequence[LicenceDifference]
    equal_licences: int
    ours_alone: Sequence[EnterpriseQualification]


def differences_between(session: Session, enterprise: Enterprise, entry: Entry) -> Differences:
    """The two sides, field by field and licence by licence."""
    known = _Known(session, enterprise)
    sides = {name: (_ours(enterprise, name), getattr(entry, name)) for name in FIELDS}
    silent = [name for name, (ours, theirs) in sides.items() if theirs is None and ours is not None]
    fields = [
        Difference(name, ours, theirs, known.why_not(name, theirs))
        for name, (ours, theirs) in sides.items()
        if theirs is not None and ours != theirs
    ]
    licences = list(_licences(enterprise, entry, known))
    matched = {_key(one) for one in entry.qualifications}
    return Differences(
        fields,
        [name for name, (ours, theirs) in sides.items() if ours == theirs],
        silent,
        licences,
        len(entry.qualifications) - len(licences),
        [one for one in enterprise.qualifications if _key(one) not in matched],
    )


def _ours(enterprise: Enterprise, name: str) -> Any:
    value = getattr(enterprise, name)
    return None if value == "" else value


def _licences(enterprise: Enterprise, entry: Entry, known: "_Known") -> Iterator[LicenceDifference]:
    held = {_key(one): one for one in reversed(enterprise.qualifications)}
    for position, theirs in enumerate(entry.qualifications):
        ours = held.get(_key(theirs))
        said = [name for name in LICENCE_FIELDS if getattr(theirs, name) is not None]
        changed = [name for name in said if getattr(ours, name, None) != getattr(theirs, name)]
        if ours is None or changed:
            why_not = known.why_not("category", theirs.category) or known.why_not("grade", theirs.grade)
            yield LicenceDifference(position, theirs, ours, changed, why_not)


def _key(licence: Licence | EnterpriseQualification) -> tuple[str, ...]:
    return tuple(getattr(licence, name) for name in LICENCE_NAMED)


class _Known:
    """What of the registry's values this platform can store for this enterprise."""

    def __init__(self, session: Session, enterprise: Enterprise) -> None:
        self._held = frozenset(CHANGED.values()) if is_held(session, enterprise.id) else frozenset()
        columns = [*Enterprise.__table__.columns, *EnterpriseQualification.__table__.columns]
        self._fixed = {column.name for column in columns if column.info.get("fixed")}
        self._dictionaries = {
            column.name: column.info["dictionary"] for column in columns if column.info.get("dictionary")
        }
        stored = select(DictionaryEntry.dictionary, DictionaryEntry.code).where(
            DictionaryEntry.dictionary.in_(self._dictionaries.values()), DictionaryEntry.active
        )
        self._codes = {(dictionary, code) for dictionary, code in session.execute(stored)}
        counties = select(Region.code).where(
            Region.parent_code == enterprise.region_code, Region.valid_to.is_(None)
        )
        self._counties = set(session.scalars(counties))

    def why_not(self, name: str, value: Any) -> Any:
        """Why this value cannot be taken, or None."""
        if name in self._fixed:
            return FIXED
        if name in self._held:
            return HELD
        if name == "county_code" and value not in self._counties:
            return _OTHER_CITY
        if fault := contact_fault(name, str(value)):
            return _l("Not taken here: %(fault)s", fault=fault)
        if name in self._dictionaries and (self._dictionaries[name], value) not in self._codes:
            return _UNKNOWN
        return None
