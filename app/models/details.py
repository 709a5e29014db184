"""What is said of a person and of an enterprise, in the same words on every paper that names them."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.extensions.columns import described
from app.models.personal import HasIdNumber, HasMobile


class PersonDetails(HasIdNumber, HasMobile):
    """The personal block of the manual (2.3 and 3.2.3.1)."""

    @declared_attr
    def name(cls) -> Mapped[str]:
        return mapped_column(String(60), **described("姓名", _l("Name"), required=True))

    @declared_attr
    def gender(cls) -> Mapped[str | None]:
        return mapped_column(String(2), **described("性别", _l("Gender"), dictionary="gender", required=True))

    @declared_attr
    def id_type(cls) -> Mapped[str]:
        return mapped_column(
            String(4),
            default="1",
            **described("证件类型", _l("ID type"), dictionary="id_type", required=True),
        )

    @declared_attr
    def birth_date(cls) -> Mapped[date | None]:
        return mapped_column(Date, **described("出生日期", _l("Date of birth"), required=True))

    @declared_attr
    def ethnicity(cls) -> Mapped[str | None]:
        return mapped_column(
            String(4), **described("民族", _l("Ethnicity"), dictionary="ethnicity", required=True)
        )

    @declared_attr
    def school(cls) -> Mapped[str | None]:
        return mapped_column(String(100), **described("毕业院校", _l("School"), required=True))

    @declared_attr
    def major(cls) -> Mapped[str | None]:
        return mapped_column(String(100), **described("所学专业", _l("Major"), required=True))

    @declared_attr
    def graduation_date(cls) -> Mapped[date | None]:
        return mapped_column(Date, **described("毕业时间", _l("Graduation date"), required=True))

    @declared_attr
    def education(cls) -> Mapped[str | None]:
        return mapped_column(String(4), **described("学历", _l("Education"), dictionary="education"))

    @declared_attr
    def degree(cls) -> Mapped[str | None]:
        return mapped_column(String(4), **described("学位", _l("Degree"), dictionary="degree", required=True))


class RegistrationDetails:
    """The registration that a declaration is about, as it stood in the register when it was filed (notes: 2.3-2.11)."""

    @declared_attr
    def registration_number(cls) -> Mapped[str | None]:
        return mapped_column(String(17), **described("注册编号", _l("Registration number")))

    @declared_attr
    def certificate_number(cls) -> Mapped[str | None]:
        return mapped_column(String(20), **described("证书编号", _l("Certificate number")))

    @declared_attr
    def valid_until(cls) -> Mapped[date | None]:
        return mapped_column(Date, **described("有效期至", _l("Valid until")))


class HeldSpecialties:
    """All specialties of the registration with their ends, where a declaration asks for some of them or for others.

    They are kept as codes and days, so that every language has its own words for them (notes: 2.3, 2.4).
    """

    @declared_attr
    def held_specialties(cls) -> Mapped[str | None]:
        return mapped_column(
            Text,
            **described(
                "已注册专业及有效期", _l("Specialties registered already"), dictionary="specialty", terms=True
            ),
        )


def written_terms(terms: Iterable[tuple[str, date]]) -> str:
    """Specialties and their last days as one text of a column."""
    return json.dumps([[specialty, ends_on.isoformat()] for specialty, ends_on in terms])


def read_terms(stored: str | None) -> list[tuple[str, date]]:
    """The same read back; nothing of a declaration that was filed before they were kept."""
    return [(specialty, date.fromisoformat(ends_on)) for specialty, ends_on in json.loads(stored or "[]")]


GRADED = ("qualification_category", "specialty", "qualification_grade")
"""The dictionaries whose Chinese words 企业资质等级 is stored in."""

_COUNTED = re.compile(r"等(\d+)项$")


def translated_grades(stored: str, known: Mapping[str, str]) -> str:
    """企业资质等级 for a reader of another language: `known` has its word for each Chinese one, others stay."""
    counted = _COUNTED.search(stored)
    grades = [
        " ".join(known.get(word, word) for word in one.split(" "))
        for one in _COUNTED.sub("", stored).split("、")
    ]
    return ", ".join(grades) + (f", … ({counted[1]})" if counted else "")


class SealDetails:
    """The check code of the seal that goes with the certificate (notes: 2.5, 5.5)."""

    @declared_attr
    def seal_check_code(cls) -> Mapped[str | None]:
        return mapped_column(String(2), **described("执业印章校验码", _l("Seal check code")))


class CancellationDetails:
    """Why and from when a registration is to be cancelled (注册建造师管理规定 第十六、十七条; notes: 2.6)."""

    @declared_attr
    def cancellation_reason(cls) -> Mapped[str | None]:
        return mapped_column(
            String(24),
            **described(
                "注销原因", _l("Reason of cancellation"), dictionary="cancellation_reason", required=True
            ),
        )

    @declared_attr
    def dismissed_on(cls) -> Mapped[date | None]:
        return mapped_column(Date, **described("解聘时间", _l("Dismissed on")))

    @declared_attr
    def explanation(cls) -> Mapped[str | None]:
        return mapped_column(Text, **described("情况说明", _l("Explanation")))


class TransferDetails:
    """From which employer a registration is to move (注册建造师管理规定 第十三条; notes: 2.9)."""

    @declared_attr
    def former_enterprise_name(cls) -> Mapped[str | None]:
        return mapped_column(String(200), **described("原聘用企业", _l("Former employer")))

    @declared_attr
    def former_legal_representative(cls) -> Mapped[str | None]:
        return mapped_column(
            String(60), **described("原聘用企业法定代表人", _l("Legal representative of the former employer"))
        )

    @declared_attr
    def former_county_code(cls) -> Mapped[str | None]:
        return mapped_column(
            String(6), **described("原聘用企业工商注册地", _l("Place of the former employer"), region=True)
        )

    @declared_attr
    def former_contact(cls) -> Mapped[str | None]:
        return mapped_column(
            String(60), **described("原聘用企业联系人", _l("Contact person of the former employer"))
        )

    @declared_attr
    def former_phone(cls) -> Mapped[str | None]:
        return mapped_column(
            String(30), **described("原聘用企业联系电话", _l("Telephone of the former employer"))
        )

    @declared_attr
    def released_on(cls) -> Mapped[date | None]:
        return mapped_column(
            Date, **described("与原企业解除合同日期", _l("Released by the former employer on"), required=True)
        )


class EnterpriseDetails:
    """The employer's block of a declaration, as it was when it was submitted (manual 3.2.3.1, 聘用企业情况)."""

    @declared_attr
    def enterprise_name(cls) -> Mapped[str]:
        return mapped_column(String(200), **described("企业名称", _l("Enterprise name")))

    @declared_attr
    def enterprise_uscc(cls) -> Mapped[str | None]:
        return mapped_column(String(18), **described("统一社会信用代码", _l("Unified social credit code")))

    @declared_attr
    def enterprise_type(cls) -> Mapped[str | None]:
        return mapped_column(
            String(8), **described("企业类型", _l("Enterprise type"), dictionary="enterprise_type")
        )

    @declared_attr
    def legal_representative(cls) -> Mapped[str | None]:
        return mapped_column(String(60), **described("法定代表人", _l("Legal representative")))

    @declared_attr
    def county_code(cls) -> Mapped[str | None]:
        return mapped_column(String(6), **described("所在市州(县区)", _l("City (county)"), region=True))

    @declared_attr
    def enterprise_nature(cls) -> Mapped[str | None]:
        return mapped_column(
            String(8), **described("企业性质", _l("Nature of enterprise"), dictionary="registration_type")
        )

    @declared_attr
    def enterprise_address(cls) -> Mapped[str | None]:
        return mapped_column(String(200), **described("通讯地址", _l("Postal address")))

    @declared_attr
    def qualification_certificate_number(cls) -> Mapped[str | None]:
        return mapped_column(
            String(100), **described("企业资质证书编号", _l("Enterprise qualification number"))
        )

    @declared_attr
    def qualification_grade(cls) -> Mapped[str | None]:
        return mapped_column(
            String(200), **described("企业资质等级", _l("Enterprise qualification grade"), grades=True)
        )
