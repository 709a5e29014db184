"""How personal data is stored and shown: masks, normal forms, and the columns that carry them."""

import unicodedata

from flask_babel import lazy_gettext as _l
from sqlalchemy import String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.extensions.columns import EncryptedText, Sealed, described

_SHORT_ID, _MOBILE_DIGITS, _SHORT_NAME = 8, 11, 2
_LONG_ID, _PUBLIC_START = 15, 4


def mask_id_number(number: str) -> str:
    """`439900********0019`-like text that tells two people of one list apart and no more."""
    return (
        f"{number[:4]}{'*' * max(len(number) - 8, 4)}{number[-4:]}"
        if len(number) > _SHORT_ID
        else "*" * len(number)
    )


def mask_mobile(number: str) -> str:
    return f"{number[:3]}****{number[-4:]}" if len(number) >= _MOBILE_DIGITS else "*" * len(number)


def mask_name(name: str) -> str:
    """`张*`, `欧阳*`, `张*华`: how the public sees a name."""
    return name[0] + "*" * (len(name) - 2) + name[-1] if len(name) > _SHORT_NAME else name[:1] + "*"


def normal_id_number(number: str) -> str:
    """Half-width, upper-case, without blanks: how every ID number is compared (GB 11643-1999)."""
    return "".join(unicodedata.normalize("NFKC", number).split()).upper()


def normal_name(name: str) -> str:
    """Half-width, with one kind of middle dot and no blanks around it."""
    plain = unicodedata.normalize("NFKC", name).strip()
    for dot in ("•", "・", "‧", "∙"):
        plain = plain.replace(dot, "·")
    return " ".join(plain.split())


def normal_mobile(number: str) -> str:
    return "".join(unicodedata.normalize("NFKC", number).split()).removeprefix("+86")


def public_id_mask(masked: str) -> str:
    """`4399*************9`: of a mask that officers read, what the public may; the order of birth is hidden too."""
    start = _PUBLIC_START if len(masked) >= _LONG_ID else 1
    return f"{masked[:start]}{'*' * (len(masked) - start - 1)}{masked[-1:]}"


class HasIdNumber:
    """A row about a person who is identified by an ID number."""

    id_number = Sealed("id_number", mask_id_number, normal_id_number)

    @declared_attr
    def id_number_cipher(cls) -> Mapped[str | None]:
        return mapped_column(EncryptedText, deferred=True, comment="证件号码（加密）")

    @declared_attr
    def id_number_masked(cls) -> Mapped[str | None]:
        return mapped_column(String(40), **described("证件号码（掩码）", _l("ID number")))

    @declared_attr
    def id_number_index(cls) -> Mapped[str | None]:
        return mapped_column(String(40), index=True, comment="证件号码（盲索引）")


class HasMobile:
    """A row that holds a mobile number."""

    mobile = Sealed("mobile", mask_mobile, normal_mobile)

    @declared_attr
    def mobile_cipher(cls) -> Mapped[str | None]:
        return mapped_column(EncryptedText, deferred=True, comment="手机号码（加密）")

    @declared_attr
    def mobile_masked(cls) -> Mapped[str | None]:
        return mapped_column(String(20), **described("手机号码（掩码）", _l("Mobile number")))

    @declared_attr
    def mobile_index(cls) -> Mapped[str | None]:
        return mapped_column(String(40), index=True, comment="手机号码（盲索引）")
