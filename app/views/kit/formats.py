"""How a value must look to be one: ID numbers, credit codes, telephones, addresses of the net."""

import re
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _l

from app.models.contacts import CONTACTS, contact_fault
from app.models.identity import (
    RESIDENCE_PERMIT,
    RESIDENT_CARD,
    Findings,
    id_number_findings,
    mobile_findings,
    uscc_findings,
)
from app.models.personal import normal_id_number, normal_mobile, normal_name

Fault = Any

_OTHER_PAPER = re.compile(r"[A-Z0-9()（）-]{5,20}")
_BRACKETS = str.maketrans("()", "（）")


def id_number(text: str, id_type: str = RESIDENT_CARD) -> Fault | None:
    """The card's number by the standard; of the number of another paper only its letters are looked at."""
    if id_type in {RESIDENT_CARD, RESIDENCE_PERMIT}:
        return _first(id_number_findings(text, id_type=id_type))
    plain = normal_id_number(text)
    return None if _OTHER_PAPER.fullmatch(plain) else _l("This is not the number of such a paper.")


def _first(findings: Findings) -> Fault | None:
    return findings[0].message if findings else None


def _mobile(text: str) -> Fault | None:
    return _first(mobile_findings(text))


def _credit_code(text: str) -> Fault | None:
    return _first(uscc_findings(text))


CHECKS: dict[str, Callable[[str], Fault | None]] = {
    "id_number": id_number,
    "mobile": _mobile,
    "emergency_mobile": _mobile,
    "uscc": _credit_code,
    "enterprise_uscc": _credit_code,
    "new_uscc": _credit_code,
    **{name: partial(contact_fault, name) for name in CONTACTS},
}
"""By the name of the attribute, which is the same wherever the same thing is asked."""


def _plain_name(text: str) -> str:
    """No person's name has brackets; an enterprise's has those of Chinese, as its licence writes them."""
    return normal_name(text).translate(_BRACKETS)


def _plain_code(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "").upper()


NORMAL: dict[str, Callable[[str], str]] = {
    "id_number": normal_id_number,
    "mobile": normal_mobile,
    "emergency_mobile": normal_mobile,
    "name": _plain_name,
    "new_name": _plain_name,
    "new_representative": normal_name,
    "contact_name": normal_name,
    "legal_representative": normal_name,
    "emergency_name": normal_name,
    "uscc": _plain_code,
    "new_uscc": _plain_code,
}


def normal(name: str, text: str) -> str:
    """What is kept of what was typed: without blanks around it and without control characters."""
    kept = "".join(
        letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs"}
    )
    kept = unicodedata.normalize("NFC", kept.replace("\r\n", "\n")).strip()
    return NORMAL[name](kept) if name in NORMAL and kept else kept
