"""WTForms fields that speak our sentences and give back what was typed, right or wrong."""

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, Field, SelectField, StringField
from wtforms.validators import StopValidation, ValidationError

from app.views.kit import formats
from app.views.kit.columns import Attribute, Kind, plain
from app.views.kit.filtering import day

_LARGEST = 2**31 - 1
_LONGEST_NUMBER = 30


_KEYS = {
    Kind.WHOLE: "numeric", Kind.AMOUNT: "decimal",
    "postal_code": "numeric", "mobile": "tel", "emergency_mobile": "tel", "office_phone": "tel", "phone": "tel",
    "fax": "tel", "email": "email", "website": "url", "insurance_site": "url",
}  # fmt: skip
"""The keys that a telephone shows, by what a value is or by the attribute's name."""

_KNOWN_TO_BROWSERS = {
    "name": "name", "mobile": "tel", "birth_date": "bday", "email": "email", "postal_code": "postal-code",
    "business_address": "street-address", "office_phone": "tel", "website": "url",
}  # fmt: skip
"""What a browser may know of whoever sits before it (WCAG 2.2, 1.3.5)."""


def inputmode(known: Attribute) -> str:
    return _KEYS.get(known.name) or _KEYS.get(known.kind, "")


def autocomplete(known: Attribute, *, own: bool) -> str:
    """What the browser is told about the value; of somebody else's data it shall remember nothing."""
    if known.name.endswith("password"):
        return "new-password"
    if own and known.name in _KNOWN_TO_BROWSERS:
        return _KNOWN_TO_BROWSERS[known.name]
    typed_by_hand = known.kind in {
        Kind.TEXT, Kind.LONG_TEXT, Kind.SEALED, Kind.WRITE_ONLY, Kind.WHOLE, Kind.AMOUNT,
    }  # fmt: skip
    return "off" if typed_by_hand else ""


def typed(field: Field) -> str:
    """What stands in the field now: as it was typed, or as it is stored."""
    if field.raw_data:
        return str(field.raw_data[0])
    return "" if field.data is None else plain(field.data)


class Text(StringField):
    """A line or a paragraph, in its normal form."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = formats.normal(self.short_name, valuelist[0]) or None if valuelist else None


class Whole(Field):
    """A whole number that both databases can hold."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = unicodedata.normalize("NFKC", valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not text:
            return
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER):
            raise ValueError(_("Please write a whole number, in digits only."))
        if int(digits) > _LARGEST:
            raise ValueError(_("This number is too large."))
        self.data = int(text)


class Amount(Field):
    """A number with at most so many decimals."""

    def __init__(self, *args: Any, decimals: int, digits: int, **kwargs: Any) -> None:
        self.decimals, self.digits = decimals, digits
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = unicodedata.normalize("NFKC", valuelist[0]).replace(",", "").strip() if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            number = Decimal(text) if len(text) <= _LONGEST_NUMBER else Decimal("nan")
        except InvalidOperation:
            number = Decimal("nan")
        if not number.is_finite():
            raise ValueError(_("Please write a number, such as 1000 or 12.5."))
        if abs(number) >= Decimal(10) ** (self.digits - self.decimals):
            raise ValueError(_("This number is too large."))
        if number != round(number, self.decimals):
            raise ValueError(_("At most %(count)s decimals.", count=self.decimals))
        self.data = number


class Day(Field):
    """A calendar day."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = unicodedata.normalize("NFKC", valuelist[0]).strip() if valuelist else ""
        self.data: date | None = None
        if text:
            self.data = day(text.replace("/", "-").replace(".", "-"))
            if self.data is None:
                raise ValueError(_("Please write the date as 2026-01-31."))


class Choice(SelectField):
    """One of a list; what is not in the list was not offered by this page."""

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        self.offered = choices
        super().__init__(*args, choices=[("", ""), *choices], validate_choice=False, coerce=str, **kwargs)

    def process_data(self, value: Any) -> None:
        self.data = None if value is None else str(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0].strip() or None if valuelist else None

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and self.data not in {code for code, _label in self.offered}:
            raise ValidationError(_("Please choose one of the list."))


class Related(Field):
    """The key of a row that the actor may choose; the value that is stored may stay, whoever chose it."""

    def __init__(self, *args: Any, find: Callable[[str], Any], **kwargs: Any) -> None:
        self.find = find
        self.chosen: Any = None
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        stored = self.object_data
        self.data = None
        if not text:
            return
        self.chosen = self.find(text)
        if self.chosen is None and text != str(stored):
            raise ValueError(_("Please choose one of the list."))
        self.data = int(text)


class Flag(BooleanField):
    """A box to tick."""


class Required:
    """Something must be there. `kept` says that a stored value stays when nothing is typed."""

    def __init__(self, label: Any, *, kept: bool = False) -> None:
        self.label, self.kept = label, kept

    def __call__(self, form: Any, field: Field) -> None:
        if field.errors:
            raise StopValidation
        if field.data is None and not self.kept:
            raise StopValidation(_("Please fill in: %(label)s.", label=str(self.label)))


class Longest:
    """No more characters than the column holds."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: Any, field: Field) -> None:
        if field.data is not None and len(field.data) > self.most:
            raise ValidationError(_("At most %(count)s characters.", count=self.most))


class WellFormed:
    """The format that belongs to the attribute's name."""

    def __call__(self, form: Any, field: Field) -> None:
        check = formats.CHECKS.get(field.short_name)
        if field.data is None or check is None:
            return
        if check is formats.id_number and "id_type" in form:
            fault = formats.id_number(field.data, form["id_type"].data or "1")
        else:
            fault = check(field.data)
        if fault:
            raise ValidationError(str(fault))


def unbound(
    known: Attribute, choices: Sequence[tuple[str, str]] | None, validators: list[Any], **options: Any
) -> Any:
    """The WTForms field for an attribute, still without a form."""
    settings = {"validators": validators, "id": f"f-{known.name}", **options}
    if choices is not None:
        return Choice(choices=choices, **settings)
    if known.kind is Kind.WHOLE:
        return Whole(**settings)
    if known.kind is Kind.AMOUNT:
        return Amount(decimals=known.digits, digits=known.longest or 15, **settings)
    if known.kind is Kind.DAY:
        return Day(**settings)
    if known.kind is Kind.FLAG:
        return Flag(**settings)
    return Text(**settings)
