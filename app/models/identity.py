"""What the numbers of persons, enterprises and registrations say, and whether they can be true."""

import re
from calendar import monthrange
from datetime import date
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

from app.models.personal import normal_id_number, normal_mobile

RESIDENT_CARD, RESIDENCE_PERMIT = "1", "7"
"""The ID types whose numbers follow GB 11643: 身份证, and 港澳台居民居住证."""

MALE, FEMALE = "1", "2"

YOUNGEST_GRADUATE = 14
"""No school that counts here is left before this age; a younger one is a slip of the pen."""

_PERMIT_AREAS = ("810000", "820000", "830000")
_ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_OLD_ID_NUMBER = re.compile(r"[0-9]{15}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
# 省简称、级别 2、首次注册省代码、取得资格年份、初始注册年份、流水号; years of two digits, of four since 2023.
_REGISTRATION_NUMBER = re.compile(
    r"[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新军]2[0-9]{2}"
    r"(?:[0-9]{2}[0-9]{2}|(?:19|20)[0-9]{2}(?:19|20)[0-9]{2})[0-9]{5}"
)


class NumberFinding(NamedTuple):
    """What is wrong with a number, the field that shows it, and the sentence for the person who typed it."""

    code: str
    field: str
    message: Any


Findings = tuple[NumberFinding, ...]

ID_NUMBER_MESSAGES: dict[str, Any] = {
    "id_number_old": _l(
        "This ID number has 15 digits and is no longer valid. Please type the 18 characters."
    ),
    "id_number_form": _l("An ID number has 18 characters: 17 digits, and a digit or X at the end."),
    "id_number_area": _l(
        "The number of a residence permit for Hong Kong, Macao and Taiwan begins with 81, 82 or 83."
    ),
    "id_number_check": _l(
        "The check character of this ID number is wrong. Please compare it with the document."
    ),
    "id_number_date": _l("The date of birth in this ID number does not exist."),
    "birth_date_differs": _l("The date of birth is not the one in the ID number."),
    "gender_differs": _l("The gender is not the one in the ID number."),
}
"""The sentence of each code: lists keep the code, and say it in the language of whoever reads them."""


def id_number_findings(
    number: str, birth_date: date | None = None, gender: str | None = None, id_type: str = RESIDENT_CARD
) -> Findings:
    """All that speaks against this ID number (GB 11643-1999), alone and beside what else was typed.

    The area code is not looked up: a person keeps the number when the area is renamed or abolished. Documents
    without a public rule (passports, officers' cards) have nothing that could be checked.
    """
    if id_type not in {RESIDENT_CARD, RESIDENCE_PERMIT}:
        return ()
    plain = normal_id_number(number)
    return _form_of_id(plain, id_type) or _sense_of_id(plain) or _agreement(plain, birth_date, gender)


def _form_of_id(plain: str, id_type: str) -> Findings:
    if _OLD_ID_NUMBER.fullmatch(plain):
        return (_finding("id_number_old", "id_number"),)
    if not _ID_NUMBER.fullmatch(plain):
        return (_finding("id_number_form", "id_number"),)
    if id_type == RESIDENCE_PERMIT and not plain.startswith(_PERMIT_AREAS):
        return (_finding("id_number_area", "id_number"),)
    return ()


def _sense_of_id(plain: str) -> Findings:
    found = []
    if plain[-1] != ric.calc_check_digit(plain):
        found.append(_finding("id_number_check", "id_number"))
    if birth_date_of(plain) is None:
        found.append(_finding("id_number_date", "id_number"))
    return tuple(found)


def _agreement(plain: str, birth_date: date | None, gender: str | None) -> Findings:
    found = []
    if birth_date and birth_date != birth_date_of(plain):
        found.append(_finding("birth_date_differs", "birth_date"))
    if gender in {MALE, FEMALE} and gender != gender_of(plain):
        found.append(_finding("gender_differs", "gender"))
    return tuple(found)


def _finding(code: str, field: str) -> NumberFinding:
    return NumberFinding(code, field, ID_NUMBER_MESSAGES[code])


def birth_date_of(id_number: str) -> date | None:
    """The date of birth in an 18-character number; None when there is none."""
    plain = normal_id_number(id_number)
    if not _ID_NUMBER.fullmatch(plain):
        return None
    try:
        return date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError:
        return None


def gender_of(id_number: str) -> str | None:
    """The code of the gender in an 18-character number: its 17th digit is odd for men."""
    plain = normal_id_number(id_number)
    if not _ID_NUMBER.fullmatch(plain):
        return None
    return MALE if int(plain[16]) % 2 else FEMALE


def birthday_at(birth_date: date, years: int) -> date:
    """The day on which this age is reached, which is also the last valid day under an age limit.

    Who was born on 29 February reaches it on 28 February of a common year: where the month has no such day, a
    period of years ends with the month (民法典 第二百零二条).
    """
    try:
        return birth_date.replace(year=birth_date.year + years)
    except ValueError:
        return date(birth_date.year + years, 2, 28)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; where the month has no such day, its last one (民法典 第二百零二条)."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


def age_on(birth_date: date, day: date) -> int:
    """周岁: full years on that day; the birthday itself counts."""
    years = day.year - birth_date.year
    return years if birthday_at(birth_date, years) <= day else years - 1


def graduation_findings(graduated_on: date | None, birth_date: date | None, day: date) -> Findings:
    """All that speaks against this graduation date on that day: it lies ahead, or the person was a child."""
    if graduated_on is None:
        return ()
    if graduated_on > day:
        message = _l("The graduation date lies in the future.")
        return (NumberFinding("graduation_ahead", "graduation_date", message),)
    if birth_date and graduated_on < birthday_at(birth_date, YOUNGEST_GRADUATE):
        message = _l(
            "At the graduation date the person was not yet %(age)s years old.", age=YOUNGEST_GRADUATE
        )
        return (NumberFinding("graduation_early", "graduation_date", message),)
    return ()


def uscc_findings(number: str) -> Findings:
    """All that speaks against this unified social credit code (GB 32100-2015)."""
    try:
        uscc.validate(normal_id_number(number))
    except InvalidChecksum:
        message = _l("The check character of this unified social credit code is wrong.")
        return (NumberFinding("uscc_check", "uscc", message),)
    except ValidationError:
        message = _l(
            "A unified social credit code has 18 digits and capital letters, without I, O, S, V and Z."
        )
        return (NumberFinding("uscc_form", "uscc", message),)
    return ()


def mobile_findings(number: str) -> Findings:
    """All that speaks against this mobile number of the mainland."""
    if _MOBILE.fullmatch(normal_mobile(number)):
        return ()
    message = _l("A mobile number has 11 digits and begins with 13 to 19.")
    return (NumberFinding("mobile_form", "mobile", message),)


def registration_number_findings(number: str) -> Findings:
    """All that speaks against this 注册编号 of a second-grade constructor, of 13 or of 17 characters."""
    if _REGISTRATION_NUMBER.fullmatch(normal_id_number(number)):
        return ()
    message = _l("A registration number has 13 or 17 characters, like 湘243131300001.")
    return (NumberFinding("registration_number_form", "number", message),)
