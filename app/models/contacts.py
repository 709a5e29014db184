"""How telephone numbers, postal codes and addresses on the internet look, whoever tells them."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

_TELEPHONE = (
    r"(?:\+?[0-9]{1,4}[- ]?)?(?:\(?0?[0-9]{2,4}\)?[- ]?)?[0-9]{3,4}[- ]?[0-9]{4}(?:[-x转][0-9]{1,6})?"
)
_POSTAL_CODE = r"[0-9]{6}"
_EMAIL = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}"
_WEBSITE = (
    r"(?:https?://)?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}(?::[0-9]{1,5})?(?:/[^\s<>\"']{0,150})?"
)

_NO_TELEPHONE = _l("This is not a telephone number; write it as 0731-88888888.")
_NO_WEBSITE = _l("This is not an address on the internet.")

CONTACTS: Mapping[str, tuple[str, Any]] = {
    "email": (_EMAIL, _l("This is not an e-mail address.")),
    "postal_code": (_POSTAL_CODE, _l("A postal code has 6 digits.")),
    "office_phone": (_TELEPHONE, _NO_TELEPHONE),
    "fax": (_TELEPHONE, _NO_TELEPHONE),
    "phone": (_TELEPHONE, _NO_TELEPHONE),
    "website": (_WEBSITE, _NO_WEBSITE),
    "insurance_site": (_WEBSITE, _NO_WEBSITE),
}
"""By the name of the column: how it must look, and what is said of another one."""


def contact_fault(name: str, text: str) -> Any:
    """What is wrong with this telephone number, postal code or address; None when nothing is, or it is none."""
    pattern, fault = CONTACTS.get(name, ("", None))
    return None if fault is None or re.fullmatch(pattern, text) else fault
