"""The central enterprise registry (中央库): what it says of one enterprise (docs/integrations/central-registry.md)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from app.integrations.fields import Fields
from app.integrations.signed_http import SignedClient, connect
from config import Config

_MOST_LICENCES = 200
_LONGEST_CONTACT = 100
"""Registries hold two numbers in one field, and notes beside them; the adapter does not say what is taken of it."""
_REGION = r"[1-9][0-9]{5}"
_BRACKETS = str.maketrans("()", "（）")


@dataclass(frozen=True)
class Licence:
    """One 资质, in the words of `EnterpriseQualification`."""

    certificate_number: str
    category: str
    specialty: str
    grade: str
    issued_on: date | None
    valid_until: date | None
    authority: str | None


@dataclass(frozen=True)
class Entry:
    """What the registry says of an enterprise on the day `as_of`, in the words of `Enterprise`; None: nothing."""

    as_of: date
    name: str
    uscc: str
    former_name: str | None
    founded_on: date | None
    province_code: str
    region_code: str
    county_code: str | None
    legal_representative: str | None
    business_address: str | None
    postal_code: str | None
    registration_type: str | None
    registered_capital: Decimal | None
    capital_currency: str | None
    office_phone: str | None
    fax: str | None
    website: str | None
    email: str | None
    business_scope: str | None
    qualifications: tuple[Licence, ...]


class CentralRegistry:
    """Asks through the client of the registry."""

    def __init__(self, client: SignedClient) -> None:
        self._client = client

    @classmethod
    def connected(cls, config: Config) -> "CentralRegistry":
        """As the operator has set it up. Raises `NotConnected`."""
        source = _l("Central enterprise registry")
        return cls(connect(config.central_registry, source=source, production=config.production))

    def entry(self, uscc: str) -> Entry | None:
        """The entry under this credit code, or None when there is none. Raises `OutsideFailed`."""
        answer = self._client.get("/v1/enterprise", credit_code=uscc)
        if "enterprise" not in answer:
            self._client.wrong("enterprise: missing")
        if answer["enterprise"] is None:
            return None
        found = Fields(answer["enterprise"], self._client, "enterprise")
        if found.word("credit_code", 18) != uscc:
            found.refuse("credit_code")
        return _entry(found, uscc)


def _entry(found: Fields, uscc: str) -> Entry:
    former = found.text("former_name", 200)
    province = found.word("province_code", 6, _REGION)
    return Entry(
        as_of=found.past_day("as_of"),
        name=found.word("name", 200).translate(_BRACKETS),
        uscc=uscc,
        former_name=former.translate(_BRACKETS) if former else None,
        founded_on=found.day("founded_on", past=True),
        province_code=province,
        region_code=found.word("city_code", 6, f"{province[:2]}[0-9]{{4}}"),
        county_code=found.text("county_code", 6, pattern=f"{province[:2]}[0-9]{{4}}"),
        legal_representative=found.text("legal_representative", 60),
        business_address=found.text("business_address", 200),
        postal_code=found.text("postal_code", _LONGEST_CONTACT),
        registration_type=found.text("registration_type", 8, pattern="[0-9]{3,8}"),
        registered_capital=found.amount("registered_capital"),
        capital_currency=found.text("capital_currency", 3, pattern="[0-9]{3}"),
        office_phone=found.text("office_phone", _LONGEST_CONTACT),
        fax=found.text("fax", _LONGEST_CONTACT),
        website=found.text("website", 200),
        email=found.text("email", 100),
        business_scope=found.text("business_scope", 10_000, lines=True),
        qualifications=_licences(found),
    )


def _licences(found: Fields) -> tuple[Licence, ...]:
    """Each stands there once: two that differ under one number would leave open which of them counts."""
    licences: dict[tuple[str, str, str], Licence] = {}
    for one in found.objects("qualifications", _MOST_LICENCES):
        licence = Licence(
            certificate_number=one.word("certificate_number", 60),
            category=one.word("category", 8, "[a-z]+"),
            specialty=one.word("specialty", 60),
            grade=one.word("grade", 8, "[0-9A-Z]"),
            issued_on=one.day("issued_on", past=True),
            valid_until=one.day("valid_until"),
            authority=one.text("authority", 100),
        )
        if licence.issued_on and licence.valid_until and licence.valid_until < licence.issued_on:
            one.refuse("valid_until")
        key = (licence.certificate_number, licence.category, licence.specialty)
        if key in licences:
            one.refuse("certificate_number")
        licences[key] = licence
    return tuple(licences.values())
